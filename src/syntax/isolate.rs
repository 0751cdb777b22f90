//! Cuts a file into its top-level items without parsing them, so that one unreadable block hides no other.

use super::scan::{Token, TokenKind, scan};
use crate::source::Span;

/// The spans of the top-level items of a text, in order: each from its first token to the end of its last line, a
/// trailing comment included, the line end not. Comments between items belong to none.
///
/// An item whose brackets never close reaches to the next line that looks like the start of a block, or to the end. Where
/// the next one does not close either, both are one item: one thing is wrong, and it is told once.
pub(super) fn isolate(text: &str, within: Span) -> Vec<Span> {
    let tokens = scan(text, within);
    let closing = closing(&tokens);
    let mut items: Vec<Span> = Vec::new();
    let mut index = 0;
    let mut after_unclosed = false;
    while index < tokens.len() {
        if is_trivia(tokens[index].kind) {
            index += 1;
            continue;
        }
        let closed = item_end(&tokens, &closing, index);
        let end = closed.unwrap_or_else(|| resynchronise(text, &tokens, index));
        let span = Span::new(tokens[index].span.start, tokens[end - 1].span.end);
        match items.last_mut() {
            Some(last) if after_unclosed && closed.is_none() => last.end = span.end,
            _ => items.push(span),
        }
        after_unclosed = closed.is_none();
        index = end;
    }
    items
}

/// The index of the token that closes each opening one, found in one pass: to look for each on its own would take the
/// square of their number where none closes.
fn closing(tokens: &[Token]) -> Vec<Option<usize>> {
    let mut closing = vec![None; tokens.len()];
    let mut open = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open => open.push(index),
            TokenKind::Close => {
                if let Some(opening) = open.pop() {
                    closing[opening] = Some(index);
                }
            }
            _ => {}
        }
    }
    closing
}

const fn is_trivia(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Newline | TokenKind::LineComment | TokenKind::BlockComment)
}

/// The index after the last token of the item that starts at token `start`; `None` if one of its brackets never closes.
fn item_end(tokens: &[Token], closing: &[Option<usize>], start: usize) -> Option<usize> {
    let mut index = start;
    while index < tokens.len() {
        match tokens[index].kind {
            TokenKind::Open => index = closing[index]?,
            TokenKind::Newline => return Some(index),
            _ => {}
        }
        index += 1;
    }
    Some(index)
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

    #[test]
    fn unclosed_blocks_in_a_row_are_one_item() {
        let open = "resource \"x\" \"y\" {\n".repeat(3);
        let text = format!("a = 1\n{open}locals {{}}\n{open}");
        assert_eq!(items(&text), ["a = 1", &open, "locals {}", &open]);
    }
}
