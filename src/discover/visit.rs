//! One parallel pass over disjoint folders, or over single files.

mod visitor;

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use ignore::DirEntry;
use ignore::gitignore::Gitignore;

use super::exclusion::Exclusion;
use super::file_names::{is_hidden, is_read, is_wanted};
use super::gathered::Gathered;
use super::left_out::Aside;
use super::own::of_folders;
use super::paths::{problem, trimmed};
use super::sightings::Sightings;
use super::{BadGlob, Walk, git_rules, manifest};
use crate::finding::Why;
use crate::source::Fence;
use visitor::Pass;

/// The state that all passes of a run share.
pub(super) struct Walker<'a> {
    walk: &'a Walk,
    fence: &'a Fence,
    exclude: Gitignore,
    seen: &'a (dyn Fn(usize) + Sync),
    hasher: RandomState,
}

impl<'a> Walker<'a> {
    pub(super) fn new(walk: &'a Walk, fence: &'a Fence, seen: &'a (dyn Fn(usize) + Sync)) -> Result<Self, BadGlob> {
        let Exclusion(exclude) = Exclusion::new(walk)?;
        Ok(Self { walk, fence, exclude, seen, hasher: RandomState::new() })
    }

    /// Stands for a path in a set of a hundred thousand: eight bytes, keyed at random so that no tree can be
    /// built in which two paths collide.
    pub(super) fn mark(&self, path: &Path) -> u64 {
        self.hasher.hash_one(trimmed(path).as_os_str())
    }

    /// Whether what git ignores is left out.
    pub(super) const fn heeds_git(&self) -> bool {
        !self.walk.no_ignore
    }

    /// Why a path is left out, if not for git's sake; `rest` is its part below the folder that is walked.
    pub(super) fn leaves_out(&self, path: &Path, rest: &Path) -> Option<Why> {
        let excludes = |part: &Path| self.exclude.matched(part, part != path).is_ignore();
        match () {
            () if path.ancestors().any(excludes) => Some(Why::Excluded),
            () if !self.walk.hidden && rest.iter().any(is_hidden) => Some(Why::Hidden),
            () => None,
        }
    }

    pub(super) const fn walk(&self) -> &Walk {
        self.walk
    }

    /// Walks folders that do not lie in one another, and reads files whatever their name.
    ///
    /// `claimed` names folders below that belong to an earlier pass; `sights` tells whether what is not needed here is
    /// noted as well.
    pub(super) fn pass(&self, starts: &[PathBuf], claimed: &HashSet<PathBuf>, sights: bool) -> Gathered {
        let beside = Arc::new(Mutex::new(Beside::default()));
        let utf8 = |start: &PathBuf| Utf8PathBuf::from_path_buf(start.clone()).ok();
        let own = if sights { of_folders(&starts.iter().filter_map(utf8).collect::<Vec<_>>()) } else { Vec::new() };
        let wanted = {
            let (exclude, looks_at_hidden, beside) = (self.exclude.clone(), self.walk.hidden, Arc::clone(&beside));
            move |entry: &DirEntry, is_ignored: &dyn Fn() -> bool| {
                // Names are judged before an entry is queued: most files of most trees go no further.
                let note = |why| beside.lock().unwrap_or_else(PoisonError::into_inner).note(entry, why, sights);
                let Some(kind) = entry.file_type() else { return false };
                if !is_read(entry) {
                    return if kind.is_file() { sights && is_wanted(entry) } else { note(None) };
                }
                match () {
                    () if is_ignored() => note(None),
                    () if exclude.matched(entry.path(), kind.is_dir()).is_ignore() => note(Some(Why::Excluded)),
                    () if !looks_at_hidden && is_hidden(entry.file_name()) => note(Some(Why::Hidden)),
                    () => true,
                }
            }
        };
        // Hidden folders are passed by here, but not without a word.
        let all = Walk { hidden: true, ..self.walk.clone() };
        let (mut gathered, unfit) = git_rules::walk(starts, &all, self.fence, wanted, |walk| {
            // Where lists cannot be heeded, the walk begins anew.
            std::mem::take(&mut *beside.lock().unwrap_or_else(PoisonError::into_inner));
            let pass = Pass { walker: self, claimed, sights, own: &own, gathered: Mutex::default() };
            walk.visit(&mut &pass);
            pass.gathered.into_inner().unwrap_or_else(PoisonError::into_inner)
        });
        let message = "not a short regular file of the repository: nothing is left out because git ignores it";
        gathered.problems.extend(unfit.iter().map(|list| problem(list, message)));
        let Beside { aside, sightings, initialised } =
            std::mem::take(&mut *beside.lock().unwrap_or_else(PoisonError::into_inner));
        gathered.aside = aside;
        gathered.sightings.append(sightings);
        let manifests = initialised.iter().filter_map(|root| Some(Utf8Path::from_path(root)?.join(manifest::PATH)));
        gathered.manifests = manifests.filter(|manifest| manifest.symlink_metadata().is_ok()).collect();
        if sights {
            gathered.sightings.starts = starts.to_vec();
            gathered.sightings.manifests.clone_from(&gathered.manifests);
        }
        gathered
    }
}

/// What a walk comes by and does not visit.
#[derive(Default)]
struct Beside {
    aside: Vec<Aside>,
    sightings: Sightings,
    /// The folders with one of Terraform's own.
    initialised: Vec<PathBuf>,
}

impl Beside {
    /// Notes an entry that is not visited, and for which reason if not for git's sake or that of its kind; `false`.
    fn note(&mut self, entry: &DirEntry, why: Option<Why>, sights: bool) -> bool {
        let kind = entry.file_type();
        let (is_folder, is_link) = (kind.is_some_and(|kind| kind.is_dir()), kind.is_some_and(|kind| kind.is_symlink()));
        self.aside.extend(why.and_then(|why| Aside::new(entry, why)));
        if entry.file_name() == manifest::FOLDER {
            self.initialised.extend(trimmed(entry.path()).parent().map(Path::to_owned));
        }
        if let Some(path) = Utf8Path::from_path(trimmed(entry.path())).filter(|_| sights && is_wanted(entry)) {
            match () {
                () if is_folder => self.sightings.passed_by.push(entry.path().to_owned()),
                () if is_link => self.sightings.links.push(path.to_owned()),
                () => self.sightings.push_unread(path),
            }
        }
        false
    }
}
