//! Takes a shell word or heredoc body apart: quotes, escapes, parameters, substitutions.
//!
//! The parser's own word parts lose their positions behind an escape inside double quotes, so words are read from the
//! source again, with a place for every part.

use crate::script::shell::quoting::{Opening, closing_backtick, closing_double, closing_single, end_of_substitution};
use crate::script::shell::tree::{Operation, Part, Place, Subscript, Word};

/// Nesting of `${…:-${…}}` beyond which a value counts as not known.
const DEEPEST: usize = 16;

/// Reads the word at `place` of `text`.
pub fn word(text: &str, place: Place) -> Word {
    let mut reader = Reader { text, depth: 0, parts: Vec::new() };
    reader.read(place, Quoting::None);
    Word { parts: reader.parts, place }
}

/// Reads a heredoc body. Leading tabs of each line are dropped if `strip_tabs`; nothing else is decoded unless
/// `expanded`.
pub fn heredoc(text: &str, place: Place, expanded: bool, strip_tabs: bool) -> Word {
    let mut reader = Reader { text, depth: 0, parts: Vec::new() };
    let quoting = if expanded { Quoting::HereDoc } else { Quoting::Verbatim };
    if strip_tabs {
        let mut start = place.start;
        for line in text.get(place.range()).unwrap_or_default().split_inclusive('\n') {
            let tabs = line.len() - line.trim_start_matches('\t').len();
            reader.read(Place { start: start + tabs, end: start + line.len() }, quoting);
            start += line.len();
        }
    } else {
        reader.read(place, quoting);
    }
    Word { parts: reader.parts, place }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    None,
    Double,
    HereDoc,
    Verbatim,
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    depth: usize,
    parts: Vec<Part>,
}

