//! Changes in JSON text: which bytes to replace by what.
//!
//! A printer of JSON never decides anything here. What a new member looks like follows the members beside it: the
//! text between the last two, the text around their colons, the indentation and line ends they have.

mod comment;

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;

use super::{document, escape, value};
pub use comment::insert_comment;

use crate::source::{BOM, SourceFile, Span, Splice};
use crate::syntax::tree::{Block, Expr};

/// The splice that puts an expression of the native syntax, such as `"Disabled"` or `false`, in the place of `span`.
///
/// As a JSON value only a literal can stand; within a string, where the expression is part of a template, its quotes
/// are escaped.
///
/// # Panics
/// If the span does not lie in this file.
#[must_use]
pub fn replace(file: &SourceFile, span: Span, expression: &str) -> Splice {
    Splice::new(span, written(file, span, expression))
}

/// An expression of the native syntax as it is written at a place.
///
/// # Panics
/// If the span does not lie in this file.
#[must_use]
pub fn written(file: &SourceFile, span: Span, expression: &str) -> String {
    let start = file.content_start();
    let within_string = escape::in_string(&file.text()[start..], span.start - start);
    if within_string { escape::escape(expression) } else { expression.to_owned() }
}

/// The splice that gives a block one more member, as its last. `value` is JSON text.
///
/// `None` where the block has no object to put a member in, or the file is not the one it was read from.
#[must_use]
pub fn insert(file: &SourceFile, block: &Block, key: &str, value: &str) -> Option<Splice> {
    let text = file.text().get(block.open..=block.close)?;
    let Ok(Value::Object(object)) = document::parse(text) else { return None };
    let inserted = match members(text, &object).as_slice() {
        [] => return insert_first(file, block, key, value),
        members => insert_after(text, members, key, value),
    };
    let last = object.properties.last()?;
    Some(Splice::new(Span::empty(block.open + last.range.end), inserted))
}

/// The splice that removes element `index` from a list, with the comma before or behind it.
///
/// # Panics
/// If the list has no such element.
#[must_use]
pub fn remove(list: &Expr, elements: &[Expr], index: usize) -> Splice {
    let item = elements[index].span;
    let span = match (index.checked_sub(1), elements.get(index + 1)) {
        (_, Some(next)) => Span::new(item.start, next.span.start),
        (Some(previous), None) => Span::new(elements[previous].span.end, item.end),
        (None, None) => Span::new(list.span.start + 1, list.span.end - 1),
    };
    Splice::new(span, "")
}

/// One member of an object: its text in pieces.
struct Member<'t> {
    /// White space and comma in front of the key, from the value before or the opening brace on.
    gap: &'t str,
    /// Colon and white space between key and value.
    colon: &'t str,
}

fn members<'t>(text: &'t str, object: &Object) -> Vec<Member<'t>> {
    let mut before = 1;
    let member = |property: &jsonc_parser::ast::ObjectProp| {
        let key = value::key(property).range;
        let gap = &text[before..key.start];
        before = property.range.end;
        Member { gap, colon: &text[key.end..property.value.start()] }
    };
    object.properties.iter().map(member).collect()
}

/// A member behind the others, with what separates the last from the one before it.
fn insert_after(text: &str, members: &[Member], key: &str, value: &str) -> String {
    let last = &members[members.len() - 1];
    let colon = narrow(last.colon);
    let gap = match members {
        // The text behind the opening brace says how the members stand, but has no comma.
        [only] => match last_line(only.gap) {
            Some(line) => format!(",{line}"),
            None if colon.ends_with(' ') || text[1..].starts_with(' ') => ", ".to_owned(),
            None => ",".to_owned(),
        },
        _ => separator(last.gap),
    };
    format!("{gap}\"{key}\"{colon}{value}")
}

/// The first member of an empty object.
fn insert_first(file: &SourceFile, block: &Block, key: &str, value: &str) -> Option<Splice> {
    let inside = Span::new(block.open + 1, block.close);
    let blank = file.slice(inside);
    let colon = narrow(colon_after(file, block.kind.span)?);
    let member = format!("\"{key}\"{colon}{value}");
    let unit = indent_unit(file);
    let opens = blank.contains('\n') || blank.is_empty() && unit.is_some() && stands_alone(file, block);
    let replacement = if opens {
        let (end, unit) = (file.line_ending_at(block.open), unit.unwrap_or_default());
        let outer = line_indent(file, block.close);
        format!("{end}{outer}{unit}{member}{end}{outer}")
    } else {
        // `{ }` keeps its blank on both sides.
        format!("{blank}{member}{blank}")
    };
    Some(Splice::new(inside, replacement))
}

/// Whether an object has its lines to itself, but for its own key and a comma: then it can be opened up.
fn stands_alone(file: &SourceFile, block: &Block) -> bool {
    let line = file.line_span(file.line_of(block.open));
    let before = file.slice(Span::new(line.start, block.open)).trim_start_matches(BOM).trim_start();
    let key = block.labels.last().unwrap_or(&block.kind).span;
    let after = file.slice(Span::new(block.close + 1, line.end.max(block.close + 1)));
    (before.is_empty() || block.open - before.len() == key.start) && matches!(after.trim(), "" | ",")
}

/// The white space that one level of the file is indented by: that of its first indented line. `None` in a file on
/// one line, or without indentation.
fn indent_unit(file: &SourceFile) -> Option<&str> {
    let indents = (1..=file.line_count()).map(|line| leading_blank(file.slice(file.line_span(line))));
    indents.into_iter().find(|indent| !indent.is_empty())
}

/// The indentation of the line that byte `at` stands on.
fn line_indent(file: &SourceFile, at: usize) -> &str {
    leading_blank(file.slice(file.line_span(file.line_of(at))))
}

fn leading_blank(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The colon behind a key, with the white space around it.
fn colon_after(file: &SourceFile, key: Span) -> Option<&str> {
    let rest = file.text().get(key.end..)?;
    let after = rest.trim_start().strip_prefix(':')?.trim_start();
    Some(&rest[..rest.len() - after.len()])
}

/// The text around a colon without what aligns it or breaks the line.
fn narrow(colon: &str) -> &'static str {
    let broken = colon.contains('\n');
    match (colon.starts_with(':') || broken, colon.ends_with(':') && !broken) {
        (true, true) => ":",
        (true, false) => ": ",
        (false, true) => " :",
        (false, false) => " : ",
    }
}

/// The text between two members without blank lines.
fn separator(gap: &str) -> String {
    let (before, after) = gap.split_once(',').unwrap_or(("", gap));
    format!("{},{}", last_line(before).unwrap_or(before), last_line(after).unwrap_or(after))
}

/// The last line end in white space and what follows it.
fn last_line(blank: &str) -> Option<&str> {
    let newline = blank.rfind('\n')?;
    let start = newline - usize::from(blank[..newline].ends_with('\r'));
    Some(&blank[start..])
}

#[cfg(test)]
mod tests;
