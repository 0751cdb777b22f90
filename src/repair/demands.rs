//! Conditions on the attribute itself: a `postcondition` with `self.root_access`, a check or the `count` of something
//! else that reads it. Such code fails, or makes something else, once the notebook complies, wherever it is fixed.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::control;
use crate::model::Module;
use crate::model::overrides::{Layered, Placed};
use crate::source::{FileId, Location};
use crate::syntax::tree::{Attribute, Body, Expr, ExprKind};
use crate::value::{Data, Evaluator, ListKind, MapKind, Scope, Traced, Values, computed};

/// Arguments whose value decides whether a plan succeeds, and what it makes.
const DECISIVE: [&str; 3] = ["condition", "count", "for_each"];

/// A notebook of a module, evaluated.
struct Asked<'e, 'w, 'a> {
    evaluator: &'e Evaluator<'w, 'a>,
    module: &'w Module<'a>,
    resource: &'e Layered<'a>,
}

/// The first place in a module that asks for root on one of its notebooks: what stands there holds, or makes something,
/// only while the attribute has another value than the compliant one.
#[must_use]
pub fn demand<'w, 'a>(
    evaluator: &Evaluator<'w, 'a>,
    module: &'w Module<'a>,
    resource: &Layered<'a>,
) -> Option<Location> {
    Asked { evaluator, module, resource }.demand()
}

impl<'a> Asked<'_, '_, 'a> {
    fn demand(&self) -> Option<Location> {
        let [kind, name] = self.resource.base.node.labels.as_slice() else { return None };
        let mut own = Vec::new();
        for Placed { file, node } in self.resource.layers() {
            collect(file, &node.body, &mut own);
        }
        let references = self.evaluator.workspace().references(self.module).to((&kind.text, &name.text));
        let mut others: Vec<Placed<'a, Attribute>> = references
            .iter()
            .map(|found| Placed { file: found.location.file, node: found.attribute })
            .filter(|found| is_decisive(found.node))
            .collect();
        others.sort_by_key(|found| (found.file, found.node.span));
        others.dedup();
        let found = own.into_iter().chain(others).find(|found| self.asks_for_root(*found))?;
        Some(Location { file: found.file, span: found.node.span })
    }

    fn asks_for_root(&self, asks: Placed<'a, Attribute>) -> bool {
        let Placed { file, node: asks } = asks;
        let Self { evaluator, module, resource } = *self;
        let here = Location { file, span: asks.value.span };
        let [kind, name] = resource.base.node.labels.as_slice() else { return false };
        let object = |key: &str, values: Values| {
            vec![computed(Data::Object(MapKind::Object, [(key.to_owned(), values)].into()), here)]
        };
        let one = |text: &str| object(control::ATTRIBUTE, vec![computed(Data::String(text.to_owned()), here)]);
        let all = |text: &str| {
            if resource.attribute("for_each").is_some() {
                vec![computed(Data::Object(MapKind::Object, BTreeMap::new()), here)]
            } else if resource.attribute("count").is_some() {
                vec![computed(Data::List(ListKind::Tuple, vec![one(text)]), here)]
            } else {
                one(text)
            }
        };
        let frames = evaluator.frames(module, &evaluator.needs(module, &[&asks.value]));
        frames.iter().any(|frame| {
            let with = |part: &Expr, text: &str| {
                let whole = object(&name.text, all(text));
                let names = [("self".to_owned(), Rc::new(one(text))), (kind.text.clone(), Rc::new(whole))];
                evaluator.eval(part, file, &Scope { names: &names, ..Scope::new(frame) })
            };
            if asks.key.text != "condition" {
                let results = [control::COMPLIANT, control::NON_COMPLIANT].map(|text| with(&asks.value, text));
                let differ = results[0].iter().map(|value| &value.data).ne(results[1].iter().map(|value| &value.data));
                return differ;
            }
            let holds = |values: &[Traced]| values.iter().all(|value| value.as_bool() == Some(true));
            conjuncts(&asks.value).into_iter().any(|part| {
                let after = with(part, control::COMPLIANT);
                let fails = after.iter().any(|value| value.as_bool() == Some(false));
                fails || !holds(&after) && holds(&with(part, control::NON_COMPLIANT))
            })
        })
    }
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
