//! A text put together from pieces of files, with the way back to the source of each of its bytes.

use std::ops::Range;

use super::{FileId, Location, SourceFile, Span};

/// Where a stretch of the text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Byte for byte from a file, from this byte on.
    Same(FileId, usize),
    /// Computed, or an escape: all of it stands for one place.
    Whole(Location),
}

/// A text whose bytes know the place they come from, such as a script as the notebook will have it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapped {
    words: String,
    /// Stretches by their first byte, sorted.
    runs: Vec<(usize, Source)>,
    /// Whether `${…}` in the text is Terraform's, so that `$${` stands for what the shell sees as `${`.
    pub template: bool,
}

impl Mapped {
    /// No text yet.
    #[must_use]
    pub fn new(template: bool) -> Self {
        Self { template, ..Self::default() }
    }

    /// A whole file.
    #[must_use]
    pub fn of_file(id: FileId, file: &SourceFile, template: bool) -> Self {
        let mut text = Self::new(template);
        let start = file.content_start();
        text.push_same(id, start, &file.text()[start..]);
        text
    }

    /// Text that stands for one place as a whole.
    #[must_use]
    pub fn at(location: Location, words: &str) -> Self {
        let mut text = Self::new(false);
        text.push_whole(location, words);
        text
    }

    /// The same text, taken for a template.
    #[must_use]
    pub fn into_template(self) -> Self {
        Self { template: true, ..self }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.words
    }

    /// Adds bytes of a file.
    pub fn push_same(&mut self, file: FileId, from: usize, words: &str) {
        let at = self.words.len();
        let follows = match self.runs.last() {
            Some(&(start, Source::Same(other, first))) => other == file && first + (at - start) == from,
            _ => false,
        };
        if !follows && !words.is_empty() {
            self.runs.push((at, Source::Same(file, from)));
        }
        self.words.push_str(words);
    }

    /// Adds text that stands for one place.
    pub fn push_whole(&mut self, location: Location, words: &str) {
        if !words.is_empty() {
            self.runs.push((self.words.len(), Source::Whole(location)));
            self.words.push_str(words);
        }
    }

    /// Adds a part of another text.
    fn push_part(&mut self, other: &Self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let index = other.runs.partition_point(|(start, _)| *start <= at);
            let end = other.runs.get(index).map_or(range.end, |(start, _)| (*start).min(range.end));
            let words = &other.words[at..end];
            match index.checked_sub(1).map(|index| other.runs[index]) {
                Some((start, Source::Same(file, from))) => self.push_same(file, from + (at - start), words),
                Some((_, Source::Whole(location))) => self.push_whole(location, words),
                None => self.words.push_str(words),
            }
            at = end;
        }
    }

    /// A part of the text.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let mut part = Self::new(self.template);
        part.push_part(self, range);
        part
    }

    /// Adds another text, escaped where one of the two is a template.
    pub fn push(&mut self, other: &Self) {
        if other.template && !self.template {
            *self = self.escaped();
        }
        let other = if self.template { other.escaped() } else { other.clone() };
        self.push_part(&other, 0..other.words.len());
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
    #[must_use]
    pub fn replaced(&self, words: &str, by: &str) -> Self {
        let mut result = Self::new(self.template);
        let mut done = 0;
        for (at, found) in self.words.match_indices(words) {
            result.push_part(self, done..at);
            let end = at + found.len();
            if let Some(place) = self.location(&(at..end)) {
                result.push_whole(place, by);
            }
            done = end;
        }
        result.push_part(self, done..self.words.len());
        result
    }

    /// Where a part of the text stands; an empty part stands where the byte after it does.
    #[must_use]
    pub fn location(&self, range: &Range<usize>) -> Option<Location> {
        let first = self.source(range.start)?;
        let before = self.words.get(..range.end)?;
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
                let length = self.words[at..].chars().next().map_or(0, char::len_utf8);
                Location { file, span: Span::new(place, place + length) }
            }
            (_, Source::Whole(location)) => location,
        })
    }
}
