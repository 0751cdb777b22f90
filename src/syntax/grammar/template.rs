//! Templates: quoted strings, heredocs, and text without quotes.
//!
//! A template is first a flat list of pieces, because strip markers and the indentation of a `<<-` heredoc work on
//! that: a marker takes white space from the piece of text beside it, and a piece of text ends with its line, or before
//! a `$` or `%` that starts nothing. [`directives`] makes a tree of it.

mod directives;

use super::OPEN_QUOTE;
use super::{Levels, Parser, Read};
use crate::source::Span;
use crate::syntax::tree::{Expr, ExprKind, TemplatePart};

/// An element of the flat list.
enum Piece {
    Text(String, Span),
    Interpolation(Expr),
    If(Expr, Span),
    Else,
    EndIf(Span),
    For { key_var: Option<String>, value_var: String, collection: Expr, span: Span },
    EndFor(Span),
}

/// The surroundings of a template.
#[derive(Clone, Copy)]
enum Form<'t> {
    /// With the place of its opening quote.
    Quoted(usize),
    /// With its marker.
    Heredoc(&'t str),
    Bare,
}

impl<'t> Parser<'t> {
    /// A quoted string, from its opening quote on.
    pub(super) fn quoted(&mut self) -> Read<Levels> {
        let start = self.at;
        self.at += 1;
        let (pieces, levels) = self.pieces(Form::Quoted(start))?;
        if !self.eat("\"") {
            self.at = start;
            return Err(self.error(OPEN_QUOTE));
        }
        let parts = self.tree(pieces)?;
        let kind = match parts.as_slice() {
            [] => ExprKind::String(String::new()),
            [TemplatePart::Literal(text, _)] => ExprKind::String(text.clone()),
            _ => ExprKind::Template(parts),
        };
        Ok((Expr { kind, span: self.span_from(start) }, self.bounded(levels + 1)?))
    }

    /// A heredoc, from `<<` on, up to its end marker.
    pub(super) fn heredoc(&mut self) -> Read<Levels> {
        let start = self.at;
        if !self.eat("<<") {
            return Err(self.error("expected an expression"));
        }
        let is_flush = self.eat("-");
        let Some(marker) = self.name() else { return Err(self.error("expected the marker of a heredoc")) };
        if !self.eat("\n") && !self.eat("\r\n") {
            return Err(self.error("expected the end of the line after the marker of a heredoc"));
        }
        let (mut pieces, levels) = self.pieces(Form::Heredoc(marker))?;
        let rest = &self.text[self.at..];
        let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
        if line.trim() != marker {
            return Err(self.error(&format!("expected `{marker}`, which ends this heredoc")));
        }
        self.at += line.trim_end().len();
        if is_flush {
            flush(&mut pieces);
        }
        let kind = ExprKind::Heredoc(self.tree(pieces)?);
        Ok((Expr { kind, span: self.span_from(start) }, self.bounded(levels + 1)?))
    }

    /// The whole text as a template.
    pub(super) fn bare_template(&mut self) -> Read<(Vec<TemplatePart>, usize)> {
        let (pieces, levels) = self.pieces(Form::Bare)?;
        Ok((self.tree(pieces)?, levels))
    }

    /// The pieces up to the end of the template.
    fn pieces(&mut self, form: Form<'t>) -> Read<(Vec<Piece>, usize)> {
        let (mut pieces, mut levels) = (Vec::new(), 0);
        let mut strip_next = false;
        let mut starts_line = true;
        while !self.ends(form, starts_line) {
            let start = self.at;
            if self.starts_with("${") || self.starts_with("%{") {
                let is_directive = self.starts_with("%{");
                self.at += 2;
                if self.eat("~")
                    && let Some(Piece::Text(text, _)) = pieces.last_mut()
                {
                    text.truncate(text.trim_end().len());
                }
                let piece =
                    self.nested(|parser| parser.with_newlines(false, |parser| parser.sequence(is_directive, start)));
                let (piece, more) = piece?;
                levels = levels.max(more);
                pieces.push(piece);
                strip_next = self.eat("~");
                self.expect("}")?;
                starts_line = false;
            } else {
                let mut text = self.text_piece(form)?;
                starts_line = self.text[..self.at].ends_with('\n');
                if std::mem::take(&mut strip_next) {
                    text.replace_range(..text.len() - text.trim_start().len(), "");
                }
                pieces.push(Piece::Text(text, self.span_from(start)));
            }
        }
        Ok((pieces, levels))
    }

