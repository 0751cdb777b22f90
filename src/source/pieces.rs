//! A text put together from pieces, each of which knows where it comes from.

use std::ops::Range;

/// What tells the originals of one text apart.
pub trait Original: Copy + PartialEq {
    /// The most bytes of one text; what would make it longer is left out.
    const LONGEST: usize = usize::MAX;
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece<O> {
    /// Start in the text.
    at: usize,
    original: O,
    /// In bytes of the original.
    source: Range<usize>,
    /// Whether text and source run byte by byte in step; else all of the one stands for all of the other.
    exact: bool,
}

/// A text whose bytes know their place in one of its originals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pieces<O> {
    text: String,
    /// By their start.
    pieces: Vec<Piece<O>>,
}

impl<O> Default for Pieces<O> {
    fn default() -> Self {
        Self { text: String::new(), pieces: Vec::new() }
    }
}

impl<O: Original> Pieces<O> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Adds bytes of an original, from the one at `start` on.
    pub fn add_exact(&mut self, original: O, start: usize, text: &str) {
        self.add_piece(original, start..start + text.len(), text, true);
    }

    /// Adds text that stands as a whole for a part of an original.
    pub fn add_whole(&mut self, original: O, source: Range<usize>, text: &str) {
        self.add_piece(original, source, text, false);
    }

    fn add_piece(&mut self, original: O, source: Range<usize>, text: &str, exact: bool) {
        if text.is_empty() || self.text.len() + text.len() > O::LONGEST {
            return;
        }
        let at = self.text.len();
        self.text.push_str(text);
        match self.pieces.last_mut() {
            Some(last) if exact && last.exact && last.original == original && last.source.end == source.start => {
                last.source.end = source.end;
            }
            _ => self.pieces.push(Piece { at, original, source, exact }),
        }
    }

    /// Adds a part of another text, which has to start and end between characters.
    pub fn add_part(&mut self, other: &Self, range: Range<usize>) {
        let Some(first) = other.piece_at(range.start) else { return };
        for index in first..other.pieces.len() {
            let piece = &other.pieces[index];
            if piece.at >= range.end {
                break;
            }
            let (from, to) = (piece.at.max(range.start), other.end_of(index).min(range.end));
            let source = if piece.exact {
                piece.source.start + (from - piece.at)..piece.source.start + (to - piece.at)
            } else {
                piece.source.clone()
            };
            self.add_piece(piece.original, source, &other.text[from..to], piece.exact);
        }
    }

    fn end_of(&self, index: usize) -> usize {
        self.pieces.get(index + 1).map_or(self.text.len(), |next| next.at)
    }

    /// The piece that holds the byte at `at`, by its index.
    fn piece_at(&self, at: usize) -> Option<usize> {
        self.pieces.partition_point(|piece| piece.at <= at).checked_sub(1)
    }

    /// Where one byte comes from.
    fn byte(&self, at: usize) -> Option<(O, Range<usize>)> {
        let piece = &self.pieces[self.piece_at(at)?];
        let place = piece.source.start + (at - piece.at);
        let source = if piece.exact { place..(place + 1).min(piece.source.end) } else { piece.source.clone() };
        Some((piece.original, source))
    }

    /// Where a part of the text comes from; an empty part stands where the byte after it does. What comes from several
    /// originals, or backwards, stands where its first byte does. `None` in an empty text.
    #[must_use]
    pub fn place(&self, range: Range<usize>) -> Option<(O, Range<usize>)> {
        let end = range.end.min(self.text.len());
        let (original, first) = self.byte(range.start)?;
        if end <= range.start {
            return Some((original, first.start..first.start));
        }
        Some(match self.byte(end - 1)? {
            (other, last) if other == original && last.end >= first.start => (original, first.start..last.end),
            _ => (original, first),
        })
    }

    /// The pieces: each with its text, its place, and whether the two run in step.
    pub fn pieces(&self) -> impl Iterator<Item = (&str, Range<usize>, bool)> {
        let text = |index: usize| &self.text[self.pieces[index].at..self.end_of(index)];
        self.pieces.iter().enumerate().map(move |(index, piece)| (text(index), piece.source.clone(), piece.exact))
    }
}
