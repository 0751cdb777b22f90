//! The configurations that an evaluator has read.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};

use camino::Utf8PathBuf;

use crate::model::terragrunt::Config;
use crate::source::FileId;
use crate::value::data::Values;

/// A configuration as it is seen: its file, its folder, what it is included from, and the folder of the unit that reads it
/// where it asks for that.
type Key = (FileId, Utf8PathBuf, Option<Utf8PathBuf>, Option<Utf8PathBuf>);

/// The configurations that have been read.
#[derive(Default)]
pub(in crate::value) struct Reading {
    /// The configuration as others see it, with the files that it was put together from.
    known: RefCell<HashMap<Key, (Values, BTreeSet<FileId>)>>,
    /// Those being read, outermost first.
    active: RefCell<Vec<FileId>>,
    /// Whether one of them has led back to itself.
    circular: Cell<bool>,
    /// Whether the folder of the unit has been asked for.
    asks_for_unit: Cell<bool>,
    /// The files that have been read since somebody asked.
    files: RefCell<BTreeSet<FileId>>,
}

impl Reading {
    pub(super) fn note(&self, file: FileId) {
        self.files.borrow_mut().insert(file);
    }

    /// The folder of the unit that a configuration is read for.
    pub(super) fn unit_folder(&self, config: &Config) -> Utf8PathBuf {
        self.asks_for_unit.set(true);
        config.original.clone()
    }

    /// Does something, and gives the files that were read for it, and whether the folder of the unit was asked for.
    pub(super) fn recorded<T>(&self, work: impl FnOnce() -> T) -> (T, BTreeSet<FileId>, bool) {
        let (before, asked) = (self.files.take(), self.asks_for_unit.take());
        let result = work();
        let files = self.files.replace(before);
        self.files.borrow_mut().extend(&files);
        let asks = self.asks_for_unit.get();
        self.asks_for_unit.set(asks || asked);
        (result, files, asks)
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
        let of_unit = || known.get(&key(config, true)).inspect(|_| self.asks_for_unit.set(true));
        let (values, files) = known.get(&key(config, false)).or_else(of_unit)?;
        self.files.borrow_mut().extend(files);
        Some(values.clone())
    }

    /// Keeps what others see of a configuration. In a circle it depends on where that was entered, and with `values` it
    /// is another for each stack.
    pub(super) fn keep(&self, config: &Config, values: &Values, files: BTreeSet<FileId>, asks_for_unit: bool) {
        if !self.circular.get() && config.values.is_none() {
            self.known.borrow_mut().insert(key(config, asks_for_unit), (values.clone(), files));
        }
        if self.active.borrow().is_empty() {
            self.circular.set(false);
        }
    }
}

fn key(config: &Config, asks_for_unit: bool) -> Key {
    let unit = asks_for_unit.then(|| config.original.clone());
    (config.file, config.folder.clone(), config.included_from.clone(), unit)
}
