//! Trees to walk.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;
use unroot::discover::{Discovery, Walk, discover};

/// The text of a file that mentions a notebook.
pub(crate) const HIT: &str = "resource \"aws_sagemaker_notebook_instance\" \"a\" {}\n";

/// A folder with these files; a name that ends in `/` is a folder, one without a text of its own is a hit.
pub(crate) fn tree(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in files {
        let (name, text) = file.split_once(": ").unwrap_or((file, HIT));
        let path = folder.path().join(name);
        fs::create_dir_all(if name.ends_with('/') { &path } else { path.parent().expect("a parent") }).expect("folder");
        if !name.ends_with('/') {
            fs::write(path, text).expect("a file");
        }
    }
    folder
}

pub(crate) fn walk(paths: &[Utf8PathBuf], walk: &Walk) -> Discovery {
    discover(paths, walk, &|_| {}).expect("the globs are good")
}

/// Walks the folder and names the hits as seen from it.
pub(crate) fn hits_with(folder: &TempDir, settings: &Walk) -> Vec<String> {
    let root = root(folder);
    names(&walk(std::slice::from_ref(&root), settings), &root)
}

pub(crate) fn hits(folder: &TempDir) -> Vec<String> {
    hits_with(folder, &Walk::default())
}

pub(crate) fn root(folder: &TempDir) -> Utf8PathBuf {
    Utf8Path::from_path(folder.path()).expect("temporary folders have plain names").to_owned()
}

pub(crate) fn names(discovery: &Discovery, root: &Utf8Path) -> Vec<String> {
    let name = |path: &Utf8Path| path.strip_prefix(root).unwrap_or(path).as_str().replace('\\', "/");
    discovery.hits.iter().map(|found| name(&found.path)).collect()
}

/// Whether a file is one that a killed run may leave behind.
pub(crate) fn is_temporary(name: &str) -> bool {
    name.strip_prefix(".unroot-").is_some_and(|rest| rest.strip_suffix(".tmp").is_some())
}
