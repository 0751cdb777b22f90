//! What a walk has left out, and what of it can hold a notebook: a repository can hide code by the dot of a folder and by the
//! globs of its settings, so that a run has to say that there is some.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use camino::Utf8PathBuf;
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkState};

use super::file_names::is_read;
use super::paths::{problem, trimmed};
use super::prefilter::Prefilter;
use super::{Found, Walk, git_rules};
use crate::finding::{LeftOut, Why};
use crate::source::{Fence, FileKind};

/// A folder or Terraform file that a walk has left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Aside {
    pub(super) path: PathBuf,
    pub(super) why: Why,
}

impl Aside {
    /// `None` for what Terraform does not read either: links stand for what is judged under its own name or is left out
    /// under it, and Terraform passes over files whose names start with a dot.
    pub(super) fn new(entry: &DirEntry, why: Why) -> Option<Self> {
        let kind = entry.file_type()?;
        let is_deployed = kind.is_dir() || kind.is_file() && why == Why::Excluded;
        is_deployed.then(|| Self { path: entry.path().to_owned(), why })
    }
}

/// The files among what was left out that can hold a notebook, sorted.
pub(super) fn among(mut aside: Vec<Aside>, walk: &Walk, fence: &Fence) -> Vec<LeftOut> {
    aside.sort();
    aside.dedup();
    let mut found: Vec<LeftOut> = Vec::new();
    for why in [Why::Excluded, Why::Hidden] {
        let starts: Vec<PathBuf> = aside.iter().filter(|one| one.why == why).map(|one| one.path.clone()).collect();
        let files = if starts.is_empty() { Vec::new() } else { holding(&starts, walk, fence) };
        found.extend(files.into_iter().map(|path| LeftOut { file: shown(path), why }));
    }
    found.sort();
    found.dedup_by(|later, first| later.file == first.file);
    found
}

/// Those of them that are not judged all the same, as calls and links can have them.
pub(super) fn without(mut left_out: Vec<LeftOut>, judged: &[Found]) -> Vec<LeftOut> {
    if left_out.is_empty() {
        return left_out;
    }
    let judged: HashSet<Utf8PathBuf> = judged.iter().filter_map(|found| found.path.canonicalize_utf8().ok()).collect();
    left_out.retain(|one| one.file.canonicalize_utf8().map_or(true, |real| !judged.contains(&real)));
    left_out
}

fn shown(path: PathBuf) -> Utf8PathBuf {
    Utf8PathBuf::from_path_buf(path).unwrap_or_else(|path| problem(&path, "").file.into())
}

/// The files at and below some places that can hold a notebook, in any order. What cannot be read there is left out as well.
fn holding(starts: &[PathBuf], walk: &Walk, fence: &Fence) -> Vec<PathBuf> {
    let all = Walk { hidden: true, ..walk.clone() };
    let (found, _) = git_rules::walk(
        starts,
        &all,
        fence,
        |entry, is_ignored| is_read(entry) && !is_ignored(),
        |walk| {
            let found = Mutex::new(Vec::new());
            walk.visit(&mut Searchers { found: &found });
            found.into_inner().unwrap_or_else(PoisonError::into_inner)
        },
    );
    found
}

struct Searchers<'a> {
    found: &'a Mutex<Vec<PathBuf>>,
}

impl<'a> ParallelVisitorBuilder<'a> for Searchers<'a> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 'a> {
        Box::new(Searcher { found: self.found, prefilter: Prefilter::new() })
    }
}

struct Searcher<'a> {
    found: &'a Mutex<Vec<PathBuf>>,
    prefilter: Prefilter,
}

impl ParallelVisitor for Searcher<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        let is_code = |entry: &DirEntry| {
            let kind = entry.file_type().is_some_and(|kind| kind.is_file());
            let name = entry.file_name();
            kind && FileKind::is_configuration(name) && !name.as_encoded_bytes().starts_with(b".")
        };
        if let Some(entry) = entry.ok().filter(is_code)
            && self.prefilter.can_hold(entry.path()).unwrap_or(false)
        {
            let path: &Path = trimmed(entry.path());
            self.found.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_owned());
        }
        WalkState::Continue
    }
}
