//! Whether git ignores a file: a change there reaches no commit. Files are asked for one by one, and what git is told in a
//! folder is read once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{Walk, git_rules, tracked};
use crate::source::Fence;

/// The files that git ignores.
#[derive(Debug)]
pub struct GitIgnored {
    /// Whether git's lists count.
    heeds: bool,
    fence: Fence,
    /// By the real path of a folder; `None` outside of repositories.
    known: RefCell<HashMap<Utf8PathBuf, Option<Rc<Folder>>>>,
}

/// What git is told in a folder.
#[derive(Debug)]
struct Folder {
    /// The folder around it, up to the top of the repository.
    around: Option<Rc<Folder>>,
    top: Utf8PathBuf,
    /// The list of the folder, and at the top those of the repository and of the user: the first that speaks of a file counts.
    lists: Vec<Gitignore>,
    /// Whether git passes over all that is in it.
    is_ignored: bool,
    /// Whether one of the lists on the way to it cannot be heeded, so that none is.
    is_unfit: bool,
}

impl GitIgnored {
    /// By the rules that a walk heeds; nothing if it heeds none.
    #[must_use]
    pub fn new(walk: &Walk, fence: Fence) -> Self {
        Self { heeds: !walk.no_ignore, fence, known: RefCell::default() }
    }

    /// Whether git ignores the file at a real path, and does not keep it all the same.
    #[must_use]
    pub fn ignores(&self, real: &Utf8Path) -> bool {
        let folder = real.parent().filter(|_| self.heeds).and_then(|folder| self.folder(folder));
        folder.is_some_and(|folder| {
            let is_left_out = !folder.is_unfit && (folder.is_ignored || folder.leaves_out(real, false));
            is_left_out && {
                let name = real.strip_prefix(&folder.top).unwrap_or(real);
                !tracked::keeps(&folder.top, name, &self.fence)
            }
        })
    }

    fn folder(&self, path: &Utf8Path) -> Option<Rc<Folder>> {
        if let Some(known) = self.known.borrow().get(path) {
            return known.clone();
        }
        let folder = self.read(path).map(Rc::new);
        self.known.borrow_mut().insert(path.to_owned(), folder.clone());
        folder
    }

    fn read(&self, path: &Utf8Path) -> Option<Folder> {
        let is_top = path.join(".git").exists();
        let around = if is_top { None } else { Some(self.folder(path.parent()?)?) };
        let is_unfit = around.as_ref().is_some_and(|around| around.is_unfit)
            || git_rules::unfit_list(path.as_std_path(), &self.fence).is_some();
        let mut lists = Vec::new();
        if !is_unfit {
            let list = |path: &Utf8Path, file| {
                let mut builder = GitignoreBuilder::new(path);
                // A pattern that is malformed says nothing; the others count.
                builder.add(file);
                builder.build().ok()
            };
            lists.extend(list(path, path.join(".gitignore").into_std_path_buf()));
            if is_top {
                lists.extend(git_rules::excludes(path.as_std_path()).first().and_then(|file| list(path, file.clone())));
                lists.push(GitignoreBuilder::new(path).build_global().0);
            }
        }
        let is_ignored = around.as_ref().is_some_and(|around| around.is_ignored || around.leaves_out(path, true));
        let top = around.as_ref().map_or(path, |around| &around.top).to_owned();
        Some(Folder { around, top, lists, is_ignored, is_unfit })
    }
}

impl Folder {
    /// Whether the lists leave out something in the folder: the nearest that speaks of it counts.
    fn leaves_out(&self, path: &Utf8Path, is_folder: bool) -> bool {
        let mut at = Some(self);
        while let Some(folder) = at {
            for list in &folder.lists {
                match list.matched(path, is_folder) {
                    Match::None => {}
                    Match::Ignore(_) => return true,
                    Match::Whitelist(_) => return false,
                }
            }
            at = folder.around.as_deref();
        }
        false
    }
}
