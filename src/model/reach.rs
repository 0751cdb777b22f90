//! What is on the way of a module's values: its callers, and the files that give them values.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::module::call_name;
use super::terragrunt::{Unit, Units};
use super::{Module, Workspace};
use crate::discover::taken_from_environment;
use crate::source::FileId;

/// The folders that have a say in what a module's variables hold.
#[derive(Debug, Default)]
pub struct Reach {
    /// Those of callers, and of modules whose outputs they hand on, by canonical path; not the module's own.
    pub folders: BTreeSet<Utf8PathBuf>,
    /// The folders of the module and of those that call it, directly or not, by canonical path, each as it is shown.
    calling: BTreeMap<Utf8PathBuf, Utf8PathBuf>,
}

impl Reach {
    /// Whether a path, given canonical, lies below a module on the way.
    #[must_use]
    pub fn holds(&self, path: &Utf8Path) -> bool {
        self.calling.keys().any(|folder| path.starts_with(folder))
    }
}

impl<'a> Workspace<'a> {
    /// The folders on the way to a module. Of those with code that cannot be followed or read, only what `is_asked` is looked
    /// into, given by their canonical path: it takes long to tell whom they may have called.
    pub fn reach(&self, module: &Module<'a>, is_asked: impl Fn(&Utf8Path) -> bool) -> Reach {
        let store = self.view().store();
        let mut reach = Reach::default();
        let mut open = vec![module];
        while let Some(module) = open.pop() {
            if reach.calling.insert(module.id.clone(), module.folder.clone()).is_some() {
                continue;
            }
            reach.folders.extend(self.callers.folders_naming(&module.id).iter().map(|folder| store.canonical(folder)));
            open.extend(self.callers_of(module).into_iter().map(|(caller, _)| caller));
            self.add_sources(module, &mut reach.folders);
        }
        let unfollowed = self.callers.unfollowed().iter().chain(self.callers.cut_off());
        for folder in unfollowed.filter(|folder| is_asked(&store.canonical(folder))) {
            let caller = self.module(folder);
            let is_unfollowed = caller.calls().iter().any(|call| self.callee_folders(caller, call).is_empty());
            let is_broken = |called: &Utf8PathBuf| !self.broken_calls_in(folder, self.module(called)).is_empty();
            if is_unfollowed || reach.calling.values().any(is_broken) {
                reach.folders.insert(caller.id.clone());
            }
        }
        reach.folders.extend(reach.calling.keys().cloned());
        reach.folders.remove(&module.id);
        reach
    }

    /// Whether code that cannot be read may call modules: whom it may have called depends on what runs them.
    #[must_use]
    pub fn has_broken_callers(&self) -> bool {
        let is_broken = |folder: &Utf8PathBuf| {
            let module = self.module(folder);
            !module.unread.is_empty() || !module.broken_files().is_empty()
        };
        self.callers.unfollowed().iter().chain(self.callers.cut_off()).any(is_broken)
    }

    /// The files of values, Terragrunt configurations and commands on the way to a module, by canonical path; `files_of` gives
    /// the files that decide what a unit hands over.
    pub fn files_on_the_way(
        &self,
        Reach { calling, .. }: &Reach,
        units: &Units,
        files_of: impl Fn(&Unit) -> &BTreeSet<FileId>,
    ) -> BTreeSet<Utf8PathBuf> {
        let store = self.view().store();
        let (mut files, mut asked) = (BTreeSet::new(), BTreeSet::new());
        for (id, folder) in calling {
            files.extend(self.value_files(folder).all().map(|path| store.canonical(path)));
            for source in units.of(id).flat_map(&files_of).map(|&file| self.view().source(file)) {
                asked.extend(taken_from_environment(source.text().as_bytes()));
                files.insert(store.canonical(source.path()));
            }
        }
        let followed: BTreeSet<Utf8PathBuf> = {
            let files = units.followed.iter().flat_map(|unit| &unit.files);
            files.map(|&file| store.canonical(self.view().source(file).path())).collect()
        };
        let units = self.callers.terragrunt().iter().map(|path| store.canonical(path));
        files.extend(units.filter(|unit| !followed.contains(unit)));
        files.extend(self.commands_for(&files, calling, &asked));
        // What cannot be read may say anything.
        let unread = calling.values().flat_map(|folder| self.unread_calls(self.module(folder)));
        files.extend(unread.map(|unread| store.canonical(Utf8Path::new(&unread.file))));
        files
    }

