//! What one file or link says of modules, and of how they are run.

use std::ffi::OsStr;

use camino::{Utf8Path, Utf8PathBuf};
use memchr::memmem;

use super::{LOCK_FILE, References};
use crate::discover::code::{self, CodeSays};
use crate::discover::commands;
use crate::discover::file_names::{is_hcl, is_values, runs_modules};
use crate::discover::foreign;
use crate::discover::own::Own;
use crate::discover::paths::{NEVER_ENTERED, problem};
use crate::discover::prefilter::{has_escaped_letter, letters, may_except};
use crate::os_error;
use crate::source::{self, Fence, FileKind, Opened, Refusal};

/// Adds what a file says that code calls, or Terragrunt and Terraform Stacks run.
pub(super) fn look_at(path: &Utf8Path, own: &[Own], found: &mut References) {
    let name: &OsStr = path.file_name().unwrap_or_default().as_ref();
    let bytes = source::open(path.as_std_path()).and_then(Opened::whole);
    if FileKind::is_configuration(name) {
        return heed(path, bytes, own, found);
    }
    let is_unread = bytes.is_err();
    let bytes = bytes.unwrap_or_default();
    found.may_except |= may_except(&bytes);
    found.reads_files |= memmem::find(&bytes, b"file(").is_some();
    found.texts.declared.environment.extend(commands::taken_from_environment(&bytes));
    let starts = [&b"execute"[..], b"run_cmd"].iter().any(|word| memmem::find(&bytes, word).is_some());
    if runs_modules(name) {
        found.texts.push_starting(path, starts);
        return add_unit(path.to_owned(), found);
    }
    if foreign::named_by_another_tool(name).is_none() && (is_unread || may_run_a_module(&bytes)) {
        found.locked.extend(locked_beside(path));
        found.candidates.push(path.to_owned());
    }
    found.texts.push(path);
}

/// Adds what is behind a link.
pub(super) fn look_behind(link: &Utf8Path, own: &[Own], found: &mut References) {
    let name: &OsStr = link.file_name().unwrap_or_default().as_ref();
    let is_read = FileKind::is_configuration(name) || is_values(name) || runs_modules(name);
    if !is_read {
        found.links_to_folders.extend(link.is_dir().then(|| name.to_string_lossy().into_owned()));
        // What Terragrunt is told to take may lie there elsewhere.
        let is_lost = is_hcl(name) && foreign::named_by_another_tool(name).is_none() && !link.exists();
        found.candidates.extend(is_lost.then(|| link.to_owned()));
        return units_behind(link).into_iter().for_each(|unit| add_unit(unit, found));
    }
    found.links.extend(link.is_file().then(|| link.to_owned()));
    found.texts.push_link(link);
    // Terraform passes over names that begin with a dot, such as those of Emacs' locks.
    let is_code = FileKind::is_configuration(name) && !name.as_encoded_bytes().starts_with(b".");
    let runs = runs_modules(name);
    match link.metadata() {
        Ok(target) if target.is_file() && is_code => {
            // A link may lead anywhere, also out of the repository.
            let folder = link.parent().unwrap_or(Utf8Path::new(""));
            heed(link, Fence::around(&[folder.to_owned()]).read(link), own, found);
        }
        Ok(target) if target.is_file() && runs => add_unit(link.to_owned(), found),
        Err(error) if is_code || runs => {
            let message = format!("the link cannot be followed: {}", os_error::plain(&error));
            found.unread.push(problem(link.as_std_path(), message));
        }
        _ => {}
    }
}

/// Adds what the bytes of a Terraform file say.
fn heed(path: &Utf8Path, bytes: Result<Vec<u8>, Refusal>, own: &[Own], found: &mut References) {
    match bytes {
        Ok(bytes) => {
            found.add_code(path, CodeSays::of(&bytes, own));
            code::declared(path, &bytes, &mut found.texts.declared.variables);
            found.may_except |= may_except(&bytes);
        }
        Err(refusal) => found.unread.push(problem(path.as_std_path(), refusal.to_string())),
    }
}

/// Adds a configuration of Terragrunt.
fn add_unit(path: Utf8PathBuf, found: &mut References) {
    found.locked.extend(locked_beside(&path));
    found.terragrunt.push(path);
}

