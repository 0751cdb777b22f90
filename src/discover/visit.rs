//! One parallel pass over disjoint folders, or over single files.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::source::{self, Fence, FileKind};
use camino::{Utf8Path, Utf8PathBuf};
use ignore::gitignore::Gitignore;
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkState};
use memchr::memmem;

use super::code::{self, CodeSays};
use super::exclusion::Exclusion;
use super::gathered::Gathered;
use super::left_out::Aside;
use super::own::Own;
use super::prefilter::Prefilter;
use super::references::{is_wanted, own_of, runs_modules};
use super::sightings::Sightings;
use super::{BadGlob, Found, Walk, called, git_rules, manifest};
use crate::finding::{Problem, Why};
use crate::os_error;

/// Folders that hold copies made by git, Terraform and Terragrunt, which their owners overwrite.
pub const NEVER_ENTERED: [&str; 3] = [".git", ".terraform", ".terragrunt-cache"];

/// Files seen by one thread before it says so.
const REPORT_EVERY: usize = 128;

/// The folder, if any, for which a path is never entered.
pub(super) fn never_entered(path: &Path) -> Option<&'static str> {
    NEVER_ENTERED.into_iter().find(|never| path.components().any(|part| part.as_os_str() == *never))
}

/// The path without the `./` that a walk of the current folder puts in front.
pub(super) fn trimmed(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

/// A problem with a path that need not be UTF-8.
pub(super) fn problem(path: &Path, message: impl Into<String>) -> Problem {
    let path = trimmed(path);
    let file = path.to_str().map_or_else(|| path.as_os_str().as_encoded_bytes().escape_ascii().to_string(), Into::into);
    Problem { file, position: None, message: message.into() }
}

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
        let own = if sights { own_of(&starts.iter().filter_map(utf8).collect::<Vec<_>>()) } else { Vec::new() };
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
        gathered.manifests = manifests.filter(|manifest| manifest.is_file()).collect();
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
                () => self.sightings.unread.push(path),
            }
        }
        false
    }
}

/// Whether a name starts with a dot.
fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Whether something has a name that Terraform code can have, or the folders and links on the way to it.
pub(super) fn is_read(entry: &DirEntry) -> bool {
    let Some(kind) = entry.file_type() else { return false };
    if kind.is_dir() || kind.is_symlink() {
        // Where a link leads to is found out later, once for each.
        !NEVER_ENTERED.iter().any(|never| entry.file_name() == *never)
    } else {
        FileKind::is_configuration(entry.file_name())
            || runs_modules(entry.file_name())
            || may_generate(entry.file_name())
    }
}

/// Whether a file may hold Terragrunt configuration, and so write Terraform code.
fn may_generate(name: &OsStr) -> bool {
    /// Ends of the names of files with other contents.
    const OTHERS: [&str; 6] =
        [".lock.hcl", ".tftest.hcl", ".tofutest.hcl", ".policytest.hcl", ".pkr.hcl", ".nomad.hcl"];
    let name = name.as_encoded_bytes();
    name.ends_with(b".hcl") && !OTHERS.iter().any(|end| name.ends_with(end.as_bytes()))
}

/// Whether a configuration may write code that stands in another file.
fn generates_from_files(bytes: &[u8]) -> bool {
    ["generate", "file("].iter().all(|word| memmem::find(bytes, word.as_bytes()).is_some())
}

struct Pass<'a> {
    walker: &'a Walker<'a>,
    claimed: &'a HashSet<PathBuf>,
    sights: bool,
    /// The repositories of the tree.
    own: &'a [Own],
    gathered: Mutex<Gathered>,
}

impl<'a> ParallelVisitorBuilder<'a> for &'a Pass<'a> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 'a> {
        Box::new(Visitor {
            pass: self,
            prefilter: Prefilter::new(),
            gathered: Gathered::default(),
            called: HashSet::new(),
            unreported: 0,
        })
    }
}

struct Visitor<'a> {
    pass: &'a Pass<'a>,
    prefilter: Prefilter,
    gathered: Gathered,
    /// The folders that have been gathered as called, each as [`Walker::mark`] of its path.
    called: HashSet<u64>,
    unreported: usize,
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) => self.entry(&entry),
            Err(error) => {
                self.error(&error);
                WalkState::Continue
            }
        }
    }
}

