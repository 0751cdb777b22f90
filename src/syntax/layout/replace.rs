//! Replaces the value of an attribute, and removes an element from a list.

use super::align::columns;
use super::trial::Window;
use crate::source::{SourceFile, Span, Splice};
use crate::syntax::tree::{Block, Body, Expr};

/// The splices that put `text` in the place of an expression in `block`, a top-level block of `body`.
///
/// Where the value's width changes, a trailing comment keeps its column as far as its padding allows; lines that
/// `terraform fmt` would now align anew are aligned if they were straight before, and else left alone.
pub(super) fn replace_expression(
    file: &SourceFile,
    body: &Body,
    block: &Block,
    expr: &Expr,
    text: &str,
) -> Vec<Splice> {
    let window = Window::new(file, body, block);
    let primary = Splice::new(expr.span, text);
    let mut splices = vec![primary.clone()];
    let realigned = window.realign(&splices).unwrap_or_default();
    if realigned.is_empty() {
        splices.extend(absorb(file, &window, &primary));
    } else {
        splices.extend(realigned);
    }
    splices.sort();
    splices
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
