//! Conditions on the attribute itself: a `postcondition` with `self.root_access`, a check or the `count` of something
//! else that reads it. Such code fails, or makes something else, once the notebook complies, wherever it is fixed.

use std::collections::BTreeSet;
use std::rc::Rc;

use camino::Utf8PathBuf;

use crate::control;
use crate::model::module::call_name;
use crate::model::overrides::{Layered, Placed};
use crate::model::{Module, Workspace};
use crate::source::{FileId, Location};
use crate::syntax::tree::{Attribute, Body, Expr, ExprKind};
use crate::value::{Data, Evaluator, MapKind, Scope, Traced, Values, computed};

/// Arguments whose value decides whether a plan succeeds, and what it makes.
const DECISIVE: [&str; 3] = ["condition", "count", "for_each"];

/// No more names than these are followed from a notebook on.
const MOST_NAMES: usize = 200;

/// The code as it is while a notebook has one value for the attribute, whatever it is given.
struct World<'w, 'a> {
    evaluator: Evaluator<'w, 'a>,
    value: &'static str,
}

/// An argument that may hang on a notebook, with the module that it stands in.
type Asking<'w, 'a> = (&'w Module<'a>, Placed<'a, Attribute>);

/// The first place that asks for root on a notebook of a module, in that module and those that call it or are called: what
/// stands there holds, or makes something, only while the attribute has another value than the compliant one.
#[must_use]
pub fn demand<'w, 'a>(
    workspace: &'w Workspace<'a>,
    module: &'w Module<'a>,
    resource: &Layered<'a>,
) -> Option<Location> {
    let asking = asking(workspace, module, resource);
    if asking.is_empty() {
        return None;
    }
    let Placed { file, node } = resource.base;
    let own = (Location { file, span: node.span }, control::ATTRIBUTE.to_owned());
    let world = |value: &'static str| {
        let mut evaluator = super::evaluator(workspace);
        evaluator.arguments.insert(own.clone(), Data::String(value.to_owned()));
        World { evaluator, value }
    };
    let worlds = [control::COMPLIANT, control::NON_COMPLIANT].map(world);
    let (_, found) = asking.into_iter().find(|asking| asks_for_root(&worlds, *asking))?;
    Some(Location { file: found.file, span: found.node.span })
}

/// The decisive arguments that hang on a notebook: its own that speak of `self`, and those that refer to it, directly or
/// by local values, outputs and arguments of calls.
fn asking<'w, 'a>(workspace: &'w Workspace<'a>, module: &'w Module<'a>, resource: &Layered<'a>) -> Vec<Asking<'w, 'a>> {
    let [kind, name] = resource.base.node.labels.as_slice() else { return Vec::new() };
    let mut own = Vec::new();
    for Placed { file, node } in resource.layers() {
        collect(file, &node.body, &mut own);
    }
    let mut found: Vec<Asking<'w, 'a>> = own.into_iter().map(|own| (module, own)).collect();
    let mut others: Vec<Asking<'w, 'a>> = Vec::new();
    let mut open = vec![(module, (kind.text.as_str(), name.text.as_str()))];
    let mut seen: BTreeSet<(Utf8PathBuf, (String, String))> = BTreeSet::new();
    while let Some((module, target)) = open.pop() {
        let known = (module.id.clone(), (target.0.to_owned(), target.1.to_owned()));
        if seen.len() >= MOST_NAMES || !seen.insert(known) {
            continue;
        }
        for reference in module.references_to(target.0).to(target.1) {
            let (file, attribute) = (reference.location.file, reference.attribute);
            let key = attribute.key.text.as_str();
            if is_decisive(attribute) {
                others.push((module, Placed { file, node: attribute }));
            }
            let Some(block) = reference.block else { continue };
            match block.kind.text.as_str() {
                "locals" => open.push((module, ("local", key))),
                "output" if workspace.may_be_referred_to(module) => {
                    let calls = workspace.callers_of(module).into_iter();
                    open.extend(calls.map(|(caller, call)| (caller, ("module", call_name(call)))));
                }
                "module" => {
                    let calls =
                        module.calls().iter().filter(|call| call.layers().any(|layer| layer.node.span == block.span));
                    let callees = calls.flat_map(|call| workspace.callees(module, call));
                    open.extend(callees.map(|callee| (callee, ("var", key))));
                }
                _ => {}
            }
        }
    }
    others.sort_by_key(|(module, found)| (&module.id, found.file, found.node.span));
    others.dedup_by_key(|(module, found)| (&module.id, found.file, found.node.span));
    found.extend(others);
    found
}

fn asks_for_root<'w, 'a>(worlds: &[World<'w, 'a>; 2], (module, asks): Asking<'w, 'a>) -> bool {
    let Placed { file, node: asks } = asks;
    let here = Location { file, span: asks.value.span };
    let object = |value: &str| -> Values {
        let values = vec![computed(Data::String(value.to_owned()), here)];
        vec![computed(
            Data::Object(MapKind::Object, [(control::ATTRIBUTE.to_owned(), values)].into_iter().collect()),
            here,
        )]
    };
    // What the values of an expression are in each instantiation.
    let said = |World { evaluator, value }: &World<'w, 'a>, part: &Expr| -> Vec<Values> {
        let frames = evaluator.frames(module, &evaluator.needs(module, &[&asks.value]));
        let names = [("self", Rc::new(object(value)))];
        let in_frame = |frame| evaluator.eval(part, file, &Scope { names: &names, ..Scope::new(frame) });
        frames.iter().map(in_frame).collect()
    };
    let [after, before] = worlds;
    if asks.key.text != "condition" {
        let data = |values: Vec<Values>| -> Vec<Vec<Data>> {
            values.into_iter().map(|values| values.into_iter().map(|value| value.data).collect()).collect()
        };
        return data(said(after, &asks.value)) != data(said(before, &asks.value));
    }
    let holds = |values: &[Traced]| values.iter().all(|value| value.as_bool() == Some(true));
    conjuncts(&asks.value).into_iter().any(|part| {
        let (after, before) = (said(after, part), said(before, part));
        let fails = |values: &Values| values.iter().any(|value| value.as_bool() == Some(false));
        let was_certain = |at: usize| before.get(at).is_some_and(|values| holds(values));
        after.iter().enumerate().any(|(at, values)| fails(values) || !holds(values) && was_certain(at))
    })
}

fn is_decisive(attribute: &Attribute) -> bool {
    DECISIVE.contains(&attribute.key.text.as_str())
}

/// The decisive arguments in a body that speak of `self`, those in nested blocks included.
fn collect<'b>(file: FileId, body: &'b Body, found: &mut Vec<Placed<'b, Attribute>>) {
    let decisive = body.attributes().filter(|attribute| is_decisive(attribute) && reads_self(&attribute.value));
    found.extend(decisive.map(|node| Placed { file, node }));
    body.blocks().for_each(|block| collect(file, &block.body, found));
}

fn reads_self(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Variable(name) if name == "self") || expr.children().into_iter().any(reads_self)
}

/// The operands of `&&`, each of which has to hold.
fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    match &expr.unparenthesised().kind {
        ExprKind::Binary(left, "&&", right) => [conjuncts(left), conjuncts(right)].concat(),
        _ => vec![expr],
    }
}
