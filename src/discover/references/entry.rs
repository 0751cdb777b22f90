//! What one entry of a folder says of modules, of how they are run, and of the values that they are given.

use std::ffi::OsStr;

use camino::{Utf8Path, Utf8PathBuf};
use memchr::memmem;

use super::References;
use crate::discover::code::{self, CodeSays};
use crate::discover::commands::{self, Sets};
use crate::discover::file_names::{is_hcl, is_values, runs_modules};
use crate::discover::own::Own;
use crate::discover::paths::{NEVER_ENTERED, problem};
use crate::discover::{foreign, manifest};
use crate::os_error;
use crate::source::{self, Fence, FileKind, Opened, Refusal};

/// The kind of an entry of a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
}

/// Adds what an entry of a folder says: its name, and for files and links their contents.
pub(super) fn look_at(path: &Utf8Path, kind: Kind, own: &[Own], found: &mut References) {
    let name: &OsStr = path.file_name().unwrap_or_default().as_ref();
    if kind == Kind::Folder {
        let manifest = path.join(manifest::PATH);
        if manifest.is_file() {
            found.manifests.push(manifest);
        }
    } else if kind == Kind::Link {
        let is_read = FileKind::is_configuration(name) || is_values(name) || runs_modules(name);
        if !is_read {
            return found.terragrunt.extend(units_behind(path));
        }
        found.links.extend(path.is_file().then(|| path.to_owned()));
        found.files_of_values.extend((is_values(name) && path.is_file()).then(|| path.to_owned()));
        // Terraform passes over names that begin with a dot, such as those of Emacs' locks.
        let is_code = FileKind::is_configuration(name) && !name.as_encoded_bytes().starts_with(b".");
        let runs = runs_modules(name);
        match path.metadata() {
            Ok(target) if target.is_file() && is_code => {
                // A link may lead anywhere, also out of the repository.
                let folder = path.parent().unwrap_or(Utf8Path::new(""));
                heed(path, Fence::around(&[folder.to_owned()]).read(path), own, found);
            }
            Ok(target) if target.is_file() && runs => found.terragrunt.push(path.to_owned()),
            Err(error) if is_code || runs => {
                let message = format!("the link cannot be followed: {}", os_error::plain(&error));
                found.unread.push(problem(path.as_std_path(), message));
            }
            _ => {}
        }
    } else if runs_modules(name) {
        let bytes = source::open(path.as_std_path()).and_then(Opened::whole).unwrap_or_default();
        found.pending.declared.environment.extend(commands::taken_from_environment(&bytes));
        found.terragrunt.push(path.to_owned());
    } else if FileKind::is_configuration(name) {
        heed(path, source::open(path.as_std_path()).and_then(Opened::whole), own, found);
    } else if is_values(name) {
        found.files_of_values.push(path.to_owned());
    } else {
        if is_hcl(name) {
            let bytes = source::open(path.as_std_path()).and_then(Opened::whole).unwrap_or_default();
            found.pending.declared.environment.extend(commands::taken_from_environment(&bytes));
            let names_a_module = foreign::named_by_another_tool(name).is_none() && names_a_module(&bytes);
            found.pending.candidates.push((path.to_owned(), names_a_module));
        }
        let commands = commands::in_file(path.as_std_path());
        found.pending.configurations.extend(commands.configurations);
        found.values.extend(commands.values.into_iter().map(|name| (path.to_owned(), name)));
        found.set(path, commands.variables);
        let counts = matches!(commands.sets, Sets::Environment | Sets::Any);
        found.pending.texts.extend(counts.then(|| (path.to_owned(), commands.sets)));
        let is_data = matches!(commands.sets, Sets::Environment | Sets::Data);
        found.pending.settings.extend(is_data.then(|| path.to_owned()));
        found.pending.putting_together.extend(commands.puts_together.then(|| path.to_owned()));
        found.fetching.extend(commands.fetches_values.then(|| path.to_owned()));
        found.maps_sources |= commands.maps_sources;
        found.pending.data.extend(commands.data.into_iter().map(|name| (path.to_owned(), name)));
    }
}

/// Adds what the bytes of a Terraform file say.
fn heed(path: &Utf8Path, bytes: Result<Vec<u8>, Refusal>, own: &[Own], found: &mut References) {
    match bytes {
        Ok(bytes) => {
            found.add_code(path, CodeSays::of(&bytes, own));
            code::declared(path, &bytes, &mut found.pending.declared.variables);
        }
        Err(refusal) => found.unread.push(problem(path.as_std_path(), refusal.to_string())),
    }
}

/// Whether a text may be a Terragrunt configuration that names the module it runs, or did before its end was lost.
fn names_a_module(bytes: &[u8]) -> bool {
    // Any of its words, since one of them may be broken.
    [&b"terraform"[..], b"source", b"inputs"].iter().any(|word| memmem::find(bytes, word).is_some())
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
