//! Texts that give files of values whose paths they put together with functions of their own: which files they mean is told by
//! the parts of paths that they spell.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use memchr::memmem;
use regex::bytes::Regex;

use super::settings::{is_comment, is_of_name};
use super::words::word;

/// Whether a file of values is given whose path is put together elsewhere: its first folder, or all of it, is computed.
pub(super) fn leaves_files_open(bytes: &[u8]) -> bool {
    static CALLS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        // The option is one text, and the file is another: `"-var-file", path]`, `'-var-file=' + path`, `"-var-file").arg(path)`.
        let apart = r#"-var-file[= ]?["'`]\s*[,+.)](?:\s|[,+.)(&*\[\\]|\b(?:add|append|args?|concat|push)\b)*[@$]?[A-Za-z_]\w*(?:[^\w"'`]|$)"#;
        // Its first folder is spelled, and the rest is another text: `"-var-file=conf/" + name`, `"-var-file", "conf/%s" % name`.
        let behind = r#"-var-file(?:[= ]|["'`]\s*,\s*[a-z]*["'`])[^"'`\n]*["'`]\s*(?:[+%]|\.\s*(?:\$|format\b)|<>)"#;
        // What a library takes: `VarFile(path)`, `var_file=os.path.join(...)`, `VarFiles: []string{filepath.Join(...)}`.
        let by_library =
            r#"\bvar(?:iables?)?_?files?["']?\s*[:=(]\s*(?:\[\]string\s*\{\s*|\[\s*)?[A-Za-z_][\w.]*\s*[(\[),;}\]]"#;
        Regex::new(&format!("(?i-u){apart}|{behind}|{by_library}")).ok()
    });
    let mut files = memmem::find_iter(bytes, b"-var-file").map(|at| &bytes[at + b"-var-file".len()..]);
    files.any(|rest| {
        let is_option = rest.first().is_some_and(|next| b" =\t\"',".contains(next));
        is_option && word(rest, b"").is_some_and(|path| is_led_by_computed(&path))
    }) || CALLS.as_ref().is_some_and(|calls| calls.is_match(bytes))
}

/// Whether all of a path is computed, or its first folder.
pub(in crate::discover) fn is_led_by_computed(path: &str) -> bool {
    let is_computed = ["$", "#{", "{", "%", "<", "("].iter().any(|start| path.starts_with(start));
    let first = path.split('/').next().unwrap_or_default();
    let is_whole = || match first.strip_prefix('$').filter(|name| !name.starts_with(['{', '('])) {
        Some(name) => !name.contains('.'),
        None => first == "%s" || first.ends_with([')', '}', '%', '>']),
    };
    is_computed && (path.contains('(') || is_whole())
}

/// The parts of paths that such a text spells.
#[derive(Debug, Default)]
pub(in crate::discover) struct Spelled {
    /// Its words, which may be names of folders.
    pub(in crate::discover) words: BTreeSet<String>,
    /// The ends of names whose start is computed, and those of whole names, each with its dot.
    ends: BTreeSet<String>,
    /// The first of these alone.
    open_ends: BTreeSet<String>,
    /// Whether it takes whatever lies in a folder.
    lists: bool,
}

