//! Files whose names a text takes for those of variables: where it puts together what it hands to Terraform, the names come
//! from elsewhere, as from `.env` in `sed 's/^/TF_VAR_/' .env`.

use std::sync::LazyLock;

use memchr::memmem;
use regex::bytes::Regex;

use super::settings::speaks_of_terraform;
use super::words::{PREFIX, word};

/// More files than these are not taken from one text.
const MOST: usize = 200;

/// The files that a text names, as they are written.
pub(super) fn files_named(bytes: &[u8]) -> Vec<String> {
    static FILES: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?-u)[A-Za-z0-9_./$\{\}()*%@-]*\.[A-Za-z][A-Za-z0-9]*").ok());
    let words =
        FILES.iter().flat_map(|files| files.find_iter(bytes)).filter_map(|file| str::from_utf8(file.as_bytes()).ok());
    let mut named: Vec<String> = words.map(without_call).filter(|word| word.len() > 1).map(str::to_owned).collect();
    named.extend(sourced(bytes));
    named.sort_unstable();
    named.dedup();
    named.truncate(MOST);
    named
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
        let start = rest.iter().take_while(|byte| b" =\t\"',\r\n\\+".contains(byte)).count();
        let name = rest[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte)).count();
        is_option && (name == 0 || rest.get(start + name) != Some(&b'='))
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

/// Whether the settings of a tool take the whole of the variables from elsewhere.
///
/// Sources: the documents of Ansible's module `terraform` (`variables`), and of Flux's operator (`varsFrom`).
fn takes_maps(bytes: &[u8]) -> bool {
    static MAPS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?-u)\bvarsFrom\b|\bvar(?:iable)?s["']?\s*:\s*["']?\{\{"#).ok());
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
        Regex::new(r"(?i-u)(?:>|\bcp |\bmv |\bln |\btee\b|dest|open\(|write|copy| -o)[^\n]{0,200}\.tf(?:vars)?\b").ok()
    });
    WRITES.as_ref().is_some_and(|writes| writes.is_match(bytes))
}
