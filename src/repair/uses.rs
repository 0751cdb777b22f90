//! What a literal feeds: everything that would change with it.

use std::collections::BTreeSet;

use crate::control;
use crate::model::overrides::{Layered, Placed};
use crate::model::tfvars::ValueFiles;
use crate::model::{Module, Workspace};
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Block, Body};
use crate::value::Frame;
use crate::value::root_of_values;
use crate::value::{Data, Traced, Values, alternatives};
use crate::value::{Evaluator, Scope};

/// Deeper calls are not looked into: what is handed that far counts as used.
const DEEPEST: usize = 16;

/// Arguments that repeat a resource or a module call: what is behind the keys of `for_each` is used where it is read.
const REPETITION: [&str; 2] = ["count", "for_each"];

/// Arguments of a module call that are not variables of the module.
const META: [&str; 7] = ["source", "version", "providers", "count", "for_each", "depends_on", "_"];

/// Where a literal is used besides in the control's attribute of notebooks, named as in `aws_x.y.attribute`; `None`
/// if nowhere.
#[must_use]
pub(super) fn other_use(workspace: &Workspace<'_>, literal: Location) -> Option<String> {
    first_use(&Evaluator::following(workspace, BTreeSet::from([literal])), literal)
}

/// The first use of a literal that an evaluator follows.
#[must_use]
pub(super) fn first_use(evaluator: &Evaluator<'_, '_>, literal: Location) -> Option<String> {
    let workspace = evaluator.workspace;
    let path = workspace.view().source(literal.file).path();
    let is_values = path.as_str().contains(".tfvars");
    let is_terragrunt = path.extension() == Some("hcl");
    if (is_values || is_terragrunt)
        && let Some(found) = evaluator.use_in_units(literal.file)
    {
        return Some(found);
    }
    if is_terragrunt {
        return None;
    }
    workspace.folders_holding(literal.file).into_iter().find_map(|folder| {
        let folder = if is_values { root_of_values(evaluator, &folder)? } else { folder };
        evaluator.use_in_module(&evaluator.anywhere(workspace.module(&folder)), 0)
    })
}

impl<'w, 'a> Evaluator<'w, 'a> {
    /// An instantiation of which only the values in its own files are known, and that they may be others as well.
    fn anywhere(&self, module: &'w Module<'a>) -> Frame<'w, 'a> {
        let view = self.workspace.view();
        let empty = Frame::anywhere(module);
        let files = ValueFiles::of(view.store(), &module.folder);
        let assigned: Vec<(FileId, &Body)> = files
            .automatic
            .iter()
            .chain(&files.alternatives)
            .filter_map(|path| view.store().load(path))
            .map(|file| (file, &view.syntax(file).body))
            .collect();
        let bindings = module.variables.iter().map(|(name, variable)| {
            let place = Location { file: variable.base.file, span: variable.base.node.span };
            let mut values: Values = self.default(module, name).unwrap_or_default();
            for (file, body) in &assigned {
                if let Some(attribute) = body.attribute(name) {
                    let given = self.eval(&attribute.value, *file, &Scope::new(&empty));
                    values.extend(self.assigned(module, name, given));
                }
            }
            values.push(Traced::unknown(format!("`var.{name}`"), place));
            ((*name).to_owned(), alternatives(values))
        });
        let bindings = bindings.collect();
        Frame { bindings, ..empty }
    }

    /// The first place in the Terragrunt units that read a file, or in the modules they run, that depends on what is
    /// followed.
    fn use_in_units(&self, file: FileId) -> Option<String> {
        let units = self.units();
        // Which module it runs is not known, so neither is what it does with the value.
        if let Some(unit) = units.unfollowed.iter().find(|unit| unit.files.contains(&file)) {
            return Some(unit.what.clone());
        }
        if let Some((_, what)) = units.elsewhere.iter().find(|(read, _)| *read == file) {
            return Some(what.clone());
        }
        units.followed.iter().filter(|unit| self.files_of(unit).contains(&file)).find_map(|unit| {
            let around = self.around(unit);
            if let Some(found) = around.iter().find_map(|(frame, file)| self.use_around(*file, &Scope::new(frame))) {
                return Some(found);
            }
            let module = self.workspace.module(&unit.folder);
            let all: BTreeSet<String> = module.variables.keys().map(|name| (*name).to_owned()).collect();
            let mut frame = self.anywhere(module);
            for (name, values) in self.run_by(module, unit, &all).into_iter().flat_map(|run| run.bindings) {
                let known = frame.bindings.remove(&name).unwrap_or_default();
                frame.bindings.insert(name, alternatives(values.into_iter().chain(known)));
            }
            self.use_in_module(&frame, 0)
        })
    }

