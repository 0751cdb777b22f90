//! The rest of a file without some of its parts: a change of those parts must leave it as it is.
//!
//! The tree is not enough for that. It holds no comments, and of strings and heredocs what the parser makes of them,
//! which is the same for different bytes.

use super::scan::{TokenKind, scan};
use crate::source::{SourceFile, Span};

/// The tokens of a file that lie in none of `parts`, comments included, without the white space between them. Commas,
/// which come and go with the elements they separate, are left out.
#[must_use]
pub fn remains<'f>(file: &'f SourceFile, parts: &[Span]) -> Vec<&'f str> {
    let whole = Span::new(file.content_start(), file.text().len());
    let parts = &apart(parts);
    let tokens: Vec<Span> = if file.kind().is_json() {
        between(whole, parts).into_iter().flat_map(|piece| json_tokens(file.text(), piece)).collect()
    } else {
        let tokens = scan(file.text(), whole).into_iter().filter(|token| token.kind != TokenKind::Newline);
        // A part may lie within a string or heredoc, of which the rest has to stay.
        tokens.flat_map(|token| between(token.span, parts)).collect()
    };
    tokens.into_iter().map(|span| file.slice(span)).filter(|token| *token != ",").collect()
}

/// The same parts in order, those that overlap as one.
pub(super) fn apart(parts: &[Span]) -> Vec<Span> {
    let mut sorted = parts.to_vec();
    sorted.sort_unstable();
    let mut apart: Vec<Span> = Vec::new();
    for part in sorted {
        match apart.last_mut() {
            Some(last) if part.start < last.end => last.end = last.end.max(part.end),
            _ => apart.push(part),
        }
    }
    apart
}

/// The pieces of a span that none of `parts` covers, which are in order and apart.
fn between(span: Span, parts: &[Span]) -> Vec<Span> {
    let first = parts.partition_point(|part| part.end <= span.start);
    let inner = parts[first..].iter().take_while(|part| part.start < span.end);
    let mut pieces = Vec::new();
    let mut at = span.start;
    for part in inner {
        pieces.push(Span::new(at, part.start.max(at)));
        at = at.max(part.end.min(span.end));
    }
    pieces.push(Span::new(at, span.end));
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// The strings and other tokens of a piece of JSON text.
fn json_tokens(text: &str, piece: Span) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = piece.start;
    while at < piece.end {
        let start = at;
        at += 1;
        if bytes[start] == b'"' {
            while at < piece.end && bytes[at] != b'"' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            at = (at + 1).min(piece.end);
        }
        while !text.is_char_boundary(at) {
            at += 1;
        }
        if !bytes[start].is_ascii_whitespace() {
            tokens.push(Span::new(start, at));
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_the_bytes_of_heredocs_remain() {
        let file = SourceFile::new("a.tf", "a = [x, y] # c\nb = <<-E\n  t\n  E\n");
        let at = file.text().find('y').expect("part of the text");
        let expected = ["a", "=", "[", "x", "]", "# c", "b", "=", "<<-E\n  t\n  E"];
        assert_eq!(remains(&file, &[Span::new(at, at + 1)]), expected);
    }

    #[test]
    fn strings_of_json_remain_whole() {
        let file = SourceFile::new("a.tf.json", "{\n  \"a\": \"x  \\\"y\",\n  \"b\": 12\n}\n");
        assert_eq!(remains(&file, &[]), ["{", "\"a\"", ":", "\"x  \\\"y\"", "\"b\"", ":", "1", "2", "}"]);
    }
}
