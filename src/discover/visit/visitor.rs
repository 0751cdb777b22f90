//! The files, folders and links that a pass visits, read as they come.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkState};
use memchr::memmem;

use super::Walker;
use crate::discover::code::{self, CodeSays};
use crate::discover::file_names::{is_read, runs_modules};
use crate::discover::gathered::Gathered;
use crate::discover::own::Own;
use crate::discover::paths::{problem, trimmed};
use crate::discover::prefilter::Prefilter;
use crate::discover::{Found, called};
use crate::os_error;
use crate::source::{self, FileKind};

/// Files seen by one thread before it says so.
const REPORT_EVERY: usize = 128;

/// Whether a configuration may write code that stands in another file.
fn generates_from_files(bytes: &[u8]) -> bool {
    ["generate", "file("].iter().all(|word| memmem::find(bytes, word.as_bytes()).is_some())
}

/// One pass over some folders.
pub(super) struct Pass<'a> {
    pub(super) walker: &'a Walker<'a>,
    pub(super) claimed: &'a HashSet<PathBuf>,
    pub(super) sights: bool,
    /// The repositories of the tree.
    pub(super) own: &'a [Own],
    pub(super) gathered: Mutex<Gathered>,
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
            self.gathered.others.push(self.pass.walker.mark(path));
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
        self.heed(path, depth, only_generates);
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
            self.gathered.sightings.push_unread(path);
        }
    }

    /// Notes what a file says of modules, if it is not there only to write code.
    fn heed(&mut self, path: &Path, depth: usize, only_generates: bool) {
        let called::Said { paths, names_control, may_except } = self.prefilter.said();
        self.gathered.sightings.may_except |= may_except;
        if only_generates {
            return;
        }
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
