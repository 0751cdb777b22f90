//! Inserts an attribute into a block.
//!
//! The line goes after the last argument of the last group of arguments that is wide enough to take it, padded to the
//! group's column; else it becomes a group of its own, a blank line apart. Nested blocks and `depends_on` stay
//! behind it. When that place would disturb an alignment that `terraform fmt` is content with (a closing brace with an
//! aligned trailing comment, say), the next place that does not is taken.

use super::align::{Line, columns};
use super::trial::Window;
use crate::source::{SourceFile, Span, Splice};
use crate::syntax::tree::{Attribute, Block, Body, Item};

/// Indentation of a block's contents where the file shows none.
const DEFAULT_INDENT: &str = "  ";

/// The splices that insert `key = value` into `block`, a top-level block of `body`.
pub(super) fn insert_attribute(file: &SourceFile, body: &Body, block: &Block, key: &str, value: &str) -> Vec<Splice> {
    let window = Window::new(file, body, block.span);
    let inserter = Inserter { file, block, key, value, indent: indent(file, body, block), window };
    let candidates = inserter.candidates();
    let undisturbed = candidates.iter().find(|change| inserter.window.realign(change).is_some_and(|f| f.is_empty()));
    if let Some(change) = undisturbed {
        return change.clone();
    }
    // No place leaves everything straight: take the best one and straighten what it bends.
    let Some(mut change) = candidates.into_iter().next() else { return Vec::new() };
    change.extend(inserter.window.realign(&change).unwrap_or_default());
    change.sort();
    change
}

struct Inserter<'a> {
    file: &'a SourceFile,
    block: &'a Block,
    key: &'a str,
    value: &'a str,
    indent: String,
    window: Window<'a>,
}

/// Consecutive lines with one argument of the block each.
struct Group {
    /// Indices into the window's lines, ascending.
    lines: Vec<usize>,
    /// White space before and after the `=` of the inserted line; `None` if the line does not fit.
    style: Option<(String, String)>,
}

