//! Tries a change out on the lines around a block: does it disturb an alignment that was right before?

use std::collections::{HashMap, HashSet};

use super::align::{Alignment, Line, chains, lines};
use crate::source::{SourceFile, Span, Splice, regions, splice};
use crate::syntax::tree::{Body, Expr, ExprKind, Item, ObjectItem};

/// How many neighbouring top-level items without a blank line between are looked at on each side of a block. Chains of
/// aligned comments do not reach further in practice, and the bound keeps the cost linear.
const NEIGHBOURS: usize = 4;

/// How many items on each side of a change are looked at in a block or an object with very many, such as `locals`.
const MOST_AROUND: usize = 100;

/// The lines of a block and of what touches it, before any change.
pub(super) struct Window<'a> {
    /// The whole text of the file.
    pub(super) text: &'a str,
    /// The bytes of the lines.
    span: Span,
    /// The lines before the change.
    pub(super) lines: Vec<Line>,
    /// The start of each gap in a chain, and whether it is as `terraform fmt` wants it.
    straight: HashMap<usize, bool>,
    /// The start of each gap in a chain of which one is not.
    crooked: HashSet<usize>,
}

impl<'a> Window<'a> {
    /// The lines of the top-level items that a span lies in, and of those that touch them.
    ///
    /// # Panics
    /// If the file has no items.
    pub(super) fn new(file: &'a SourceFile, body: &Body, at: Span) -> Self {
        let text = file.text();
        let items = &body.items;
        let first = items.partition_point(|item| item.span().end <= at.start).min(items.len().saturating_sub(1));
        let last = items.partition_point(|item| item.span().start < at.end).saturating_sub(1).max(first);
        let touching = |a: &Item, b: &Item| !has_blank_line(&text[a.span().end..b.span().start]);
        let before = items[..first].iter().rev().zip(items[..=first].iter().rev()).take(NEIGHBOURS);
        let first = before.take_while(|(a, b)| touching(a, b)).last().map_or(&items[first], |(a, _)| a).span();
        let after = items[last..].iter().zip(items[last + 1..].iter()).take(NEIGHBOURS);
        let last = after.take_while(|(a, b)| touching(a, b)).last().map_or(&items[last], |(_, b)| b).span();

        Self::of(file, [first, last], [false; 2])
    }

    /// As [`Window::new`], but of a block or an object with very many items only those near the span.
    pub(super) fn near(file: &'a SourceFile, body: &Body, at: Span) -> Self {
        match around(body, at) {
            Some((ends, cut)) => Self::of(file, ends, cut),
            None => Self::new(file, body, at),
        }
    }

    /// The lines from the first to the last of two items. `cut` says whether lines of their block stand in front of them, and
    /// behind.
    fn of(file: &'a SourceFile, [first, last]: [Span; 2], cut: [bool; 2]) -> Self {
        let text = file.text();
        let start = file.line_span(file.line_of(first.start)).start.max(file.content_start());
        let end = text[last.end..].find('\n').map_or(text.len(), |at| last.end + at + 1);
        let span = Span::new(start, end);
        let lines = lines(text, span);
        let chains = chains(text, &lines);
        // A chain that goes on where the window is cut off cannot be kept straight here.
        let edges = [lines.first().filter(|_| cut[0]), lines.last().filter(|_| cut[1])];
        let goes_on = |chain: &Vec<Alignment>| {
            let is_on = |line: &Line| {
                chain.iter().any(|cell| line.span.start <= cell.gap.start && cell.gap.end <= line.span.end)
            };
            edges.iter().flatten().any(|line| is_on(line))
        };
        let chains: Vec<(bool, Vec<Alignment>)> = chains.into_iter().map(|chain| (goes_on(&chain), chain)).collect();
        let cells =
            chains.iter().flat_map(|(goes_on, chain)| chain.iter().map(move |cell| (cell, !goes_on && cell.ok)));
        let straight = cells.map(|(cell, ok)| (cell.gap.start, ok)).collect();
        let crooked = chains.into_iter().filter(|(goes_on, chain)| *goes_on || chain.iter().any(|cell| !cell.ok));
        let crooked = crooked.flat_map(|(_, chain)| chain);
        let crooked = crooked.map(|cell| cell.gap.start).collect();
        Self { text, span, lines, straight, crooked }
    }

    /// The line that byte `at` stands on.
    pub(super) fn line_at(&self, at: usize) -> usize {
        self.lines.partition_point(|line| line.span.end <= at).min(self.lines.len().saturating_sub(1))
    }

    /// Applies a change and returns the splices that keep every chain straight that was straight before and is not
    /// any more; none if the change disturbs nothing. `None` if the change itself would have to move.
    pub(super) fn realign(&self, change: &[Splice]) -> Option<Vec<Splice>> {
        let chains = self.bent(change)?.into_iter().collect::<Option<Vec<_>>>()?;
        Some(chains.into_iter().flatten().collect())
    }

