//! The lists of what git ignores, folder by folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::git_rules::{excludes, unfit_list};
use crate::source::Fence;

/// The lists that speak of what is in a folder: its own, and those of the folders around it up to the top of the
/// repository.
#[derive(Debug)]
pub(super) struct Lists {
    around: Option<Arc<Lists>>,
    /// The list of the folder and, at the top, those of the repository and of the user: the first that speaks of
    /// something counts.
    own: Vec<Gitignore>,
}

impl Lists {
    /// The lists for a folder, given by its real path, inside of a folder with others; `None` outside of repositories.
    ///
    /// # Errors
    /// The list that cannot be heeded.
    pub(super) fn of(folder: &Path, around: Option<&Arc<Self>>, fence: &Fence) -> Result<Option<Arc<Self>>, PathBuf> {
        let ignored = folder.join(".gitignore");
        let (has_list, is_top) = (ignored.symlink_metadata().is_ok(), is_top(folder));
        if !is_top && (!has_list || around.is_none()) {
            return Ok(around.cloned());
        }
        if let Some(unfit) = unfit_list(folder, fence) {
            return Err(unfit);
        }
        let list = |file: PathBuf| {
            let mut builder = GitignoreBuilder::new(folder);
            // A pattern that is malformed says nothing; the others count.
            builder.add(file);
            builder.build().ok().filter(|list| !list.is_empty())
        };
        let mut own: Vec<Gitignore> = list(ignored).into_iter().collect();
        if is_top {
            own.extend(excludes(folder).first().and_then(|file| list(file.clone())));
            own.extend(Some(GitignoreBuilder::new(folder).build_global().0).filter(|list| !list.is_empty()));
        }
        Ok(Some(Arc::new(Self { around: around.filter(|_| !is_top).cloned(), own })))
    }

    /// The lists for a folder, with those of the folders above it.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub(super) fn with_above(folder: &Path, fence: &Fence) -> Result<Option<Arc<Self>>, PathBuf> {
        let mut within: Vec<&Path> = Vec::new();
        for folder in folder.ancestors() {
            within.push(folder);
            if is_top(folder) {
                break;
            }
        }
        within.into_iter().rev().try_fold(None, |around, folder| Self::of(folder, around.as_ref(), fence))
    }

    /// Whether something in the folder is left out, given by its real path.
    pub(super) fn leave_out(&self, path: &Path, is_folder: bool) -> bool {
        let mut at = Some(self);
        while let Some(lists) = at {
            for list in &lists.own {
                match list.matched(path, is_folder) {
                    Match::None => {}
                    Match::Ignore(_) => return true,
                    Match::Whitelist(_) => return false,
                }
            }
            at = lists.around.as_deref();
        }
        false
    }
}

/// Whether a folder is the top of a repository.
pub(super) fn is_top(folder: &Path) -> bool {
    folder.join(".git").exists()
}
