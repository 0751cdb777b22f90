//! A scanner for the native syntax that needs no valid file: it finds lines, brackets and comments, and passes over
//! strings, templates and heredocs as single tokens.
//!
//! The rules are those of HCL's own scanner (hashicorp/hcl, `hclsyntax/scan_tokens.rl`): a heredoc ends at the first
//! line that equals its marker once white space around it is removed; `$${` and `%%{` start no template; a quoted
//! string does not go past the end of its line outside a template.

use crate::source::Span;

/// The kind of a token. Only kinds that finding blocks and aligning lines needs are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `\n`, with a carriage return before it.
    Newline,
    /// `# …` or `// …`, its line end not included.
    LineComment,
    /// `/* … */`, which may span lines.
    BlockComment,
    /// `"…"` with everything in it.
    Quoted,
    /// `<<EOT` up to and including the end marker.
    Heredoc,
    /// `{`, `[` or `(`.
    Open,
    /// `}`, `]` or `)`.
    Close,
    /// A single `=`.
    Equal,
    /// A run of name characters: names, keywords, numbers.
    Word,
    /// Other operators and punctuation, any number of them.
    Other,
}

/// A token and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

/// Splits the text of a span into tokens. White space between tokens gives none. What never ends (a string, a comment,
/// a heredoc) is a token up to the end of its line or of the text.
pub(super) fn scan(text: &str, within: Span) -> Vec<Token> {
    tokens(text, within).collect()
}

/// As [`scan`], token by token.
pub(super) fn tokens(text: &str, within: Span) -> impl Iterator<Item = Token> {
    let mut scanner = Scanner { bytes: &text.as_bytes()[..within.end], at: within.start };
    std::iter::from_fn(move || scanner.next_token())
}

/// The bytes that start a token of a kind that is told apart, or stand between tokens.
const STARTS: &[u8] = b" \t\r\n#/\"<>!={}[]()";

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// The surroundings of a template part.
enum Nesting {
    /// Between `${` or `%{` and its `}`, with the number of open inner braces.
    Code { braces: usize },
    /// In a quoted string.
    Quoted,
    /// In a heredoc with this end marker.
    Heredoc { marker: Span },
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn starts_with(&self, text: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(text)
    }

    fn next_token(&mut self) -> Option<Token> {
        while matches!(self.peek(0), Some(b' ' | b'\t' | b'\r')) && !self.starts_with(b"\r\n") {
            self.at += 1;
        }
        let start = self.at;
        let kind = match self.peek(0)? {
            b'\n' => {
                self.at += 1;
                TokenKind::Newline
            }
            b'\r' => {
                self.at += 2;
                TokenKind::Newline
            }
            b'#' => self.line_comment(),
            b'/' if self.peek(1) == Some(b'/') => self.line_comment(),
            b'/' if self.peek(1) == Some(b'*') => self.block_comment(),
            b'"' => {
                self.at += 1;
                self.pass(Nesting::Quoted);
                TokenKind::Quoted
            }
            b'<' if self.starts_with(b"<<") && self.heredoc_marker().is_some() => {
                self.heredoc();
                TokenKind::Heredoc
            }
            b'{' | b'[' | b'(' => {
                self.at += 1;
                TokenKind::Open
            }
            b'}' | b']' | b')' => {
                self.at += 1;
                TokenKind::Close
            }
            b'=' | b'!' | b'<' | b'>' => self.comparison(),
            byte if is_word(byte) => {
                while self.peek(0).is_some_and(is_word) {
                    self.at += 1;
                }
                TokenKind::Word
            }
            _ => {
                // A file of nothing else would be many times as large in tokens.
                self.at += 1;
                while self.peek(0).is_some_and(|byte| !is_word(byte) && !STARTS.contains(&byte)) {
                    self.at += 1;
                }
                TokenKind::Other
            }
        };
        Some(Token { kind, span: Span::new(start, self.at) })
    }

    fn line_comment(&mut self) -> TokenKind {
        let rest = &self.bytes[self.at..];
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        self.at += end - usize::from(end > 0 && rest[end - 1] == b'\r' && end < rest.len());
        TokenKind::LineComment
    }

