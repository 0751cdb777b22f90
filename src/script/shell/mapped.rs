//! A text together with the place in the script that each of its bytes comes from.
//!
//! Scripts hold scripts: in heredocs, in `-c` strings, in files written first and run later. Each inner script is cut
//! out of its quotes, joined from pieces, and parsed again; the origin kept here leads every finding back to the script.

use std::ops::Range;

use crate::source::{Original, Pieces};

/// Stands for a value that is not known: a masked template expression, or a shell expansion without a constant value.
/// A control character that no real script holds, one byte long so that masking keeps lengths.
pub const UNKNOWN: char = '\u{1a}';

/// A filler that masking leaves where an escape had one byte more; [`Text::of_script`] drops it.
pub const FILLER: char = '\u{1}';

/// Everything comes from the one script.
impl Original for () {
    const LONGEST: usize = super::super::LONGEST_SCRIPT;
}

/// A text whose bytes know their place in the script.
pub type Text = Pieces<()>;

impl Pieces<()> {
    /// The script itself, without byte order mark, carriage returns before line feeds, and fillers. What follows a
    /// filler comes from the place of both.
    pub(in crate::script) fn of_script(script: &str) -> Self {
        let mut text = Self::default();
        let mut start = 0;
        for (at, character) in script.char_indices() {
            let dropped = match character {
                '\u{feff}' => at == 0,
                '\r' => script[at + 1..].starts_with('\n'),
                FILLER => true,
                _ => false,
            };
            if dropped {
                text.add_exact((), start, &script[start..at]);
                start = at + character.len_utf8();
            }
            if character == FILLER
                && let Some(escaped) = script[start..].chars().next().filter(|it| "$%".contains(*it))
            {
                let end = start + escaped.len_utf8();
                text.push_whole(&script[start..end], at..end);
                start = end;
            }
        }
        text.add_exact((), start, &script[start..]);
        text
    }

    /// A text that stands as a whole for `source`.
    pub(in crate::script) fn of(text: &str, source: Range<usize>) -> Self {
        let mut result = Self::default();
        result.push_whole(text, source);
        result
    }

    /// An unknown value that comes from `source`.
    pub(in crate::script) fn unknown(source: Range<usize>) -> Self {
        Self::of("\u{1a}", source)
    }

    /// Whether there is something, and no part of it is known.
    pub(in crate::script) fn is_opaque(&self) -> bool {
        self.as_str().contains(UNKNOWN)
            && self.as_str().chars().all(|letter| letter == UNKNOWN || letter.is_whitespace())
    }

    /// Whether every part of the value is known.
    pub(in crate::script) fn is_known(&self) -> bool {
        !self.as_str().contains(UNKNOWN)
    }

    /// Appends `text`, which stands as a whole for `source`.
    pub(in crate::script) fn push_whole(&mut self, text: &str, source: Range<usize>) {
        self.add_whole((), source, text);
    }

    /// Appends another text with its origins.
    pub(in crate::script) fn push(&mut self, other: &Self) {
        self.add_part(other, 0..other.as_str().len());
    }

    /// Appends `part`, which was decoded from `range` of `whole`: byte by byte if it is as long as its source.
    pub(in crate::script) fn push_decoded(&mut self, part: &str, whole: &Self, range: Range<usize>) {
        if whole.as_str().get(range.clone()) == Some(part) {
            self.push(&whole.slice(range));
        } else {
            self.push_whole(part, whole.span(range));
        }
    }

    /// The part in `range`, with its origins. Bounds are moved to character boundaries.
    pub(in crate::script) fn slice(&self, range: Range<usize>) -> Self {
        let start = floor(self.as_str(), range.start);
        let end = floor(self.as_str(), range.end).max(start);
        let mut result = Self::default();
        result.add_part(self, start..end);
        result
    }

    /// Where `range` of this text comes from, in bytes of the script.
    pub(in crate::script) fn span(&self, range: Range<usize>) -> Range<usize> {
        let (start, end) = (floor(self.as_str(), range.start), floor(self.as_str(), range.end));
        self.place(start..end).map_or(0..0, |((), place)| place)
    }

    /// Where the whole text comes from, in bytes of the script.
    pub(in crate::script) fn whole_span(&self) -> Range<usize> {
        self.span(0..self.as_str().len())
    }

    /// The text in `range` as the script's author wrote it: unknown values are shown by their source in `shown`.
    pub(in crate::script) fn display(&self, range: Range<usize>, shown: &str) -> String {
        let part = self.slice(range);
        let mut result = String::new();
        for (text, source, exact) in part.pieces() {
            match shown.get(source) {
                Some(source) if exact || text.contains(UNKNOWN) => result.push_str(source),
                _ => result.push_str(text),
            }
        }
        result
    }

    /// The lines with their origins, without line ends.
    pub(in crate::script) fn lines(&self) -> Vec<Self> {
        let mut start = 0;
        let mut lines = Vec::new();
        for line in self.as_str().split('\n') {
            lines.push(self.slice(start..start + line.len()));
            start += line.len() + 1;
        }
        lines
    }

    /// The text without white space at both ends.
    pub(in crate::script) fn trimmed(&self) -> Self {
        let start = self.as_str().len() - self.as_str().trim_start().len();
        self.slice(start..start + self.as_str().trim().len())
    }

    /// The text without line ends at its end, as a command substitution leaves it.
    pub(in crate::script) fn without_final_newlines(mut self) -> Self {
        let end = self.as_str().trim_end_matches('\n').len();
        if end < self.as_str().len() {
            self = self.slice(0..end);
        }
        self
    }

    /// The words between white space, with their origins.
    pub(in crate::script) fn fields(&self) -> Vec<Self> {
        let base = self.as_str().as_ptr() as usize;
        self.as_str()
            .split_ascii_whitespace()
            .map(|word| {
                let start = word.as_ptr() as usize - base;
                self.slice(start..start + word.len())
            })
            .collect()
    }
}

/// The nearest character boundary at or below `at`, within the text.
pub fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn carriage_returns_and_fillers_vanish_and_spans_still_point_at_the_script() {
        let script = "\u{feff}a\r\nX=\u{1}${Y}\r\nsudo b";
        let text = Text::of_script(script);
        assert_eq!(text.as_str(), "a\nX=${Y}\nsudo b");
        let at = text.as_str().find("sudo").unwrap_or_default();
        assert_eq!(&script[text.span(at..at + 4)], "sudo");
    }

    #[test]
    fn a_slice_of_a_slice_keeps_its_origin() {
        let text = Text::of_script("one 'two three' four");
        let inner = text.slice(5..14).slice(4..9);
        assert_eq!(inner.as_str(), "three");
        assert_eq!(inner.whole_span(), 9..14);
    }

    #[test]
    fn a_substituted_value_maps_to_the_place_that_used_it() {
        let mut text = Text::of_script("abc");
        text.push_whole("longer than its source", 3..5);
        assert_eq!(text.span(4..10), 3..5);
        assert_eq!(text.span(1..10), 1..5);
    }
}