impl Visitor<'_> {
    fn entry(&mut self, entry: &DirEntry) -> WalkState {
        let Some(kind) = entry.file_type() else { return WalkState::Continue };
        let path = entry.path();
        if kind.is_symlink() {
            self.gathered.links.push(path.to_owned());
            let path = Utf8Path::from_path(trimmed(path)).filter(|_| self.pass.sights);
            self.gathered.sightings.links.extend(path.map(Utf8Path::to_owned));
        } else if kind.is_dir() {
            if !self.pass.claimed.is_empty() && self.pass.claimed.contains(trimmed(path)) {
                return WalkState::Skip;
            }
            self.gathered.marks.push(self.pass.walker.mark(path));
        } else if entry.depth() > 0 && !is_read(entry) {
            self.not_read(path);
        } else if kind.is_file() {
            self.file(path, entry.depth());
        } else {
            // Opening a pipe would wait for a writer that may never come.
            self.gathered.problems.push(problem(path, "not a regular file, so it was not read"));
        }
        WalkState::Continue
    }

    /// Reads a file, which lies some folders below the one that is walked.
    fn file(&mut self, path: &Path, depth: usize) {
        // What a walk meets of configurations that run modules is no code; what is named counts as if it were.
        let is_code = depth == 0 || path.file_name().is_some_and(FileKind::is_configuration);
        let only_generates = !is_code && !path.file_name().is_some_and(runs_modules);
        self.gathered.files += usize::from(is_code);
        self.gathered.marks.push(self.pass.walker.mark(path));
        self.unreported += 1;
        if self.unreported == REPORT_EVERY {
            self.report();
        }
        let (sights, mut says, mut generates) = (self.pass.sights, None, None);
        let Self { prefilter, gathered, .. } = self;
        let read = prefilter.read(path, &mut |bytes| {
            if is_code && sights {
                says = Some(CodeSays::of(bytes, self.pass.own));
                if let Some(path) = Utf8Path::from_path(path) {
                    code::declared(path, bytes, &mut gathered.sightings.declared.variables);
                }
            } else if !is_code {
                generates = Some(generates_from_files(bytes));
            }
        });
        if let Some(says) = says {
            self.gathered.sightings.files += 1;
            let path = Utf8Path::from_path(trimmed(path)).filter(|_| !says.is_silent());
            self.gathered.sightings.code.extend(path.map(|path| (path.to_owned(), says)));
        } else {
            self.not_read(path);
        }
        if !only_generates {
            self.heed(path, depth);
        }
        let is_long = || source::read(path).is_ok_and(|bytes| generates_from_files(&bytes));
        if !is_code && generates.unwrap_or_else(is_long) {
            self.gathered.handing.extend(Utf8Path::from_path(trimmed(path)).map(Utf8Path::to_owned));
        }
        let bytes = match read {
            Ok(Some(bytes)) if is_code => bytes,
            Ok(Some(_)) => {
                return self.gathered.handing.extend(Utf8Path::from_path(trimmed(path)).map(Utf8Path::to_owned));
            }
            Ok(None) => return,
            Err(_) if only_generates => return,
            Err(refusal) => return self.gathered.problems.push(problem(path, refusal.to_string())),
        };
        match Utf8PathBuf::from_path_buf(trimmed(path).to_owned()) {
            Ok(path) => self.gathered.hits.push(Found { path, bytes }),
            Err(path) => {
                let message = "mentions a notebook, but the name of the file or of a folder above it is not UTF-8";
                self.gathered.problems.push(problem(&path, message));
            }
        }
    }

    /// Notes a file that a search for callers has to read.
    fn not_read(&mut self, path: &Path) {
        if let Some(path) = Utf8Path::from_path(trimmed(path)).filter(|_| self.pass.sights) {
            self.gathered.sightings.unread.push(path);
        }
    }

    /// Notes what a file says of modules.
    fn heed(&mut self, path: &Path, depth: usize) {
        let called::Said { paths, names_control } = self.prefilter.said();
        let folder = path.parent().unwrap_or(path);
        for named in &paths {
            let called = folder.join(named);
            if self.called.insert(self.pass.walker.mark(&called::plain(&called))) {
                self.gathered.called.push(called);
            }
        }
        let Some(path) = Utf8Path::from_path(trimmed(path)) else { return };
        self.gathered.handing.extend(names_control.then(|| path.to_owned()));
        let leaving = paths.into_iter().filter(|named| called::levels_up(named) >= depth.max(1));
        self.gathered.leaving.extend(leaving.map(|up| (path.to_owned(), up)));
    }

    fn error(&mut self, error: &ignore::Error) {
        // Partial errors are lines of a .gitignore that are no glob: nothing is left out because of them.
        if error.is_partial() {
            return;
        }
        let (path, depth) = (path_of(error).unwrap_or(Path::new(".")), error.depth());
        let message = match error.io_error() {
            // Gone between the listing of its folder and now: there is nothing left to read.
            Some(io) if io.kind() == io::ErrorKind::NotFound && depth != Some(0) => return,
            Some(io) => format!("cannot be read: {}", os_error::plain(io)),
            None => error.to_string(),
        };
        self.gathered.problems.push(problem(path, message));
    }

    fn report(&mut self) {
        (self.pass.walker.seen)(std::mem::take(&mut self.unreported));
    }
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        self.report();
        let mut all = self.pass.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        all.append(std::mem::take(&mut self.gathered));
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}
