//! The files that Terraform code takes the names of variables from which it sets for other runs: those of its own module, and
//! those of data that it reads, as in `for_each = yamldecode(file("${path.module}/variables.yaml"))`.

use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};
use regex::bytes::Regex;

use super::file_kinds::is_data;
use crate::discover::file_names::is_values;
use crate::source::{Fence, FileKind};

/// More files are not looked at for one file of code.
const MOST: usize = 500;

/// Data lies no deeper below a folder that code reads.
const DEEPEST: usize = 4;

/// The files beside a file of code, and those of data that its texts name, inside the repository.
pub(super) fn files(code: &Utf8Path, bytes: &[u8]) -> Vec<Utf8PathBuf> {
    let folder = code.parent().unwrap_or(Utf8Path::new(""));
    let shown = if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder };
    let fence = Fence::around(&[shown.to_owned()]);
    let is_inside = |path: &Utf8PathBuf| path.canonicalize_utf8().is_ok_and(|real| fence.admits(&real));
    let of_module = |name: &str| FileKind::is_configuration(name.as_ref()) || is_values(name.as_ref());
    let entries = shown.read_dir_utf8().into_iter().flatten().filter_map(Result::ok);
    let own = entries.filter(|entry| of_module(entry.file_name())).map(|entry| folder.join(entry.file_name()));
    let read = named(bytes).into_iter().map(|path| folder.join(path)).filter(is_inside).flat_map(|path| below(&path));
    let mut all: Vec<Utf8PathBuf> = own.filter(|path| path != code && is_inside(path)).chain(read).take(MOST).collect();
    all.sort();
    all.dedup();
    all
}

/// The paths that the texts of code may be, up to what is computed in them.
fn named(bytes: &[u8]) -> Vec<&str> {
    static TEXTS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?-u)"(?:\$\{path\.(?:module|root)\}/)?([A-Za-z0-9_./-]+)(\$\{|\*)?"#).ok());
    let texts = TEXTS.iter().flat_map(|texts| texts.captures_iter(bytes));
    let paths = texts.filter_map(|found| {
        let path = str::from_utf8(found.get(1)?.as_bytes()).ok()?;
        // The folder in front of a name that is computed.
        if found.get(2).is_some() { path.rfind('/').map(|end| &path[..end]) } else { Some(path) }
    });
    let mut paths: Vec<&str> = paths.filter(|path| !path.starts_with('/')).take(MOST).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// A file of data, or those below a folder.
fn below(path: &Utf8Path) -> Vec<Utf8PathBuf> {
    let entries = walkdir::WalkDir::new(path).max_depth(DEEPEST).sort_by_file_name().into_iter();
    let files = entries.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    let data = files.filter(|entry| is_data(entry.file_name())).take(MOST);
    data.filter_map(|entry| Utf8PathBuf::from_path_buf(entry.into_path()).ok()).collect()
}
