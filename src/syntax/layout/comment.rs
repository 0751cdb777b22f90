//! Puts a comment on a block.

use crate::source::{SourceFile, Span, Splice};
use crate::syntax::tree::Block;

/// The splice that puts `text` as a comment on a line of its own directly above `block`, a top-level block, with the
/// block's indentation and line end.
pub(super) fn insert_comment(file: &SourceFile, block: &Block, text: &str) -> Splice {
    let line = file.line_span(file.line_of(block.span.start));
    let start = line.start.max(file.content_start());
    let before = file.slice(Span::new(start, block.span.start));
    let indent = &before[..before.len() - before.trim_start().len()];
    let end = file.line_ending_at(block.span.start);
    Splice::new(Span::empty(start), format!("{indent}# {text}{end}"))
}
