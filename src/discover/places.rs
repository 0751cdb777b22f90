//! What the paths of a command line and links lead to.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use camino::Utf8Path;

use super::file_names::runs_modules;
use super::foreign;
use super::paths::{never_entered, problem, trimmed};
use crate::finding::Problem;
use crate::os_error;
use crate::source::{Fence, FileKind};

/// A folder or file to look at.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// The path that is opened and shown.
    pub(super) shown: PathBuf,
    /// The same place, absolute and free of links.
    pub(super) real: PathBuf,
}

/// What a path leads to.
pub(super) enum Place {
    Folder(Target),
    File(Target),
    /// A folder out of the repository, to which this link leads.
    Outside(String),
    /// A file of another tool, with what it is.
    Foreign(String, &'static str),
}

/// The path as it is given, without `.` parts and doubled or trailing slashes. `..` stays: where a link goes before,
/// leaving it out would lead elsewhere.
pub(super) fn tidy(path: &Utf8Path) -> PathBuf {
    let parts = path.as_std_path().components().filter(|part| *part != std::path::Component::CurDir);
    let path: PathBuf = parts.collect();
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

/// A path without the `.` parts that a call puts in the middle.
pub(super) fn shorter(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != std::path::Component::CurDir).collect()
}

/// A place below a walked folder, spelled as the walk spells it.
pub(super) fn below(shown: &Path, rest: &Path) -> PathBuf {
    if rest.as_os_str().is_empty() { shown.to_owned() } else { trimmed(&shown.join(rest)).to_owned() }
}

/// Finds out what a path of the command line is.
pub(super) fn resolve(shown: PathBuf) -> Result<Place, Problem> {
    let unreadable = |error: &io::Error| problem(&shown, format!("cannot be read: {}", os_error::plain(error)));
    let real = shown.canonicalize().map_err(|error| unreadable(&error))?;
    let kind = fs::metadata(&real).map_err(|error| unreadable(&error))?.file_type();
    if let Some(never) = never_entered(&real).or_else(|| never_entered(&shown)) {
        let message = format!("lies in {never}, where files are overwritten by others: it is never looked at");
        return Err(problem(&shown, message));
    }
    if kind.is_dir() {
        Ok(Place::Folder(Target { shown, real }))
    } else if kind.is_file() {
        if let Some(what) = foreign::recognise(&real) {
            return Err(problem(&shown, what));
        }
        Ok(match foreign::of_another_tool(&real) {
            Some(what) => Place::Foreign(problem(&shown, "").file, what),
            None => Place::File(Target { shown, real }),
        })
    } else {
        Err(problem(&shown, "neither a regular file nor a folder; `-` reads standard input"))
    }
}

/// Finds out where a link leads; `None` where nothing is to be looked at behind it.
pub(super) fn resolve_link(link: &Path, fence: &Fence) -> Result<Option<Place>, Problem> {
    let name = link.file_name().unwrap_or_default();
    // Terraform passes over names that begin with a dot. Emacs makes such links to nothing as locks.
    let is_code = FileKind::is_configuration(name);
    let is_read = is_code && !name.as_encoded_bytes().starts_with(b".");
    let real = match link.canonicalize() {
        Ok(real) => real,
        Err(error) if is_read || runs_modules(name) || error.kind() == io::ErrorKind::PermissionDenied => {
            return Err(problem(link, format!("the link cannot be followed: {}", os_error::plain(&error))));
        }
        // A link to nowhere hides no notebook.
        Err(_) => return Ok(None),
    };
    if !Utf8Path::from_path(&real).is_some_and(|real| fence.admits(real)) {
        if is_read {
            return Err(problem(link, "leads out of the repository, so it was not read"));
        }
        return Ok(real.is_dir().then(|| Place::Outside(problem(link, "").file)));
    }
    let kind = match fs::metadata(&real) {
        Ok(metadata) => metadata.file_type(),
        Err(error) => return Err(problem(link, format!("cannot be read: {}", os_error::plain(&error)))),
    };
    let shown = trimmed(link).to_owned();
    if kind.is_dir() {
        let folder = link.parent().unwrap_or(link).canonicalize().unwrap_or_default();
        return Ok((!folder.starts_with(&real)).then_some(Place::Folder(Target { shown, real })));
    }
    if !is_code {
        return Ok(None);
    }
    if kind.is_file() {
        Ok(Some(Place::File(Target { shown, real })))
    } else {
        Err(problem(link, "leads to something that is not a regular file, so it was not read"))
    }
}
