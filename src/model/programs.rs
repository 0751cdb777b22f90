//! The modules that load some files, as Terraform and, where files differ for it, `OpenTofu` put them together.

use std::collections::BTreeSet;
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::overrides::Layered;
use super::references::target;
use super::{Callers, Exceptions, Module, Tool, View, Workspace};
use crate::source::FileId;
use crate::syntax::tree::Expr;

/// A module, and the workspace that it belongs to.
pub type Loaded<'w, 'a> = (&'w Workspace<'a>, &'w Module<'a>);

/// Both programs, and the files whose resources are judged.
pub struct Programs<'a> {
    pub terraform: Workspace<'a>,
    pub open_tofu: Workspace<'a>,
    /// The files whose resources are judged.
    pub hits: BTreeSet<FileId>,
}

impl<'a> Programs<'a> {
    /// The programs that load files of a view.
    #[must_use]
    pub fn new(view: &'a View<'a>, callers: &'a Callers, hits: &[FileId]) -> Self {
        Self {
            terraform: Workspace::new(view, callers, Tool::Terraform),
            open_tofu: Workspace::new(view, callers, Tool::OpenTofu),
            hits: hits.iter().copied().collect(),
        }
    }

    /// The same, with instances that keep what they have.
    #[must_use]
    pub fn excepting(mut self, exceptions: Option<Rc<dyn Exceptions>>) -> Self {
        self.terraform.exceptions.clone_from(&exceptions);
        self.open_tofu.exceptions = exceptions;
        self
    }

    /// The modules that load the files: those of their own folders and, for resources that hang on other code, those of
    /// the folders with a symbolic link to the file. `hangs` tells which resources of the `types` do: for the others the repository
    /// is not searched for links.
    pub fn modules(&self, types: &[&str], hangs: impl Fn(&Layered<'a>) -> bool) -> Vec<Loaded<'_, 'a>> {
        let mut modules = Vec::new();
        let mut loaded: BTreeSet<FileId> = BTreeSet::new();
        let mut linked: BTreeSet<FileId> = BTreeSet::new();
        // Files that are part of several folders.
        let mut shared: BTreeSet<FileId> = BTreeSet::new();
        let mut seen: BTreeSet<Utf8PathBuf> = BTreeSet::new();
        let mut open: Vec<Utf8PathBuf> = self.hits.iter().map(|&file| self.folder(file).to_owned()).collect();
        while !open.is_empty() {
            open.sort();
            let mut holding = BTreeSet::new();
            for folder in std::mem::take(&mut open) {
                let module = self.terraform.module(&folder);
                if !seen.insert(module.id.clone()) {
                    continue;
                }
                modules.push((&self.terraform, module));
                if module.differs {
                    modules.push((&self.open_tofu, self.open_tofu.module(&folder)));
                }
            }
            for (_, module) in &modules {
                loaded.extend(&module.files);
                let hanging = module.of_types(types).filter(|resource| hangs(resource));
                holding.extend(hanging.flat_map(Layered::layers).map(|layer| layer.file));
            }
            for file in holding.into_iter().filter(|file| self.hits.contains(file) && linked.insert(*file)) {
                let folders = self.terraform.folders_holding(file);
                if folders.len() > 1 {
                    shared.insert(file);
                }
                open.extend(folders);
            }
        }
        if !shared.is_empty() {
            modules.retain(|(workspace, module)| !is_a_part(workspace, module, &shared));
        }
        // A file that no program loads under its name was named on the command line, or is standard input.
        for &file in self.hits.difference(&loaded) {
            modules.push((&self.terraform, self.terraform.single(self.folder(file), file)));
        }
        modules
    }

    /// Whether nothing but code that `OpenTofu` alone loads calls a module, and nobody runs it by itself.
    pub fn only_open_tofu_calls(&self, module: &Module<'a>) -> bool {
        self.terraform.callers_of(module).is_empty()
            && !self.terraform.is_marked_as_root(module)
            && self.open_tofu.is_called_from_outside(self.open_tofu.module(&module.folder))
    }

    fn folder(&self, file: FileId) -> &'a Utf8Path {
        self.terraform.view().source(file).folder()
    }
}

/// Whether a folder only keeps files for those that link to them: Terraform would refuse what their resources refer to without
/// the declarations there, and nothing calls it.
fn is_a_part<'a>(workspace: &Workspace<'a>, module: &Module<'a>, shared: &BTreeSet<FileId>) -> bool {
    let mut layers = module.resources().iter().flat_map(Layered::layers);
    let callers = workspace.callers();
    layers.any(|layer| {
        let mut attributes = layer.node.body.attributes();
        shared.contains(&layer.file) && attributes.any(|attribute| lacks_declaration(module, &attribute.value))
    }) && module.unread.is_empty()
        && module.unreadable().is_none()
        && callers.folders_naming(&module.id).is_empty()
        && !callers.runs_modules()
}

/// Whether an expression refers to a variable or local value that a module does not declare.
fn lacks_declaration(module: &Module<'_>, expr: &Expr) -> bool {
    let lacks = match target(expr) {
        Some(("var", name)) => !module.variables().contains_key(name),
        Some(("local", name)) => !module.locals().contains_key(name),
        _ => false,
    };
    lacks || expr.children().into_iter().any(|child| lacks_declaration(module, child))
}