impl Reader<'_> {
    fn read(&mut self, place: Place, quoting: Quoting) {
        let text = self.text;
        let bytes = text.as_bytes();
        let end = place.end.min(bytes.len());
        let quoted = quoting != Quoting::None;
        let mut start = place.start;
        let mut at = start;
        while at < end {
            let next = bytes.get(at + 1).copied().filter(|_| at + 1 < end);
            let special = match (bytes[at], quoting) {
                (_, Quoting::Verbatim) => None,
                (b'\\', _) => self.escape(at, end, quoting, start),
                (b'\'', Quoting::None) => {
                    let close = closing_single(bytes, at + 1, end);
                    self.literal(start, at, quoted);
                    self.literal_always(at + 1, close);
                    Some((close + 1).min(end))
                }
                (b'"', Quoting::None) => {
                    self.literal(start, at, quoted);
                    Some(self.double(at, end))
                }
                (b'$', Quoting::None) if next == Some(b'\'') => {
                    self.literal(start, at, quoted);
                    Some(self.ansi(at, end))
                }
                (b'$', Quoting::None) if next == Some(b'"') => {
                    self.literal(start, at, quoted);
                    Some(self.double(at + 1, end))
                }
                (b'$', _) => self.expansion(at, end, quoting).map(|(part, after)| {
                    self.literal(start, at, quoted);
                    self.parts.push(part);
                    after
                }),
                (b'`', _) => {
                    self.literal(start, at, quoted);
                    Some(self.backticks(at, end, quoting))
                }
                (b'<' | b'>', Quoting::None) if next == Some(b'(') => {
                    self.literal(start, at, quoted);
                    let after = end_of_substitution(bytes, at + 1, end, Opening::Parenthesis);
                    let script = Place { start: at + 2, end: after.saturating_sub(1).max(at + 2) };
                    self.parts.push(Part::Process { script, place: Place { start: at, end: after } });
                    Some(after)
                }
                _ => None,
            };
            match special {
                Some(after) => {
                    at = after.max(at + 1);
                    start = at;
                }
                None => at += 1,
            }
        }
        self.literal(start, end, quoted);
    }

    fn literal(&mut self, start: usize, end: usize, quoted: bool) {
        if start < end
            && let Some(text) = self.text.get(start..end)
        {
            self.parts.push(Part::Literal { text: text.to_owned(), place: Place { start, end }, quoted });
        }
    }

    /// A quoted literal that makes a word even if it is empty.
    fn literal_always(&mut self, start: usize, end: usize) {
        let text = self.text.get(start..end).unwrap_or_default().to_owned();
        self.parts.push(Part::Literal { text, place: Place { start, end: end.max(start) }, quoted: true });
    }

    /// A backslash at `at`; returns where to go on if it escapes something.
    fn escape(&mut self, at: usize, end: usize, quoting: Quoting, start: usize) -> Option<usize> {
        let next = self.text.get(at + 1..end)?.chars().next()?;
        let escapes = match quoting {
            Quoting::None => true,
            Quoting::Double => matches!(next, '$' | '`' | '"' | '\\' | '\n'),
            Quoting::HereDoc => matches!(next, '$' | '`' | '\\' | '\n'),
            Quoting::Verbatim => false,
        };
        if !escapes {
            return None;
        }
        self.literal(start, at, quoting != Quoting::None);
        let after = at + 1 + next.len_utf8();
        if next != '\n' {
            let place = Place { start: at, end: after };
            self.parts.push(Part::Literal { text: next.to_string(), place, quoted: true });
        }
        Some(after)
    }

    /// Double quotes that open at `at`.
    fn double(&mut self, at: usize, end: usize) -> usize {
        let close = closing_double(self.text.as_bytes(), at + 1, end);
        if close <= at + 1 {
            self.literal_always(at + 1, at + 1);
        } else {
            self.read(Place { start: at + 1, end: close }, Quoting::Double);
        }
        (close + 1).min(end)
    }

    /// `$'…'` that opens at `at`.
    fn ansi(&mut self, at: usize, end: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut index = at + 2;
        let mut start = index;
        while index < end && bytes[index] != b'\'' {
            if bytes[index] == b'\\' && index + 1 < end {
                self.literal(start, index, true);
                let decoded = match bytes[index + 1] {
                    b'n' => "\n",
                    b't' => "\t",
                    b'\\' => "\\",
                    b'\'' => "'",
                    b'"' => "\"",
                    _ => "\u{1a}",
                };
                let width = self.text.get(index + 1..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                let place = Place { start: index, end: index + 1 + width };
                self.parts.push(Part::Literal { text: decoded.to_owned(), place, quoted: true });
                index += 1 + width;
                start = index;
            } else {
                index += 1;
            }
        }
        self.literal_always(start, index.min(end));
        (index + 1).min(end)
    }

    fn backticks(&mut self, at: usize, end: usize, quoting: Quoting) -> usize {
        let bytes = self.text.as_bytes();
        let close = closing_backtick(bytes, at + 1, end);
        let mut script = Vec::new();
        let mut start = at + 1;
        let mut index = start;
        while index < close {
            let escaped = bytes[index] == b'\\'
                && bytes.get(index + 1).is_some_and(|next| {
                    matches!(next, b'$' | b'`' | b'\\') || (*next == b'"' && quoting == Quoting::Double)
                });
            if escaped {
                script.push((self.text[start..index].to_owned(), Place { start, end: index }));
                start = index + 1;
                index += 2;
            } else {
                index += 1;
            }
        }
        let text = self.text.get(start..close).unwrap_or_default().to_owned();
        script.push((text, Place { start, end: close }));
        let after = (close + 1).min(end);
        let quoted = quoting != Quoting::None;
        self.parts.push(Part::Commands { script, place: Place { start: at, end: after }, quoted });
        after
    }

    /// A `$` at `at` that is not followed by a quote.
    fn expansion(&mut self, at: usize, end: usize, quoting: Quoting) -> Option<(Part, usize)> {
        let bytes = self.text.as_bytes();
        let quoted = quoting != Quoting::None;
        let rest = bytes.get(at + 1..end)?;
        match *rest.first()? {
            b'(' => {
                let after = end_of_substitution(bytes, at + 1, end, Opening::Parenthesis);
                let place = Place { start: at, end: after };
                if rest.get(1) == Some(&b'(') && self.text.get(..after)?.ends_with("))") {
                    let inner = Place { start: at + 3, end: after.saturating_sub(2).max(at + 3) };
                    let parts = self.nested(inner, Quoting::Double);
                    return Some((Part::Opaque { parts, place }, after));
                }
                let closed = usize::from(self.text.as_bytes().get(after - 1) == Some(&b')'));
                let inner = Place { start: at + 2, end: (after - closed).max(at + 2) };
                let script = vec![(self.text.get(inner.range())?.to_owned(), inner)];
                Some((Part::Commands { script, place, quoted }, after))
            }
            b'{' => {
                let after = end_of_substitution(bytes, at + 1, end, Opening::Brace);
                let closed = usize::from(self.text.as_bytes().get(after - 1) == Some(&b'}'));
                let inner = Place { start: at + 2, end: (after - closed).max(at + 2) };
                Some((self.braced(inner, Place { start: at, end: after }, quoting), after))
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                let length = rest.iter().take_while(|byte| is_name(**byte)).count();
                Some(self.parameter(at, at + 1 + length, quoted))
            }
            byte if byte.is_ascii_digit() || b"@*#?$!-".contains(&byte) => Some(self.parameter(at, at + 2, quoted)),
            _ => None,
        }
    }

    fn parameter(&self, at: usize, after: usize, quoted: bool) -> (Part, usize) {
        let name = self.text.get(at + 1..after).unwrap_or_default().to_owned();
        let subscript = if matches!(name.as_str(), "@" | "*") { Subscript::All } else { Subscript::None };
        let place = Place { start: at, end: after };
        (Part::Parameter { name, subscript, operation: Operation::Plain, place, quoted }, after)
    }

    pub(super) fn nested(&self, place: Place, quoting: Quoting) -> Vec<Part> {
        if self.depth >= DEEPEST {
            return vec![Part::Opaque { parts: Vec::new(), place }];
        }
        let mut reader = Reader { text: self.text, depth: self.depth + 1, parts: Vec::new() };
        reader.read(place, quoting);
        reader.parts
    }
}

pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
