//! The files on the way of a module's values: its callers and their value files.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::module::call_name;
use super::terragrunt::{Unit, Units};
use super::{Module, Workspace};
use crate::source::FileId;

/// The folders and files that have a say in what a module's variables hold, by canonical path.
#[derive(Debug, Default)]
pub struct Reach {
    /// The folders of callers, and of modules whose outputs they hand on; not the module's own.
    pub folders: BTreeSet<Utf8PathBuf>,
    /// Files of values and Terragrunt configurations.
    pub files: BTreeSet<Utf8PathBuf>,
}

impl<'a> Workspace<'a> {
    /// The files on the way to a module; `files_of` gives the files that decide what a unit hands over.
    pub fn reach(&self, module: &Module<'a>, units: &Units, files_of: impl Fn(&Unit) -> &BTreeSet<FileId>) -> Reach {
        let store = self.view().store();
        let mut reach = Reach::default();
        let mut seen = BTreeSet::new();
        let mut asked = Vec::new();
        let mut open = vec![module];
        while let Some(module) = open.pop() {
            if !seen.insert(module.id.clone()) {
                continue;
            }
            asked.push(module);
            reach.files.extend(self.value_files(&module.folder).all().map(|path| store.canonical(path)));
            for unit in units.of(&module.id) {
                let files = files_of(unit).iter();
                reach.files.extend(files.map(|&file| store.canonical(self.view().source(file).path())));
            }
            reach.folders.extend(self.callers.folders_naming(&module.id).iter().map(|folder| store.canonical(folder)));
            open.extend(self.callers_of(module).into_iter().map(|(caller, _)| caller));
            self.add_sources(module, &mut reach.folders);
        }
        for folder in self.callers.unfollowed().iter().chain(self.callers.cut_off()) {
            let caller = self.module(folder);
            let is_unfollowed = caller.calls.iter().any(|call| self.callee_folders(caller, call).is_empty());
            if is_unfollowed || asked.iter().any(|module| !self.broken_calls_in(folder, module).is_empty()) {
                reach.folders.insert(caller.id.clone());
            }
        }
        let followed: BTreeSet<Utf8PathBuf> = {
            let files = units.followed.iter().flat_map(|unit| &unit.files);
            files.map(|&file| store.canonical(self.view().source(file).path())).collect()
        };
        let units = self.callers.terragrunt().iter().map(|path| store.canonical(path));
        reach.files.extend(units.filter(|unit| !followed.contains(unit)));
        reach.files.extend(self.commands_for(&reach.files, &seen));
        // What cannot be read may say anything.
        let unread = asked.iter().flat_map(|module| self.unread_calls(module));
        reach.files.extend(unread.map(|unread| store.canonical(Utf8Path::new(&unread.file))));
        reach.folders.extend(seen);
        reach.folders.remove(&module.id);
        reach
    }

    /// Adds the folders of the modules whose outputs a module uses.
    fn add_sources(&self, module: &Module<'a>, folders: &mut BTreeSet<Utf8PathBuf>) {
        let mut open = vec![module];
        while let Some(module) = open.pop() {
            for call in &module.calls {
                let used = format!("module.{}.", call_name(call));
                let is_used = module.files.iter().any(|&file| self.view().source(file).text().contains(&used));
                let callees = self.callees(module, call).into_iter().filter(|_| is_used);
                open.extend(callees.filter(|callee| folders.insert(callee.id.clone())));
            }
        }
    }

    /// The files of commands that give some files of values, or that set a variable of some modules; canonical.
    fn commands_for(&self, values: &BTreeSet<Utf8PathBuf>, modules: &BTreeSet<Utf8PathBuf>) -> Vec<Utf8PathBuf> {
        let store = self.view().store();
        let name_of = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let known: BTreeSet<String> = values.iter().map(|path| name_of(path.as_str())).collect();
        let gives = |name: &str| {
            let name = name_of(name);
            name.contains(['$', '{', '%', '<']) || known.contains(&name)
        };
        let giving = self.callers.named_values().iter().filter(|(_, name)| gives(name)).map(|(file, _)| file);
        let variables = modules.iter().flat_map(|id| self.module(id).variables.keys());
        let variables: BTreeSet<&str> = variables.copied().collect();
        let setting = variables.into_iter().flat_map(|name| self.callers.settings_of(name)).map(|set| &set.file);
        giving.chain(setting).chain(self.callers.fetching()).map(|file| store.canonical(file)).collect()
    }

    /// Whether code mentions a name, as it does a script or a document that it reads: a module's, or that of what lies on
    /// the way to it.
    #[must_use]
    pub fn mentions(&self, module: &Module<'a>, reach: &Reach, name: &str) -> bool {
        let in_file = |file: FileId| self.view().source(file).text().contains(name);
        let in_module = |module: &Module<'a>| module.files.iter().any(|&file| in_file(file));
        in_module(module)
            || reach.folders.iter().any(|folder| in_module(self.module(folder)))
            || reach.files.iter().any(|path| self.view().store().load(path).is_some_and(in_file))
    }

    /// The folders with a link to a file, canonical.
    #[must_use]
    pub fn folders_linking(&self, file: &Utf8Path) -> Vec<Utf8PathBuf> {
        let folders = self.callers.folders_linking(file);
        folders.iter().map(|folder| self.view().store().canonical(folder)).collect()
    }
}
