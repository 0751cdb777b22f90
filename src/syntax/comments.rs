//! The comments of a file, in either syntax. They are no part of the tree.

use std::collections::HashSet;

use super::json;
use super::scan::{TokenKind, scan};
use crate::source::{SourceFile, Span};

/// One line of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its text, without the marks of a comment and the white space around it.
    pub text: String,
    /// Its bytes: from the mark to the end of the line or comment; in JSON the string, quotes included.
    pub span: Span,
    /// Its neighbourhood.
    pub place: Place,
}

/// The neighbourhood of a line of a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing: the line holds comments alone.
    OwnLine,
    /// Code.
    BesideCode,
    /// It is a `"//"` member of the JSON object with this span.
    Member(Span),
}

/// The comments of a file, line by line, in source order. The file need not be valid.
#[must_use]
pub fn comments(file: &SourceFile) -> Vec<Comment> {
    if file.kind().is_json() {
        let comments = json::parse(file).comments.into_iter();
        return comments
            .map(|json::Comment { text, span, object }| Comment { text, span, place: Place::Member(object) })
            .collect();
    }
    native(file)
}

fn native(file: &SourceFile) -> Vec<Comment> {
    let tokens = scan(file.text(), Span::new(file.content_start(), file.text().len()));
    let is_comment = |kind| matches!(kind, TokenKind::LineComment | TokenKind::BlockComment);
    let code = tokens.iter().filter(|token| token.kind != TokenKind::Newline && !is_comment(token.kind));
    let code_lines: HashSet<usize> =
        code.flat_map(|token| file.line_of(token.span.start)..=file.line_of(token.span.end)).collect();
    let mut comments = Vec::new();
    for token in tokens.iter().filter(|token| is_comment(token.kind)) {
        for line in file.line_of(token.span.start)..=file.line_of(token.span.end) {
            let whole = file.line_span(line);
            let span = Span::new(whole.start.max(token.span.start), whole.end.min(token.span.end));
            comments.push(Comment {
                text: unmarked(file.slice(span), token.kind).to_owned(),
                span,
                place: if code_lines.contains(&line) { Place::BesideCode } else { Place::OwnLine },
            });
        }
    }
    comments
}

/// The text of a line of a comment without its marks, doubled ones and the stars at the edge of a block included.
fn unmarked(line: &str, kind: TokenKind) -> &str {
    let line = line.trim();
    let text = match kind {
        TokenKind::BlockComment => line.trim_start_matches(['/', '*']).trim_end_matches('/').trim_end_matches('*'),
        _ => line.trim_start_matches(['/', '#']),
    };
    text.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(path: &str, text: &str) -> Vec<(String, Place)> {
        let file = SourceFile::new(path, text);
        comments(&file).into_iter().map(|comment| (comment.text, comment.place)).collect()
    }

    #[test]
    fn every_form_of_comment_is_found_and_nothing_else() {
        let text = "\u{feff}# one\r\na = 1 // two\n/* three */ b = 2\n/*\n * four\n **/\nc = \"# x\" ## five\n\
                    d = <<E\n# x\nE\n";
        let own = |text: &str| (text.to_owned(), Place::OwnLine);
        let beside = |text: &str| (text.to_owned(), Place::BesideCode);
        assert_eq!(
            texts("a.tf", text),
            [own("one"), beside("two"), beside("three"), own(""), own("four"), own(""), beside("five")]
        );
    }

    #[test]
    fn a_comment_in_json_is_a_member() {
        let text = r#"{"resource": {"t": {"n": {"//": ["one", "two"], "x": "//"}}}}"#;
        let object = r#"{"//": ["one", "two"], "x": "//"}"#;
        let start = text.find(object).expect("it is there");
        let place = Place::Member(Span::new(start, start + object.len()));
        assert_eq!(texts("a.tf.json", text), [("one".to_owned(), place), ("two".to_owned(), place)]);
    }
}
