//! The tree of a template: neighbouring texts are joined, and what stands between `if` and `endif`, or `for` and `endfor`,
//! becomes a part of its own.

use super::{Parser, Piece, Read};
use crate::source::Span;
use crate::syntax::tree::{Expr, ExprKind, ForExpr, ForTemplate, TemplatePart};

impl Parser<'_> {
    /// The tree of a whole list of pieces.
    pub(super) fn tree(&self, pieces: Vec<Piece>) -> Read<Vec<TemplatePart>> {
        let mut pieces = pieces.into_iter();
        let (parts, end) = self.parts(&mut pieces, 0)?;
        if end.is_some() { Err(self.error("a directive of this template has no beginning")) } else { Ok(parts) }
    }

    /// The parts up to the end, or up to a piece that ends or divides a directive, which is returned too.
    fn parts(
        &self,
        pieces: &mut impl Iterator<Item = Piece>,
        depth: usize,
    ) -> Read<(Vec<TemplatePart>, Option<Piece>)> {
        self.bounded(self.depth + depth)?;
        let unended = || self.error("a directive of this template has no end");
        let mut parts: Vec<TemplatePart> = Vec::new();
        while let Some(piece) = pieces.next() {
            let part = match piece {
                Piece::Text(text, span) => {
                    if let Some(TemplatePart::Literal(before, whole)) = parts.last_mut() {
                        before.push_str(&text);
                        whole.end = span.end;
                        continue;
                    }
                    TemplatePart::Literal(text, span)
                }
                Piece::Interpolation(expr) => TemplatePart::Interpolation(expr),
                Piece::If(condition, start) => {
                    let (yes, mut end) = self.parts(pieces, depth + 1)?;
                    let mut no = None;
                    if let Some(Piece::Else) = end {
                        let (parts, real_end) = self.parts(pieces, depth + 1)?;
                        no = Some(part_expr(parts, start));
                        end = real_end;
                    }
                    let Some(Piece::EndIf(end)) = end else { return Err(unended()) };
                    let span = Span::new(start.start, end.end);
                    TemplatePart::If { condition, yes: part_expr(yes, start), no, span }
                }
                Piece::For { key_var, value_var, collection, span: start } => {
                    let (body, end) = self.parts(pieces, depth + 1)?;
                    let Some(Piece::EndFor(end)) = end else { return Err(unended()) };
                    let body = part_expr(body, start);
                    let span = Span::new(start.start, end.end);
                    let (key, cond, grouping) = (None, None, false);
                    let each = ForExpr { key_var, value_var, collection, key, value: body, cond, grouping };
                    TemplatePart::For(Box::new(ForTemplate { each, span }))
                }
                end @ (Piece::Else | Piece::EndIf(_) | Piece::EndFor(_)) => return Ok((parts, Some(end))),
            };
            parts.push(part);
        }
        Ok((parts, None))
    }
}

/// A template within a directive; `before` is the directive, after which it starts.
fn part_expr(parts: Vec<TemplatePart>, before: Span) -> Expr {
    let place = |part: &TemplatePart| match part {
        TemplatePart::Literal(_, span) | TemplatePart::If { span, .. } => *span,
        TemplatePart::Interpolation(expr) => expr.span,
        TemplatePart::For(part) => part.span,
    };
    let nowhere = Span::empty(before.end);
    let span = Span::new(parts.first().map_or(nowhere, place).start, parts.last().map_or(nowhere, place).end);
    Expr { kind: ExprKind::Template(parts), span }
}