impl Spelled {
    /// The parts in a text.
    pub(in crate::discover) fn of(bytes: &[u8]) -> Self {
        static LISTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
            let words =
                r"\b(?:dirwalk|fd|find|glob|iterdir|listdir|listfiles|ls|os\.walk|readdir\w*|scandir|walkdir)\b";
            Regex::new(&format!(r"(?i-u){words}|\bDir[\[.]|Get-ChildItem|fileset\(|/\*")).ok()
        });
        let mut spelled = Self { lists: LISTS.as_ref().is_some_and(|lists| lists.is_match(bytes)), ..Self::default() };
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !is_comment(line));
        for line in lines {
            let is_part = |byte: &u8| is_of_name(*byte) || *byte == b'.';
            let mut at = 0;
            while let Some(start) = line[at..].iter().position(is_part).map(|next| at + next) {
                at = start + line[start..].iter().take_while(|byte| is_part(byte)).count();
                let Ok(word) = str::from_utf8(&line[start..at]) else { continue };
                if let Some((name, end)) = word.rsplit_once('.').filter(|(_, end)| !end.is_empty()) {
                    spelled.ends.insert(format!(".{end}"));
                    // `env + ".json"`, `${env}.json`, `%s.json`, `$env.json`.
                    let is_computed = start.checked_sub(1).is_some_and(|last| b"$%#".contains(&line[last]));
                    if name.is_empty() || name == "tfvars" || is_computed {
                        spelled.open_ends.insert(format!(".{end}"));
                    }
                }
                spelled.words.insert(word.trim_matches('.').to_owned());
            }
        }
        spelled
    }

    /// Whether a file of some name may be meant, in a folder that is spelled.
    pub(in crate::discover) fn may_mean(&self, name: &str) -> bool {
        self.lists || name.rfind('.').is_none_or(|at| self.ends.contains(&name[at..]))
    }

    /// The ends of names whose start is computed.
    pub(in crate::discover) fn open_ends(&self) -> impl Iterator<Item = &str> {
        self.open_ends.iter().map(String::as_str)
    }
}

/// Whether a text may be a file of values, by its first line that says anything: one that sets a value stands there, and in
/// few others.
#[must_use]
pub fn sets_values(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#") && !line.starts_with(b"//"));
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-".contains(*byte);
    first.is_some_and(|line| {
        let rest = &line[line.iter().take_while(is_part).count()..];
        let is_object = line.starts_with(b"{") && !line.starts_with(b"{{") && !line.starts_with(b"{%");
        is_object || rest.len() < line.len() && rest.trim_ascii_start().starts_with(b"=")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_left_open_where_their_paths_are_put_together() {
        for text in [
            "['terraform', '-var-file', path]",
            "[\"-var-file\", str(here / name)]",
            "\"-var-file=\" + path",
            "f'-var-file={path}'",
            "`-var-file=${path}`",
            "-var-file=#{path}",
            "-var-file=\"$F\"",
            "-var-file $DIR/$ENV.tfvars",
            "-var-file=%s/%s.json",
            ".arg(\"-var-file\").arg(path)",
            "tfexec.VarFile(filepath.Join(root, name))",
            "\"-var-file\", \"conf/\" + name",
            "'-var-file=conf/' + name",
            "'-var-file=conf/{}.vars'.format(name)",
            "VarFiles: []string{filepath.Join(root, name)}",
            "tf.apply(var_file=path)",
        ] {
            assert!(leaves_files_open(text.as_bytes()), "{text}");
        }
        for text in [
            "-var-file=dev.tfvars",
            "-var-file=\"dev.tfvars\"",
            "-var-file=$ENV.tfvars",
            "-var-file=env/$ENV.tfvars",
            "-var-file='../env/dev.json'",
            "['-var-file', 'dev.json']",
            "['-var-file', f'{env}.tfvars']",
            "VarFiles: []string{\"dev.json\"}",
            "var_file: env/dev.json",
            "The option -var-file, or none",
        ] {
            assert!(!leaves_files_open(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn parts_of_paths_are_spelled_outside_of_comments() {
        let spelled = Spelled::of(b"f = join('envs', env + '.json')\n# conf/x.vars\ncat other.yaml");
        assert!(spelled.words.contains("envs") && !spelled.words.contains("conf"));
        assert_eq!(spelled.open_ends().collect::<Vec<_>>(), [".json"]);
        assert!(spelled.may_mean("dev.json") && spelled.may_mean("dev") && !spelled.may_mean("dev.vars"));
        assert!(Spelled::of(b"for f in os.listdir('envs'):").may_mean("dev.vars"));
    }

    #[test]
    fn files_of_values_are_told_by_their_first_line() {
        for text in ["ra = 1", "# values\n\nra=1\n", "{\n  \"ra\": 1\n}"] {
            assert!(sets_values(text.as_bytes()), "{text}");
        }
        for text in ["", "MIT License", "plan:\n\techo", "#!/bin/sh\necho a=b", "X := 1"] {
            assert!(!sets_values(text.as_bytes()), "{text}");
        }
    }
}
