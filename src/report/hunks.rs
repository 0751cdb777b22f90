//! The difference of two texts as hunks of lines.
//!
//! A line ends with `\n` and nothing else, as in a patch: a lone carriage return is a character of its line. The
//! texts are whatever they are; no byte of a line is lost.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// The change of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// It stays.
    Context,
    /// It goes.
    Removed,
    /// It comes.
    Added,
}

impl Change {
    /// The first character of the line in a unified diff.
    pub(super) const fn mark(self) -> char {
        match self {
            Self::Context => ' ',
            Self::Removed => '-',
            Self::Added => '+',
        }
    }
}

/// Changes that stand so close together that their context touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hunk<'a> {
    /// 0-based lines of the old text.
    old: Range<usize>,
    /// 0-based lines of the new text.
    new: Range<usize>,
    /// The byte of the old text that it starts at.
    pub(super) start: usize,
    /// The lines with their line ends, removed ones before added ones.
    pub(super) lines: Vec<(Change, &'a str)>,
}

impl Hunk<'_> {
    /// The ranges as the head of a hunk writes them, such as `-3,6 +3,7`.
    pub(super) fn ranges(&self) -> String {
        format!("-{} +{}", shown(&self.old), shown(&self.new))
    }
}

/// A range of lines in the notation of a unified diff: 1-based, the length left out where it is 1, and an empty
/// range named by the line in front of it.
fn shown(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        length => format!("{},{length}", range.start + 1),
    }
}

/// The hunks that turn `old` into `new`, with up to `context` unchanged lines around each change.
pub(super) fn hunks<'a>(old: &'a str, new: &'a str, context: usize) -> Vec<Hunk<'a>> {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let changes: Vec<DiffOp> = capture_diff_slices(Algorithm::Myers, &old, &new)
        .into_iter()
        .filter(|operation| !matches!(operation, DiffOp::Equal { .. }))
        .collect();
    let mut hunks: Vec<Hunk<'a>> = Vec::new();
    let (mut line, mut byte) = (0, 0);
    let mut rest = &changes[..];
    while !rest.is_empty() {
        let gap = |pair: &[DiffOp]| pair[1].old_range().start - pair[0].old_range().end;
        let apart = |pair: &[DiffOp]| gap(pair) > context.saturating_mul(2);
        let length = rest.windows(2).position(apart).map_or(rest.len(), |last| last + 1);
        let (group, later) = rest.split_at(length);
        let hunk = hunk(group, &old, &new, context);
        byte += old[line..hunk.old.start].iter().map(|line| line.len()).sum::<usize>();
        line = hunk.old.start;
        hunks.push(Hunk { start: byte, ..hunk });
        rest = later;
    }
    hunks
}

/// One hunk of neighbouring changes, of which there is at least one.
fn hunk<'a>(changes: &[DiffOp], old: &[&'a str], new: &[&'a str], context: usize) -> Hunk<'a> {
    let (first, last) = (&changes[0], &changes[changes.len() - 1]);
    let before = context.min(first.old_range().start);
    let after = context.min(old.len() - last.old_range().end);
    let mut at = first.old_range().start - before;
    let whole = Hunk {
        old: at..last.old_range().end + after,
        new: first.new_range().start - before..last.new_range().end + after,
        start: 0,
        lines: Vec::new(),
    };
    let mut lines = Vec::new();
    for change in changes {
        lines.extend(old[at..change.old_range().start].iter().map(|line| (Change::Context, *line)));
        lines.extend(old[change.old_range()].iter().map(|line| (Change::Removed, *line)));
        lines.extend(new[change.new_range()].iter().map(|line| (Change::Added, *line)));
        at = change.old_range().end;
    }
    lines.extend(old[at..whole.old.end].iter().map(|line| (Change::Context, *line)));
    Hunk { lines, ..whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(old: &str, new: &str, context: usize) -> Vec<String> {
        hunks(old, new, context).iter().map(Hunk::ranges).collect()
    }

    #[test]
    fn changes_join_when_their_context_touches() {
        let old = "a\nb\nc\nd\ne\nf\n";
        let new = "A\nb\nc\nd\ne\nF\n";
        assert_eq!(ranges(old, new, 1), ["-1,2 +1,2", "-5,2 +5,2"]);
        assert_eq!(ranges(old, new, 2), ["-1,6 +1,6"]);
        assert_eq!(ranges(old, new, usize::MAX), ["-1,6 +1,6"]);
    }

    #[test]
    fn an_empty_range_is_named_by_the_line_before() {
        assert_eq!(ranges("a\nb\n", "a\nx\nb\n", 0), ["-1,0 +2"]);
        assert_eq!(ranges("", "x\n", 3), ["-0,0 +1"]);
    }

    #[test]
    fn only_a_line_feed_ends_a_line() {
        let found = hunks("a\rb\r\nc", "a\rb\r\nd", 3);
        let lines = [(Change::Context, "a\rb\r\n"), (Change::Removed, "c"), (Change::Added, "d")];
        assert_eq!(found[0].lines, lines);
    }

    #[test]
    fn equal_texts_have_no_hunk() {
        assert!(hunks("a\n", "a\n", 3).is_empty());
    }
}
