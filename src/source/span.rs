//! Ranges of a text, and replacements of some of them.

use std::ops::Range;

/// A half-open range of bytes in one file, 0-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The empty span in front of byte `at`.
    #[must_use]
    pub const fn empty(at: usize) -> Self {
        Self { start: at, end: at }
    }

    /// Number of bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether every byte of `other` lies in this span.
    #[must_use]
    pub const fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The span as a range that indexes text.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// Replaces the bytes of a span by other text. An empty span inserts, an empty text deletes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Splice {
    /// The bytes that go.
    pub span: Span,
    /// The text that comes in their place.
    pub replacement: String,
}

impl Splice {
    /// Puts `replacement` in the place of `span`.
    #[must_use]
    pub fn new(span: Span, replacement: impl Into<String>) -> Self {
        Self { span, replacement: replacement.into() }
    }
}

/// The text with the splices applied, which are sorted by place; `None` if two overlap or one lies outside the text or
/// inside a character.
#[must_use]
pub fn splice<'a>(text: &str, splices: impl IntoIterator<Item = &'a Splice>) -> Option<String> {
    let mut result = String::with_capacity(text.len() + 32);
    let mut done = 0;
    for splice in splices {
        result.push_str(text.get(done..splice.span.start)?);
        result.push_str(&splice.replacement);
        done = splice.span.end;
        text.get(splice.span.range())?;
    }
    result.push_str(text.get(done..)?);
    Some(result)
}

/// The bytes of each splice, before and after all of them are applied; they are sorted by place. `None` if two overlap.
#[must_use]
pub fn regions(splices: &[Splice]) -> Option<Vec<(Span, Span)>> {
    let mut grown = 0isize;
    let region = |splice: &Splice| {
        let start = splice.span.start.checked_add_signed(grown)?;
        grown += isize::try_from(splice.replacement.len()).ok()? - isize::try_from(splice.span.len()).ok()?;
        Some((splice.span, Span::new(start, start + splice.replacement.len())))
    };
    splices.iter().map(region).collect()
}
