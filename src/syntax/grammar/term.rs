//! Operands: literals, names, calls, brackets and collections.

use super::{Levels, Parser, Read};
use crate::syntax::tree::{Expr, ExprKind, ForExpr, ObjectItem};

impl<'t> Parser<'t> {
    pub(super) fn term(&mut self) -> Read<Levels> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => self.quoted(),
            Some(b'<') => self.heredoc(),
            Some(b'(') => {
                self.at += 1;
                let (inner, levels) = self.with_newlines(false, |parser| {
                    let inner = parser.expression()?;
                    parser.expect(")")?;
                    Ok(inner)
                })?;
                self.made(start, ExprKind::Paren(Box::new(inner)), levels)
            }
            Some(b'[') => {
                self.at += 1;
                let (kind, levels) = self.with_newlines(false, Self::tuple)?;
                self.made(start, kind, levels)
            }
            Some(b'{') => {
                self.at += 1;
                let (kind, levels) = self.object()?;
                self.made(start, kind, levels)
            }
            Some(operator @ (b'-' | b'!')) => {
                self.at += 1;
                let (operand, levels) = self.nested(Self::operand)?;
                let kind = match (operator, operand) {
                    (b'-', Expr { kind: ExprKind::Number(digits), .. }) if !digits.starts_with('-') => {
                        ExprKind::Number(format!("-{digits}"))
                    }
                    (b'-', operand) => ExprKind::Unary("-", Box::new(operand)),
                    (_, operand) => ExprKind::Unary("!", Box::new(operand)),
                };
                self.made(start, kind, levels)
            }
            _ => {
                if let Some(number) = self.number() {
                    return self.made(start, ExprKind::Number(number.to_owned()), 0);
                }
                let Some(name) = self.name() else { return Err(self.error("expected an expression")) };
                self.named(start, name)
            }
        }
    }

    fn made(&self, start: usize, kind: ExprKind, levels: usize) -> Read<Levels> {
        Ok((Expr { kind, span: self.span_from(start) }, self.bounded(levels + 1)?))
    }

    /// A keyword, a call or a reference that starts with this name.
    fn named(&mut self, start: usize, name: &str) -> Read<Levels> {
        let end = self.at;
        let mut function = name.to_owned();
        while self.eat_next("::") {
            self.skip();
            let Some(part) = self.name() else { return Err(self.error("expected the name of a function")) };
            function = format!("{function}::{part}");
        }
        if self.eat_next("(") {
            let (args, expand, levels) = self.with_newlines(false, Self::arguments)?;
            return self.made(start, ExprKind::Call { name: function, args, expand }, levels);
        }
        if function != name {
            return Err(self.error("expected `(`"));
        }
        self.at = end;
        let kind = match name {
            "true" | "false" => ExprKind::Bool(name == "true"),
            "null" => ExprKind::Null,
            _ => ExprKind::Variable(name.to_owned()),
        };
        self.made(start, kind, 0)
    }

    fn arguments(&mut self) -> Read<(Vec<Expr>, bool, usize)> {
        let (mut args, mut levels) = (Vec::new(), 0);
        while !self.eat_next(")") {
            let (arg, more) = self.expression()?;
            args.push(arg);
            levels = levels.max(more);
            if self.eat_next("...") {
                self.expect(")")?;
                return Ok((args, true, levels));
            }
            if !self.eat_next(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok((args, false, levels))
    }

    /// The digits of a number if one comes next. A point or an exponent belongs to it only with a digit behind.
    pub(super) fn number(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let digit = |at: usize| rest.get(at).is_some_and(u8::is_ascii_digit);
        if !digit(0) {
            return None;
        }
        let mut end = 1;
        loop {
            end += match rest.get(end) {
                Some(b'0'..=b'9') => 1,
                Some(b'.' | b'e' | b'E') if digit(end + 1) => 2,
                Some(b'e' | b'E') if matches!(rest.get(end + 1), Some(b'+' | b'-')) && digit(end + 2) => 3,
                _ => break,
            };
        }
        let number = &self.text[self.at..self.at + end];
        self.at += end;
        Some(number)
    }

    /// The elements of a list, or a `for`, after the opening bracket.
    fn tuple(&mut self) -> Read<(ExprKind, usize)> {
        if self.keyword("for") {
            return self.for_expr("]");
        }
        let (mut elements, mut levels) = (Vec::new(), 0);
        while !self.eat_next("]") {
            let (element, more) = self.expression()?;
            elements.push(element);
            levels = levels.max(more);
            if !self.eat_next(",") {
                self.expect("]")?;
                break;
            }
        }
        Ok((ExprKind::Array(elements), levels))
    }

    /// The members of an object, or a `for`, after the opening brace. Line ends separate members, but a `for` may
    /// stand on a line of its own.
    fn object(&mut self) -> Read<(ExprKind, usize)> {
        let start = self.at;
        if self.with_newlines(false, |parser| Ok(parser.keyword("for")))? {
            return self.with_newlines(false, |parser| parser.for_expr("}"));
        }
        self.at = start;
        self.with_newlines(true, Self::members)
    }

    fn members(&mut self) -> Read<(ExprKind, usize)> {
        let (mut items, mut levels) = (Vec::new(), 0);
        loop {
            self.skip();
            if self.line_end() {
                continue;
            }
            if self.eat("}") {
                return Ok((ExprKind::Object(items), levels));
            }
            let (key, first) = self.key()?;
            if !self.eat_next(":") {
                self.skip();
                if self.starts_with("=>") || self.starts_with("==") {
                    return Err(self.error("expected `=`"));
                }
                self.expect("=")?;
            }
            let (value, second) = self.expression()?;
            items.push(ObjectItem { key, value });
            levels = levels.max(first).max(second);
            self.skip();
            if !self.eat(",") && !self.line_end() && self.peek() != Some(b'}') {
                return Err(self.error("expected `,`, `}` or the end of the line"));
            }
        }
    }

    /// A key. A name on its own is text, as are keywords. A reference without parentheses has no value, but may stand where
    /// none is asked for, as in the `providers` of a module call.
    fn key(&mut self) -> Read<Levels> {
        let start = self.at;
        if let Some(name) = self.name() {
            let span = self.span_from(start);
            let end = self.at;
            self.skip();
            if matches!(self.peek(), Some(b'=' | b':')) && !self.starts_with("::") && !self.starts_with("==") {
                self.at = end;
                return Ok((Expr { kind: ExprKind::String(name.to_owned()), span }, 1));
            }
            self.at = start;
        }
        self.expression()
    }

    /// Parses a `for` expression behind its first word, up to and including the closing bracket.
    fn for_expr(&mut self, close: &str) -> Read<(ExprKind, usize)> {
        let (key_var, value_var) = self.loop_variables()?;
        let (collection, mut levels) = self.expression()?;
        self.expect(":")?;
        let mut count = |(expr, more): Levels| {
            levels = levels.max(more);
            expr
        };
        let mut value = count(self.expression()?);
        let mut key = None;
        if self.eat_next("=>") {
            key = Some(std::mem::replace(&mut value, count(self.expression()?)));
        }
        let grouping = self.eat_next("...");
        let cond = if self.keyword("if") { Some(count(self.expression()?)) } else { None };
        if key.is_some() != (close == "}") || grouping && key.is_none() {
            return Err(self.error("a `for` in braces has a key and a value, one in brackets a value"));
        }
        self.expect(close)?;
        let expr = ForExpr { key_var, value_var, collection, key, value, cond, grouping };
        Ok((ExprKind::For(Box::new(expr)), levels))
    }

    /// The names between `for` and `in`.
    pub(super) fn loop_variables(&mut self) -> Read<(Option<String>, String)> {
        let mut names = Vec::new();
        loop {
            self.skip();
            let Some(name) = self.name() else { return Err(self.error("expected the name of a variable")) };
            names.push(name.to_owned());
            if names.len() == 2 || !self.eat_next(",") {
                break;
            }
        }
        if !self.keyword("in") {
            return Err(self.error("expected `in`"));
        }
        let value = names.pop().unwrap_or_default();
        Ok((names.pop(), value))
    }
}