    /// The first place in a configuration that depends on what is followed, but for what it hands over.
    fn use_around(&self, file: FileId, scope: &Scope<'_, 'w, 'a>) -> Option<String> {
        /// What is handed over: used where it arrives.
        const HANDED_OVER: [&str; 2] = ["inputs", "values"];
        let body = &self.workspace.view().syntax(file).body;
        let mut attributes = body.attributes().filter(|attribute| !HANDED_OVER.contains(&attribute.key.text.as_str()));
        let found =
            attributes.find(|attribute| self.eval(&attribute.value, file, scope).iter().any(Traced::is_followed));
        found.map(|attribute| attribute.key.text.clone()).or_else(|| {
            body.blocks().find_map(|block| {
                let looked_at: &[&str] = match block.kind.text.as_str() {
                    "locals" => return None,
                    "component" | "deployment" | "stack" | "unit" => &HANDED_OVER,
                    _ => &[],
                };
                Some(format!("{}.{}", address(block), self.use_in_body(&block.body, file, scope, looked_at)?))
            })
        })
    }

    /// The first place in a module, or in those it calls, that depends on what is followed.
    fn use_in_module(&self, frame: &Frame<'w, 'a>, depth: usize) -> Option<String> {
        let module = frame.module;
        let instantiation = (module.id.clone(), frame.bindings.clone().into_iter().collect());
        if !self.searched.borrow_mut().insert(instantiation) {
            return None;
        }
        let scope = Scope::new(frame);
        for (name, variable) in &module.variables {
            let bodies = variable.blocks("validation");
            let touched =
                bodies.iter().any(|block| self.use_in_body(&block.node.body, block.file, &scope, &[]).is_some());
            if touched {
                self.validating.borrow_mut().insert((module.folder.clone(), (*name).to_owned()));
            }
        }
        let bodies = module.files.iter().map(|&file| (file, &self.workspace.view().syntax(file).body));
        for (file, block) in bodies.flat_map(|(file, body)| body.blocks().map(move |block| (file, block))) {
            if !matches!(block.kind.text.as_str(), "variable" | "locals" | "module" | "resource")
                && let Some(key) = self.use_in_body(&block.body, file, &scope, &[])
            {
                return Some(format!("{}.{key}", address(block)));
            }
        }
        module
            .resources
            .blocks
            .iter()
            .find_map(|resource| self.use_in_resource(resource, frame))
            .or_else(|| module.calls.iter().find_map(|call| self.use_in_call(call, frame, depth)))
    }

    fn use_in_resource(&self, resource: &Layered<'a>, frame: &Frame<'w, 'a>) -> Option<String> {
        let is_notebook = control::is_notebook(resource.base.node.labels.first().map_or("", |label| &label.text));
        let looked_at: &[&str] =
            if is_notebook { &[REPETITION[0], REPETITION[1], control::ATTRIBUTE] } else { &REPETITION };
        let name = address(resource.base.node);
        if let Some(key) = self.use_as_repetition(resource, frame) {
            return Some(format!("{name}.{key}"));
        }
        for iteration in self.iterations(resource, frame) {
            if self.leaves_root(resource, &iteration.scope(frame)) {
                return Some(format!("{name}.{}, which may not comply then", control::ATTRIBUTE));
            }
            for Placed { file, node } in resource.layers() {
                if let Some(key) = self.use_in_body(&node.body, file, &iteration.scope(frame), looked_at) {
                    return Some(format!("{name}.{key}"));
                }
            }
        }
        None
    }

