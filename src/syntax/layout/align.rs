//! How `terraform fmt` aligns: the columns of `=` and of trailing comments over consecutive lines.
//!
//! Source: hashicorp/hcl, `hclwrite/format.go` (`linesForFormat`, `formatCells`), and runs of `terraform fmt` 1.11. A
//! line has up to three cells: its lead, an assignment from the first `=` on if the brackets after it balance, and a
//! line comment that is not alone on its line. Consecutive lines with an assignment, and consecutive lines with a
//! comment, each form a chain; in a chain each cell starts one space after the widest of the cells before it.

use unicode_segmentation::UnicodeSegmentation as _;

use super::super::scan::{Token, TokenKind, scan};
use crate::source::Span;

/// One line as `terraform fmt` counts them: strings, heredocs and block comments do not end a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// From the first byte to after the line end.
    pub(super) span: Span,
    /// Whether nothing but white space stands on it.
    pub(super) blank: bool,
    /// One past the last byte of the lead.
    lead_end: usize,
    /// The assignment, from its `=` on.
    pub(super) assign: Option<Cell>,
    /// The trailing comment.
    pub(super) comment: Option<Cell>,
}

/// An assignment or a trailing comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    /// The white space before it.
    pub(super) gap: Span,
    /// One past its last byte, white space not included.
    end: usize,
}

/// The white space in front of a cell, and how wide `terraform fmt` wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alignment {
    /// The white space as it is.
    pub(super) gap: Span,
    /// The number of spaces wanted.
    pub(super) want: usize,
    /// Whether it is so already.
    pub(super) ok: bool,
}

/// Splits the text of a span, which starts at the start of a line, into lines.
pub(super) fn lines(text: &str, within: Span) -> Vec<Line> {
    let tokens = scan(text, within);
    let mut start = within.start;
    let mut lines: Vec<Line> = tokens
        .split_inclusive(|token| token.kind == TokenKind::Newline)
        .map(|tokens| {
            let end = tokens.last().map_or(start, |token| token.span.end);
            let line = line(tokens, Span::new(start, end));
            start = end;
            line
        })
        .collect();
    if let Some(last) = lines.last_mut() {
        last.span.end = last.span.end.max(within.end);
    }
    lines
}

fn line(tokens: &[Token], span: Span) -> Line {
    let (tokens, is_last) = match tokens {
        [rest @ .., last] if last.kind == TokenKind::Newline => (rest, false),
        all => (all, true),
    };
    // At the very end of a file without a final newline, `terraform fmt` aligns a block comment too.
    let is_comment = |kind| kind == TokenKind::LineComment || is_last && kind == TokenKind::BlockComment;
    let (lead, comment) = match tokens {
        [lead @ .., last] if is_comment(last.kind) && !lead.is_empty() => (lead, Some(last)),
        _ => (tokens, None),
    };
    let assign_at = lead.iter().skip(1).position(|token| token.kind == TokenKind::Equal).map(|index| index + 1);
    let assign_at = assign_at.filter(|&index| balanced(&lead[index..]));
    let end_of = |tokens: &[Token]| tokens.last().map_or(span.start, |token| token.span.end);
    let cell = |before: &[Token], start: usize, end: usize| Cell { gap: Span::new(end_of(before), start), end };
    Line {
        span,
        blank: tokens.is_empty(),
        lead_end: end_of(&lead[..assign_at.unwrap_or(lead.len())]),
        assign: assign_at.map(|index| cell(&lead[..index], lead[index].span.start, end_of(lead))),
        comment: comment.map(|token| cell(lead, token.span.start, token.span.end)),
    }
}

fn balanced(tokens: &[Token]) -> bool {
    let count = |kind| tokens.iter().filter(|token| token.kind == kind).count();
    count(TokenKind::Open) == count(TokenKind::Close)
}

/// Number of columns a text takes: grapheme clusters, as `terraform fmt` counts.
pub(super) fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.graphemes(true).count() }
}

/// The chains of aligned cells in consecutive lines: first those of assignments, then those of comments.
pub(super) fn chains(text: &str, lines: &[Line]) -> Vec<Vec<Alignment>> {
    let width = |from: usize, to: usize| columns(&text[from..to]);
    let aligned = |gap: Span, want: usize| {
        let have = &text[gap.range()];
        Alignment { gap, want, ok: have.len() == want && have.bytes().all(|byte| byte == b' ') }
    };

    let assigned = lines.chunk_by(|a, b| a.assign.is_some() == b.assign.is_some());
    let mut wanted_gaps = Vec::with_capacity(lines.len());
    let mut chains = Vec::new();
    for chain in assigned {
        let widest = chain.iter().map(|line| width(line.span.start, line.lead_end)).max().unwrap_or(0);
        let mut cells = Vec::new();
        for line in chain {
            let want = widest - width(line.span.start, line.lead_end) + 1;
            wanted_gaps.push(want);
            cells.extend(line.assign.map(|cell| aligned(cell.gap, want)));
        }
        chains.push(cells);
    }

    // Comments come after the assignments have moved.
    let before_comment = |line: &Line, wanted_gap: usize| {
        let lead = width(line.span.start, line.lead_end);
        lead + line.assign.map_or(0, |cell| wanted_gap + width(cell.gap.end, cell.end))
    };
    let numbered: Vec<(&Line, usize)> = lines.iter().zip(wanted_gaps).collect();
    for chain in numbered.chunk_by(|(a, _), (b, _)| a.comment.is_some() == b.comment.is_some()) {
        let widest = chain.iter().map(|(line, gap)| before_comment(line, *gap)).max().unwrap_or(0);
        let cells = chain.iter().filter_map(|(line, gap)| {
            line.comment.map(|cell| aligned(cell.gap, widest - before_comment(line, *gap) + 1))
        });
        chains.push(cells.collect());
    }
    chains.retain(|chain| !chain.is_empty());
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    fn misaligned(text: &str) -> Vec<(usize, usize)> {
        let lines = lines(text, Span::new(0, text.len()));
        let chains = chains(text, &lines);
        chains.iter().flatten().filter(|cell| !cell.ok).map(|cell| (cell.gap.start, cell.want)).collect()
    }

    #[test]
    fn formatted_text_has_nothing_to_align() {
        for text in [
            "a   = 1\nbcd = 2\n",
            "a   = <<E\nx = 1\nE\nbcd = 2\n",
            "a = 1\ntags = {\n  b   = 1\n  cde = 2\n}\nefgh = 1\n",
            "a   = 1  # x\nbcd = 22 # y\n# z\ne = 1 # zz\n",
            "r {            # x\n  instance = 1 # y\n}              # z\n",
            "a = \"é\" # x\nb = 123 # y\n",
            "r {\n  a = 1 # x\n}       /* y */",
            "r {\n  a = 1 # x\n} /* y */\n",
        ] {
            assert_eq!(misaligned(text), [], "{text}");
        }
    }

    #[test]
    fn a_cell_out_of_line_is_found_with_its_width() {
        assert_eq!(misaligned("a = 1\nbcd = 2\n"), [(1, 3)]);
        assert_eq!(misaligned("a = 1 # x\nb = 123 # y\n"), [(5, 3)]);
    }
}
