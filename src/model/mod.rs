//! Files as Terraform loads them: modules, variables, locals, calls, values from outside, overrides.

pub mod broken;
pub mod call_source;
pub mod callers;
pub mod commands;
mod declared;
pub mod dependents;
pub mod exceptions;
pub mod files;
pub mod gaps;
pub mod module;
mod named_values;
pub mod overrides;
pub mod programs;
pub mod reach;
pub mod references;
pub mod store;
pub mod terragrunt;
pub mod tfvars;
mod written_paths;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};
use elsa::FrozenMap;

pub use crate::discover::LOCK_FILE;
pub use call_source::call_source;
pub use callers::{Callers, GivenValues, Index, Search};
pub use exceptions::Exceptions;
pub use files::Tool;
pub use gaps::Gap;
pub use module::Module;
pub use overrides::Layered;
pub use programs::Programs;
pub use store::{Store, View, join};

use crate::finding::Problem;
use crate::source::FileId;
use named_values::Named;
use terragrunt::Units;
use tfvars::{Assigned, ValueFiles};

/// A call: the folder of the module that makes it, and its place among the calls there.
type CallSite = (Utf8PathBuf, usize);

/// The calls of a module, by the canonical folder that they lead to.
struct CallsIn(HashMap<Utf8PathBuf, Vec<usize>>);

/// The modules of a run, put together on demand.
pub struct Workspace<'a> {
    view: &'a View<'a>,
    callers: &'a Callers,
    tool: Tool,
    modules: FrozenMap<Utf8PathBuf, Box<Module<'a>>>,
    differs: Cell<bool>,
    units: OnceCell<Units>,
    /// The calls of a module, by its canonical folder.
    callers_of: FrozenMap<Utf8PathBuf, Vec<CallSite>>,
    /// The calls in a folder, as it is shown, by the canonical folder that they lead to.
    calls_in: FrozenMap<Utf8PathBuf, Box<CallsIn>>,
    /// The files of values of a folder, by that folder.
    values: FrozenMap<Utf8PathBuf, Box<ValueFiles>>,
    /// The files that commands name, and how many were looked for.
    named: OnceCell<Named>,
    tried: Cell<usize>,
    /// Their assignments, by the canonical folder of the root module.
    assigned: FrozenMap<Utf8PathBuf, Box<Assigned<'a>>>,
    problems: RefCell<BTreeSet<Problem>>,
    /// Whether what is done is not for a verdict.
    quiet: Cell<bool>,
    exceptions: Option<Rc<dyn Exceptions>>,
}

impl<'a> Workspace<'a> {
    /// The modules in a view of the files, as one program loads them.
    #[must_use]
    pub fn new(view: &'a View<'a>, callers: &'a Callers, tool: Tool) -> Self {
        Self {
            view,
            callers,
            tool,
            modules: FrozenMap::new(),
            differs: Cell::new(false),
            units: OnceCell::new(),
            callers_of: FrozenMap::new(),
            calls_in: FrozenMap::new(),
            values: FrozenMap::new(),
            named: OnceCell::new(),
            tried: Cell::new(0),
            assigned: FrozenMap::new(),
            problems: RefCell::default(),
            quiet: Cell::new(false),
            exceptions: None,
        }
    }

    /// What excepts instances.
    #[must_use]
    pub fn exceptions(&self) -> Option<&dyn Exceptions> {
        self.exceptions.as_deref()
    }

    /// The files.
    #[must_use]
    pub fn view(&self) -> &'a View<'a> {
        self.view
    }

    /// The program that loads them.
    #[must_use]
    pub fn tool(&self) -> Tool {
        self.tool
    }

