//! The uses of literals in a module, and in those that it calls.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::{Bind, Search, address};
use crate::control;
use crate::model::Module;
use crate::model::overrides::{Layered, Placed};
use crate::source::{FileId, Location};
use crate::syntax::tree::{Block, Body, Expr};
use crate::value::{Data, Followed, Frame, Scope};

/// Deeper calls are not looked into: what is handed that far counts as used.
const DEEPEST: usize = 16;

/// Arguments that repeat a resource or a module call: what is behind the keys of `for_each` is used where it is read.
const REPETITION: [&str; 2] = ["count", "for_each"];

/// Arguments of a module call that are not variables of the module.
const META: [&str; 7] = ["source", "version", "providers", "count", "for_each", "depends_on", "_"];

impl<'w, 'a> Search<'_, 'w, 'a> {
    /// Looks for places in a module, and in those it calls, that depend on what is followed, which some variables are
    /// `given`.
    pub(super) fn use_in_module(
        &self,
        module: &'w Module<'a>,
        given: &BTreeSet<&str>,
        bind: Bind<'_, 'w, 'a>,
        depth: usize,
    ) -> ControlFlow<()> {
        let workspace = self.evaluator.workspace();
        let dependents = workspace.dependents(module, given.iter().copied(), &self.evaluator.followed);
        let resources = dependents.resources.iter().map(|&at| &module.resources()[at]);
        let calls = dependents.calls.iter().map(|&at| &module.calls()[at]);
        let validations = dependents.validations.iter().filter_map(|name| module.variables().get_key_value(name));
        let validations = validations
            .flat_map(|(name, variable)| variable.blocks("validation").into_iter().map(move |block| (*name, block)));
        let validations: Vec<(&str, Placed<'a, Block>)> = validations.collect();

        let mut expressions = Vec::new();
        let layers = resources.clone().chain(calls.clone()).flat_map(Layered::layers);
        let others = dependents.others.iter().copied().chain(validations.iter().map(|(_, block)| *block));
        others.chain(layers).for_each(|block| collect(&block.node.body, &mut expressions));
        let frame = bind(&self.evaluator.needs(module, &expressions));
        if !self.searched.borrow_mut().insert((module.id.clone(), frame.bindings.clone())) {
            return ControlFlow::Continue(());
        }
        let scope = Scope::new(&frame);
        for (name, block) in validations {
            self.use_in_body(&block.node.body, block.file, &scope, &[], &|_, by| {
                self.note(by, |effects| _ = effects.validating.insert((module.folder.clone(), name.to_owned())));
                ControlFlow::Continue(())
            })?;
        }
        for Placed { file, node } in &dependents.others {
            let used = |key: &str, by: &Followed| self.used(by, || format!("{}.{key}", address(node)));
            self.use_in_body(&node.body, *file, &scope, &[], &used)?;
        }
        for resource in resources {
            self.use_in_resource(resource, &frame)?;
        }
        for call in calls {
            self.use_in_call(call, &frame, depth)?;
        }
        ControlFlow::Continue(())
    }

    fn use_in_resource(&self, resource: &Layered<'a>, frame: &Frame<'w, 'a>) -> ControlFlow<()> {
        let is_notebook = control::is_notebook(resource.base.node.labels.first().map_or("", |label| &label.text));
        let looked_at: &[&str] =
            if is_notebook { &[REPETITION[0], REPETITION[1], control::ATTRIBUTE] } else { &REPETITION };
        let name = address(resource.base.node);
        self.use_as_repetition(resource, frame)?;
        for iteration in self.evaluator.iterations(resource, frame) {
            let scope = iteration.scope(frame);
            if self.changed && is_notebook {
                self.note_root(resource, &scope);
            }
            for Placed { file, node } in resource.layers() {
                let used = |key: &str, by: &Followed| self.used(by, || format!("{name}.{key}"));
                self.use_in_body(&node.body, file, &scope, looked_at, &used)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Notes a notebook that may not comply because of the change.
    fn note_root(&self, resource: &Layered<'a>, scope: &Scope<'_, 'w, 'a>) {
        let Some(attribute) = resource.attribute(control::ATTRIBUTE) else { return };
        let Placed { file, node } = resource.base;
        let block = Location { file, span: node.span };
        let place = || format!("{}.{}, which may not comply then", address(node), control::ATTRIBUTE);
        for value in self.evaluator.eval(&attribute.node.value, attribute.file, scope) {
            let by = value.following();
            self.note_if_unclear(&by);
            if value.as_text().is_none_or(|text| text != control::COMPLIANT) {
                self.note(&by, |effects| _ = effects.leaves_root.entry(block).or_insert_with(place));
            }
        }
    }

    /// `count`, and `for_each` as far as it names instances: what stands behind the keys of a map does not.
    fn use_as_repetition(&self, block: &Layered<'a>, frame: &Frame<'w, 'a>) -> ControlFlow<()> {
        let scope = Scope::new(frame);
        for key in REPETITION {
            let Some(Placed { file, node }) = block.attribute(key) else { continue };
            for value in self.evaluator.eval(&node.value, file, &scope) {
                let by = match value.data {
                    Data::Object(..) if key == "for_each" => value.followed,
                    _ => value.following(),
                };
                self.note(&by, |effects| effects.shapes = true);
                self.used(&by, || format!("{}.{key}", address(block.base.node)))?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Tells of the arguments of a body, but for those that are `looked_at` elsewhere, that depend on what is followed.
    pub(super) fn use_in_body(
        &self,
        body: &Body,
        file: FileId,
        scope: &Scope<'_, 'w, 'a>,
        looked_at: &[&str],
        used: &dyn Fn(&str, &Followed) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for attribute in body.attributes().filter(|attribute| !looked_at.contains(&attribute.key.text.as_str())) {
            let by = self.followed_by(&attribute.value, file, scope);
            if by.is_any() {
                used(&attribute.key.text, &by)?;
            }
        }
        for block in body.blocks() {
            // The escape block `_` holds arguments of the block around it. A `dynamic` block hands its collection on to its
            // contents, so that all of it counts as used.
            let looked_at = if block.kind.text == "_" { looked_at } else { &[] };
            self.use_in_body(&block.body, file, scope, looked_at, used)?;
        }
        ControlFlow::Continue(())
    }

    /// The literals that the values of an expression depend on.
    pub(super) fn followed_by(&self, expr: &Expr, file: FileId, scope: &Scope<'_, 'w, 'a>) -> Followed {
        let values = self.evaluator.eval(expr, file, scope);
        values.iter().fold(Followed::Nothing, |all, value| all.and(&value.following()))
    }

    fn use_in_call(&self, call: &Layered<'a>, frame: &Frame<'w, 'a>, depth: usize) -> ControlFlow<()> {
        let evaluator = self.evaluator;
        let name = address(call.base.node);
        self.use_as_repetition(call, frame)?;
        let arguments: BTreeSet<&str> = call
            .layers()
            .flat_map(|layer| layer.node.body.attributes())
            .map(|attribute| attribute.key.text.as_str())
            .filter(|key| !META.contains(key))
            .collect();
        for iteration in evaluator.iterations(call, frame) {
            let scope = iteration.scope(frame);
            let by = |key: &str| {
                let by = call.attribute(key).map(|found| self.followed_by(&found.node.value, found.file, &scope));
                by.filter(Followed::is_any)
            };
            let given: BTreeMap<&str, Followed> = arguments.iter().filter_map(|key| Some((*key, by(key)?))).collect();
            if given.is_empty() {
                continue;
            }
            let callees = evaluator.workspace().callees(frame.module, call);
            if callees.is_empty() || callees.iter().any(|callee| callee.files.is_empty()) || depth >= DEEPEST {
                given.iter().try_for_each(|(key, by)| self.used(by, || format!("{name}.{key}")))?;
                continue;
            }
            let given = given.into_keys().collect();
            for callee in callees {
                let bind = |needed: &BTreeSet<String>| evaluator.instantiate(callee, call, needed, frame, &iteration);
                self.use_in_module(callee, &given, &bind, depth + 1)?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// The expressions in a body.
fn collect<'b>(body: &'b Body, found: &mut Vec<&'b Expr>) {
    found.extend(body.attributes().map(|attribute| &attribute.value));
    body.blocks().for_each(|block| collect(&block.body, found));
}
