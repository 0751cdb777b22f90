//! Paths as commands write them: which files they may stand for.

use camino::{Utf8Path, Utf8PathBuf};

use super::Workspace;
use super::files::ConfigName;
use super::store::join;
use super::tfvars::is_values;
use crate::discover::sets_values;

/// The most paths that a name in a command is taken for.
pub(super) const MOST_EXPANDED: usize = 1000;

/// The most paths that are looked for in a run, for all commands and root modules together.
const MOST_TRIED: usize = 300_000;

/// Files that a name in a command stands for.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    pub(super) paths: Vec<Utf8PathBuf>,
    /// Whether there may be more.
    pub(super) has_more: bool,
}

impl Workspace<'_> {
    /// The files that a name stands for, given from a folder: where a segment is computed, every entry that begins
    /// as it does, up to a bound.
    pub(super) fn expanded(&self, folder: &Utf8Path, name: &str) -> Expanded {
        let store = self.view.store();
        if !is_computed(name) && is_values(name) {
            let path = join(folder, name);
            let is_known = self.callers.files_of_values().binary_search(&path).is_ok();
            // Behind a link to a folder it has another name.
            let is_found = || {
                self.tried.set(self.tried.get().saturating_add(1));
                self.tried.get() <= MOST_TRIED && is_there(&path)
            };
            let paths = if is_known || is_found() { vec![path] } else { Vec::new() };
            return Expanded { paths, has_more: false };
        }
        let mut paths = vec![folder.to_owned()];
        let mut is_exact = true;
        let mut has_more = false;
        for segment in Utf8Path::new(name).components().map(|segment| segment.as_str()) {
            if is_computed(segment) {
                is_exact = false;
                let start = segment.split(['$', '{', '%', '<', '*', '?']).next().unwrap_or_default();
                let below = paths.iter().flat_map(|folder| {
                    let names = store.names(folder).iter().filter(|name| name.starts_with(start));
                    names.map(|name| join(folder, name))
                });
                let mut below = below.peekable();
                let found = below.by_ref().take(MOST_EXPANDED).collect();
                has_more |= below.peek().is_some();
                paths = found;
            } else {
                for path in &mut paths {
                    *path = join(path, segment);
                }
            }
            self.tried.set(self.tried.get().saturating_add(paths.len()));
            if self.tried.get() > MOST_TRIED {
                return Expanded { paths: Vec::new(), has_more: true };
            }
        }
        let end = name.rfind('.').map(|at| &name[at..]).filter(|end| !end.contains(['/', '}', ')', '>', '%']));
        // Behind the last dot anything may follow where that is computed, too.
        let has_end = |name: &str, end: &str| {
            name.ends_with(end.split('$').next().unwrap_or(end)) || end.contains('$') && ConfigName::new(name).is_none()
        };
        let has_no_end = || name.contains('/') && !last_of(name).contains('.');
        let is_meant = |name: &str| {
            is_exact
                || is_values(name)
                || end.is_some_and(|end| has_end(name, end))
                || has_no_end() && !name.contains('.')
        };
        paths.retain(|path| path.file_name().is_some_and(is_meant) && is_there(path));
        if has_no_end() && !is_exact {
            let is_named = |path: &Utf8PathBuf| path.file_name().is_some_and(|name| name.contains('.'));
            paths.retain(|path| is_named(path) || store.bytes(path).is_ok_and(|bytes| sets_values(&bytes)));
        }
        Expanded { paths, has_more }
    }
}

/// What a shell computes begins with one of these.
const COMPUTED: [char; 6] = ['$', '{', '%', '<', '*', '?'];

/// Whether the shell makes something else of a text.
pub(super) fn is_computed(text: &str) -> bool {
    text.contains(COMPUTED)
}

/// The last part of a path.
pub(super) fn last_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What follows the folders that are computed at the start of a path; `None` where there are none, or there is no more.
pub(super) fn behind_lead(path: &str) -> Option<&str> {
    let mut rest = path;
    while let Some((first, behind)) = rest.split_once('/').filter(|(first, _)| first.starts_with(COMPUTED)) {
        let is_closed = first.matches(['(', '{']).count() == first.matches([')', '}']).count();
        rest = Some(behind).filter(|_| is_closed)?;
    }
    (rest.len() < path.len() && !rest.is_empty() && (rest.contains('/') || !is_computed(rest))).then_some(rest)
}

/// Whether a file is there, or a link that leads nowhere: whoever names that means it to be one.
fn is_there(path: &Utf8Path) -> bool {
    path.is_file() || path.is_symlink() && !path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_computed_folder_is_a_path() {
        for (path, rest) in [
            ("$PWD/dev.vars", Some("dev.vars")),
            ("${{ github.workspace }}/env/$STAGE", Some("env/$STAGE")),
            ("$(git rev-parse --show-toplevel)/env/dev.vars", Some("env/dev.vars")),
            ("$A/$B/env/dev.vars", Some("env/dev.vars")),
            ("env/$STAGE.vars", None),
            ("$DIR/$STAGE", None),
            ("$(cat a/b)/dev.vars", None),
            ("$FILE", None),
        ] {
            assert_eq!(behind_lead(path), rest, "{path}");
        }
    }
}
