//! Whether git ignores a file: a change there reaches no commit.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;

use camino::{Utf8Path, Utf8PathBuf};
use ignore::WalkState;

use super::{Walk, git_rules, tracked};
use crate::source::{Fence, World};

/// What git ignores, asked file by file.
#[derive(Debug)]
pub struct GitIgnored {
    walk: Walk,
    fence: Fence,
    /// By real path.
    known: RefCell<HashMap<Utf8PathBuf, bool>>,
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
        if let Some(known) = self.known.borrow().get(real) {
            return *known;
        }
        let is_ignored = self.ask(real);
        self.known.borrow_mut().insert(real.to_owned(), is_ignored);
        is_ignored
    }

    /// Walks down from the top of the repository, to the file alone: the lists of each folder on the way count.
    fn ask(&self, real: &Utf8Path) -> bool {
        let Some(world) = World::of(real).filter(|world| world.is_repository) else { return false };
        let file = real.as_std_path().to_owned();
        let on_the_way = move |entry: &ignore::DirEntry| file.starts_with(entry.path());
        let (reached, unfit) =
            git_rules::walk(&[world.top.clone().into()], &self.walk, &self.fence, on_the_way, |walk| {
                let reached = Mutex::new(false);
                walk.run(|| {
                    Box::new(|entry| {
                        let is_file = entry.is_ok_and(|entry| entry.path() == Path::new(real.as_str()));
                        if let (true, Ok(mut reached)) = (is_file, reached.lock()) {
                            *reached = true;
                        }
                        WalkState::Continue
                    })
                });
                reached.into_inner().unwrap_or(true)
            });
        let name = real.strip_prefix(&world.top).unwrap_or(real);
        !reached && unfit.is_empty() && !tracked::keeps(&world.top, name, &self.fence)
    }
}
