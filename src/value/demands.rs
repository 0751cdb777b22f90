//! Conditions on the attribute itself: a `postcondition` with `self.root_access`, a check or the `count` of something
//! else that reads it. Such code fails, or makes something else, once the notebook complies, wherever it is fixed.

use std::collections::BTreeMap;

use super::data::{Data, ListKind, MapKind, Traced, Values};
use super::eval::{Evaluator, Scope, computed};
use super::needs::needs;
use crate::control;
use crate::model::Module;
use crate::model::overrides::{Layered, Placed};
use crate::source::{FileId, Location};
use crate::syntax::tree::{Attribute, Body, Expr, ExprKind, Step};

/// Arguments whose value decides whether a plan succeeds, and what it makes.
const DECISIVE: [&str; 3] = ["condition", "count", "for_each"];

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The first place in a module that asks for root on one of its notebooks: what stands there holds, or makes
    /// something, only while the attribute has another value than the compliant one.
    #[must_use]
    pub fn demand(&self, module: &'w Module<'a>, resource: &Layered<'a>) -> Option<Location> {
        let [kind, name] = resource.base.node.labels.as_slice() else { return None };
        let view = self.workspace.view();
        let own = resource.layers().map(|Placed { file, node }| (file, &node.body, "self"));
        let files = module.files.iter().map(|&file| (file, &view.syntax(file).body, kind.text.as_str()));
        own.chain(files).find_map(|(file, body, root)| {
            let is_read = |expr: &Expr| reads(expr, root, &name.text);
            let mut decisive = Vec::new();
            collect(body, &is_read, &mut decisive);
            let found = decisive.into_iter().find(|attribute| self.asks_for_root(module, resource, attribute, file))?;
            Some(Location { file, span: found.span })
        })
    }

    fn asks_for_root(&self, module: &'w Module<'a>, resource: &Layered<'a>, asks: &Attribute, file: FileId) -> bool {
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
        let frames = self.frames(module, &needs(module, &[&asks.value]));
        frames.iter().any(|frame| {
            let with = |part: &Expr, text: &str| {
                let names = [("self".to_owned(), one(text)), (kind.text.clone(), object(&name.text, all(text)))];
                self.eval(part, file, &Scope { names: &names, ..Scope::new(frame) })
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

/// The decisive arguments in a body that read the notebook, those in nested blocks included.
fn collect<'b>(body: &'b Body, is_read: &dyn Fn(&Expr) -> bool, found: &mut Vec<&'b Attribute>) {
    let decisive = |attribute: &&Attribute| DECISIVE.contains(&attribute.key.text.as_str());
    found.extend(body.attributes().filter(decisive).filter(|attribute| is_read(&attribute.value)));
    body.blocks().for_each(|block| collect(&block.body, is_read, found));
}

/// Whether an expression refers to `root`, which is `self` or followed by the name of the notebook.
fn reads(expr: &Expr, root: &str, name: &str) -> bool {
    let own = match &expr.kind {
        ExprKind::Traversal(start, steps) => {
            matches!(&start.kind, ExprKind::Variable(start) if start == root)
                && (root == "self" || matches!(steps.first(), Some(Step::Attr(first)) if first == name))
        }
        _ => false,
    };
    own || expr.children().into_iter().any(|child| reads(child, root, name))
}

/// The operands of `&&`, each of which has to hold.
fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    match &expr.unparenthesised().kind {
        ExprKind::Binary(left, "&&", right) => [conjuncts(left), conjuncts(right)].concat(),
        _ => vec![expr],
    }
}