    /// Whether a notebook, other than the one that literals are changed for, may not comply because of the change.
    fn leaves_root(&self, resource: &Layered<'a>, scope: &Scope<'_, 'w, 'a>) -> bool {
        let Placed { file, node } = resource.base;
        let is_other = self.patient.is_some_and(|own| own != Location { file, span: node.span });
        let is_notebook = || control::is_notebook(node.labels.first().map_or("", |label| &label.text));
        if !is_other || !is_notebook() {
            return false;
        }
        let Some(attribute) = resource.attribute(control::ATTRIBUTE) else { return false };
        let values = self.eval(&attribute.node.value, attribute.file, scope);
        values
            .iter()
            .filter(|value| value.is_followed())
            .any(|value| value.as_text().is_none_or(|text| text != control::COMPLIANT))
    }

    /// `count`, and `for_each` as far as it names instances: what stands behind the keys of a map does not.
    fn use_as_repetition(&self, block: &Layered<'a>, frame: &Frame<'w, 'a>) -> Option<&'static str> {
        let scope = Scope::new(frame);
        let values = |key| block.attribute(key).map(|found| self.eval(&found.node.value, found.file, &scope));
        if values("count").is_some_and(|values| values.iter().any(Traced::is_followed)) {
            return Some("count");
        }
        let names_instances = |value: &Traced| match value.data {
            Data::Object(..) => value.followed,
            _ => value.is_followed(),
        };
        values("for_each").is_some_and(|values| values.iter().any(names_instances)).then_some("for_each")
    }

    /// The first argument of a body, but for those that are `looked_at` elsewhere, that depends on what is followed.
    fn use_in_body(&self, body: &Body, file: FileId, scope: &Scope<'_, 'w, 'a>, looked_at: &[&str]) -> Option<String> {
        let mut others = body.attributes().filter(|attribute| !looked_at.contains(&attribute.key.text.as_str()));
        let found = others.find(|attribute| self.eval(&attribute.value, file, scope).iter().any(Traced::is_followed));
        found.map(|attribute| attribute.key.text.clone()).or_else(|| {
            body.blocks().find_map(|block| {
                // The escape block `_` holds arguments of the block around it. A `dynamic` block hands its collection
                // on to its contents, so that all of it counts as used.
                let looked_at = if block.kind.text == "_" { looked_at } else { &[] };
                self.use_in_body(&block.body, file, scope, looked_at)
            })
        })
    }

    fn use_in_call(&self, call: &Layered<'a>, frame: &Frame<'w, 'a>, depth: usize) -> Option<String> {
        let name = address(call.base.node);
        if let Some(key) = self.use_as_repetition(call, frame) {
            return Some(format!("{name}.{key}"));
        }
        let arguments: BTreeSet<&str> = call
            .layers()
            .flat_map(|layer| layer.node.body.attributes())
            .map(|attribute| attribute.key.text.as_str())
            .filter(|key| !META.contains(key))
            .collect();
        for iteration in self.iterations(call, frame) {
            let scope = iteration.scope(frame);
            let is_followed = |key: &&&str| {
                let values = call.attribute(key).map(|found| self.eval(&found.node.value, found.file, &scope));
                values.is_some_and(|values| values.iter().any(Traced::is_followed))
            };
            let Some(first) = arguments.iter().find(is_followed) else { continue };
            let callees = self.workspace.callees(frame.module, call);
            if callees.is_empty() || callees.iter().any(|callee| callee.files.is_empty()) || depth >= DEEPEST {
                return Some(format!("{name}.{first}"));
            }
            for callee in callees {
                let all = callee.variables.keys().map(|name| (*name).to_owned()).collect();
                let inner = self.instantiate(callee, call, &all, frame, &iteration);
                if let Some(found) = self.use_in_module(&inner, depth + 1) {
                    return Some(found);
                }
            }
        }
        None
    }
}

/// How a block is referred to.
fn address(block: &Block) -> String {
    let labels = block.labels.iter().map(|label| label.text.as_str());
    match block.kind.text.as_str() {
        "resource" => labels.collect::<Vec<_>>().join("."),
        kind => std::iter::once(kind).chain(labels).collect::<Vec<_>>().join("."),
    }
}

/// Whether a place lies in another.
#[must_use]
pub(super) fn lies_in(inner: Location, file: FileId, span: Span) -> bool {
    inner.file == file && span.contains(inner.span)
}