/// The folder of a configuration, if a version of hashicorp/aws that may be too old is locked there.
fn locked_beside(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let lock = path.with_file_name(LOCK_FILE);
    // A link may lead anywhere: whoever follows it looks where to.
    let is_link = lock.symlink_metadata().ok()?.is_symlink();
    let may_be_old = is_link || source::read(lock.as_std_path()).is_ok_and(|bytes| pins_an_old_provider(&bytes));
    may_be_old.then(|| path.parent().unwrap_or(Utf8Path::new("")).to_owned())
}

/// Whether a lock file may pin hashicorp/aws to a version below 4: none that is newer lacks anything.
fn pins_an_old_provider(bytes: &[u8]) -> bool {
    const NEWER: usize = 4;
    let is_old = |at: usize| {
        let rest = &bytes[at..];
        let version = memmem::find(rest, b"version").map(|at| &rest[at..]);
        let major = version.and_then(|rest| {
            let first = rest.iter().position(u8::is_ascii_digit)?;
            let digits = rest[first..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            str::from_utf8(&rest[first..first + digits]).ok()?.parse::<usize>().ok()
        });
        major.is_none_or(|major| major < NEWER)
    };
    memmem::find_iter(bytes, b"hashicorp/aws\"").any(is_old) || has_escaped_letter(bytes)
}

/// Whether a text may be a Terragrunt configuration that says what it runs, or hands something over, or did before its end was
/// lost.
fn may_run_a_module(bytes: &[u8]) -> bool {
    let letters = letters(bytes);
    let bytes: &[u8] = &letters;
    // Any of its words, since one of them may be broken; a `resource` is none.
    let has = |word: &[u8]| {
        let mut places = memmem::find_iter(bytes, word);
        places.any(|at| at == 0 || !bytes[at - 1].is_ascii_alphanumeric())
    };
    [&b"terraform"[..], b"source", b"inputs", b"include", b"generate"].into_iter().any(has) || has_escaped_letter(bytes)
}

/// The configurations in a folder that a link leads to: Terragrunt runs them under the link's name as well.
fn units_behind(link: &Utf8Path) -> Vec<Utf8PathBuf> {
    /// What lies deeper, or comes later, is not looked for.
    const DEEPEST: usize = 4;
    const MOST: usize = 1000;
    let fence = Fence::around(&[link.parent().unwrap_or(Utf8Path::new("")).to_owned()]);
    let inside = link.canonicalize_utf8().is_ok_and(|target| target.is_dir() && fence.admits(&target));
    // What holds the link would be found again and again.
    let holds = |target: Utf8PathBuf| {
        link.parent().is_some_and(|folder| folder.canonicalize_utf8().is_ok_and(|folder| folder.starts_with(target)))
    };
    if !inside || link.canonicalize_utf8().is_ok_and(holds) {
        return Vec::new();
    }
    let below = walkdir::WalkDir::new(link).max_depth(DEEPEST).into_iter();
    let entered = below.filter_entry(|entry| !NEVER_ENTERED.iter().any(|never| entry.file_name() == *never));
    let files = entered.take(MOST).filter_map(Result::ok).filter(|entry| runs_modules(entry.file_name()));
    files.filter_map(|entry| Utf8PathBuf::from_path_buf(entry.into_path()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_of_old_providers_are_told_from_others() {
        let lock = |version: &str| {
            format!(
                "provider \"registry.terraform.io/hashicorp/aws\" {{\n  version     = \"{version}\"\n  hashes = []\n}}\n"
            )
        };
        for (text, is_old) in [
            (lock("3.8.0"), true),
            (lock("2.70.0"), true),
            (lock("4.0.0"), false),
            (lock("10.1.0"), false),
            (lock("5.0.0").replace("hashicorp/aws", "hashicorp/awscc"), false),
            (lock("x"), true),
            (format!("{}{}", lock("5.0.0"), lock("3.1.0").replace("terraform.io", "opentofu.org")), true),
            ("provider \"registry.terraform.io/hashicorp/aws\" {".to_owned(), true),
            (lock("5.0.0").replace("aws", "\\u0061ws"), true),
            (String::new(), false),
        ] {
            assert_eq!(pins_an_old_provider(text.as_bytes()), is_old, "{text}");
        }
    }
}
