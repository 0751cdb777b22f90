//! All other values in the programs of changed files, which a fix has to leave as they are. They are evaluated before and
//! after, so that the proof does not rest on the search for uses by which the fix was chosen.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use camino::Utf8PathBuf;

use crate::control;
use crate::model::overrides::{Layered, Placed};
use crate::model::{Module, Programs, Tool};
use crate::source::{FileId, Role, Span};
use crate::syntax::tree::{Block, Body, Expr, ExprKind};
use crate::value::{Data, Evaluator, Frame, Scope, Values, root_of_values};

/// More expressions than this are not evaluated for one proof: then the search by which the fix was chosen has to do.
const MOST_EVALUATED: usize = 200_000;

/// The arguments that repeat a block, and that of a notebook which fixes are made for.
const OWN: [&str; 3] = [REPETITION[0], REPETITION[1], control::ATTRIBUTE];
const REPETITION: [&str; 2] = ["count", "for_each"];

/// Deeper calls are not looked into.
const DEEPEST: usize = 16;

/// The possible values of each argument, by its place: its file, block and name.
pub type Said = BTreeMap<String, BTreeSet<String>>;

/// The places in each file that are changed, as they are before.
pub type Changed = BTreeMap<FileId, Vec<Span>>;

/// The possible values of all arguments in the programs that load changed files, but for the control's own, before and
/// after; `None` if they are too many. Nothing has to be asked where only notebooks' own arguments change: no other one
/// hangs on them.
#[must_use]
pub fn bystanders(before: &Programs<'_>, after: &Programs<'_>, changed: &Changed) -> Option<(Said, Said)> {
    let is_asked = |(file, spans): &(&FileId, &Vec<Span>)| {
        let mut notebooks: Vec<&Block> = before
            .terraform
            .view()
            .syntax(**file)
            .body
            .blocks_of("resource")
            .filter(|block| is_notebook(block))
            .collect();
        notebooks.sort_by_key(|block| block.span.start);
        !spans.iter().all(|span| is_in_a_notebook(&notebooks, *span))
    };
    let files: Vec<FileId> = changed.iter().filter(is_asked).map(|(file, _)| *file).collect();
    Some((said(before, &files)?, said(after, &files)?))
}

fn said(programs: &Programs<'_>, files: &[FileId]) -> Option<Said> {
    let terraform = &programs.terraform;
    let (mut said, mut left) = (Said::new(), MOST_EVALUATED);
    for workspace in [terraform, &programs.open_tofu] {
        if workspace.tool() == Tool::OpenTofu && !terraform.differs() {
            continue;
        }
        // What refers to a notebook changes with it, as it should.
        let evaluator = Evaluator::new(workspace).summing_up_gaps();
        let mut survey = Survey { evaluator: &evaluator, said, seen: BTreeSet::new(), left };
        for module in loading(&evaluator, files) {
            let all = module.variables().keys().map(|name| (*name).to_owned()).collect();
            for frame in evaluator.frames(module, &all).iter() {
                survey.module(frame, 0);
            }
        }
        Survey { said, left, .. } = survey;
    }
    (left > 0).then_some(said)
}

/// Whether a place is the value of a notebook's own argument, or the block of a notebook that gets one; the notebooks of
/// the file are sorted by place.
fn is_in_a_notebook(notebooks: &[&Block], span: Span) -> bool {
    let before = notebooks.partition_point(|block| block.span.start <= span.start);
    notebooks[..before].last().is_some_and(|block| {
        let own = block.body.attribute(control::ATTRIBUTE);
        block.span == span
            || own.is_some_and(|own| own.value.span.contains(span))
            || block.body.blocks_of("lifecycle").any(|lifecycle| lifecycle.span.contains(span))
    })
}

fn is_notebook(block: &Block) -> bool {
    block.labels.first().is_some_and(|label| control::is_notebook(&label.text))
}

/// The modules that files are part of, as code, as values or by a Terragrunt unit.
fn loading<'w, 'a>(evaluator: &Evaluator<'w, 'a>, files: &[FileId]) -> Vec<&'w Module<'a>> {
    let workspace = evaluator.workspace();
    let mut modules: Vec<&Module<'a>> = Vec::new();
    for &file in files {
        let folders = workspace.folders_holding(file).into_iter();
        let folders: Vec<Utf8PathBuf> = match workspace.view().source(file).kind().role {
            Role::Values => folders.filter_map(|folder| root_of_values(evaluator, &folder)).collect(),
            Role::Terragrunt => {
                let reading = evaluator.units().reading(file, |unit| evaluator.files_of(unit));
                reading.map(|unit| unit.folder.clone()).collect()
            }
            Role::Configuration | Role::Other => folders.collect(),
        };
        modules.extend(folders.iter().map(|folder| workspace.module(folder)));
    }
    modules.sort_by(|a, b| a.id.cmp(&b.id));
    modules.dedup_by(|a, b| a.id == b.id);
    modules
}

struct Survey<'e, 'w, 'a> {
    evaluator: &'e Evaluator<'w, 'a>,
    said: Said,
    /// The instantiations that were looked at.
    seen: BTreeSet<(Utf8PathBuf, Vec<(String, Values)>)>,
    /// How many more expressions may be evaluated.
    left: usize,
}