impl Inserter<'_> {
    /// The possible changes, best first.
    fn candidates(&self) -> Vec<Vec<Splice>> {
        let newlines = self.line_index(self.block.close) > self.line_index(self.block.open);
        if !newlines {
            return vec![self.open_up()];
        }
        let arguments = self.arguments();
        let Some(last) = arguments.last() else {
            return vec![self.without_arguments()];
        };

        let groups = self.groups(&arguments);
        let mut changes = Vec::new();
        for group in groups.iter().rev() {
            changes.extend(group.style.iter().map(|style| self.after_line(group.lines[group.lines.len() - 1], style)));
        }
        for group in groups.iter().rev() {
            let Some(style) = &group.style else { continue };
            changes.extend(group.lines.iter().rev().skip(1).map(|&line| self.after_line(line, style)));
            changes.extend(group.lines.first().map(|&line| self.before_line(line, style)));
        }
        let style = self.own_style(&arguments);
        let eol = self.file.line_ending_at(last.span.start);
        let line = self.line(&style, eol);
        let after = self.window.lines[self.line_index(last.span.end)].span.end;
        changes.push(vec![Splice::new(Span::empty(after), format!("{eol}{line}"))]);
        let top = self.window.lines[self.line_index(self.block.open)].span.end;
        changes.push(vec![Splice::new(Span::empty(top), format!("{line}{eol}"))]);
        changes.push(vec![Splice::new(Span::empty(after), format!("{eol}{line}{eol}"))]);
        changes.push(vec![Splice::new(Span::empty(top), format!("{eol}{line}{eol}"))]);
        changes
    }

    fn line_index(&self, at: usize) -> usize {
        self.window.line_at(at)
    }

    /// The block's own arguments before its nested blocks and `depends_on`; all of them if none stands there.
    fn arguments(&self) -> Vec<&Attribute> {
        let own = |attribute: &&Attribute| attribute.key.text != "depends_on";
        let barrier = self.block.body.items.iter().find(|item| match item {
            Item::Block(_) => true,
            Item::Attribute(attribute) => attribute.key.text == "depends_on",
        });
        let barrier = barrier.map_or(self.block.close, |item| item.span().start);
        let before: Vec<&Attribute> =
            self.block.body.attributes().filter(own).filter(|attribute| attribute.span.start < barrier).collect();
        if before.is_empty() { self.block.body.attributes().filter(own).collect() } else { before }
    }

    /// The groups of the block's arguments, in source order.
    fn groups(&self, arguments: &[&Attribute]) -> Vec<Group> {
        let lines: Vec<(usize, &Attribute)> = arguments
            .iter()
            .map(|attribute| (self.line_index(attribute.span.start), *attribute))
            .filter(|&(index, _)| self.window.lines[index].assign.is_some())
            .collect();
        let consecutive = lines.chunk_by(|(a, _), (b, _)| a + 1 == *b);
        consecutive
            .map(|chunk| Group { lines: chunk.iter().map(|(index, _)| *index).collect(), style: self.style(chunk) })
            .collect()
    }

    /// The white space around `=` that makes the inserted line one of the group; `None` if the group is too narrow.
    fn style(&self, group: &[(usize, &Attribute)]) -> Option<(String, String)> {
        let text = self.window.text;
        let gaps: Vec<&str> = group.iter().map(|(index, _)| self.gap(*index)).collect();
        let key_width = columns(self.key);
        let column = |&(index, _): &(usize, &Attribute)| {
            let line = &self.window.lines[index];
            let gap_end = line.assign.map_or(line.span.start, |cell| cell.gap.end);
            columns(&text[line.span.start..gap_end])
        };
        let spaced = |line: usize| {
            let gap = self.gap(line);
            !gap.is_empty() && gap.bytes().all(|byte| byte == b' ')
        };
        // In a group that is not straight throughout, the lines next to the new one set the example.
        let last = column(&group[group.len() - 1]);
        let straight = group.iter().rev().take_while(|member| column(member) == last && spaced(member.0)).count();
        let padded = group.iter().rev().take(straight).any(|(index, _)| self.gap(*index).len() > 1);
        let padding = last.checked_sub(columns(&self.indent) + key_width).filter(|padding| *padding > 0);
        let before = if straight == group.len() {
            " ".repeat(padding?)
        } else if let Some(padding) = padding.filter(|_| padded) {
            " ".repeat(padding)
        } else {
            let widest = group.iter().map(|(_, attribute)| columns(&attribute.key.text)).max().unwrap_or(0);
            if widest < key_width {
                return None;
            }
            let tabbed = gaps.iter().all(|gap| gap.starts_with('\t'));
            let alike = |(_, attribute): &&(usize, &Attribute)| columns(&attribute.key.text).abs_diff(key_width);
            match group.iter().min_by_key(alike) {
                // With tabs, the gap that leads to the same column is that of a name about as long.
                Some((index, _)) if tabbed => self.gap(*index).to_owned(),
                _ => same(&gaps).unwrap_or(" ").to_owned(),
            }
        };
        Some((before, self.space_after_equals(group.iter().map(|(_, attribute)| *attribute))))
    }

    /// The white space around `=` for a line that stands alone: that of the neighbours without their padding.
    fn own_style(&self, arguments: &[&Attribute]) -> (String, String) {
        let bytes = self.window.text.as_bytes();
        let tight = arguments.iter().all(|attribute| bytes[attribute.key.span.end] == b'=');
        let before = if tight { "" } else { " " };
        (before.to_owned(), self.space_after_equals(arguments.iter().copied()))
    }

    fn gap(&self, line: usize) -> &str {
        self.window.lines[line].assign.map_or("", |cell| &self.window.text[cell.gap.range()])
    }

    fn space_after_equals<'b>(&self, attributes: impl Iterator<Item = &'b Attribute>) -> String {
        let spaces: Vec<&str> = attributes
            .filter_map(|attribute| {
                let between = &self.window.text[attribute.key.span.end..attribute.value.span.start];
                let (_, after) = between.split_once('=')?;
                after.trim().is_empty().then_some(after)
            })
            .collect();
        same(&spaces).unwrap_or(" ").to_owned()
    }

    fn line(&self, (before, after): &(String, String), eol: &str) -> String {
        format!("{}{}{before}={after}{}{eol}", self.indent, self.key, self.value)
    }

    fn after_line(&self, index: usize, style: &(String, String)) -> Vec<Splice> {
        let line: &Line = &self.window.lines[index];
        let eol = self.file.line_ending_at(line.span.end - 1);
        vec![Splice::new(Span::empty(line.span.end), self.line(style, eol))]
    }

    fn before_line(&self, index: usize, style: &(String, String)) -> Vec<Splice> {
        let line: &Line = &self.window.lines[index];
        let eol = self.file.line_ending_at(line.span.start);
        vec![Splice::new(Span::empty(line.span.start), self.line(style, eol))]
    }

    /// A block over several lines that has nested blocks, `depends_on`, comments or nothing at all.
    fn without_arguments(&self) -> Vec<Splice> {
        let eol = self.file.line_ending_at(self.block.open);
        let line = self.line(&(" ".to_owned(), " ".to_owned()), eol);
        if self.block.body.items.is_empty() {
            // After the comments, if there are any: they are more likely to speak of the block than of this line.
            let closing = &self.window.lines[self.line_index(self.block.close)];
            return vec![Splice::new(Span::empty(closing.span.start), line)];
        }
        let top = self.window.lines[self.line_index(self.block.open)].span.end;
        let next_is_blank = self.window.lines.get(self.line_index(self.block.open) + 1).is_some_and(|line| line.blank);
        let apart = if next_is_blank { "" } else { eol };
        vec![Splice::new(Span::empty(top), format!("{line}{apart}"))]
    }

    /// A block on one line: its braces move to lines of their own, what is between them keeps its bytes.
    fn open_up(&self) -> Vec<Splice> {
        let text = self.window.text;
        let eol = self.file.line_ending_at(self.block.open);
        let inside = Span::new(self.block.open + 1, self.block.close);
        let content = text[inside.range()].trim();
        let base = base_indent(self.file, self.block.span.start);
        let argument = self.block.body.attributes().next();
        let padding = argument.map(|argument| columns(&argument.key.text).checked_sub(columns(self.key)));
        let (apart, padding) = match padding {
            Some(None) => (eol, 1),
            Some(Some(extra)) => ("", extra + 1),
            None => ("", 1),
        };
        let line = self.line(&(" ".repeat(padding), " ".to_owned()), eol);
        if content.is_empty() {
            return vec![Splice::new(inside, format!("{eol}{line}{base}"))];
        }
        let start = inside.start + text[inside.range()].find(content).unwrap_or(0);
        let end = start + content.len();
        vec![
            Splice::new(Span::new(inside.start, start), format!("{eol}{}", self.indent)),
            Splice::new(Span::new(end, inside.end), format!("{eol}{apart}{line}{base}")),
        ]
    }
}

