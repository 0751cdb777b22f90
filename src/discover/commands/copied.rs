//! Files that commands copy, move or link to another folder, where Terraform reads them with what lies there.

use std::sync::LazyLock;

use regex::bytes::{Captures, Regex};

use super::settings::{Setting, literal_behind};

/// More copies are not looked at in one text.
const MOST: usize = 200;

/// A file or folder that is copied, both paths as they are written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::discover) struct Copy {
    pub(in crate::discover) source: String,
    pub(in crate::discover) destination: String,
    /// Whether something else of the text goes to the same place.
    pub(in crate::discover) is_shared: bool,
}

/// What a text copies.
pub(super) fn copies(bytes: &[u8]) -> Vec<Copy> {
    static BY_COMMAND: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let programs = r"\b(?:cp|install|ln|mv|rsync|Copy-Item|Move-Item)|^[ \t]*(?:COPY|ADD)";
        Regex::new(&format!(r"(?m-u)(?:{programs})((?:[ \t]+[^\s;&|<>()]+)+)")).ok()
    });
    static BY_CALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let functions = r"copytree|copy_tree|copy[2f]?\w*|move|rename\w*|symlink\w*|link|cp\w*|ln_s\w*|mv";
        let text = r#"\w{0,12}\(?\s*[frb]?["'`]([^"'`\n]+)["'`]\)?"#;
        Regex::new(&format!(r"(?-u)\.(?:{functions})\({text},\s*{text}")).ok()
    });
    let text = |found: &Captures<'_>, at| String::from_utf8(found.get(at)?.as_bytes().to_vec()).ok();
    let mut all: Vec<(String, String)> = Vec::new();
    for found in BY_COMMAND.iter().flat_map(|command| command.captures_iter(bytes)) {
        let words = text(&found, 1).unwrap_or_default();
        let quotes = ['"', '\'', '`', ','];
        let words =
            words.split_ascii_whitespace().map(|word| word.trim_matches(quotes)).filter(|word| !word.is_empty());
        let mut words: Vec<&str> = words.filter(|word| !word.starts_with('-') && *word != "\\").collect();
        // A link without a name of its own is made in the folder of the command.
        let destination = if words.len() > 1 { words.pop().unwrap_or(".") } else { "." };
        all.extend(words.into_iter().map(|source| (source.to_owned(), destination.to_owned())));
    }
    let by_call = BY_CALL.iter().flat_map(|call| call.captures_iter(bytes));
    all.extend(by_call.filter_map(|found| text(&found, 1).zip(text(&found, 2))));
    all.retain(|(source, destination)| may_be_read(source) || may_be_read(destination) && !is_folder(destination));
    all.truncate(MOST);
    let place = |path: &str| path.trim_end_matches(['/', '.']).to_owned();
    let copy = |(source, destination): &(String, String)| Copy {
        is_shared: all.iter().any(|(other, to)| place(to) == place(destination) && other != source),
        source: source.clone(),
        destination: destination.clone(),
    };
    all.iter().map(copy).collect()
}

/// Whether Terraform may read what a path leads to, by its name: code, a file of values, a template of either, or a folder.
fn may_be_read(path: &str) -> bool {
    let name = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or(path);
    is_folder(path)
        || name.contains(['*', '$', '{'])
        || [".tf", ".tofu", "tfvars"].iter().any(|sign| name.contains(sign))
}

/// Whether a path may be that of a folder.
fn is_folder(path: &str) -> bool {
    let name = path.trim_end_matches(['/', '.']).rsplit('/').next().unwrap_or(path);
    path.ends_with(['/', '.']) || !name.contains('.')
}

/// The defaults of the variables that a file of code declares, as far as they are plain text.
pub(in crate::discover) fn defaults(bytes: &[u8]) -> Vec<Setting> {
    static VARIABLES: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?-u)(?:\bvariable\s+"?([\w-]+)"?\s*\{|"([\w-]+)"\s*:\s*[{\[])"#).ok());
    let mut found = VARIABLES.iter().flat_map(|variables| variables.captures_iter(bytes)).peekable();
    let mut all = Vec::new();
    while let Some(variable) = found.next() {
        let (Some(whole), Some(name)) = (variable.get(0), variable.get(1).or(variable.get(2))) else { continue };
        let end = found.peek().and_then(|next| next.get(0)).map_or(bytes.len(), |next| next.start());
        let body = &bytes[whole.end()..end];
        let Some(at) = memchr::memmem::find(body, b"default") else { continue };
        let value = literal_behind(&body[at + b"default".len()..]);
        let name = String::from_utf8(name.as_bytes().to_vec()).ok();
        all.extend(name.map(|name| Setting { name, folder: None, value }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_and_where_to() {
        let text = br#"cp -r overlays/prod/. modules/nb/
	rsync -a "envs/$ENV/" build/ && ln -sf ../x.tf
COPY modules/nb /srv
ADD --chown=1 a.tf b.tf /srv/
shutil.copytree("overlays/dev", 'modules/nb', dirs_exist_ok=True)
Path("a.tf").rename("b.tf")
"#;
        let copies = copies(text);
        let found: Vec<_> =
            copies.iter().map(|copy| (copy.source.as_str(), copy.destination.as_str(), copy.is_shared)).collect();
        assert_eq!(
            found,
            [
                ("overlays/prod/.", "modules/nb/", true),
                ("envs/$ENV/", "build/", false),
                ("../x.tf", ".", false),
                ("modules/nb", "/srv", true),
                ("a.tf", "/srv/", true),
                ("b.tf", "/srv/", true),
                ("overlays/dev", "modules/nb", true),
            ]
        );
    }

    #[test]
    fn the_defaults_of_variables_are_found() {
        let text =
            b"variable \"a\" {\n  type = string\n  default = \"x\"\n}\nvariable b {}\nvariable \"c\" { default = f() }";
        let found: Vec<_> = defaults(text).into_iter().map(|it| (it.name, it.value)).collect();
        assert_eq!(found, [("a".to_owned(), Some("x".to_owned())), ("c".to_owned(), None)]);
        let json = br#"{"variable": {"a": {"type": "string", "default": "x"}}}"#;
        let found: Vec<_> = defaults(json).into_iter().map(|it| (it.name, it.value)).collect();
        assert_eq!(found, [("a".to_owned(), Some("x".to_owned()))]);
    }
}
