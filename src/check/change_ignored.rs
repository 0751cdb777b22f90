//! `lifecycle.ignore_changes`: Terraform then leaves the argument of existing instances as it is, so that a fix in the
//! code does not reach them.
//!
//! Source: Terraform language, the `lifecycle` meta-argument. Besides `all` and names, the deprecated forms `["*"]` and
//! quoted names are accepted.

use super::fixes::fix;
use super::notebook::Notebook;
use super::verdict::Verdict;
use crate::control;
use crate::fix::{Applicability, Intent};
use crate::model::overrides::Placed;
use crate::rules::Rule;
use crate::source::{Location, Span};
use crate::syntax::layout::remove_element;
use crate::syntax::tree::{Expr, ExprKind};

impl Notebook<'_, '_, '_> {
    /// The verdict on `ignore_changes`, if it covers the argument.
    pub(super) fn change_ignored(&self, on_value: &Verdict) -> Option<Verdict> {
        let Placed { file, node: attribute } = self.resource.ignore_changes()?;
        let list = attribute.value.unparenthesised();
        let verdict = |what: &str, advice: String, fix, span: Span| Verdict {
            rule: Some(Rule::ChangeIgnored),
            message: format!(
                "lifecycle.ignore_changes {what}, so Terraform leaves {} of existing instances as it is{advice}",
                control::ATTRIBUTE
            ),
            fix,
            fallback: None,
            anchor: Location { file, span },
            values: on_value.values.clone(),
            instances: on_value.instances.clone(),
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
        // Named twice, it is left to a person: taking out one would change nothing. So it is with an override, whose
        // list, once empty, gives way to the one before it.
        let once = named.next().is_none() && (elements.len() > 1 || self.resource.overrides.is_empty());
        let splice = once.then(|| remove_element(self.source(file), list, elements, index)).flatten();
        let removal = splice.filter(|_| self.scope.may_edit(file)).map(|splice| {
            let title = format!("remove {} from ignore_changes", control::ATTRIBUTE);
            let intent = Intent::Remove { element: elements[index].span };
            fix(title, Applicability::Unsafe, file, intent, vec![splice])
        });
        let why_not = if self.scope.may_edit(file) { String::new() } else { self.hindered(&[file].into()) };
        Some(verdict("names it", why_not, removal, elements[index].span))
    }
}

/// The name an element of `ignore_changes` stands for.
fn name(expr: &Expr) -> Option<&str> {
    match &expr.unparenthesised().kind {
        ExprKind::Variable(name) | ExprKind::String(name) => Some(name),
        _ => None,
    }
}
