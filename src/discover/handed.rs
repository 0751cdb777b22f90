//! What the files of a tree that are no code hand over to it. They are read when a variable first matters, since most trees
//! hold more of them than of code.

mod arguments;
mod copies;
mod found;
mod meant;
mod names;

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::Walk;
use super::code::CodeSays;
use super::commands::{self, Declared, OtherRuns, Setting};
use super::file_names::is_values;
use super::paths::in_order;
use super::sightings::Paths;
use super::threads::shared_out;
use found::Found;

/// A variable that a command sets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetVariable {
    /// The command's file.
    pub file: Utf8PathBuf,
    /// The variable.
    pub name: String,
    /// The folder that the command says it runs in, as it is written.
    pub folder: Option<String>,
    /// The value that it sets, where that is plain text.
    pub value: Option<String>,
}

impl SetVariable {
    fn new(file: &Utf8Path, Setting { name, folder, value }: Setting) -> Self {
        Self { file: file.to_owned(), name, folder, value }
    }
}

/// What the texts of a tree hand over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Handed {
    /// Files of values that commands name with `-var-file`, as they are written, each with the command's file. Sorted.
    pub values: Vec<(Utf8PathBuf, String)>,
    /// Those of them that a text names only as what triggers a run, each with the text. Sorted.
    pub watched: Vec<(Utf8PathBuf, String)>,
    /// Files of values that a text may mean which puts their paths together, each with the text. Sorted.
    pub meant: Vec<(Utf8PathBuf, Utf8PathBuf)>,
    /// Variables that commands set with `-var` or `TF_VAR_`, and those that other texts set. Sorted.
    pub variables: Vec<SetVariable>,
    /// The files of values in the tree, sorted.
    pub files_of_values: Vec<Utf8PathBuf>,
    /// Files of values that commands give to Terraform and that are not in the tree, as variables are set. Sorted.
    pub missing: Vec<SetVariable>,
    /// Files with commands that take values from elsewhere. Sorted.
    pub fetching: Vec<Utf8PathBuf>,
    /// The names of files that commands let Terragrunt take for `terragrunt.hcl`.
    pub configurations: BTreeSet<String>,
    /// Whether commands let Terragrunt take code from other places than units say.
    pub maps_sources: bool,
}

/// The texts of a tree, not read yet, and what its code says that tells which of the names in them count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Texts {
    /// The folders of the tree.
    folders: Vec<Utf8PathBuf>,
    files: Paths,
    /// Links to files of values.
    links: Vec<Utf8PathBuf>,
    /// The variables that code sets for other runs.
    variables: Vec<SetVariable>,
    /// The files of values that code gives them, as they are written, each with the code's file.
    values: Vec<(Utf8PathBuf, String)>,
    /// Code in which any name may be that of such a variable.
    code: Vec<Utf8PathBuf>,
    /// The folders whose code calls the modules of such code, and the configurations that may run them.
    calling: Vec<Utf8PathBuf>,
    running: Vec<Utf8PathBuf>,
    /// Code, and units of Terragrunt, that start programs.
    starting: Vec<Utf8PathBuf>,
    /// The names that code takes from outside.
    pub(super) declared: Declared,
}

impl Texts {
    /// The texts of some folders.
    pub(super) fn of(folders: &[Utf8PathBuf], files: Paths, declared: Declared) -> Self {
        Self { folders: folders.to_vec(), files, declared, ..Self::default() }
    }

    /// Adds what was found elsewhere in the tree.
    pub(super) fn append(&mut self, mut other: Self) {
        self.files.append(other.files);
        self.links.append(&mut other.links);
        self.variables.append(&mut other.variables);
        self.values.append(&mut other.values);
        self.code.append(&mut other.code);
        self.starting.append(&mut other.starting);
        self.declared.append(other.declared);
    }

    /// Adds a file.
    pub(super) fn push(&mut self, path: &Utf8Path) {
        self.files.push(path);
    }

    /// Adds a link to a file, or to nothing, if it is one of values: no other is followed.
    pub(super) fn push_link(&mut self, path: &Utf8Path) {
        let is_one = path.file_name().is_some_and(|name| is_values(name.as_ref())) && !path.is_dir();
        self.links.extend(is_one.then(|| path.to_owned()));
    }

    /// Adds what a file of code says of other runs.
    pub(super) fn add_code(&mut self, path: &Utf8Path, says: &mut CodeSays) {
        let OtherRuns { variables, values, sets_any, starts } = std::mem::take(&mut says.other_runs);
        self.variables.extend(variables.into_iter().map(|setting| SetVariable::new(path, setting)));
        self.values.extend(values.into_iter().map(|name| (path.to_owned(), name)));
        self.code.extend(sets_any.then(|| path.to_owned()));
        self.push_starting(path, starts);
    }

    /// Adds a file of code or a unit of Terragrunt, if it starts programs.
    pub(super) fn push_starting(&mut self, path: &Utf8Path, starts: bool) {
        self.starting.extend(starts.then(|| path.to_owned()));
    }

    /// The files of code that may set variables for other runs.
    pub fn code_setting_variables(&self) -> impl Iterator<Item = &Utf8Path> {
        let giving = self.values.iter().map(|(file, _)| file);
        self.variables
            .iter()
            .map(|set| &set.file)
            .chain(&self.code)
            .chain(&self.starting)
            .chain(giving)
            .map(Utf8PathBuf::as_path)
    }

    /// Code in which any name may be that of a variable for other runs.
    #[must_use]
    pub fn code_setting_any(&self) -> &[Utf8PathBuf] {
        &self.code
    }

    /// Says who hands names to such code: the folders that call its modules, directly or not, and the configurations that may
    /// run them.
    pub fn names_come_from(&mut self, calling: Vec<Utf8PathBuf>, running: Vec<Utf8PathBuf>) {
        (self.calling, self.running) = (calling, running);
    }

    pub(super) fn sorted(mut self) -> Self {
        in_order(&mut self.links);
        in_order(&mut self.variables);
        in_order(&mut self.values);
        in_order(&mut self.code);
        in_order(&mut self.starting);
        self
    }

    /// What the texts hand over; `seen` hears of the files looked at. What cannot be read is passed over: the walk has
    /// reported what matters of it.
    #[must_use]
    pub fn read(&self, walk: &Walk, seen: &(dyn Fn(usize) + Sync)) -> Handed {
        let work = |at, found: &mut Found| {
            for path in self.files.group(at) {
                found.look_at(path);
                seen(1);
            }
        };
        shared_out(walk.threads(), self.files.groups(), work, Found::append).settled(self, walk.threads())
    }

    /// The documents that the texts write, as their paths are written, each with the text; sorted. Only what hangs on a
    /// document asks for them.
    #[must_use]
    pub fn written(&self, walk: &Walk, seen: &(dyn Fn(usize) + Sync)) -> Vec<(Utf8PathBuf, String)> {
        let work = |at, found: &mut Vec<(Utf8PathBuf, String)>| {
            for path in self.files.group(at) {
                let written = commands::written_by(path.as_std_path()).into_iter();
                found.extend(written.map(|document| (path.clone(), document)));
                seen(1);
            }
        };
        let join = |all: &mut Vec<_>, mut found: Vec<_>| all.append(&mut found);
        let mut all = shared_out(walk.threads(), self.files.groups(), work, join);
        in_order(&mut all);
        all
    }
}
