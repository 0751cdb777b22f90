//! Whether git ignores a file: a change there reaches no commit. Files are asked for one by one, and looked for folder by
//! folder.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Mutex;

use camino::{Utf8Path, Utf8PathBuf};
use ignore::WalkState;

use super::{Walk, git_rules, tracked};
use crate::source::{Fence, World};

/// The files that git ignores.
#[derive(Debug)]
pub struct GitIgnored {
    walk: Walk,
    fence: Fence,
    /// The entries of a folder that are not ignored, by its real path; `None` for one in which nothing is ignored.
    known: RefCell<HashMap<Utf8PathBuf, Option<HashSet<PathBuf>>>>,
}

impl GitIgnored {
    /// By the rules that a walk heeds; nothing if it heeds none.
    #[must_use]
    pub fn new(walk: &Walk, fence: Fence) -> Self {
        // Whether a file is hidden is no matter of git's, and one path needs no threads.
        let walk = Walk { hidden: true, threads: Some(1), ..walk.clone() };
        Self { walk, fence, known: RefCell::default() }
    }

    /// Whether git ignores the file at a real path, and does not keep it all the same.
    #[must_use]
    pub fn ignores(&self, real: &Utf8Path) -> bool {
        if self.walk.no_ignore {
            return false;
        }
        let Some(folder) = real.parent() else { return false };
        let mut known = self.known.borrow_mut();
        let reached = known.entry(folder.to_owned()).or_insert_with(|| self.reached(folder));
        let is_left_out = reached.as_ref().is_some_and(|reached| !reached.contains(real.as_std_path()));
        is_left_out
            && World::of(real).is_some_and(|world| {
                let name = real.strip_prefix(&world.top).unwrap_or(real);
                !tracked::keeps(&world.top, name, &self.fence)
            })
    }

    /// Walks down from the top of the repository, to the entries of the folder alone: the lists of each folder on the way
    /// count.
    fn reached(&self, folder: &Utf8Path) -> Option<HashSet<PathBuf>> {
        let world = World::of(folder).filter(|world| world.is_repository)?;
        let own = folder.as_std_path().to_owned();
        let on_the_way =
            move |entry: &ignore::DirEntry| own.starts_with(entry.path()) || entry.path().parent() == Some(&own);
        let (reached, unfit) =
            git_rules::walk(&[world.top.clone().into()], &self.walk, &self.fence, on_the_way, |walk| {
                let reached = Mutex::new(HashSet::new());
                walk.run(|| {
                    Box::new(|entry| {
                        if let (Ok(entry), Ok(mut reached)) = (entry, reached.lock()) {
                            reached.insert(entry.into_path());
                        }
                        WalkState::Continue
                    })
                });
                reached.into_inner().unwrap_or_default()
            });
        unfit.is_empty().then_some(reached)
    }
}
