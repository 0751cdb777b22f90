//! Conditionals: both branches have a say in the type of the result, whichever is taken.

use super::convert::{convert, shared};
use super::data::{Data, ListKind, MapKind, Traced, Values, alternatives, computed};
use super::eval::Evaluator;
use super::scope::Scope;
use super::types::{Type, Unified, unify};
use crate::source::{FileId, Location};
use crate::syntax::tree::{Expr, ExprKind, Step};

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The values of `condition ? yes : no`.
    pub(super) fn conditional(
        &self,
        condition: &Expr,
        yes: &Expr,
        no: &Expr,
        file: FileId,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        let conditions = self.eval(condition, file, scope);
        // An error has a type as well, where the form of the expression gives it one.
        let is_typed_error = |expr: &Expr, values: &Values| {
            has_type_in_error(expr) && values.iter().any(|value| matches!(value.data, Data::Error(_)))
        };
        let (yes_expr, no_expr) = (yes, no);
        let (yes, no) = (self.eval(yes, file, scope), self.eval(no, file, scope));
        let has_typed_error = is_typed_error(yes_expr, &yes) || is_typed_error(no_expr, &no);
        // Both branches have a say in the type of the result, whichever is taken.
        let (yes_type, no_type) = (Type::of_all(&yes), Type::of_all(&no));
        let unified = match (&yes_type, &no_type) {
            (Some(_), Some(_)) => unify([yes_type.as_ref(), no_type.as_ref()]),
            _ => Unified::Unsure,
        };
        // In the place of a value there may be an error, which has no type.
        let unified = match unified {
            Unified::Impossible if yes.iter().chain(&no).any(Traced::may_fail) => Unified::Unsure,
            unified => unified,
        };
        let location = Location { file, span: condition.span };
        if unified == Unified::Impossible {
            return vec![computed(Data::Error("a conditional with branches of different types".to_owned()), location)];
        }
        let branch = |values: &Values, condition: &Traced| -> Values {
            let typed = values.iter().cloned().flat_map(|value| match &unified {
                Unified::Type(wanted) => vec![convert(value, wanted)],
                // An error has no type, and a `null` without one takes any.
                _ if is_untyped(&yes) || is_untyped(&no) => shared(value),
                _ => vec![value],
            });
            // What the type of a branch is that is not evaluated, and whether it fits the other, is not known.
            let is_open = yes_type.is_some() && no_type.is_some()
                || has_typed_error
                || is_untyped(&yes)
                || is_untyped(&no)
                || yes.iter().chain(&no).any(Traced::may_fail);
            let fallible = unified == Unified::Unsure && is_open;
            typed
                .map(|value| value.selected_by(condition))
                .map(|value| Traced { fallible: value.fallible || fallible, ..value })
                .collect()
        };
        let not_boolean = |condition: &Traced| {
            let error = computed(Data::Error("a condition that is not a boolean".to_owned()), location);
            vec![error.because_of(condition)]
        };
        alternatives(conditions.iter().flat_map(|condition| match (condition.as_bool(), &condition.data) {
            (Some(true), _) => branch(&yes, condition),
            (Some(false), _) => branch(&no, condition),
            (None, Data::Error(_)) => vec![condition.clone()],
            // Whatever the condition turns out to be, it is one of the two.
            (None, Data::Unknown(_)) => branch(&yes, condition).into_iter().chain(branch(&no, condition)).collect(),
            (None, _) => not_boolean(condition),
        }))
    }
}

/// Whether the type of something that is not known is not known either.
fn is_untyped(values: &Values) -> bool {
    values.iter().any(|value| match &value.data {
        Data::Unknown(_) => value.unknown_type().is_none(),
        Data::List(ListKind::Tuple | ListKind::Open, items) => items.iter().any(is_untyped),
        Data::Object(MapKind::Object | MapKind::Open, items) => items.values().any(is_untyped),
        _ => false,
    })
}

/// Whether an expression has a type also where it is an error: a branch of a conditional that is not taken can then keep
/// the other from having one.
///
/// Source: hcl, `hclsyntax/expression.go` and `expression_ops.go`.
fn has_type_in_error(expr: &Expr) -> bool {
    match &expr.unparenthesised().kind {
        ExprKind::Traversal(_, steps) => steps.iter().any(|step| matches!(step, Step::Splat | Step::ListOf(_))),
        ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Template(_)
        | ExprKind::Heredoc(_)
        | ExprKind::Array(_)
        | ExprKind::Object(_)
        | ExprKind::Conditional(..)
        | ExprKind::For(_) => true,
        _ => false,
    }
}
