//! A text put together from pieces of files, with the way back to the source of each of its bytes.

use std::ops::Range;

use super::pieces::{Original, Pieces};
use super::{FileId, Location, SourceFile, Span};

impl Original for FileId {}

/// A text whose bytes know the place they come from, such as a script as the notebook will have it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapped {
    words: Pieces<FileId>,
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
        self.words.as_str()
    }

    /// Adds bytes of a file.
    pub fn push_same(&mut self, file: FileId, from: usize, words: &str) {
        self.words.add_exact(file, from, words);
    }

    /// Adds text that stands for one place.
    pub fn push_whole(&mut self, location: Location, words: &str) {
        self.words.add_whole(location.file, location.span.range(), words);
    }

    /// A part of the text.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let mut part = Self::new(self.template);
        part.words.add_part(&self.words, range);
        part
    }

    /// Adds another text, escaped where one of the two is a template.
    pub fn push(&mut self, other: &Self) {
        if other.template && !self.template {
            *self = self.escaped();
        }
        let other = if self.template { other.escaped() } else { other.clone() };
        self.words.add_part(&other.words, 0..other.as_str().len());
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
        for (at, found) in self.as_str().match_indices(words) {
            result.words.add_part(&self.words, done..at);
            let end = at + found.len();
            if let Some(place) = self.location(&(at..end)) {
                result.push_whole(place, by);
            }
            done = end;
        }
        result.words.add_part(&self.words, done..self.as_str().len());
        result
    }

    /// Where a part of the text stands; an empty part stands where the character after it does.
    #[must_use]
    pub fn location(&self, range: &Range<usize>) -> Option<Location> {
        let character = || self.as_str().get(range.start..)?.chars().next().map(|it| range.start + it.len_utf8());
        let end = if range.is_empty() { character().unwrap_or(range.end) } else { range.end };
        let (file, place) = self.words.place(range.start..end)?;
        Some(Location { file, span: Span::new(place.start, place.end) })
    }
}
