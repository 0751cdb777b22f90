//! The uses of literals in a module, and in those that it calls.

use std::collections::BTreeSet;

use super::{Bind, Search, address};
use crate::control;
use crate::model::Module;
use crate::model::overrides::{Layered, Placed};
use crate::source::{FileId, Location};
use crate::syntax::tree::{Block, Body, Expr};
use crate::value::{Data, Frame, Scope, Traced};

/// Deeper calls are not looked into: what is handed that far counts as used.
const DEEPEST: usize = 16;

/// Arguments that repeat a resource or a module call: what is behind the keys of `for_each` is used where it is read.
const REPETITION: [&str; 2] = ["count", "for_each"];

/// Arguments of a module call that are not variables of the module.
const META: [&str; 7] = ["source", "version", "providers", "count", "for_each", "depends_on", "_"];

impl<'w, 'a> Search<'_, 'w, 'a> {
    /// The first place in a module, or in those it calls, that depends on what is followed, which some variables are
    /// `given`.
    pub(super) fn use_in_module(
        &self,
        module: &'w Module<'a>,
        given: &BTreeSet<&str>,
        bind: Bind<'_, 'w, 'a>,
        depth: usize,
    ) -> Option<String> {
        let workspace = self.evaluator.workspace();
        let dependents = workspace.dependents(module, given.iter().copied(), &self.evaluator.followed);
        let resources = dependents.resources.iter().map(|&at| &module.resources.blocks[at]);
        let calls = dependents.calls.iter().map(|&at| &module.calls[at]);
        let validations = dependents.validations.iter().filter_map(|name| module.variables.get_key_value(name));
        let validations = validations
            .flat_map(|(name, variable)| variable.blocks("validation").into_iter().map(move |block| (*name, block)));
        let validations: Vec<(&str, Placed<'a, Block>)> = validations.collect();

        let mut expressions = Vec::new();
        let layers = resources.clone().chain(calls.clone()).flat_map(Layered::layers);
        let others = dependents.others.iter().copied().chain(validations.iter().map(|(_, block)| *block));
        others.chain(layers).for_each(|block| collect(&block.node.body, &mut expressions));
        let frame = bind(&self.evaluator.needs(module, &expressions));
        if !self.searched.borrow_mut().insert((module.id.clone(), frame.bindings.clone())) {
            return None;
        }
        let scope = Scope::new(&frame);
        for (name, block) in validations {
            if self.use_in_body(&block.node.body, block.file, &scope, &[]).is_some() {
                self.found.borrow_mut().validating.insert((module.folder.clone(), name.to_owned()));
            }
        }
        for Placed { file, node } in &dependents.others {
            if let Some(key) = self.use_in_body(&node.body, *file, &scope, &[]) {
                return Some(format!("{}.{key}", address(node)));
            }
        }
        let mut resources = resources;
        let mut calls = calls;
        resources
            .find_map(|resource| self.use_in_resource(resource, &frame))
            .or_else(|| calls.find_map(|call| self.use_in_call(call, &frame, depth)))
    }

    fn use_in_resource(&self, resource: &Layered<'a>, frame: &Frame<'w, 'a>) -> Option<String> {
        let is_notebook = control::is_notebook(resource.base.node.labels.first().map_or("", |label| &label.text));
        let looked_at: &[&str] =
            if is_notebook { &[REPETITION[0], REPETITION[1], control::ATTRIBUTE] } else { &REPETITION };
        let name = address(resource.base.node);
        if let Some(key) = self.use_as_repetition(resource, frame) {
            return Some(format!("{name}.{key}"));
        }
        for iteration in self.evaluator.iterations(resource, frame) {
            let scope = iteration.scope(frame);
            if self.changed && is_notebook && self.leaves_root(resource, &scope) {
                let Placed { file, node } = resource.base;
                let block = Location { file, span: node.span };
                let place = || format!("{name}.{}, which may not comply then", control::ATTRIBUTE);
                self.found.borrow_mut().leaves_root.entry(block).or_insert_with(place);
            }
            for Placed { file, node } in resource.layers() {
                if let Some(key) = self.use_in_body(&node.body, file, &scope, looked_at) {
                    return Some(format!("{name}.{key}"));
                }
            }
        }
        None
    }

    /// Whether a notebook may not comply because of the change.
    fn leaves_root(&self, resource: &Layered<'a>, scope: &Scope<'_, 'w, 'a>) -> bool {
        let Some(attribute) = resource.attribute(control::ATTRIBUTE) else { return false };
        let values = self.evaluator.eval(&attribute.node.value, attribute.file, scope);
        values
            .iter()
            .filter(|value| value.is_followed())
            .any(|value| value.as_text().is_none_or(|text| text != control::COMPLIANT))
    }

    /// `count`, and `for_each` as far as it names instances: what stands behind the keys of a map does not.
    fn use_as_repetition(&self, block: &Layered<'a>, frame: &Frame<'w, 'a>) -> Option<&'static str> {
        let scope = Scope::new(frame);
        let values = |key| block.attribute(key).map(|found| self.evaluator.eval(&found.node.value, found.file, &scope));
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
    pub(super) fn use_in_body(
        &self,
        body: &Body,
        file: FileId,
        scope: &Scope<'_, 'w, 'a>,
        looked_at: &[&str],
    ) -> Option<String> {
        let is_followed = |expr: &Expr| self.evaluator.eval(expr, file, scope).iter().any(Traced::is_followed);
        let mut others = body.attributes().filter(|attribute| !looked_at.contains(&attribute.key.text.as_str()));
        let found = others.find(|attribute| is_followed(&attribute.value));
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
        let evaluator = self.evaluator;
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
        for iteration in evaluator.iterations(call, frame) {
            let scope = iteration.scope(frame);
            let is_followed = |key: &&str| {
                let values = call.attribute(key).map(|found| evaluator.eval(&found.node.value, found.file, &scope));
                values.is_some_and(|values| values.iter().any(Traced::is_followed))
            };
            let given: BTreeSet<&str> = arguments.iter().copied().filter(is_followed).collect();
            let Some(first) = given.first() else { continue };
            let callees = evaluator.workspace().callees(frame.module, call);
            if callees.is_empty() || callees.iter().any(|callee| callee.files.is_empty()) || depth >= DEEPEST {
                return Some(format!("{name}.{first}"));
            }
            for callee in callees {
                let bind = |needed: &BTreeSet<String>| evaluator.instantiate(callee, call, needed, frame, &iteration);
                if let Some(found) = self.use_in_module(callee, &given, &bind, depth + 1) {
                    return Some(found);
                }
            }
        }
        None
    }
}

/// The expressions in a body.
fn collect<'b>(body: &'b Body, found: &mut Vec<&'b Expr>) {
    found.extend(body.attributes().map(|attribute| &attribute.value));
    body.blocks().for_each(|block| collect(&block.body, found));
}
