//! A text together with the place in the script that each of its bytes comes from.
//!
//! Scripts hold scripts: in heredocs, in `-c` strings, in files written first and run later. Each inner script is cut
//! out of its quotes, joined from pieces, and parsed again; the origin kept here leads every finding back to the script.

use std::ops::Range;

/// Stands for a value that is not known: a masked template expression, or a shell expansion without a constant value.
/// A control character that no real script holds, one byte long so that masking keeps lengths.
pub const UNKNOWN: char = '\u{1a}';

/// A filler that masking leaves where an escape had one byte more; [`Text::of_script`] drops it.
pub const FILLER: char = '\u{1}';

/// Contents longer than this are cut: a script that grows larger through substitution is no lifecycle script.
const LONGEST: usize = 128 * 1024;

#[derive(Debug, Clone)]
struct Piece {
    /// Start in the text.
    at: usize,
    /// Where it comes from, in bytes of the script.
    source: Range<usize>,
    /// Whether text and source run byte by byte in step.
    exact: bool,
}

/// A text whose bytes know their place in the script.
#[derive(Debug, Clone, Default)]
pub struct Text {
    text: String,
    pieces: Vec<Piece>,
}

impl Text {
    /// The script itself, without byte order mark, carriage returns before line feeds, and fillers. What follows a
    /// filler comes from the place of both.
    pub fn of_script(script: &str) -> Self {
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
                text.push_exact(&script[start..at], start);
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
        text.push_exact(&script[start..], start);
        text
    }

    /// A text that stands as a whole for `source`.
    pub fn of(text: &str, source: Range<usize>) -> Self {
        let mut result = Self::default();
        result.push_whole(text, source);
        result
    }

    /// An unknown value that comes from `source`.
    pub fn unknown(source: Range<usize>) -> Self {
        Self::of("\u{1a}", source)
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether there is something, and no part of it is known.
    pub fn is_opaque(&self) -> bool {
        self.text.contains(UNKNOWN) && self.text.chars().all(|letter| letter == UNKNOWN || letter.is_whitespace())
    }

    /// Whether every part of the value is known.
    pub fn is_known(&self) -> bool {
        !self.text.contains(UNKNOWN)
    }

    fn push_exact(&mut self, text: &str, source: usize) {
        self.push_piece(text, source..source + text.len(), true);
    }

    /// Appends `text`, which stands as a whole for `source`.
    pub fn push_whole(&mut self, text: &str, source: Range<usize>) {
        self.push_piece(text, source, false);
    }

    fn push_piece(&mut self, text: &str, source: Range<usize>, exact: bool) {
        if text.is_empty() || self.text.len() + text.len() > LONGEST {
            return;
        }
        let at = self.text.len();
        self.text.push_str(text);
        if let Some(last) = self.pieces.last_mut()
            && exact
            && last.exact
            && last.source.end == source.start
        {
            last.source.end = source.end;
            return;
        }
        self.pieces.push(Piece { at, source, exact });
    }

    /// Appends another text with its origins.
    pub fn push(&mut self, other: &Self) {
        for index in 0..other.pieces.len() {
            let piece = &other.pieces[index];
            let end = other.end_of(index);
            self.push_piece(&other.text[piece.at..end], piece.source.clone(), piece.exact);
        }
    }

    fn end_of(&self, index: usize) -> usize {
        self.pieces.get(index + 1).map_or(self.text.len(), |next| next.at)
    }

    /// The index of the piece that holds the byte at `at`.
    fn piece_at(&self, at: usize) -> Option<usize> {
        self.pieces.partition_point(|piece| piece.at <= at).checked_sub(1)
    }

    /// Appends `part`, which was decoded from `range` of `whole`: byte by byte if it is as long as its source.
    pub fn push_decoded(&mut self, part: &str, whole: &Self, range: Range<usize>) {
        if whole.as_str().get(range.clone()) == Some(part) {
            self.push(&whole.slice(range));
        } else {
            self.push_whole(part, whole.span(range));
        }
    }

    /// The part in `range`, with its origins. Bounds are moved to character boundaries.
    pub fn slice(&self, range: Range<usize>) -> Self {
        let start = floor(&self.text, range.start);
        let end = floor(&self.text, range.end).max(start);
        let mut result = Self::default();
        let Some(first) = self.piece_at(start) else {
            return result;
        };
        for index in first..self.pieces.len() {
            let piece = &self.pieces[index];
            if piece.at >= end {
                break;
            }
            let from = piece.at.max(start);
            let to = self.end_of(index).min(end);
            let source = if piece.exact {
                piece.source.start + (from - piece.at)..piece.source.start + (to - piece.at)
            } else {
                piece.source.clone()
            };
            result.push_piece(&self.text[from..to], source, piece.exact);
        }
        result
    }

    /// Where `range` of this text comes from, in bytes of the script.
    pub fn span(&self, range: Range<usize>) -> Range<usize> {
        let start = floor(&self.text, range.start);
        let end = floor(&self.text, range.end);
        let Some(first) = self.piece_at(start.min(self.text.len().saturating_sub(1))) else {
            return 0..0;
        };
        let from = self.source_of(first, start).start;
        if end <= start {
            return from..from;
        }
        let last = self.piece_at(end - 1).unwrap_or(first);
        let to = self.source_of(last, end - 1).end;
        if to >= from { from..to } else { self.source_of(first, start) }
    }

    fn source_of(&self, index: usize, at: usize) -> Range<usize> {
        let piece = &self.pieces[index];
        if piece.exact {
            piece.source.start + (at - piece.at)..(piece.source.start + (at - piece.at) + 1).min(piece.source.end)
        } else {
            piece.source.clone()
        }
    }

    /// Where the whole text comes from, in bytes of the script.
    pub fn whole_span(&self) -> Range<usize> {
        self.span(0..self.text.len())
    }

    /// The text in `range` as the script's author wrote it: unknown values are shown by their source in `shown`.
    pub fn display(&self, range: Range<usize>, shown: &str) -> String {
        let part = self.slice(range);
        let mut result = String::new();
        for (index, piece) in part.pieces.iter().enumerate() {
            let text = &part.text[piece.at..part.end_of(index)];
            match shown.get(piece.source.clone()) {
                Some(source) if piece.exact || text.contains(UNKNOWN) => result.push_str(source),
                _ => result.push_str(text),
            }
        }
        result
    }

    /// The lines with their origins, without line ends.
    pub fn lines(&self) -> Vec<Self> {
        let mut start = 0;
        let mut lines = Vec::new();
        for line in self.text.split('\n') {
            lines.push(self.slice(start..start + line.len()));
            start += line.len() + 1;
        }
        lines
    }

    /// The text without white space at both ends.
    pub fn trimmed(&self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        self.slice(start..start + self.text.trim().len())
    }

    /// The text without line ends at its end, as a command substitution leaves it.
    pub fn without_final_newlines(mut self) -> Self {
        let end = self.text.trim_end_matches('\n').len();
        if end < self.text.len() {
            self = self.slice(0..end);
        }
        self
    }

    /// The words between white space, with their origins.
    pub fn fields(&self) -> Vec<Self> {
        let base = self.text.as_ptr() as usize;
        self.text
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
