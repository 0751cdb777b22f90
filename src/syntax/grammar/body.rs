//! Attributes and blocks.

use std::collections::HashSet;

use super::{Failure, Parser, Read, TOO_DEEP};
use crate::source::Span;
use crate::syntax::scan::{self, TokenKind};
use crate::syntax::tree::{Attribute, Block, Body, Expr, ExprKind, Item, Name};

impl Parser<'_> {
    /// All that is left of the text.
    pub(super) fn file(&mut self) -> Read<Body> {
        let body = self.body()?;
        if self.at < self.text.len() {
            return Err(self.error("expected an argument or a block"));
        }
        Ok(body)
    }

    /// The items up to the end of the text or a closing brace.
    fn body(&mut self) -> Read<Body> {
        let mut items = Vec::new();
        let mut keys = HashSet::new();
        loop {
            self.skip();
            if self.line_end() {
                continue;
            }
            if matches!(self.peek(), None | Some(b'}')) {
                return Ok(Body { items });
            }
            let start = self.at;
            let item = self.item()?;
            if let Item::Attribute(attribute) = &item
                && !keys.insert(attribute.key.text.clone())
            {
                self.at = start;
                return Err(self.error("this argument is set twice"));
            }
            items.push(item);
            self.skip();
            if !self.line_end() && self.peek().is_some() {
                return Err(self.error("expected the end of the line"));
            }
        }
    }

    fn item(&mut self) -> Read<Item> {
        let start = self.at;
        let Some(name) = self.name() else { return Err(self.error("expected an argument or a block")) };
        let name = Name { text: name.to_owned(), span: self.span_from(start) };
        self.skip();
        if self.peek() == Some(b'=') && !self.starts_with("==") {
            return Ok(Item::Attribute(self.attribute(name)?));
        }
        Ok(Item::Block(self.nested(|parser| parser.block(name, start))?))
    }

    /// Parses an attribute from its equals sign on.
    fn attribute(&mut self, key: Name) -> Read<Attribute> {
        self.expect("=")?;
        self.skip();
        let start = self.at;
        let value = match self.expression() {
            Ok((value, _)) => value,
            Err(Failure::TooDeep(_)) => self.unread(start),
            Err(error) => return Err(error),
        };
        Ok(Attribute { span: Span::new(key.span.start, value.span.end), key, value })
    }

    /// Passes over a value that starts at `start` and ends with its line or before the brace of a one-line block.
    fn unread(&mut self, start: usize) -> Expr {
        let mut depth = 0usize;
        self.at = start;
        for token in scan::tokens(self.text, Span::new(start, self.text.len())) {
            match token.kind {
                TokenKind::Newline | TokenKind::LineComment | TokenKind::Close if depth == 0 => break,
                TokenKind::Open => depth += 1,
                TokenKind::Close => depth -= 1,
                _ => {}
            }
            self.at = token.span.end;
        }
        Expr { kind: ExprKind::Unread(TOO_DEEP.to_owned()), span: self.span_from(start) }
    }

    /// Parses a block, which starts at `start`, behind its type.
    fn block(&mut self, kind: Name, start: usize) -> Read<Block> {
        let mut labels = Vec::new();
        let open = loop {
            self.skip();
            let start = self.at;
            if self.eat("{") {
                break (self.place)(start);
            }
            let text = match self.peek() {
                Some(b'"') => match self.quoted()?.0.kind {
                    ExprKind::String(text) => text,
                    _ => return Err(self.error("a label must not be a template")),
                },
                _ => match self.name() {
                    Some(name) => name.to_owned(),
                    None => return Err(self.error("expected `=`, a label or `{`")),
                },
            };
            labels.push(Name { text, span: self.span_from(start) });
        };
        self.skip();
        let on_one_line =
            !matches!(self.rest(), [] | [b'}' | b'\n' | b'#', ..] | [b'\r', b'\n', ..] | [b'/', b'/', ..]);
        let body = if on_one_line {
            let start = self.at;
            let Some(name) = self.name() else { return Err(self.error("expected an argument")) };
            let name = Name { text: name.to_owned(), span: self.span_from(start) };
            Body { items: vec![Item::Attribute(self.attribute(name)?)] }
        } else {
            self.body()?
        };
        self.skip();
        let close = (self.place)(self.at);
        self.expect("}")?;
        Ok(Block { kind, labels, body, span: self.span_from(start), open, close })
    }
}
