//! Where and how a change is put into the text, so that it looks as if it had always been there.
//!
//! The rules are those of the design: neighbours are never re-aligned, indentation, line ending and tabs follow the
//! neighbours, and what `terraform fmt` finds well formed stays so. To keep that last promise each change is tried
//! out on the lines around it with the alignment rules of `terraform fmt`.

mod align;
mod comment;
mod insert;
mod joint;
mod replace;
mod trial;

use super::json;
use super::tree::{Block, Body, Expr};
use crate::source::{SourceFile, Span, Splice};

/// The splices that insert `key = value` into `block`, a top-level block of `body`. None where the block has no place
/// for it, which only happens in the JSON syntax.
#[must_use]
pub fn insert_attribute(file: &SourceFile, body: &Body, block: &Block, key: &str, value: &str) -> Vec<Splice> {
    if file.kind().is_json() {
        return json::layout::insert(file, block, key, value).into_iter().collect();
    }
    insert::insert_attribute(file, body, block, key, value)
}

/// The splices that put texts in the place of expressions of `body`, given by their spans in source order.
#[must_use]
pub fn replace_expressions(file: &SourceFile, body: &Body, changes: &[(Span, String)]) -> Vec<Splice> {
    if file.kind().is_json() {
        return changes.iter().map(|(span, text)| json::layout::replace(file, *span, text)).collect();
    }
    replace::replace_expressions(file, body, changes)
}

/// An expression of the native syntax as it is written in the place of `span`: in a string of the JSON syntax, with
/// escapes.
#[must_use]
pub fn written(file: &SourceFile, span: Span, expression: &str) -> String {
    if file.kind().is_json() { json::layout::written(file, span, expression) } else { expression.to_owned() }
}

/// The splices of several fixes in one file, laid out together. `splices` are sorted, none twice; in the native syntax
/// the padding of aligned lines is computed anew.
#[must_use]
pub fn lay_out(file: &SourceFile, body: &Body, splices: Vec<Splice>) -> Vec<Splice> {
    if file.kind().is_json() { splices } else { joint::lay_out(file, body, splices) }
}

/// The part of an attribute's value to replace: all of it, but for parentheses with a comment in them.
#[must_use]
pub fn replaceable<'e>(file: &SourceFile, value: &'e Expr) -> &'e Expr {
    if file.kind().is_json() { value } else { replace::behind_comments(file, value) }
}

/// The splice that removes element `index` from a list expression; `None` where a comment stands in the way.
///
/// # Panics
/// If the list has no such element.
#[must_use]
pub fn remove_element(file: &SourceFile, list: &Expr, elements: &[Expr], index: usize) -> Option<Splice> {
    if file.kind().is_json() {
        return Some(json::layout::remove(list, elements, index));
    }
    replace::remove_element(file, list, elements, index)
}

/// The splices that put a comment on `block`, a top-level block, where it speaks of the block: on a line of its own
/// directly above, in the JSON syntax as a member. None where there is no place for it, which only happens in the JSON
/// syntax. `text` is a single line.
#[must_use]
pub fn insert_comment(file: &SourceFile, block: &Block, text: &str) -> Vec<Splice> {
    if file.kind().is_json() {
        return json::layout::insert_comment(file, block, text);
    }
    vec![comment::insert_comment(file, block, text)]
}
