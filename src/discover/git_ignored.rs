//! Whether git ignores a file: a change there reaches no commit. Files are asked for one by one, and what git is told in a
//! folder is read once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::lists::{self, Lists};
use super::{Walk, tracked};
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
    top: Utf8PathBuf,
    /// `None` if one of them, or of those on the way to the folder, cannot be heeded, so that none is.
    lists: Option<Arc<Lists>>,
    /// Whether git passes over all that is in it.
    is_ignored: bool,
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
            folder.leaves_out(real, false) && {
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
        let lists = |around| Lists::of(path.as_std_path(), around, &self.fence).unwrap_or_default();
        if lists::is_top(path.as_std_path()) {
            return Some(Folder { top: path.to_owned(), lists: lists(None), is_ignored: false });
        }
        let around = self.folder(path.parent()?)?;
        let is_ignored = around.leaves_out(path, true);
        let lists = around.lists.as_ref().and_then(|around| lists(Some(around)));
        Some(Folder { top: around.top.clone(), lists, is_ignored })
    }
}

impl Folder {
    /// Whether the lists leave out something in the folder.
    fn leaves_out(&self, path: &Utf8Path, is_folder: bool) -> bool {
        self.lists.as_ref().is_some_and(|lists| self.is_ignored || lists.leave_out(path.as_std_path(), is_folder))
    }
}
