//! `lifecycle.ignore_changes`: Terraform then leaves the argument of existing instances as it is, so that a fix in the
//! code does not reach them.
//!
//! Source: Terraform language, the `lifecycle` meta-argument. Besides `all` and names, the deprecated forms `["*"]` and
//! quoted names are accepted.

use super::{Checker, Verdict};
use crate::control;
use crate::finding::Rule;
use crate::fix::Applicability;
use crate::source::Span;
use crate::syntax::layout::remove_element;
use crate::syntax::tree::{Expr, ExprKind};

impl Checker<'_> {
    /// The verdict on `ignore_changes`, if it covers the argument.
    pub(super) fn change_ignored(&self) -> Option<Verdict> {
        let attribute =
            self.block.body.blocks_of("lifecycle").find_map(|block| block.body.attribute("ignore_changes"))?;
        let list = attribute.value.unparenthesised();
        let verdict = |what: &str, advice: String, fix, anchor: Span| Verdict {
            rule: Some(Rule::ChangeIgnored),
            message: format!(
                "lifecycle.ignore_changes {what}, so Terraform leaves {} of existing instances as it is{advice}",
                control::ATTRIBUTE
            ),
            fix,
            anchor,
        };
        let covers_all = || {
            let advice = format!("; list the arguments to ignore instead, without {}", control::ATTRIBUTE);
            verdict("is all", advice, None, attribute.span)
        };
        let ExprKind::Array(elements) = &list.kind else {
            return (name(list)? == "all").then(covers_all);
        };
        if elements.iter().any(|element| name(element) == Some("*")) {
            return Some(covers_all());
        }
        let mut named = (0..elements.len()).filter(|&index| name(&elements[index]) == Some(control::ATTRIBUTE));
        let index = named.next()?;
        // Named twice, it is left to a person: taking out one would change nothing.
        let splice = if named.next().is_none() { remove_element(self.file, list, elements, index) } else { None };
        let fix = splice.map(|splice| {
            let title = format!("remove {} from ignore_changes", control::ATTRIBUTE);
            self.fix(title, Applicability::Unsafe, vec![splice])
        });
        Some(verdict("names it", String::new(), fix, elements[index].span))
    }
}

/// The name an element of `ignore_changes` stands for.
fn name(expr: &Expr) -> Option<&str> {
    match &expr.unparenthesised().kind {
        ExprKind::Variable(name) | ExprKind::String(name) => Some(name),
        _ => None,
    }
}