/// The value that all elements share.
fn same<'a>(texts: &[&'a str]) -> Option<&'a str> {
    let first = texts.first()?;
    texts.iter().all(|text| text == first).then_some(first)
}

/// The white space at the start of the line that byte `at` stands on.
fn base_indent(file: &SourceFile, at: usize) -> &str {
    let line = file.slice(file.line_span(file.line_of(at))).trim_start_matches(crate::source::BOM);
    &line[..line.len() - line.trim_start().len()]
}

/// The indentation of a block's contents: as its own first item has it, else as another block of the file has it, else
/// two spaces more than the block.
fn indent(file: &SourceFile, body: &Body, block: &Block) -> String {
    let own = block.body.items.iter().find_map(|item| item_indent(file, item.span().start));
    own.map_or_else(
        || {
            let unit = body.blocks().find_map(|other| {
                let inner = other.body.items.iter().find_map(|item| item_indent(file, item.span().start))?;
                inner.strip_prefix(base_indent(file, other.span.start)).filter(|unit| !unit.is_empty())
            });
            format!("{}{}", base_indent(file, block.span.start), unit.unwrap_or(DEFAULT_INDENT))
        },
        str::to_owned,
    )
}

/// The white space before byte `at`, if nothing else stands before it on its line.
fn item_indent(file: &SourceFile, at: usize) -> Option<&str> {
    let before = file.slice(Span::new(file.line_span(file.line_of(at)).start, at));
    before.trim().is_empty().then_some(before)
}
