//! Folders of files, as they are and as they are compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempDir;

/// A prefix of names that stands for a leading dot, so that the files of a fixture mean nothing to this repository.
const DOT: &str = "dot-";

/// An empty folder that lasts as long as the value.
pub(crate) fn empty() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A folder with these files, each a path and a text.
pub(crate) fn with(files: &[(&str, &str)]) -> TempDir {
    let folder = empty();
    for (path, text) in files {
        put(&folder.path().join(path), text.as_bytes());
    }
    folder
}

/// Makes a file, and the folders it lies in.
pub(crate) fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
    fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Every file below a folder by its path from there, but for what lies in `.git`.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    paths(folder)
        .into_iter()
        .map(|path| (path.clone(), fs::read(folder.join(path)).expect("a readable file")))
        .collect()
}

/// The state of every file below a folder that writing to it would change, also if the bytes stayed the same.
pub(crate) fn stamps(folder: &Path) -> BTreeMap<PathBuf, (SystemTime, u64)> {
    let stamp = |path: &Path| {
        let metadata = fs::metadata(folder.join(path)).expect("the file exists");
        (metadata.modified().expect("files have a time"), inode(&metadata))
    };
    paths(folder).into_iter().map(|path| (path.clone(), stamp(&path))).collect()
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> u64 {
    0
}

/// Copies a fixture's files, with `dot-` at the start of a name made a dot.
pub(crate) fn copy_fixture(from: &Path, to: &Path) {
    for (path, bytes) in files(from) {
        put(&to.join(real_name(&path)), &bytes);
    }
}

/// The files of a fixture under their real names.
pub(crate) fn fixture(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files(folder).into_iter().map(|(path, bytes)| (real_name(&path), bytes)).collect()
}

fn real_name(path: &Path) -> PathBuf {
    let part = |part: &std::ffi::OsStr| match part.to_str().and_then(|name| name.strip_prefix(DOT)) {
        Some(rest) => PathBuf::from(format!(".{rest}")),
        None => PathBuf::from(part),
    };
    path.iter().map(part).collect()
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name();
    walk.into_iter()
        .filter_entry(|entry| entry.file_name() != ".git")
        .map(|entry| entry.expect("the folder is readable"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(folder).expect("it lies below").to_owned())
        .collect()
}
