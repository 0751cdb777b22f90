//! A reader of the native syntax that follows HCL's own grammar, for files that hcl-edit reads in another way, slowly or
//! not at all: an object with a key twice, deep nesting, a carriage return in a comment, where a heredoc ends; and every
//! template, since strip markers and the indentation of heredocs decide on the text.
//!
//! The rules are those of hashicorp/hcl: `scan_tokens.rl`, `parser.go`, `parser_template.go` and `peeker.go` in
//! `hclsyntax`; the tests hold it against hcl-edit where that reads a text as Terraform does, and against Terraform where not.
//!
//! It reads bytes as they come, without tokens in between: what a byte means hangs on whether it stands in an
//! expression or in a template.

mod body;
mod expression;
mod template;
mod term;

use super::tree::{Body, Expr, TemplatePart};
use crate::source::Span;

/// How deep expressions, templates and blocks may nest. What is deeper is not read, so that no text uses up the stack.
const DEEPEST: usize = 400;

/// The error for a quoted string that goes on past the end of its line.
pub(super) const OPEN_QUOTE: &str = "a quoted string must end on the line it starts on";

/// Why a piece of text is no HCL, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HclError {
    /// Byte offset from the start of the file, 0-based.
    pub(super) at: usize,
    /// What was expected.
    pub(super) message: String,
}

/// Why something is not read.
#[derive(Debug)]
enum Failure {
    /// It is not HCL.
    Syntax(HclError),
    /// It nests more than [`DEEPEST`] levels deep.
    TooDeep(usize),
}

const TOO_DEEP: &str = "nested too deeply to be read";

impl From<Failure> for HclError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Syntax(error) => error,
            Failure::TooDeep(at) => Self { at, message: TOO_DEEP.to_owned() },
        }
    }
}

type Read<T> = Result<T, Failure>;

/// An expression and how many levels of expressions it has: chains of operators make it deep without nesting the text.
type Levels = (Expr, usize);

/// Parses the attributes and blocks in a span of a file.
///
/// # Errors
/// The first thing that is not HCL.
pub(super) fn parse_body(text: &str, span: Span) -> Result<Body, HclError> {
    let place = |at| at;
    let mut parser = Parser::new(&text[..span.end], span.start, &place);
    Ok(parser.file()?)
}

/// Parses one expression, which may go on over lines. `place` turns an offset in `text` into one in the file.
///
/// # Errors
/// The first thing that is not HCL, or whatever follows the expression.
pub(super) fn parse_expr(text: &str, place: &dyn Fn(usize) -> usize) -> Result<Expr, HclError> {
    let mut parser = Parser::new(text, 0, place);
    parser.newlines = false;
    let (expr, _) = parser.expression()?;
    parser.skip();
    if parser.at < text.len() { Err(parser.error("unexpected text after the expression").into()) } else { Ok(expr) }
}

/// Parses a template without quotes around it. `place` turns an offset in `text` into one in the file.
///
/// # Errors
/// The first thing that is not HCL.
pub(super) fn parse_template(text: &str, place: &dyn Fn(usize) -> usize) -> Result<Vec<TemplatePart>, HclError> {
    let (parts, _) = Parser::new(text, 0, place).bare_template()?;
    Ok(parts)
}

/// Parses the quoted string or heredoc at `at`. Returns the offset behind it, too.
///
/// # Errors
/// The first thing that is not HCL.
pub(super) fn parse_string(text: &str, at: usize, place: &dyn Fn(usize) -> usize) -> Result<(Expr, usize), HclError> {
    let mut parser = Parser::new(text, at, place);
    let (expr, _) = if parser.peek() == Some(b'"') { parser.quoted() } else { parser.heredoc() }?;
    Ok((expr, parser.at))
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    /// Turns an offset in the text into one in the file.
    place: &'t dyn Fn(usize) -> usize,
    /// Whether a line end ends what is read, as it does outside brackets.
    newlines: bool,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, at: usize, place: &'t dyn Fn(usize) -> usize) -> Self {
        Self { text, at, place, newlines: true, depth: 0 }
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        self.rest().starts_with(text.as_bytes())
    }

    /// Moves past a text if it comes next.
    fn eat(&mut self, text: &str) -> bool {
        let comes = self.starts_with(text);
        self.at += if comes { text.len() } else { 0 };
        comes
    }

    /// As [`Self::eat`], after white space.
    fn eat_next(&mut self, text: &str) -> bool {
        self.skip();
        self.eat(text)
    }

    fn expect(&mut self, text: &str) -> Read<()> {
        if self.eat_next(text) { Ok(()) } else { Err(self.error(&format!("expected `{text}`"))) }
    }

    fn error(&self, message: &str) -> Failure {
        Failure::Syntax(HclError { at: (self.place)(self.at), message: message.to_owned() })
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new((self.place)(start), (self.place)(self.at))
    }

    /// Moves past white space and comments, and past line ends where they mean nothing.
    fn skip(&mut self) {
        loop {
            match self.rest() {
                [b' ' | b'\t', ..] => self.at += 1,
                [b'/', b'*', ..] => self.block_comment(),
                _ if self.newlines || !self.line_end() => return,
                _ => {}
            }
        }
    }

    fn block_comment(&mut self) {
        let rest = self.rest();
        self.at += memchr::memmem::find(&rest[2..], b"*/").map_or(rest.len(), |end| end + 4);
    }

    /// Moves past the end of a line and the comment before it. A comment at the end of the text ends a line, too.
    fn line_end(&mut self) -> bool {
        match self.rest() {
            [b'\n', ..] => self.at += 1,
            [b'\r', b'\n', ..] => self.at += 2,
            [b'#', ..] | [b'/', b'/', ..] => {
                let rest = self.rest();
                self.at += memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            }
            _ => return false,
        }
        true
    }

    /// Reads a name if one comes next.
    fn name(&mut self) -> Option<&'t str> {
        let rest = &self.text[self.at..];
        let starts = |c: char| c.is_alphabetic() || c == '_';
        let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-') || !c.is_ascii() && !c.is_whitespace();
        if !rest.starts_with(starts) {
            return None;
        }
        let name = &rest[..rest.find(|c| !goes_on(c)).unwrap_or(rest.len())];
        self.at += name.len();
        Some(name)
    }

    /// Moves past a word if it comes next and is no part of a longer one.
    fn keyword(&mut self, word: &str) -> bool {
        let start = self.at;
        self.skip();
        let found = self.name() == Some(word);
        if !found {
            self.at = start;
        }
        found
    }

    /// Reads something in which line ends mean something or not.
    fn with_newlines<T>(&mut self, newlines: bool, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let outer = std::mem::replace(&mut self.newlines, newlines);
        let result = read(self);
        self.newlines = outer;
        result
    }

    /// Reads something one level down.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth == DEEPEST {
            return Err(Failure::TooDeep((self.place)(self.at)));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Bounds the levels that a chain of operators adds.
    fn bounded(&self, levels: usize) -> Read<usize> {
        if levels > DEEPEST { Err(Failure::TooDeep((self.place)(self.at))) } else { Ok(levels) }
    }
}

#[cfg(test)]
mod tests;
