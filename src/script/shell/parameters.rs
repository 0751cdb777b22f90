//! Takes `${…}` apart: which parameter, which part of it, and what is done to it.

use crate::script::shell::tree::{Operation, Part, Place, Subscript, Word};
use crate::script::shell::words::{Quoting, Reader, is_name};

impl Reader<'_> {
    /// `${…}`: `inner` is what stands between the braces.
    pub(super) fn braced(&self, inner: Place, place: Place, quoting: Quoting) -> Part {
        let quoted = quoting != Quoting::None;
        let body = self.text.get(inner.range()).unwrap_or_default();
        let is_indirect = body.starts_with('!');
        let from = usize::from(is_indirect);
        let mut end = from + body[from..].bytes().take_while(|byte| is_name(*byte)).count();
        if body.starts_with(['@', '*']) {
            end = 1;
        }
        let name = body[from..end].to_owned();
        let mut subscript = match name.as_str() {
            "@" | "*" => Subscript::All,
            _ if is_indirect => Subscript::Indirect,
            _ => Subscript::None,
        };
        let mut at = inner.start + end;
        if let Some(close) = body[end..].strip_prefix('[').and_then(|rest| rest.find(']')) {
            let index = Place { start: at + 1, end: at + 1 + close };
            subscript = match (&self.text[index.range()], is_indirect) {
                ("@" | "*", false) => Subscript::All,
                (_, false) => Subscript::One(self.word_at(index, quoting)),
                // The keys of a list.
                (_, true) => return self.other(name, inner, place, quoting),
            };
            at = index.end + 1;
        }
        if name.is_empty() {
            return self.other(name, inner, place, quoting);
        }
        let operation = self.operation(Place { start: at, end: inner.end }, quoting);
        Part::Parameter { name, subscript, operation, place, quoted }
    }

    /// What stands behind the name.
    fn operation(&self, rest: Place, quoting: Quoting) -> Operation {
        let text = self.text.get(rest.range()).unwrap_or_default();
        let behind = |skip: usize| Place { start: rest.start + skip, end: rest.end };
        let word = |place: Place| self.word_at(place, quoting);
        let mut letters = text.chars();
        let (first, second) = (letters.next(), letters.next());
        let colon = usize::from(first == Some(':'));
        match (if colon == 1 { second } else { first }, first, second) {
            (_, None, _) => Operation::Plain,
            (Some(sign @ ('-' | '=')), ..) => Operation::Default { word: word(behind(colon + 1)), sets: sign == '=' },
            (Some('+'), ..) => Operation::Instead(word(behind(colon + 1))),
            (_, Some(sign @ ('%' | '#')), second) => {
                let longest = second == Some(sign);
                Operation::Trim { end: sign == '%', longest, word: word(behind(1 + usize::from(longest))) }
            }
            (_, Some('/'), second) => {
                let all = second == Some('/');
                let pattern = behind(1 + usize::from(all));
                let middle = separator(&self.text[pattern.range()], '/').map(|offset| pattern.start + offset);
                let end = middle.unwrap_or(pattern.end);
                let with = Place { start: (end + 1).min(pattern.end), end: pattern.end };
                Operation::Replace { all, pattern: word(Place { end, ..pattern }), with: word(with) }
            }
            (Some(letter), Some(':'), _) if letter.is_ascii_digit() || " $(".contains(letter) => {
                let start = behind(1);
                let middle = separator(&self.text[start.range()], ':').map(|offset| start.start + offset);
                let length = middle.map(|at| word(Place { start: at + 1, end: start.end }));
                Operation::Slice { start: word(Place { end: middle.unwrap_or(start.end), ..start }), length }
            }
            _ if text == "^^" || text == ",," => Operation::Case { upper: text == "^^" },
            _ => Operation::Other(self.nested(rest, quoting)),
        }
    }

    fn word_at(&self, place: Place, quoting: Quoting) -> Word {
        Word { parts: self.nested(place, quoting), place }
    }

    /// Something else between the braces.
    fn other(&self, name: String, inner: Place, place: Place, quoting: Quoting) -> Part {
        let operation = Operation::Other(self.nested(inner, quoting));
        Part::Parameter { name, subscript: Subscript::None, operation, place, quoted: quoting != Quoting::None }
    }
}

/// The first separator that is not escaped and stands in no substitution.
fn separator(text: &str, wanted: char) -> Option<usize> {
    let (mut depth, mut escaped) = (0_usize, false);
    text.char_indices().find_map(|(at, letter)| {
        let is_it = letter == wanted && depth == 0 && !escaped;
        match letter {
            '{' | '(' if !escaped => depth += 1,
            '}' | ')' if !escaped => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
        is_it.then_some(at)
    })
}