    /// Whether a file of code, given by its canonical path, may be among the files on the way to a module: it sets variables of
    /// other runs, is read by Terragrunt, or cannot be read.
    pub fn may_give_values(&self, code: &Utf8Path) -> bool {
        let store = self.view().store();
        self.callers.reads_files()
            || self.callers.code_setting_variables().any(|path| store.canonical(path) == code)
            || self.callers.unread().iter().any(|unread| store.canonical(Utf8Path::new(&unread.file)) == code)
    }

    /// Adds the folders of the modules whose outputs a module uses.
    fn add_sources(&self, module: &Module<'a>, folders: &mut BTreeSet<Utf8PathBuf>) {
        let mut open = vec![module];
        while let Some(module) = open.pop() {
            for call in module.calls() {
                let used = format!("module.{}.", call_name(call));
                let is_used = module.files.iter().any(|&file| self.view().source(file).text().contains(&used));
                let callees = self.callees(module, call).into_iter().filter(|_| is_used);
                open.extend(callees.filter(|callee| folders.insert(callee.id.clone())));
            }
        }
    }

    /// The files of commands that give some files of values, or that set a variable of some modules or of the environment;
    /// canonical.
    fn commands_for(
        &self,
        values: &BTreeSet<Utf8PathBuf>,
        modules: &BTreeMap<Utf8PathBuf, Utf8PathBuf>,
        asked: &BTreeSet<String>,
    ) -> Vec<Utf8PathBuf> {
        let store = self.view().store();
        let name_of = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let known: BTreeSet<String> = values.iter().map(|path| name_of(path.as_str())).collect();
        let gives = |name: &str| {
            let name = name_of(name);
            name.contains(['$', '{', '%', '<']) || known.contains(&name)
        };
        let giving = self.callers.named_values().iter().filter(|(_, name)| gives(name)).map(|(file, _)| file);
        let meant = self.callers.meant_values().iter().filter(|(_, path)| known.contains(&name_of(path.as_str())));
        let giving = giving.chain(meant.map(|(file, _)| file));
        let variables = modules.values().flat_map(|folder| self.module(folder).variables().keys());
        let variables: BTreeSet<&str> = variables.copied().chain(asked.iter().map(String::as_str)).collect();
        let setting = variables.into_iter().flat_map(|name| self.callers.settings_of(name)).map(|set| &set.file);
        giving.chain(setting).chain(self.callers.fetching()).map(|file| store.canonical(file)).collect()
    }

    /// Whether code mentions a name, as it does a script or a document that it reads: a module's, or that of what lies on
    /// the way to it.
    #[must_use]
    pub fn mentions(&self, module: &Module<'a>, reach: &Reach, files: &BTreeSet<Utf8PathBuf>, name: &str) -> bool {
        let in_file = |file: FileId| self.view().source(file).text().contains(name);
        let in_module = |module: &Module<'a>| module.files.iter().any(|&file| in_file(file));
        in_module(module)
            || reach.folders.iter().any(|folder| in_module(self.module(folder)))
            || files.iter().any(|path| self.view().store().load(path).is_some_and(in_file))
    }

    /// The folders with a link to a file, canonical.
    #[must_use]
    pub fn folders_linking(&self, file: &Utf8Path) -> Vec<Utf8PathBuf> {
        let folders = self.callers.folders_linking(file);
        folders.iter().map(|folder| self.view().store().canonical(folder)).collect()
    }

    /// The folders with links to files below a folder, canonical.
    #[must_use]
    pub fn folders_linking_below(&self, folder: &Utf8Path) -> Vec<Utf8PathBuf> {
        let folders = self.callers.folders_linking_below(folder);
        folders.iter().map(|folder| self.view().store().canonical(folder)).collect()
    }
}