    /// As [`Window::realign`], for each chain alone: those in which the change itself would have to move are left out.
    pub(super) fn realign_each(&self, change: &[Splice]) -> Vec<Splice> {
        self.bent(change).into_iter().flatten().flatten().flatten().collect()
    }

    /// For each chain that a change bends the splices that straighten it.
    fn bent(&self, change: &[Splice]) -> Option<Vec<Option<Vec<Splice>>>> {
        let local: Vec<Splice> = change
            .iter()
            .map(|splice| {
                let span = Span::new(splice.span.start - self.span.start, splice.span.end - self.span.start);
                Splice::new(span, splice.replacement.clone())
            })
            .collect();
        let after = splice(&self.text[self.span.range()], &local)?;
        let regions = regions(&local)?;
        let after_lines = lines(&after, Span::new(0, after.len()));
        let chains = chains(&after, &after_lines);
        let bent = chains.iter().filter(|chain| {
            chain.iter().any(|cell| !cell.ok) && !chain.iter().any(|cell| self.was_crooked(&regions, cell))
        });
        let straightened = |cell: &Alignment| {
            let gap = original(&regions, cell.gap)?;
            let gap = Span::new(gap.start + self.span.start, gap.end + self.span.start);
            Some(Splice::new(gap, " ".repeat(cell.want)))
        };
        Some(bent.map(|chain| chain.iter().filter(|cell| !cell.ok).map(straightened).collect()).collect())
    }

    /// The starts of the gaps in chains that are straight, before any change.
    pub(super) fn straight_gaps(&self) -> HashSet<usize> {
        self.straight.keys().filter(|gap| !self.crooked.contains(gap)).copied().collect()
    }

    /// The padding of the trailing comment on the line of a change, if it is part of a chain that was not straight
    /// before.
    pub(super) fn crooked_comment_gap(&self, change: &Splice) -> Option<Span> {
        let gap = self.lines[self.line_at(change.span.end)].comment?.gap;
        self.crooked.contains(&gap.start).then_some(gap)
    }

    /// Whether a gap that the change has left alone was not as `terraform fmt` wants it. A gap that was part of no
    /// chain (in a one-line block, before a value over several lines) has to be one space.
    fn was_crooked(&self, regions: &[(Span, Span)], cell: &Alignment) -> bool {
        original(regions, cell.gap).is_some_and(|gap| {
            let gap = Span::new(gap.start + self.span.start, gap.end + self.span.start);
            !self.straight.get(&gap.start).copied().unwrap_or(&self.text[gap.range()] == " ")
        })
    }
}

/// The first and the last of the items around a change, and whether there are others in front and behind.
type Around = ([Span; 2], [bool; 2]);

/// The items around a change inside of a block or an object with very many; `None` where it is inside of neither.
fn around(body: &Body, at: Span) -> Option<Around> {
    let item = body.items.get(body.items.partition_point(|item| item.span().end <= at.start))?;
    if !item.span().contains(at) {
        return None;
    }
    match item {
        Item::Block(block) => among(&block.body.items, Item::span, at).or_else(|| around(&block.body, at)),
        Item::Attribute(attribute) => around_in(&attribute.value, at),
    }
}

fn around_in(expr: &Expr, at: Span) -> Option<Around> {
    let ExprKind::Object(items) = &expr.unparenthesised().kind else { return None };
    let span = |item: &ObjectItem| Span::new(item.key.span.start, item.value.span.end);
    let item = items.get(items.partition_point(|item| span(item).end <= at.start))?;
    among(items, span, at).or_else(|| around_in(&item.value, at))
}

/// Those around a change among very many.
fn among<T>(items: &[T], span: impl Fn(&T) -> Span, at: Span) -> Option<Around> {
    let first = items.partition_point(|item| span(item).end <= at.start);
    let last = items.partition_point(|item| span(item).start < at.end).checked_sub(1)?;
    if items.len() <= 2 * MOST_AROUND || first > last || span(&items[first]).start > at.start {
        return None;
    }
    let (from, to) = (first.saturating_sub(MOST_AROUND), (last + MOST_AROUND).min(items.len() - 1));
    Some(([span(&items[from]), span(&items[to])], [from > 0, to + 1 < items.len()]))
}

/// Where a span of the changed text stood before; `None` if a splice wrote any of it. The bytes of the splices are given as
/// before and after all of them.
fn original(regions: &[(Span, Span)], span: Span) -> Option<Span> {
    let passed = regions.partition_point(|(_, after)| after.end <= span.start);
    if regions.get(passed).is_some_and(|(_, after)| span.end > after.start) {
        return None;
    }
    let start = match passed.checked_sub(1).map(|last| regions[last]) {
        Some((before, after)) => span.start - after.end + before.end,
        None => span.start,
    };
    Some(Span::new(start, start + span.len()))
}

/// Whether a text holds an empty line, or one of white space alone, between two line ends.
fn has_blank_line(text: &str) -> bool {
    let mut lines = text.split('\n');
    lines.next();
    lines.next_back();
    lines.any(|line| line.trim().is_empty())
}