    /// The module in a folder, given as it is shown.
    pub fn module(&self, folder: &Utf8Path) -> &Module<'a> {
        let id = self.view.store().canonical(folder);
        if let Some(module) = self.modules.get(&id) {
            module
        } else {
            let module = Module::load(self.view, folder, id.clone(), self.tool);
            self.differs.set(self.differs.get() || module.differs);
            self.modules.insert(id, Box::new(module))
        }
    }

    /// A module of a single file, for one that no program loads under its name.
    pub fn single(&self, folder: &Utf8Path, file: FileId) -> &Module<'a> {
        self.of_files(folder, self.view.source(file).path().to_owned(), &[file])
    }

    /// The declarations of some files of a folder that are no Terraform code, as `kind` loads them together.
    pub fn assembled(&self, folder: &Utf8Path, kind: &str, files: &[FileId]) -> &Module<'a> {
        // No folder below a file: it is the name of no module.
        self.of_files(folder, self.view.store().canonical(folder).join("*").join(kind), files)
    }

    fn of_files(&self, folder: &Utf8Path, id: Utf8PathBuf, files: &[FileId]) -> &Module<'a> {
        if let Some(module) = self.modules.get(&id) {
            module
        } else {
            let module = Module::of_files(self.view, folder, id.clone(), files, &[]);
            self.modules.insert(id, Box::new(module))
        }
    }

    /// The units and components that run the tree's modules, found with `find` the first time.
    pub(crate) fn units(&self, find: impl FnOnce() -> Units) -> &Units {
        self.units.get_or_init(find)
    }

    /// Who calls modules.
    #[must_use]
    pub fn callers(&self) -> &'a Callers {
        self.callers
    }

    /// Whether one of the modules asked for so far is another to the other program.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.differs.get()
    }

    /// The folders that a file is part of: its own, and those with a symbolic link to it.
    #[must_use]
    pub fn folders_holding(&self, file: FileId) -> Vec<Utf8PathBuf> {
        let path = self.view.source(file).path();
        let real = self.view.store().canonical(path);
        let parent = |path: &Utf8Path| path.parent().unwrap_or(Utf8Path::new("")).to_owned();
        let mut folders = vec![parent(path)];
        // The file may have been read through a link.
        let others = [parent(&real)].into_iter().chain(self.callers.folders_linking(&real));
        for folder in others {
            let canonical = |folder: &Utf8Path| self.view.store().canonical(folder);
            if !folders.iter().any(|known| canonical(known) == canonical(&folder)) {
                folders.push(folder);
            }
        }
        folders
    }

    /// The modules a call leads to: the one in a folder of the tree, or those that `terraform init` has left below each root.
    pub fn callees(&self, caller: &Module<'a>, call: &Layered<'a>) -> Vec<&Module<'a>> {
        self.callee_folders(caller, call).iter().map(|folder| self.module(folder)).collect()
    }

    /// The modules that call this one, each with the call.
    pub fn callers_of(&self, module: &Module<'a>) -> Vec<(&Module<'a>, &Layered<'a>)> {
        let sites = match self.callers_of.get(&module.id) {
            Some(known) => known,
            None => self.callers_of.insert(module.id.clone(), self.find_callers(module)),
        };
        let call = |(folder, at): &(Utf8PathBuf, usize)| {
            let caller = self.module(folder);
            (caller, &caller.calls()[*at])
        };
        sites.iter().map(call).collect()
    }

    /// Whether code that may call a module refers to any call: none of it has to be parsed to know that it does not.
    pub fn may_be_referred_to(&self, module: &Module<'a>) -> bool {
        self.callers.folders_calling(&module.id).iter().any(|folder| self.module(folder).may_refer_to_calls())
    }

    fn find_callers(&self, module: &Module<'a>) -> Vec<CallSite> {
        let mut sites = Vec::new();
        for folder in self.callers.folders_calling(&module.id) {
            let calls = self.calls_in(&folder).0.get(&module.id).into_iter().flatten();
            sites.extend(calls.map(|&at| (folder.clone(), at)));
        }
        sites
    }

    /// A folder may call as many modules as there are, each of which asks for its callers.
    fn calls_in(&self, folder: &Utf8Path) -> &CallsIn {
        if let Some(known) = self.calls_in.get(folder) {
            return known;
        }
        let caller = self.module(folder);
        let mut calls: HashMap<Utf8PathBuf, Vec<usize>> = HashMap::new();
        for (at, call) in caller.calls().iter().enumerate() {
            let targets = self.callee_folders(caller, call);
            let targets: BTreeSet<_> = targets.iter().map(|target| self.view.store().canonical(target)).collect();
            for target in targets {
                calls.entry(target).or_default().push(at);
            }
        }
        self.calls_in.insert(folder.to_owned(), Box::new(CallsIn(calls)))
    }
}
