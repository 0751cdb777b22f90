//! The verdict of each notebook: a [`Finding`] with its fix.

mod absent;
mod aftermath;
mod bystanders;
mod change_ignored;
mod collapse;
mod counts;
mod fixes;
mod notebook;
mod on_value;
mod origin;
mod part;
mod provider;
mod shadow;
mod template;
mod verdict;
mod wording;

use std::collections::{BTreeMap, BTreeSet};

pub use absent::{Absent, absent, generated};

use crate::control;
use crate::finding::{Finding, Note, Problem};
use crate::model::overrides::{Layered, Placed};
use crate::model::{Module, Programs, Tool, View, Workspace};
use crate::options::FixAt;
use crate::repair::{Memory, evaluator};
use crate::source::{FileId, Location};
use crate::syntax::tree::Block;
use crate::value::Evaluator;
pub use bystanders::{Changed, bystanders};
use notebook::Notebook;

/// The scope of judging: what may be changed, and what is told.
pub struct Scope<'a> {
    /// Whether a file may be edited.
    pub editing: &'a dyn Fn(FileId) -> Editing,
    /// Where values that arrive from elsewhere are fixed.
    pub fix_at: FixAt,
    /// Whether unsafe fixes are wanted: then the fix of all values comes before that of the known ones.
    pub unsafe_fixes: bool,
    /// How much is told of the instances.
    pub listing: Listing,
    /// Called for each module that has been judged.
    pub judged: &'a dyn Fn(),
}

impl Scope<'_> {
    fn may_edit(&self, file: FileId) -> bool {
        (self.editing)(file) == Editing::Allowed
    }
}

/// How much is told of the instances of notebooks, each with all that those before it tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listing {
    /// Nothing.
    Nothing,
    /// All instances, if the value of one notebook is decided by other code, for then callers are found anyway; else nothing.
    Followed,
    /// All instances. For that the callers of every notebook's module have to be found.
    Instances,
    /// Their names, too.
    Names,
}

/// Whether a file may be edited, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Editing {
    /// It may.
    Allowed,
    /// A generator writes it, and would undo the change.
    Generated,
    /// It lies outside the paths of the run.
    OutOfScope,
    /// Git ignores it, so that the change would reach no commit.
    GitIgnored,
    /// It has bytes that are not UTF-8, which reports and diffs could not show.
    NotUtf8,
}

/// The result of judging.
#[derive(Debug, Default)]
pub struct Checked {
    /// The findings, sorted by file and place.
    pub findings: Vec<Finding>,
    /// The parts that are no proper Terraform, so that they cannot be judged.
    pub problems: Vec<Problem>,
    /// Notes on what Terraform and `OpenTofu` take differently, and on what is not judged.
    pub notes: Vec<Note>,
    /// The blocks of the notebooks whose value hangs on what calls their module.
    pub fed_by_callers: Vec<Location>,
}

/// Judges every notebook in the files of the programs.
///
/// A finding's status is compliant or for review; whether its fix is applied is decided later.
#[must_use]
pub fn check(programs: &Programs<'_>, scope: &Scope<'_>) -> Checked {
    let Programs { terraform, open_tofu, hits } = programs;
    let judges =
        [terraform, open_tofu].map(|workspace| Judge { evaluator: evaluator(workspace), memory: Memory::default() });
    let judge = |tool| &judges[usize::from(tool == Tool::OpenTofu)];
    let modules = programs.modules(&control::RESOURCE_TYPES, notebook::hangs);
    let scope = &Scope { listing: listing(scope.listing, &modules), ..*scope };
    let mut judging = Judging {
        view: terraform.view(),
        hits,
        scope,
        notebooks: BTreeMap::new(),
        overrides: BTreeMap::new(),
        problems: Vec::new(),
    };
    for (workspace, module) in &modules {
        judging.add(judge(workspace.tool()), module);
        (scope.judged)();
    }
    // What other folders hand down may differ as well; which those are, the values tell.
    judging.notebooks.values().flatten().for_each(Notebook::look_around);
    if terraform.differs() {
        for (_, module) in &modules {
            judging.add(judge(Tool::OpenTofu), open_tofu.module(&module.folder));
            let terraform = judge(Tool::Terraform);
            if programs.only_open_tofu_calls(module) && terraform.evaluator.units().of(&module.id).next().is_none() {
                judging.remove(terraform, module);
            }
        }
    }
    let mut checked = judging.checked();
    checked.problems.extend([terraform, open_tofu].into_iter().flat_map(Workspace::problems));
    checked.problems.sort();
    checked.problems.dedup();
    checked
}