    fn ends(&self, form: Form, starts_line: bool) -> bool {
        match form {
            _ if self.at >= self.text.len() => true,
            Form::Quoted(_) => self.peek() == Some(b'"'),
            Form::Heredoc(marker) if starts_line => {
                let rest = self.rest();
                let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
                line.trim_ascii() == marker.as_bytes()
            }
            Form::Heredoc(_) | Form::Bare => false,
        }
    }

    /// Parses from `${` or `%{`, which opens at `start`, to the closing brace, markers aside.
    fn sequence(&mut self, is_directive: bool, start: usize) -> Read<(Piece, usize)> {
        if !is_directive {
            let (expr, levels) = self.expression()?;
            self.skip();
            return Ok((Piece::Interpolation(expr), levels));
        }
        self.skip();
        let word = self.name().unwrap_or_default();
        let (piece, levels) = match word {
            "if" => {
                let (condition, levels) = self.expression()?;
                (Piece::If(condition, self.span_from(start)), levels)
            }
            "for" => {
                let (key_var, value_var) = self.loop_variables()?;
                let (collection, levels) = self.expression()?;
                (Piece::For { key_var, value_var, collection, span: self.span_from(start) }, levels)
            }
            "else" => (Piece::Else, 0),
            "endif" => (Piece::EndIf(self.span_from(start)), 0),
            "endfor" => (Piece::EndFor(self.span_from(start)), 0),
            _ => return Err(self.error("expected `if`, `else`, `endif`, `for` or `endfor`")),
        };
        self.skip();
        Ok((piece, levels))
    }

    /// Text up to what ends a piece, its escapes resolved.
    fn text_piece(&mut self, form: Form) -> Read<String> {
        let mut text = String::new();
        let is_quoted = matches!(form, Form::Quoted(_));
        if matches!(self.peek(), Some(b'$' | b'%')) {
            let opens = self.starts_with("$${") || self.starts_with("%%{");
            text.push_str(if self.starts_with("$") { "$" } else { "%" });
            if opens {
                text.push('{');
            }
            self.at += if opens { 3 } else { 1 };
            return Ok(text);
        }
        while let Some(c) = self.text[self.at..].chars().next() {
            match c {
                '$' | '%' => break,
                '"' if is_quoted => break,
                '\n' | '\r' if let Form::Quoted(open) = form => {
                    self.at = open;
                    return Err(self.error(OPEN_QUOTE));
                }
                '\r' if !self.starts_with("\r\n") && matches!(form, Form::Heredoc(_)) => {
                    return Err(self.error("a carriage return must not stand here"));
                }
                '\\' if is_quoted => {
                    let escaped = self.escape()?;
                    text.push(escaped);
                    continue;
                }
                _ => text.push(c),
            }
            self.at += c.len_utf8();
            if c == '\n' {
                break;
            }
        }
        Ok(text)
    }

    /// An escape of a quoted string, from its backslash on.
    fn escape(&mut self) -> Read<char> {
        let rest = &self.text[self.at + 1..];
        let hex = |digits: usize| {
            let number = rest.get(1..=digits).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
            char::from_u32(u32::from_str_radix(number, 16).ok()?)
        };
        let (c, length) = match rest.chars().next() {
            Some('n') => (Some('\n'), 2),
            Some('r') => (Some('\r'), 2),
            Some('t') => (Some('\t'), 2),
            Some(c @ ('"' | '\\')) => (Some(c), 2),
            Some('u') => (hex(4), 6),
            Some('U') => (hex(8), 10),
            _ => (None, 0),
        };
        let c = c.ok_or_else(|| self.error("invalid escape sequence"))?;
        self.at += length;
        Ok(c)
    }
}

/// Removes the indentation that all lines of a heredoc have in common, counted over what is written, not over what
/// interpolations yield. Lines of nothing but white space do not count.
fn flush(pieces: &mut [Piece]) {
    let mut least = usize::MAX;
    let mut at_start = true;
    let mut indented = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let text = match piece {
            Piece::Text(text, _) => text.as_str(),
            _ => "",
        };
        if std::mem::replace(&mut at_start, text.ends_with('\n')) {
            let spaces = text.chars().take_while(|c| c.is_whitespace()).count();
            let is_blank = text.ends_with('\n') && text.trim_start().is_empty();
            if !is_blank {
                least = least.min(spaces);
                indented.push(index);
            }
        }
    }
    for index in indented {
        if let Piece::Text(text, _) = &mut pieces[index] {
            let start = text.char_indices().nth(least).map_or(text.len(), |(at, _)| at);
            text.replace_range(..start, "");
        }
    }
}
