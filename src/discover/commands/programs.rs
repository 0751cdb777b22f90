//! Variables that Terraform code sets for other runs, and the folder that a program runs Terraform in.
//!
//! Sources: the documents of the providers tfe (`tfe_variable.key`), scalr (`scalr_variable.key`), env0
//! (`env0_configuration_variable.name`), spacelift (`spacelift_mounted_file.content`); Terratest (`TerraformDir`).

use std::sync::LazyLock;

use memchr::memmem::{self, Finder};
use regex::bytes::Regex;

use super::words::{OPTION, PREFIX, word};
use crate::discover::Word;

/// Resources that set a variable in a service.
const RESOURCES: [&str; 3] = ["tfe_variable", "scalr_variable", "env0_configuration_variable"];

/// The folder that a program using Terratest names; `None` where it names none, or more than one.
pub(super) fn folder(bytes: &[u8]) -> Option<String> {
    let option = b"TerraformDir";
    let mut folders = memmem::find_iter(bytes, option).map(|at| word(&bytes[at + option.len()..], b""));
    let folder = folders.next()?;
    folder.filter(|_| folders.next().is_none())
}

/// The variables that code sets in a service which runs Terraform, by names that are written out.
pub(super) fn of_workspaces(bytes: &[u8]) -> impl Iterator<Item = String> {
    static NAMES: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"\b(?:key|name)"?\s*[=:]\s*"([\w-]+)""#).ok());
    // Every file of code is asked, and compiling the pattern takes longer than reading most of them.
    let names = if sets_variables(bytes) { NAMES.as_ref() } else { None };
    let found = names.into_iter().flat_map(move |names| names.captures_iter(bytes));
    found.filter_map(|found| String::from_utf8(found.get(1)?.as_bytes().to_vec()).ok())
}

fn sets_variables(bytes: &[u8]) -> bool {
    RESOURCES.iter().any(|word| memmem::find(bytes, word.as_bytes()).is_some())
}

/// Whether code sets variables by names that it puts together, hands them to a module that does, or writes a file of values
/// or more code: then any name in it may be one.
pub(super) fn sets_any(bytes: &[u8]) -> bool {
    static KEYS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?-u)\b(?:key|name)"?\s*[=:]\s*(?:[^"\s]|"[^"\n]*\$\{)"#).ok());
    static CATEGORY: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?-u)\bcategory"?\s*[=:]\s*"terraform""#).ok());
    let is = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(bytes));
    let has = |word: &[u8]| memmem::find(bytes, word).is_some();
    // `"TF_VAR_${each.key}"`, `format("TF_VAR_%s", key)`, `join("", ["TF_VAR_", key])`.
    let is_open = |rest: &[u8]| [&b"${"[..], b"%", b"\""].iter().any(|next| rest.starts_with(next));
    let is_computed = || memmem::find_iter(bytes, PREFIX).any(|at| is_open(&bytes[at + PREFIX.len()..]));
    // `-var '${each.key}=${each.value}'`.
    let is_computed_option = || {
        memmem::find_iter(bytes, OPTION).any(|at| {
            let rest = &bytes[at + OPTION.len()..];
            let skipped = rest.iter().take_while(|byte| b" ='\"\\".contains(byte)).count();
            skipped > 0 && rest[skipped..].starts_with(b"${")
        })
    };
    sets_variables(bytes) && is(&KEYS)
        || !sets_variables(bytes) && is(&CATEGORY)
        || is_computed()
        || is_computed_option()
        || has(b"resource") && names_a_file(bytes) && has_content(bytes)
}

/// Whether code gives something the content of a file, and not only what is to be known of one.
fn has_content(bytes: &[u8]) -> bool {
    static CONTENT: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?-u)\b(?:sensitive_)?content(\w*)"?\s*[=:]"#).ok());
    const KNOWN: [&[u8]; 12] = [
        b"_based_deduplication",
        b"_disposition",
        b"_encoding",
        b"_handling",
        b"_handling_strategy",
        b"_language",
        b"_length",
        b"_md5",
        b"_security_policy",
        b"_type",
        b"_types",
        b"_version",
    ];
    let mut named = CONTENT.iter().flat_map(|content| content.captures_iter(bytes));
    named.any(|content| content.get(1).is_some_and(|end| !KNOWN.contains(&end.as_bytes())))
}

/// Whether code starts programs: by a provisioner, or a data source of the provider external.
pub(super) fn starts_any(bytes: &[u8]) -> bool {
    static SIGNS: [Word; 2] = [Word::new(|| Finder::new("-exec\"")), Word::new(|| Finder::new("\"external\""))];
    SIGNS.iter().any(|sign| sign.find(bytes).is_some())
}

/// Whether the end of a name between quotes is that of a file of code or of values.
fn names_a_file(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, b".t").any(|at| {
        let rest = &bytes[at + 1..];
        let ends = [&b"tfvars"[..], b"tofu", b"tf"].iter().find_map(|end| rest.strip_prefix(*end));
        let ends = ends.map(|rest| rest.strip_prefix(b".json").unwrap_or(rest));
        let is_named = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        is_named && ends.is_some_and(|rest| rest.starts_with(b"\""))
    })
}
