//! Lays out the changes of several fixes together. Each was laid out as if it came alone; where two of them move the
//! same column of `=` or comments, only both together say where it ends up.

use super::trial::Window;
use crate::source::{SourceFile, Span, Splice};
use crate::syntax::tree::Body;

/// The splices of several fixes in one file, with the padding that keeps straight what was straight before.
///
/// `splices` are sorted by place, none twice; two of them may want different widths of the same padding.
pub(super) fn lay_out(file: &SourceFile, body: &Body, splices: Vec<Splice>) -> Vec<Splice> {
    let (alone, changes): (Vec<Splice>, Vec<Splice>) = splices.into_iter().partition(|splice| is_padding(file, splice));
    let (Some(first), Some(last), false) = (changes.first(), changes.last(), alone.is_empty()) else { return changes };
    let window = Window::new(file, body, Span::new(first.span.start, last.span.end));
    let mut padding = window.realign_each(&changes);
    // Lines that were not straight are padded one by one, as far as a change reaches.
    let straight = window.straight_gaps();
    padding.extend(alone.into_iter().filter(|splice| !straight.contains(&splice.span.start)));
    padding.sort_by_key(|splice| splice.span);
    padding.dedup_by_key(|splice| splice.span);
    padding.extend(changes);
    padding.sort();
    padding
}

/// Whether a splice does nothing but make a row of spaces longer or shorter.
fn is_padding(file: &SourceFile, splice: &Splice) -> bool {
    let spaces = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b' ');
    spaces(&splice.replacement) && spaces(file.slice(splice.span))
}
