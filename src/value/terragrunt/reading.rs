//! The configurations that an evaluator has read.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};

use camino::Utf8PathBuf;

use crate::model::terragrunt::Config;
use crate::source::FileId;
use crate::value::data::Values;

/// A configuration as it is seen from a folder.
type Key = (FileId, Utf8PathBuf, Utf8PathBuf, Option<Utf8PathBuf>);

/// The configurations that have been read.
#[derive(Default)]
pub(in crate::value) struct Reading {
    /// The configuration as others see it, with the files that it was put together from.
    known: RefCell<HashMap<Key, (Values, BTreeSet<FileId>)>>,
    /// Those being read, outermost first.
    active: RefCell<Vec<FileId>>,
    /// Whether one of them has led back to itself.
    circular: Cell<bool>,
    /// The files that have been read since somebody asked.
    files: RefCell<BTreeSet<FileId>>,
}

impl Reading {
    pub(super) fn note(&self, file: FileId) {
        self.files.borrow_mut().insert(file);
    }

    /// Does something, and gives the files that were read for it.
    pub(super) fn recorded<T>(&self, work: impl FnOnce() -> T) -> (T, BTreeSet<FileId>) {
        let before = self.files.take();
        let result = work();
        let files = self.files.replace(before);
        self.files.borrow_mut().extend(&files);
        (result, files)
    }

    /// Notes that a file is being read; `false` if it is already.
    pub(super) fn enter(&self, file: FileId) -> bool {
        let mut active = self.active.borrow_mut();
        let is_new = !active.contains(&file);
        if is_new {
            active.push(file);
        } else {
            self.circular.set(true);
        }
        is_new
    }

    pub(super) fn leave(&self) {
        self.active.borrow_mut().pop();
    }

    pub(super) fn known(&self, config: &Config) -> Option<Values> {
        let known = self.known.borrow();
        let (values, files) = known.get(&key(config))?;
        self.files.borrow_mut().extend(files);
        Some(values.clone())
    }

    /// Keeps what others see of a configuration. In a circle it depends on where that was entered, and with `values` it
    /// is another for each stack.
    pub(super) fn keep(&self, config: &Config, values: &Values, files: BTreeSet<FileId>) {
        if !self.circular.get() && config.values.is_none() {
            self.known.borrow_mut().insert(key(config), (values.clone(), files));
        }
        if self.active.borrow().is_empty() {
            self.circular.set(false);
        }
    }
}

fn key(config: &Config) -> Key {
    (config.file, config.folder.clone(), config.original.clone(), config.included_from.clone())
}
