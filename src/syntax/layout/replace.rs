//! Replaces the value of an attribute, and removes an element from a list.

use super::super::scan::{TokenKind, scan};
use super::align::columns;
use super::trial::Window;
use crate::source::{SourceFile, Span, Splice};
use crate::syntax::tree::{Body, Expr, ExprKind};

/// The splices that put texts in the place of expressions of `body`, given by their spans in source order.
///
/// Where a value's width changes, a trailing comment keeps its column as far as its padding allows; lines that
/// `terraform fmt` would now align anew are aligned if they were straight before, and else left alone.
pub(super) fn replace_expressions(file: &SourceFile, body: &Body, changes: &[(Span, String)]) -> Vec<Splice> {
    let mut splices: Vec<Splice> = changes.iter().map(|(span, text)| Splice::new(*span, text)).collect();
    let (Some(first), Some(last)) = (changes.first(), changes.last()) else { return splices };
    let window = Window::near(file, body, Span::new(first.0.start, last.0.end));
    let realigned = window.realign(&splices).unwrap_or_default();
    if realigned.is_empty() {
        let padding: Vec<Splice> = splices.iter().filter_map(|primary| absorb(file, &window, primary)).collect();
        splices.extend(padding);
    } else {
        splices.extend(realigned);
    }
    splices.sort();
    splices
}

/// The expression without the parentheses that hold a comment beside it, which stay where it is replaced.
pub(super) fn behind_comments<'e>(file: &SourceFile, expr: &'e Expr) -> &'e Expr {
    let is_comment = |kind| matches!(kind, TokenKind::LineComment | TokenKind::BlockComment);
    match &expr.kind {
        ExprKind::Paren(inner) if scan(file.text(), expr.span).iter().any(|token| is_comment(token.kind)) => {
            behind_comments(file, inner)
        }
        _ => expr,
    }
}

/// The change of a trailing comment's padding that keeps the comment in its column, where the alignment rules have
/// nothing to say because the lines around were not straight anyway.
fn absorb(file: &SourceFile, window: &Window, primary: &Splice) -> Option<Splice> {
    let old = file.slice(primary.span);
    let (before, after) = (columns(old), columns(&primary.replacement));
    let gap = window.crooked_comment_gap(primary)?;
    let have = file.slice(gap);
    if old.contains('\n') || have.is_empty() || have.bytes().any(|byte| byte != b' ') {
        return None;
    }
    let want = if after >= before {
        have.len().saturating_sub(after - before).max(1)
    } else if have.len() == 1 {
        1
    } else {
        have.len() + (before - after)
    };
    (want != have.len()).then(|| Splice::new(gap, " ".repeat(want)))
}

/// The splice that removes element `index` from a list expression; `None` where a comment stands in the way.
///
/// # Panics
/// If the list has no such element.
pub(super) fn remove_element(file: &SourceFile, list: &Expr, elements: &[Expr], index: usize) -> Option<Splice> {
    let item = elements[index].span;
    if elements.len() == 1 {
        let inside = Span::new(list.span.start + 1, list.span.end - 1);
        return uncommented(file, inside);
    }
    let line = file.line_span(file.line_of(item.start));
    if file.slice(Span::new(line.start, item.start)).trim().is_empty() && item.end <= line.end {
        let rest = file.slice(Span::new(item.end, line.end)).trim();
        let (comma, rest) = rest.strip_prefix(',').map_or((false, rest), |rest| (true, rest.trim()));
        if is_comment(rest) {
            // It speaks of the element, and must not be left to speak of another.
            return None;
        }
        let takes_its_comma = comma || index + 1 == elements.len();
        if rest.is_empty() && takes_its_comma && line.end < file.text().len() {
            let next_line = file.line_span(file.line_of(item.start) + 1).start;
            return Some(Splice::new(Span::new(line.start, next_line), ""));
        }
    }
    match elements.get(index + 1) {
        Some(next) => uncommented(file, Span::new(item.start, next.span.start)),
        None => uncommented(file, Span::new(elements[index - 1].span.end, item.end)),
    }
}

/// Deletes a span that holds no comment.
fn uncommented(file: &SourceFile, span: Span) -> Option<Splice> {
    let text = file.slice(span);
    let marks = ["#", "//", "/*"];
    marks.iter().all(|mark| !text.contains(mark)).then(|| Splice::new(span, ""))
}

fn is_comment(text: &str) -> bool {
    ["#", "//", "/*"].iter().any(|mark| text.starts_with(mark))
}
