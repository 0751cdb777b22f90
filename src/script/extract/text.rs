//! The text of a script, with the way back to the source of each of its bytes.

use std::ops::Range;

use crate::source::{FileId, Location, SourceFile, Span};

/// Where a stretch of a script comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Byte for byte from a file, from this byte on.
    Same(FileId, usize),
    /// Computed, or an escape: all of it stands for one place.
    Whole(Location),
}

/// A script as the notebook will have it, put together from pieces of files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text {
    text: String,
    /// Stretches by their first byte, sorted.
    runs: Vec<(usize, Source)>,
    /// Whether `${…}` in the text is Terraform's, so that `$${` stands for what the shell sees as `${`.
    pub(super) template: bool,
}

impl Text {
    /// No text yet.
    pub(super) fn new(template: bool) -> Self {
        Self { template, ..Self::default() }
    }

    /// A whole file.
    pub(super) fn of_file(id: FileId, file: &SourceFile, template: bool) -> Self {
        let mut text = Self::new(template);
        let start = file.content_start();
        text.push_same(id, start, &file.text()[start..]);
        text
    }

    /// Text that stands for one place as a whole.
    pub(super) fn at(location: Location, words: &str) -> Self {
        let mut text = Self::new(false);
        text.push_whole(location, words);
        text
    }

    /// The same text, taken for a template.
    pub(super) fn as_template(self) -> Self {
        Self { template: true, ..self }
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Adds bytes of a file.
    pub(super) fn push_same(&mut self, file: FileId, from: usize, words: &str) {
        let at = self.text.len();
        let follows = match self.runs.last() {
            Some(&(start, Source::Same(other, first))) => other == file && first + (at - start) == from,
            _ => false,
        };
        if !follows && !words.is_empty() {
            self.runs.push((at, Source::Same(file, from)));
        }
        self.text.push_str(words);
    }

    /// Adds text that stands for one place.
    pub(super) fn push_whole(&mut self, location: Location, words: &str) {
        if !words.is_empty() {
            self.runs.push((self.text.len(), Source::Whole(location)));
            self.text.push_str(words);
        }
    }

    /// Adds a part of another text.
    fn push_part(&mut self, other: &Self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let index = other.runs.partition_point(|(start, _)| *start <= at);
            let end = other.runs.get(index).map_or(range.end, |(start, _)| (*start).min(range.end));
            let words = &other.text[at..end];
            match index.checked_sub(1).map(|index| other.runs[index]) {
                Some((start, Source::Same(file, from))) => self.push_same(file, from + (at - start), words),
                Some((_, Source::Whole(location))) => self.push_whole(location, words),
                None => self.text.push_str(words),
            }
            at = end;
        }
    }

    /// Adds another text, escaped where one of the two is a template.
    pub(super) fn push(&mut self, other: &Self) {
        if other.template && !self.template {
            *self = self.escaped();
        }
        let other = if self.template { other.escaped() } else { other.clone() };
        self.push_part(&other, 0..other.text.len());
    }

    /// The text as a template that gives it.
    fn escaped(&self) -> Self {
        if self.template {
            return self.clone();
        }
        let escaped = self.replaced("${", "$${").replaced("%{", "%%{");
        Self { template: true, ..escaped }
    }

    /// The text with every occurrence of some words replaced. What comes in stands for the place of what goes.
    pub(super) fn replaced(&self, words: &str, by: &str) -> Self {
        let mut result = Self::new(self.template);
        let mut done = 0;
        for (at, found) in self.text.match_indices(words) {
            result.push_part(self, done..at);
            let end = at + found.len();
            if let Some(place) = self.location(&(at..end)) {
                result.push_whole(place, by);
            }
            done = end;
        }
        result.push_part(self, done..self.text.len());
        result
    }

    /// Where a part of the text stands; an empty part stands where the byte after it does.
    pub(super) fn location(&self, range: &Range<usize>) -> Option<Location> {
        let first = self.source(range.start)?;
        let before = self.text.get(..range.end)?;
        let last = before.char_indices().next_back().map_or(range.start, |(at, _)| at).max(range.start);
        let end = match self.source(last)? {
            Location { file, span } if file == first.file && span.start >= first.span.start => span.end,
            _ => first.span.end,
        };
        Some(Location { file: first.file, span: Span::new(first.span.start, end.max(first.span.start)) })
    }

    /// Where one character stands.
    fn source(&self, at: usize) -> Option<Location> {
        let index = self.runs.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
        Some(match self.runs[index] {
            (start, Source::Same(file, from)) => {
                let place = from + (at - start);
                let length = self.text[at..].chars().next().map_or(0, char::len_utf8);
                Location { file, span: Span::new(place, place + length) }
            }
            (_, Source::Whole(location)) => location,
        })
    }
}