/// What is told of instances: where one value is followed, the callers have been found, and all instances can be told.
fn listing(asked: Listing, modules: &[(&Workspace<'_>, &Module<'_>)]) -> Listing {
    let mut notebooks = modules.iter().flat_map(|(_, module)| module.of_types(&control::RESOURCE_TYPES));
    if asked == Listing::Followed && notebooks.any(notebook::hangs) { Listing::Instances } else { asked }
}

/// The judge of the files as one program loads them.
struct Judge<'w, 'a> {
    evaluator: Evaluator<'w, 'a>,
    memory: Memory<'w, 'a>,
}

struct Judging<'s, 'w, 'a> {
    view: &'s View<'a>,
    hits: &'s BTreeSet<FileId>,
    scope: &'s Scope<'s>,
    /// By the base block, as every module of each program that holds it loads it.
    notebooks: BTreeMap<Location, Vec<Notebook<'s, 'w, 'a>>>,
    /// The overrides of notebooks: for each program that loads one, whether it finds a base for it.
    overrides: BTreeMap<Location, BTreeMap<Tool, bool>>,
    problems: Vec<Problem>,
}

impl<'s, 'w: 's, 'a> Judging<'s, 'w, 'a> {
    /// Takes in the notebooks of a module.
    fn add(&mut self, judge: &'s Judge<'w, 'a>, module: &'w Module<'a>) {
        let Judge { evaluator, memory } = judge;
        for resource in module.of_types(&control::RESOURCE_TYPES) {
            if !resource.layers().any(|layer| self.hits.contains(&layer.file)) {
                continue;
            }
            resource.overrides.iter().for_each(|layer| self.overridden(evaluator, *layer, true));
            if resource.base.node.labels.len() != 2 {
                let message = "a resource block takes two labels, its type and its name; this one is not judged";
                self.problem(resource.base, message);
                continue;
            }
            let known = self.notebooks.entry(base(resource)).or_default();
            if !known.iter().any(|it| std::ptr::eq(it.evaluator, evaluator) && std::ptr::eq(it.module, module)) {
                known.push(Notebook { evaluator, module, resource, scope: self.scope, memory });
            }
        }
        for orphan in module.orphans(&control::RESOURCE_TYPES) {
            if self.hits.contains(&orphan.file) {
                self.overridden(evaluator, orphan, false);
            }
        }
    }

    /// Takes out the notebooks of a module.
    fn remove(&mut self, judge: &Judge<'w, 'a>, module: &Module<'a>) {
        for known in self.notebooks.values_mut() {
            known.retain(|it| !std::ptr::eq(it.evaluator, &raw const judge.evaluator) || it.module.id != module.id);
        }
    }

    fn overridden(&mut self, evaluator: &Evaluator<'_, '_>, layer: Placed<'_, Block>, has_base: bool) {
        let location = Location { file: layer.file, span: layer.node.span };
        self.overrides.entry(location).or_default().insert(evaluator.workspace().tool(), has_base);
    }

    fn problem(&mut self, block: Placed<'_, Block>, message: &str) {
        self.problems.push(Problem {
            file: self.view.source(block.file).path().to_string(),
            position: Some(self.view.source(block.file).position(block.node.span.start)),
            message: message.to_owned(),
        });
    }

    fn checked(self) -> Checked {
        let mut problems = self.problems;
        let mut notes = Vec::new();
        for (location, programs) in &self.overrides {
            let source = self.view.source(location.file);
            let position = source.position(location.span.start);
            let Some(refuses) = programs.iter().find(|(_, has_base)| !**has_base).map(|(tool, _)| tool.name()) else {
                continue;
            };
            if programs.values().any(|has_base| *has_base) {
                let message =
                    format!("{refuses} rejects this override: the files that it loads declare no such resource");
                notes.push(Note { file: location.file, position, message });
            } else {
                let message =
                    format!("this overrides a resource that the module does not declare, which {refuses} rejects");
                problems.push(Problem { file: source.path().to_string(), position: Some(position), message });
            }
        }
        problems.sort();
        problems.dedup();
        let fed = self.notebooks.iter().filter(|(_, programs)| programs.iter().any(Notebook::is_fed_by_callers));
        let fed_by_callers = fed.map(|(location, _)| *location).collect();
        let findings: Vec<_> =
            self.notebooks.into_values().flat_map(|programs| notebook::findings(&programs)).collect();
        notes.extend(aftermath::stale(self.view, &findings));
        notes.extend(shadow::notes(self.view, &findings));
        notes.extend(template::notes(self.view, self.hits));
        Checked { findings, problems, notes, fed_by_callers }
    }
}

fn base(resource: &Layered<'_>) -> Location {
    Location { file: resource.base.file, span: resource.base.node.span }
}