impl<'w, 'a> Survey<'_, 'w, 'a> {
    /// Records the values in a module, and in the modules that it calls.
    fn module(&mut self, frame: &Frame<'w, 'a>, depth: usize) {
        let module = frame.module;
        let bindings = frame.bindings.clone().into_iter().collect();
        if depth > DEEPEST || self.left == 0 || !self.seen.insert((module.id.clone(), bindings)) {
            return;
        }
        let view = self.evaluator.workspace().view();
        for (file, block) in
            module.files.iter().flat_map(|&file| view.syntax(file).body.blocks().map(move |block| (file, block)))
        {
            // The value of a variable, a local value or a call's argument shows where it is used.
            match block.kind.text.as_str() {
                "variable" => {
                    for validation in block.body.blocks_of("validation") {
                        let place = format!("{}.validation", address(block));
                        self.body(&validation.body, file, &place, &Scope::new(frame), &[]);
                    }
                }
                "locals" | "module" | "resource" => {}
                _ => self.body(&block.body, file, &address(block), &Scope::new(frame), &[]),
            }
        }
        for resource in module.resources() {
            self.resource(resource, frame);
        }
        for call in module.calls() {
            self.call(call, frame, depth);
        }
    }

    fn resource(&mut self, resource: &Layered<'a>, frame: &Frame<'w, 'a>) {
        self.repetition(resource, frame);
        let own = if is_notebook(resource.base.node) { &OWN[..] } else { &OWN[..REPETITION.len()] };
        for iteration in self.evaluator.iterations(resource, frame) {
            for layer in resource.layers() {
                self.body(&layer.node.body, layer.file, &address(layer.node), &iteration.scope(frame), own);
            }
        }
    }

    /// `count`, and the keys of `for_each`: the values behind them show where they are read.
    fn repetition(&mut self, block: &Layered<'a>, frame: &Frame<'w, 'a>) {
        for key in REPETITION {
            let Some(Placed { file, node }) = block.attribute(key) else { continue };
            let place = format!("{}.{key}", address(block.base.node));
            let write = if key == "count" { write_out } else { write_keys };
            self.value(&node.value, file, &place, &Scope::new(frame), write);
        }
    }

    fn call(&mut self, call: &Layered<'a>, frame: &Frame<'w, 'a>, depth: usize) {
        self.repetition(call, frame);
        let evaluator = self.evaluator;
        let callees = evaluator.workspace().callees(frame.module, call);
        for callee in callees.into_iter().filter(|callee| !callee.files.is_empty()) {
            let all = callee.variables().keys().map(|name| (*name).to_owned()).collect();
            for iteration in evaluator.iterations(call, frame) {
                self.module(&evaluator.instantiate(callee, call, &all, frame, &iteration), depth + 1);
            }
        }
    }

    /// Records the arguments of a body, those of its blocks included, but for some of its own.
    fn body(&mut self, body: &Body, file: FileId, place: &str, scope: &Scope<'_, 'w, 'a>, but: &[&str]) {
        for attribute in body.attributes().filter(|attribute| !but.contains(&attribute.key.text.as_str())) {
            self.value(&attribute.value, file, &format!("{place}.{}", attribute.key.text), scope, write_out);
        }
        for block in body.blocks() {
            let but = if block.kind.text == "_" { but } else { &[] };
            self.body(&block.body, file, &format!("{place}.{}", address(block)), scope, but);
        }
    }

    fn value(&mut self, expr: &Expr, file: FileId, place: &str, scope: &Scope<'_, 'w, 'a>, write: Write) {
        if !refers(expr) || self.left == 0 {
            return;
        }
        self.left -= 1;
        let path = self.evaluator.workspace().view().source(file).path();
        let known = self.said.entry(format!("{path}: {place}")).or_default();
        for value in self.evaluator.eval(expr, file, scope) {
            let mut text = String::new();
            write(&value.data, &mut text);
            known.insert(text);
        }
    }
}

/// Whether an expression refers to anything: what does not is the same whatever else changes.
fn refers(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Variable(_) | ExprKind::Traversal(..)) || expr.children().into_iter().any(refers)
}

/// The name of a block, as precise as a comparison needs it.
fn address(block: &Block) -> String {
    let labels = block.labels.iter().map(|label| label.text.as_str());
    std::iter::once(block.kind.text.as_str()).chain(labels).collect::<Vec<_>>().join(".")
}

/// The form in which a value is recorded.
type Write = fn(&Data, &mut String);

/// Writes the instance keys of a `for_each` value: the keys of a map, else the members.
fn write_keys(data: &Data, out: &mut String) {
    match data {
        Data::Object(_, elements) => elements.keys().for_each(|key| _ = write!(out, "{key:?},")),
        _ => write_out(data, out),
    }
}

/// A value without the places that it comes from, which move when a file changes.
fn write_out(data: &Data, out: &mut String) {
    let all = |values: &Values, out: &mut String| {
        for value in values {
            write_out(&value.data, out);
            out.push('|');
        }
    };
    match data {
        Data::Null(_) => out.push_str("null"),
        Data::Bool(value) => _ = write!(out, "{value}"),
        Data::Number(text) => _ = write!(out, "#{text}"),
        Data::String(text) => _ = write!(out, "{text:?}"),
        Data::List(_, elements) => {
            out.push('[');
            for element in elements {
                all(element, out);
            }
            out.push(']');
        }
        Data::Object(_, elements) => {
            out.push('{');
            for (key, element) in elements {
                _ = write!(out, "{key:?}=");
                all(element, out);
            }
            out.push('}');
        }
        Data::Unknown(why) => _ = write!(out, "?{why}"),
        Data::Error(why) => _ = write!(out, "!{why}"),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests make the files that are read")]
mod tests;
