//! `ephemeralasnull`: `null` in the place of all that is ephemeral.
//!
//! Source: Terraform language, `ephemeralasnull`. What an ephemeral variable holds is ephemeral as a whole; what is made of
//! such values is not followed.

use std::collections::BTreeSet;

use super::super::data::{Data, Traced, Values, computed};
use super::super::references::is_declared;
use super::super::scope::Scope;
use super::super::types::Type;
use super::unknown;
use crate::model::Module;
use crate::source::Location;
use crate::syntax::tree::{Expr, ExprKind, Step};

pub(super) fn ephemeral_as_null(
    argument: &Expr,
    values: &Values,
    location: Location,
    scope: &Scope<'_, '_, '_>,
) -> Values {
    let module = scope.frame.module;
    if !is_touched(argument, module) {
        return values.clone();
    }
    let is_variable = matches!(&argument.unparenthesised().kind, ExprKind::Traversal(root, _)
        if matches!(&root.kind, ExprKind::Variable(name) if name == "var"));
    if !is_variable {
        return unknown("whether a value is ephemeral".to_owned(), std::slice::from_ref(values), location);
    }
    let as_null = |value: &Traced| match &value.data {
        Data::Error(_) => value.clone(),
        data => computed(Data::Null(Type::of(data).unwrap_or(Type::Dynamic)), location).because_of(value),
    };
    values.iter().map(as_null).collect()
}

/// Whether an expression refers to something ephemeral, be it through local values.
fn is_touched(expr: &Expr, module: &Module<'_>) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        open.extend(expr.children());
        let ExprKind::Traversal(root, steps) = &expr.kind else { continue };
        let (ExprKind::Variable(kind), Some(Step::Attr(name))) = (&root.kind, steps.first()) else { continue };
        match kind.as_str() {
            "var" if module.variables().get(name.as_str()).is_some_and(|it| is_declared(it, "ephemeral")) => {
                return true;
            }
            // Outputs of modules can be ephemeral as well, and so can be what an iteration is over.
            "ephemeral" | "terraform" | "module" | "each" => return true,
            "local" => {
                let local = module.locals().get(name.as_str()).map(|definition| definition.node);
                open.extend(local.filter(|local| seen.insert(local.span)).map(|local| &local.value));
            }
            _ => {}
        }
    }
    false
}
