//! Questions to an expression.

use super::{Expr, ExprKind, Step, TemplatePart};

impl Expr {
    /// The expression inside any parentheses.
    #[must_use]
    pub fn unparenthesised(&self) -> &Expr {
        match &self.kind {
            ExprKind::Paren(inner) => inner.unparenthesised(),
            _ => self,
        }
    }

    /// Whether it is a name with attributes or literal indices behind it. As the key of an object, out of parentheses, that
    /// is an error to Terraform.
    ///
    /// Source: hashicorp/hcl, `hclsyntax/expression.go`, `ObjectConsKeyExpr.Value`.
    #[must_use]
    pub fn is_plain_reference(&self) -> bool {
        let ExprKind::Traversal(root, steps) = &self.kind else { return false };
        let is_plain = |step: &Step| match step {
            Step::Attr(_) => true,
            Step::Index(index) => matches!(index.kind, ExprKind::Number(_) | ExprKind::String(_)),
            Step::Splat | Step::ListOf(_) => false,
        };
        matches!(root.kind, ExprKind::Variable(_)) && steps.iter().all(is_plain)
    }

    /// Whether the expression refers to anything outside of itself.
    #[must_use]
    pub fn refers(&self) -> bool {
        matches!(self.kind, ExprKind::Variable(_) | ExprKind::Traversal(..))
            || self.children().into_iter().any(Self::refers)
    }

    /// The expressions directly inside this one, in source order.
    #[must_use]
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::String(_)
            | ExprKind::Variable(_)
            | ExprKind::Unread(_) => Vec::new(),
            ExprKind::Template(parts) | ExprKind::Heredoc(parts) => parts
                .iter()
                .flat_map(|part| match part {
                    TemplatePart::Literal(..) => Vec::new(),
                    TemplatePart::Interpolation(expr) => vec![expr],
                    TemplatePart::If { condition, yes, no, .. } => {
                        [Some(condition), Some(yes), no.as_ref()].into_iter().flatten().collect()
                    }
                    TemplatePart::For(part) => vec![&part.each.collection, &part.each.value],
                })
                .collect(),
            ExprKind::Array(items) => items.iter().collect(),
            ExprKind::Object(items) => items.iter().flat_map(|item| [&item.key, &item.value]).collect(),
            ExprKind::Traversal(root, steps) => std::iter::once(&**root).chain(Step::indices(steps)).collect(),
            ExprKind::Call { args, .. } => args.iter().collect(),
            ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => vec![inner],
            ExprKind::Conditional(cond, yes, no) => vec![cond, yes, no],
            ExprKind::Binary(left, _, right) => vec![left, right],
            ExprKind::For(expr) => [Some(&expr.collection), expr.key.as_ref(), Some(&expr.value), expr.cond.as_ref()]
                .into_iter()
                .flatten()
                .collect(),
        }
    }
}

impl Step {
    /// The expressions in the brackets of steps.
    fn indices<'e>(steps: &'e [Self]) -> Vec<&'e Expr> {
        let own = |step: &'e Self| match step {
            Self::Index(expr) => vec![expr],
            Self::Attr(_) | Self::Splat => Vec::new(),
            Self::ListOf(steps) => Self::indices(steps),
        };
        steps.iter().flat_map(own).collect()
    }
}
