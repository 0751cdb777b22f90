//! Cuts a file into its top-level items without parsing them, so that one unreadable block hides no other.

use super::scan::{Token, TokenKind, scan};
use crate::source::Span;

/// The spans of the top-level items of a text, in order: each from its first token to the end of its last line, a
/// trailing comment included, the line end not. Comments between items belong to none.
///
/// An item whose brackets never close reaches to the next line that looks like the start of a block, or to the end.
pub(super) fn isolate(text: &str, within: Span) -> Vec<Span> {
    let tokens = scan(text, within);
    let mut items = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        if is_trivia(tokens[index].kind) {
            index += 1;
            continue;
        }
        let end = item_end(text, &tokens, index);
        items.push(Span::new(tokens[index].span.start, tokens[end - 1].span.end));
        index = end;
    }
    items
}

const fn is_trivia(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Newline | TokenKind::LineComment | TokenKind::BlockComment)
}

/// The index after the last token of the item that starts at token `start`.
fn item_end(text: &str, tokens: &[Token], start: usize) -> usize {
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate().skip(start) {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Newline if depth == 0 => return index,
            _ => {}
        }
    }
    if depth == 0 { tokens.len() } else { resynchronise(text, tokens, start) }
}

/// Where an item whose brackets never close is taken to end: before the next word at the very start of a line that
/// opens a block of a Terraform file.
fn resynchronise(text: &str, tokens: &[Token], start: usize) -> usize {
    const KINDS: [&str; 10] =
        ["resource", "data", "module", "variable", "output", "locals", "provider", "terraform", "moved", "import"];
    let starts_block = |index: usize| {
        let token = tokens[index];
        token.kind == TokenKind::Word
            && tokens[index - 1].kind == TokenKind::Newline
            && tokens[index - 1].span.end == token.span.start
            && KINDS.contains(&&text[token.span.range()])
    };
    (start + 1..tokens.len()).find(|&index| starts_block(index)).unwrap_or(tokens.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<&str> {
        isolate(text, Span::new(0, text.len())).into_iter().map(|span| &text[span.range()]).collect()
    }

    #[test]
    fn comments_and_blank_lines_separate_items() {
        let text = "# c\na = 1 # d\n\n/* e\n*/ resource \"x\" \"y\" {\n  # }\n  b = [\n    1,\n  ]\n}\nlocals {}";
        assert_eq!(items(text), ["a = 1 # d", "resource \"x\" \"y\" {\n  # }\n  b = [\n    1,\n  ]\n}", "locals {}"]);
    }

    #[test]
    fn brackets_in_strings_and_heredocs_do_not_count() {
        let text = "a = \"{\"\nb = <<E\n{{{\nE\nc = 1\n";
        assert_eq!(items(text), ["a = \"{\"", "b = <<E\n{{{\nE", "c = 1"]);
    }

    #[test]
    fn an_unclosed_block_ends_where_the_next_one_starts() {
        let text = "locals {\n  a = {\n\nresource \"x\" \"y\" {\n}\n";
        assert_eq!(items(text), ["locals {\n  a = {\n\n", "resource \"x\" \"y\" {\n}"]);
    }
}