    fn block_comment(&mut self) -> TokenKind {
        let rest = &self.bytes[self.at + 2..];
        self.at += memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2) + 2;
        TokenKind::BlockComment
    }

    fn comparison(&mut self) -> TokenKind {
        let alone = self.peek(0) == Some(b'=') && !matches!(self.peek(1), Some(b'=' | b'>'));
        self.at += if alone || !matches!(self.peek(1), Some(b'=' | b'>')) { 1 } else { 2 };
        if alone { TokenKind::Equal } else { TokenKind::Other }
    }

    /// The marker of a heredoc that starts here: its bytes and those of the introduction up to the line's end.
    fn heredoc_marker(&self) -> Option<(Span, usize)> {
        let mut at = self.at + 2;
        if self.bytes.get(at) == Some(&b'-') {
            at += 1;
        }
        let start = at;
        while self.bytes.get(at).copied().is_some_and(is_word) {
            at += 1;
        }
        let marker = Span::new(start, at);
        if self.bytes.get(at) == Some(&b'\r') {
            at += 1;
        }
        (!marker.is_empty() && self.bytes.get(at) == Some(&b'\n')).then_some((marker, at + 1))
    }

    fn heredoc(&mut self) {
        if let Some((marker, body)) = self.heredoc_marker() {
            self.at = body;
            if !self.end_marker(marker) {
                self.pass(Nesting::Heredoc { marker });
            }
        }
    }

    /// Whether the line that starts here ends the heredoc; then moves past the marker.
    fn end_marker(&mut self, marker: Span) -> bool {
        let rest = &self.bytes[self.at..];
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        if line.trim_ascii() != &self.bytes[marker.range()] {
            return false;
        }
        self.at += line.trim_ascii_end().len();
        true
    }

    /// Moves to the end of a string or heredoc whose start has been passed, through the templates in it.
    ///
    /// A stack of its own instead of recursion: the text may be nested as deeply as it likes.
    fn pass(&mut self, outer: Nesting) {
        let mut stack = vec![outer];
        while let (Some(nesting), Some(byte)) = (stack.last_mut(), self.peek(0)) {
            match nesting {
                Nesting::Code { braces } => match byte {
                    b'{' => {
                        *braces += 1;
                        self.at += 1;
                    }
                    b'}' if *braces > 0 => {
                        *braces -= 1;
                        self.at += 1;
                    }
                    b'}' => {
                        self.at += 1;
                        stack.pop();
                    }
                    b'"' => {
                        self.at += 1;
                        stack.push(Nesting::Quoted);
                    }
                    b'#' => _ = self.line_comment(),
                    b'/' if self.peek(1) == Some(b'/') => _ = self.line_comment(),
                    b'/' if self.peek(1) == Some(b'*') => _ = self.block_comment(),
                    b'<' if self.starts_with(b"<<") => match self.heredoc_marker() {
                        Some((marker, body)) => {
                            self.at = body;
                            if !self.end_marker(marker) {
                                stack.push(Nesting::Heredoc { marker });
                            }
                        }
                        None => self.at += 2,
                    },
                    _ => self.at += 1,
                },
                Nesting::Quoted | Nesting::Heredoc { .. } if self.template_escape() => self.at += 3,
                Nesting::Quoted | Nesting::Heredoc { .. } if self.starts_with(b"${") || self.starts_with(b"%{") => {
                    self.at += 2;
                    stack.push(Nesting::Code { braces: 0 });
                }
                Nesting::Quoted => match byte {
                    b'\\' if !matches!(self.peek(1), Some(b'\n' | b'\r')) => self.at += 2,
                    b'"' => {
                        self.at += 1;
                        stack.pop();
                    }
                    b'\n' => _ = stack.pop(),
                    _ => self.at += 1,
                },
                Nesting::Heredoc { marker } => {
                    let marker = *marker;
                    self.at += 1;
                    if byte == b'\n' && self.end_marker(marker) {
                        stack.pop();
                    }
                }
            }
        }
        self.at = self.at.min(self.bytes.len());
    }

    fn template_escape(&self) -> bool {
        self.starts_with(b"$${") || self.starts_with(b"%%{")
    }
}

/// Name characters: letters, digits, `_`, `-` and everything outside ASCII.
const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' || byte >= 0x80
}

#[cfg(test)]
mod tests;
