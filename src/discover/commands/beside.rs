//! The files that Terraform code takes the names of variables from which it sets for other runs: those of its own module, and
//! those of data that it reads, as in `for_each = yamldecode(file("${path.module}/variables.yaml"))`.

use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};
use regex::bytes::Regex;

use super::LONGEST;
use super::file_kinds::is_data;
use crate::discover::file_names::is_values;
use crate::source::{self, FileKind};

/// More files than these are not looked at for one file of code.
const MOST: usize = 500;

/// More paths than these are not tried for one file of code.
const MOST_NAMED: usize = 2000;

/// Data lies no deeper below a folder that code reads.
const DEEPEST: usize = 4;

/// The files of the module that lies in a folder, links included.
pub(in crate::discover) fn of_module(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let shown = if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder };
    let is_own = |name: &str| FileKind::is_configuration(name.as_ref()) || is_values(name.as_ref());
    let entries = shown.read_dir_utf8().into_iter().flatten().filter_map(Result::ok);
    entries.filter(|entry| is_own(entry.file_name())).map(|entry| folder.join(entry.file_name())).collect()
}

/// The files of data that the texts of a file of code name, as far as they may be looked for; and whether there may be more, as
/// behind a link that leads out of the tree.
pub(in crate::discover) fn named_by(
    code: &Utf8Path,
    is_inside: &dyn Fn(&Utf8PathBuf) -> bool,
) -> (Vec<Utf8PathBuf>, bool) {
    let bytes = source::read_up_to(code.as_std_path(), LONGEST).unwrap_or_default();
    let folder = code.parent().unwrap_or(Utf8Path::new(""));
    let (mut all, named, mut is_cut_short) = (Vec::new(), named(&bytes), false);
    for path in named.iter().take(MOST_NAMED).map(|path| folder.join(path)) {
        if is_inside(&path) {
            all.extend(below(&path).take(MOST + 1 - all.len().min(MOST)));
        } else {
            is_cut_short |= path.ancestors().any(Utf8Path::is_symlink) && below(&path).next().is_some();
        }
    }
    is_cut_short |= named.len() > MOST_NAMED || all.len() > MOST;
    let found = all.len();
    all.retain(is_inside);
    let is_cut_short = is_cut_short || all.len() < found;
    (all, is_cut_short)
}

/// The paths that the texts of code may be, up to what is computed in them.
fn named(bytes: &[u8]) -> Vec<&str> {
    static TEXTS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?-u)"(?:\$\{path\.(?:module|root)\}/)?([A-Za-z0-9_./-]+)(\$\{|\*)?"#).ok());
    let texts = TEXTS.iter().flat_map(|texts| texts.captures_iter(bytes));
    let paths = texts.filter_map(|found| {
        let path = str::from_utf8(found.get(1)?.as_bytes()).ok()?;
        let is_path = path.contains(['/', '.']) || found.get(0)?.as_bytes().starts_with(b"\"${");
        // The folder in front of a name that is computed.
        let path = if found.get(2).is_some() { &path[..path.rfind('/')?] } else { path };
        is_path.then_some(path)
    });
    let mut paths: Vec<&str> = paths.filter(|path| !path.starts_with('/')).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// A file of data, or those below a folder.
fn below(path: &Utf8Path) -> impl Iterator<Item = Utf8PathBuf> {
    let entries = walkdir::WalkDir::new(path).max_depth(DEEPEST).sort_by_file_name().into_iter();
    let data = entries.filter_map(Result::ok).filter(|entry| is_data(entry.file_name()));
    let data = data.filter(|entry| entry.file_type().is_file() || entry.path_is_symlink() && entry.path().is_file());
    data.filter_map(|entry| Utf8PathBuf::from_path_buf(entry.into_path()).ok())
}
