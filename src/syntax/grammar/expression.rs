//! Operators, conditionals and the steps into a value.

use super::{Levels, Parser, Read};
use crate::source::Span;
use crate::syntax::tree::{Expr, ExprKind, Step};

/// The binary operators with how tightly they bind. A symbol comes before those that it starts with.
const OPERATORS: [(&str, usize); 13] = [
    ("||", 0),
    ("&&", 1),
    ("==", 2),
    ("!=", 2),
    (">=", 3),
    ("<=", 3),
    (">", 3),
    ("<", 3),
    ("+", 4),
    ("-", 4),
    ("*", 5),
    ("/", 5),
    ("%", 5),
];

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Read<Levels> {
        self.nested(Self::conditional)
    }

    fn conditional(&mut self) -> Read<Levels> {
        let (condition, first) = self.operation(0)?;
        if !self.eat_next("?") {
            return Ok((condition, first));
        }
        let (yes, second) = self.expression()?;
        self.expect(":")?;
        let (no, third) = self.expression()?;
        let span = Span::new(condition.span.start, no.span.end);
        let kind = ExprKind::Conditional(Box::new(condition), Box::new(yes), Box::new(no));
        Ok((Expr { kind, span }, self.bounded(first.max(second).max(third) + 1)?))
    }

    /// Operators that bind at least as tightly as `least`; equal ones from left to right.
    fn operation(&mut self, least: usize) -> Read<Levels> {
        let (mut left, mut levels) = self.operand()?;
        loop {
            self.skip();
            let Some((symbol, binding)) = self.operator().filter(|(_, binding)| *binding >= least) else {
                return Ok((left, levels));
            };
            self.at += symbol.len();
            let (right, more) = self.operation(binding + 1)?;
            levels = self.bounded(levels.max(more) + 1)?;
            let span = Span::new(left.span.start, right.span.end);
            left = Expr { kind: ExprKind::Binary(Box::new(left), symbol, Box::new(right)), span };
        }
    }

    fn operator(&self) -> Option<(&'static str, usize)> {
        // Outside brackets a comment is still there, for it ends the line.
        let is_comment = self.starts_with("//");
        OPERATORS.into_iter().find(|(symbol, _)| self.starts_with(symbol)).filter(|_| !is_comment)
    }

    /// A term with the steps into it.
    pub(super) fn operand(&mut self) -> Read<Levels> {
        self.skip();
        let start = self.at;
        let (root, mut levels) = self.term()?;
        let mut base = root;
        let mut steps = Vec::new();
        let mut attribute_splat: Option<usize> = None;
        let mut end = self.at;
        loop {
            self.skip();
            let is_bracket = self.peek() == Some(b'[');
            let is_splat = self.starts_with(".");
            let step = self.step()?;
            let ended = attribute_splat.take_if(|_| is_bracket || step.is_none());
            let is_whole = ended.is_some_and(|at| is_bracket && !Step::end_attribute_splat(&mut steps, at));
            if (step.is_none() || is_whole) && !steps.is_empty() {
                let kind = ExprKind::Traversal(Box::new(base), std::mem::take(&mut steps));
                base = Expr { kind, span: Span::new((self.place)(start), (self.place)(end)) };
                levels = self.bounded(levels + 1)?;
            }
            let Some((step, more)) = step else { break };
            if is_splat && matches!(step, Step::Splat) {
                attribute_splat.get_or_insert(steps.len());
            }
            steps.push(step);
            levels = levels.max(more);
            end = self.at;
        }
        self.at = end;
        Ok((base, levels))
    }

    /// The next step, if one comes.
    fn step(&mut self) -> Read<Option<(Step, usize)>> {
        self.skip();
        if self.starts_with("...") {
            return Ok(None);
        }
        if self.eat(".") {
            self.skip();
            if self.eat("*") {
                return Ok(Some((Step::Splat, 0)));
            }
            if let Some(name) = self.name() {
                return Ok(Some((Step::Attr(name.to_owned()), 0)));
            }
            let start = self.at;
            return match self.number() {
                Some(index) if !index.contains('.') => {
                    let kind = ExprKind::Number(index.to_owned());
                    Ok(Some((Step::Index(Expr { kind, span: self.span_from(start) }), 1)))
                }
                _ => Err(self.error("expected the name of an attribute")),
            };
        }
        if !self.eat("[") {
            return Ok(None);
        }
        if self.eat_next("*") {
            self.expect("]")?;
            return Ok(Some((Step::Splat, 0)));
        }
        let (index, levels) = self.with_newlines(false, |parser| {
            let index = parser.expression()?;
            parser.expect("]")?;
            Ok(index)
        })?;
        Ok(Some((Step::Index(index), levels)))
    }
}
