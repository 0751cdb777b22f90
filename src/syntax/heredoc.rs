//! Guards against two misreadings of hcl-edit 0.10.0, which both show in a heredoc's span: `EOF # x` inside a heredoc
//! ends it early, and an empty heredoc followed by another with the same marker swallows what is between.

use super::hcl::HclError;
use super::tree::{Body, Expr, ExprKind, Item};
use crate::source::SourceFile;

/// Checks that every heredoc ends where Terraform ends it: at the first line that is nothing but the marker.
///
/// # Errors
/// The first heredoc for which that does not hold.
pub(super) fn check(file: &SourceFile, body: &Body) -> Result<(), HclError> {
    body.items.iter().try_for_each(|item| match item {
        Item::Attribute(attribute) => check_expr(file, &attribute.value),
        Item::Block(block) => check(file, &block.body),
    })
}

fn check_expr(file: &SourceFile, expr: &Expr) -> Result<(), HclError> {
    if matches!(expr.kind, ExprKind::Heredoc(_)) && !ends_at_marker(file, expr) {
        let message = "this heredoc holds a line that starts with its own end marker, which cannot be read reliably";
        return Err(HclError { at: expr.span.start, message: message.to_owned() });
    }
    expr.children().into_iter().try_for_each(|child| check_expr(file, child))
}

fn ends_at_marker(file: &SourceFile, heredoc: &Expr) -> bool {
    let mut lines = file.slice(heredoc.span).lines();
    let marker = lines.next().unwrap_or_default().trim_start_matches("<<").trim_start_matches('-').trim();
    let rest_of_line = file.text()[heredoc.span.end..].lines().next().unwrap_or_default();
    lines.next_back().is_some_and(|last| last.trim() == marker)
        && lines.all(|line| line.trim() != marker)
        && rest_of_line.trim().is_empty()
}
