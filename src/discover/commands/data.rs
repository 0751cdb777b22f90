//! Files whose names a text takes for those of variables: where it puts together what it hands to Terraform, the names come
//! from elsewhere, as from `.env` in `sed 's/^/TF_VAR_/' .env`.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::LazyLock;

use memchr::memmem;
use regex::bytes::Regex;

use super::settings::{is_of_name, speaks_of_terraform};
use super::words::{PREFIX, word};

/// More files than these are not taken from one text.
const MOST: usize = 200;

/// The files that a text names, as they are written.
pub(super) fn files_named(name: &OsStr, bytes: &[u8]) -> Vec<String> {
    static FILES: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?-u)[A-Za-z0-9_./$\{\}()*%@-]*\.[A-Za-z][A-Za-z0-9]*").ok());
    let words =
        FILES.iter().flat_map(|files| files.find_iter(bytes)).filter_map(|file| str::from_utf8(file.as_bytes()).ok());
    let mut named: Vec<String> = words.map(without_call).map(str::to_owned).collect();
    named.extend(sourced(bytes).chain(copied(bytes)).chain(imported(name, bytes)));
    named = named.iter().filter_map(|name| inside(name)).collect();
    named.sort_unstable();
    named.dedup();
    named.truncate(MOST);
    named
}

/// A name without the folders that it goes up: it is looked for from every folder around the text, and no further out. What a link
/// leads to is named from the link's own folder, which may be another one.
fn inside(name: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/")).filter(|name| name.len() > 1)
}

/// The files whose assignments a shell takes over, by whatever name.
fn sourced(bytes: &[u8]) -> impl Iterator<Item = String> {
    static SOURCED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"(?m-u)(?:^|[;&|{(]|\b(?:then|do|else))[ \t]*(?:\.|source)[ \t]+["']?([A-Za-z0-9_./$\{\}-]+)"#)
            .ok()
    });
    let found = SOURCED.iter().flat_map(move |sourced| sourced.captures_iter(bytes));
    found.filter_map(|found| str::from_utf8(found.get(1)?.as_bytes()).ok().map(str::to_owned))
}

/// The files that a shell copies, moves or links, by whatever name.
fn copied(bytes: &[u8]) -> impl Iterator<Item = String> {
    static COPIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r#"(?-u)\b(?:cat|cp|install|ln|mv|rsync)[ \t]+(?:-\S+[ \t]+(?:\d+[ \t]+)?)*["']?([A-Za-z0-9_./$\{\}*-]+)"#,
        )
        .ok()
    });
    let found = COPIED.iter().flat_map(move |copied| copied.captures_iter(bytes));
    found.filter_map(|found| str::from_utf8(found.get(1)?.as_bytes()).ok().map(str::to_owned))
}

/// The files of a program's own language that it imports, by names without an end: `from settings import VALUES`,
/// `require("./settings")`.
fn imported(name: &OsStr, bytes: &[u8]) -> impl Iterator<Item = String> {
    static IMPORTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let of_python = r"^[ \t]*from[ \t]+\.+[ \t]+import[ \t]+(\w+)|^[ \t]*(?:from|import)[ \t]+(\.*[A-Za-z_][\w.]*)";
        let quoted = r#"\b(?:from|import|require|require_relative|load)\b[ \t(]*["'`](\.{0,2}[\w./-]*\w)["'`]"#;
        Regex::new(&format!("(?m-u){of_python}|{quoted}")).ok()
    });
    let end = Path::new(name).extension().and_then(OsStr::to_str).map(|end| format!(".{end}"));
    end.into_iter().flat_map(move |end| {
        let all = IMPORTED.iter().flat_map(move |imported| imported.captures_iter(bytes));
        all.filter_map(move |found| {
            let part = (1..=3).find_map(|at| found.get(at))?;
            let path = str::from_utf8(part.as_bytes()).ok()?;
            let is_quoted = found.get(3).is_some();
            let path = if is_quoted { path.to_owned() } else { path.trim_start_matches('.').replace('.', "/") };
            Some(format!("{path}{end}"))
        })
    })
}

/// A word without the call around it: `open(x.json`.
fn without_call(word: &str) -> &str {
    match word.rfind('(') {
        Some(at) if !word[..at].ends_with('$') => &word[at + 1..],
        _ => word,
    }
}

/// Whether the name of a variable is not written out where it is handed over.
pub(super) fn puts_together(bytes: &[u8]) -> bool {
    let by_option = memmem::find_iter(bytes, b"-var").any(|at| {
        let rest = &bytes[at + b"-var".len()..];
        let is_option = rest.first().is_some_and(|next| b" =\t\"',\r\n\\<".contains(next));
        let start = rest.iter().take_while(|byte| b" =\t\"'`,\r\n\\+".contains(byte)).count();
        let name = rest[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte)).count();
        is_option && !is_end_of_word(&bytes[..at]) && (name == 0 || rest.get(start + name) != Some(&b'='))
    });
    let by_name = || {
        let mut rests = memmem::find_iter(bytes, PREFIX).map(|at| &bytes[at + PREFIX.len()..]);
        // Comments write `TF_VAR_...` and `TF_VAR_*` for all of them.
        let is_any = |rest: &[u8]| rest.starts_with(b"...") || rest.starts_with(b"*");
        rests
            .any(|rest| !is_any(rest) && rest.first().is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'_'))
    };
    by_option || by_name() || takes_maps(bytes)
}

