//! The places where a value could be changed.

use std::collections::BTreeSet;

use super::Patient;
use super::changes::{Candidate, ChangeKind};
use super::uses::lies_in;
use crate::source::{Location, Span};
use crate::syntax::tree::{Body, Expr, ExprKind, Item};
use crate::value::{OriginKind, Traced};

impl Patient<'_, '_, '_> {
    /// The places where a value could be changed, best first.
    pub(super) fn candidates(&self, value: &Traced) -> Vec<Candidate> {
        let origin = value.origin.location;
        let literal = match value.origin.kind {
            OriginKind::Literal => Some(Candidate::Change(origin, ChangeKind::Literal)),
            OriginKind::OptionalWithoutDefault => Some(Candidate::Change(origin, ChangeKind::OptionalDefault)),
            OriginKind::Computed | OriginKind::Outside | OriginKind::AtRunTime => None,
        };
        let flips = value.chosen_by.iter().filter(|location| !self.is_own(**location));
        let flips = flips.map(|location| Candidate::Change(*location, ChangeKind::Flip));
        // Turning a branch would leave a conditional that decides nothing.
        let flips_first = self.is_branch(origin);
        let mut candidates: Vec<Candidate> =
            if flips_first { flips.chain(literal).collect() } else { literal.into_iter().chain(flips).collect() };
        // The default of a module that cannot be edited gives way to an argument of the call.
        if let Some((call, variable)) = value.unset.clone().filter(|_| !(self.editable)(origin.file)) {
            candidates.insert(0, Candidate::Argument(call, variable));
        }
        // The attribute itself comes last: what is in it is not where the value comes from.
        candidates.sort_by_key(|candidate| {
            let location = candidate.location();
            (self.is_own(location), !(self.editable)(location.file))
        });
        candidates
    }

    /// Whether something stands in the attribute itself.
    pub(super) fn is_own(&self, location: Location) -> bool {
        lies_in(location, self.attribute.file, self.attribute.node.value.span)
    }

    /// Whether a literal is one branch of a conditional that has a literal as its other branch too.
    fn is_branch(&self, literal: Location) -> bool {
        let mut known = self.memory.branches.borrow_mut();
        let branches = known.entry(literal.file).or_insert_with(|| {
            let mut found = BTreeSet::new();
            branches(&self.workspace.view().syntax(literal.file).body, &mut found);
            found
        });
        branches.contains(&literal.span)
    }
}

/// Adds the literals that are one branch of a conditional that has a literal as its other branch too.
fn branches(body: &Body, found: &mut BTreeSet<Span>) {
    fn in_expression(expr: &Expr, found: &mut BTreeSet<Span>) {
        if let ExprKind::Conditional(_, yes, no) = &expr.kind {
            let branches = [yes.unparenthesised(), no.unparenthesised()];
            if branches.iter().all(|branch| matches!(branch.kind, ExprKind::String(_) | ExprKind::Null)) {
                found.extend(branches.map(|branch| branch.span));
            }
        }
        expr.children().into_iter().for_each(|child| in_expression(child, found));
    }
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => in_expression(&attribute.value, found),
            Item::Block(block) => branches(&block.body, found),
        }
    }
}
