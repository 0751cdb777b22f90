//! Guards against what hcl-edit 0.10.0 reads in another way than Terraform does.
//!
//! Two misreadings show in a heredoc's span: `EOF # x` inside a heredoc ends it early, and an empty heredoc followed by
//! another with the same marker swallows what is between. A third is a quoted string that goes on past the end of its
//! line, which Terraform refuses: a forgotten quote would hide the blocks up to the next one.

use super::hcl::HclError;
use super::scan::{Token, TokenKind, scan};
use super::tree::{Body, Expr, ExprKind, Item, TemplatePart};
use crate::source::{SourceFile, Span};

const OPEN_QUOTE: &str = "a quoted string must end on the line it starts on";

/// Checks that every heredoc ends where Terraform ends it, at the first line that is nothing but the marker, and that
/// no quoted text holds a line end.
///
/// # Errors
/// The first place for which that does not hold.
pub(super) fn check(file: &SourceFile, body: &Body) -> Result<(), HclError> {
    body.items.iter().try_for_each(|item| match item {
        Item::Attribute(attribute) => check_expr(file, &attribute.value),
        Item::Block(block) => {
            block.labels.iter().try_for_each(|label| check_quoted(file, label.span))?;
            check(file, &block.body)
        }
    })
}

fn check_expr(file: &SourceFile, expr: &Expr) -> Result<(), HclError> {
    match &expr.kind {
        ExprKind::String(_) => check_quoted(file, expr.span)?,
        ExprKind::Template(parts) => parts.iter().try_for_each(|part| match part {
            TemplatePart::Literal(_, span) => check_quoted(file, *span),
            TemplatePart::Interpolation(_) | TemplatePart::Directive(..) => Ok(()),
        })?,
        ExprKind::Heredoc(_) if !ends_at_marker(file, expr) => {
            let message =
                "this heredoc holds a line that starts with its own end marker, which cannot be read reliably";
            return Err(HclError { at: expr.span.start, message: message.to_owned() });
        }
        _ => {}
    }
    // What stands between the words of a directive is a template of its own, and may be part of a heredoc.
    let directives = match &expr.kind {
        ExprKind::Template(parts) | ExprKind::Heredoc(parts) => {
            parts.iter().any(|part| matches!(part, TemplatePart::Directive(..)))
        }
        _ => false,
    };
    if directives { Ok(()) } else { expr.children().into_iter().try_for_each(|child| check_expr(file, child)) }
}

fn check_quoted(file: &SourceFile, span: Span) -> Result<(), HclError> {
    if file.slice(span).contains('\n') {
        return Err(HclError { at: span.start, message: OPEN_QUOTE.to_owned() });
    }
    Ok(())
}

/// The error of an item that is not read, at the forgotten quote if that is what is wrong: hcl-edit puts it at the start
/// of the argument.
pub(super) fn at_open_quote(file: &SourceFile, item: Span, error: HclError) -> HclError {
    let is_open = |token: &&Token| {
        let text = file.slice(token.span);
        token.kind == TokenKind::Quoted && (text.len() == 1 || !text.ends_with('"'))
    };
    let line = |at: usize| file.line_of(at);
    let tokens = scan(file.text(), item);
    match tokens.iter().find(is_open).filter(|token| line(token.span.start) == line(error.at)) {
        Some(token) => HclError { at: token.span.start, message: OPEN_QUOTE.to_owned() },
        None => error,
    }
}

fn ends_at_marker(file: &SourceFile, heredoc: &Expr) -> bool {
    let mut lines = file.slice(heredoc.span).lines();
    let marker = lines.next().unwrap_or_default().trim_start_matches("<<").trim_start_matches('-').trim();
    let rest_of_line = file.text()[heredoc.span.end..].lines().next().unwrap_or_default();
    lines.next_back().is_some_and(|last| last.trim() == marker)
        && lines.all(|line| line.trim() != marker)
        && rest_of_line.trim().is_empty()
}