/// Whether an option's name behind a text is the end of a word that is none, as in `-f shell-env-var`.
fn is_end_of_word(before: &[u8]) -> bool {
    let start = before.iter().rposition(|byte| !is_of_name(*byte)).map_or(0, |last| last + 1);
    let word = before[start..].to_ascii_lowercase();
    // A line break that is spelled, and what names Terraform itself: `\n-var`, `tf-var`.
    let is_apart = word.is_empty() || word.starts_with(b"-") || before[..start].ends_with(b"\\");
    !is_apart && !["tf", "terra", "tofu"].iter().any(|sign| memmem::find(&word, sign.as_bytes()).is_some())
}

/// Whether the settings of a tool, or a call in a program, take the whole of the variables from elsewhere.
///
/// Sources: the documents of Ansible's module `terraform` (`variables`), of Flux's operator (`varsFrom`), of Concourse (`((name))`),
/// of Terratest (`Vars`), tftest (`tf_vars`) and python-terraform (`variables`, `var`), and of Atmos, whose stacks have their components' variables in files that import each other.
fn takes_maps(bytes: &[u8]) -> bool {
    static MAPS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let of_another = r#"\bvarsFrom\b|\bvar(?:iable)?s["']?\s*:\s*["']?(?:\{\{|\(\()"#;
        let of_stacks = r"^components:(?:\s|#[^\n]*)+terraform:";
        let of_programs = r"\bVars:[ \t]*[a-z][\w.]*[ \t]*[,(}\r\n]|\b(?:tf_vars|variables|var)[ \t]*=[ \t]*[A-Za-z_][\w.]*[ \t]*[,)]";
        Regex::new(&format!("(?m-u){of_another}|{of_programs}|{of_stacks}")).ok()
    });
    MAPS.as_ref().is_some_and(|maps| maps.is_match(bytes)) && speaks_of_terraform(bytes)
}

/// Whether the file of values is not written out where it is handed over.
pub(super) fn names_no_file(bytes: &[u8]) -> bool {
    let mut files = memmem::find_iter(bytes, b"-var-file").map(|at| &bytes[at + b"-var-file".len()..]);
    files.any(|rest| {
        let computed = |word: String| word.starts_with(['$', '<', '{', '%', '(']);
        rest.first().is_some_and(|next| b" =\t\"',".contains(next)) && word(rest, b"").is_none_or(computed)
    })
}

/// Whether a command hands over variables by an option of another name, or to a service.
///
/// Sources: the documents of Google Cloud's Infrastructure Manager (`--input-values`) and of Terraform Cloud's interface.
pub(super) fn hands_over(bytes: &[u8]) -> bool {
    [&b"--input-values"[..], b"app.terraform.io/api"].iter().any(|sign| memmem::find(bytes, sign).is_some())
}

/// Whether a line writes Terraform code or a file of values.
pub(super) fn writes_code(bytes: &[u8]) -> bool {
    static WRITES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i-u)>|\b(?:cp|install|ln|mv|rsync) |\b(?:perl|sed|yq)\b.*\s-\w*i|\btee\b|dest|open\(|write|copy| --?o|:/").ok()
    });
    /// Bytes between the word and the name, at most.
    const FAR: usize = 208;
    const ENDS: [&[u8]; 2] = [b"tfvars", b"tf"];
    let is_name = |rest: &[u8]| {
        let starts = |end: &&&[u8]| rest.get(..end.len()).is_some_and(|own| own.eq_ignore_ascii_case(end));
        let end = ENDS.iter().find(starts);
        end.is_some_and(|end| rest.get(end.len()).is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'_'))
    };
    // Names are rare, and the words in front of them are not.
    memchr::memchr_iter(b'.', bytes).filter(|at| is_name(&bytes[at + 1..])).any(|at| {
        let before = &bytes[at.saturating_sub(FAR)..at];
        let line = &before[memchr::memrchr(b'\n', before).map_or(0, |end| end + 1)..];
        WRITES.as_ref().is_some_and(|writes| writes.is_match(line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_below_the_folders_around() {
        for (name, text, file) in [
            ("run.sh", "jq keys ../../outside.json", "outside.json"),
            ("run.sh", "jq keys $DIR/../a/../../b.json", "b.json"),
            ("run.sh", "cp -f ../env/$STAGE terraform.tfvars", "env/$STAGE"),
            ("run.sh", "install -m 644 env/dev terraform.tfvars", "env/dev"),
            ("run.sh", ". ./settings", "settings"),
            ("run.py", "from app.settings import VALUES", "app/settings.py"),
            ("run.py", "from . import settings", "settings.py"),
            ("run.ts", "import { values } from './settings';", "settings.ts"),
            ("run.rb", "require_relative 'settings'", "settings.rb"),
        ] {
            let named = files_named(name.as_ref(), text.as_bytes());
            assert!(named.iter().any(|named| named == file), "{text}: {named:?}");
            assert!(named.iter().all(|named| !named.contains("..") && !named.starts_with('/')), "{text}: {named:?}");
        }
    }
}
