//! The native syntax: hcl-edit's tree to ours.
//!
//! Only spans, names and values are taken over, and templates are read by [`grammar`]. hcl-edit's printer and its decor
//! are not used, because printing does not give every file back byte for byte (carriage returns, comments around
//! operators, `<<-` heredocs).

use std::cell::OnceCell;

use hcl_edit::expr::{BinaryOperator, Expression, ObjectKey, Traversal, TraversalOperator, UnaryOperator};
use hcl_edit::structure::{self, BlockLabel, Structure};
use hcl_edit::{Decorate, Formatted, Number, RawString};

use super::grammar::{self, HclError, OPEN_QUOTE};
use super::tree::{Attribute, Block, Body, Expr, ExprKind, ForExpr, Item, Name, ObjectItem, Step};
use crate::source::Span;

/// Parses a sequence of attributes and blocks that starts at byte `base` of its file.
///
/// # Errors
/// The parser's first error, or the first thing that it reads in another way than Terraform.
pub(super) fn parse_body(text: &str, base: usize) -> Result<Body, HclError> {
    let place = |at| base + at;
    match hcl_edit::parser::parse_body(text) {
        Ok(body) => Converter::new(text, &place).convert(|converter| converter.body(&body)),
        Err(error) => Err(HclError { at: place(error.location().offset()), message: error.message().to_owned() }),
    }
}

/// Turns nodes of hcl-edit into ours.
struct Converter<'a> {
    text: &'a str,
    /// Turns an offset in the parsed text into one in its file.
    place: &'a dyn Fn(usize) -> usize,
    /// The first thing that hcl-edit reads in another way than Terraform.
    misread: OnceCell<HclError>,
}

impl<'a> Converter<'a> {
    fn new(text: &'a str, place: &'a dyn Fn(usize) -> usize) -> Self {
        Self { text, place, misread: OnceCell::new() }
    }

    fn convert<T>(self, convert: impl FnOnce(&Self) -> T) -> Result<T, HclError> {
        let tree = convert(&self);
        self.misread.into_inner().map_or(Ok(tree), Err)
    }

    /// Notes text that is quoted over several lines, which Terraform refuses: a forgotten quote would hide the blocks
    /// up to the next one.
    fn check_quoted(&self, node: &impl hcl_edit::Span) {
        if let Some(range) = node.span()
            && self.text[range.clone()].contains('\n')
        {
            let message = OPEN_QUOTE.to_owned();
            _ = self.misread.set(HclError { at: (self.place)(range.start), message });
        }
    }

    /// Reads a template from its text. hcl-edit ends a heredoc early at `EOT # x`, and reads on past an empty one up
    /// to the next with the same marker.
    fn template(&self, node: &impl hcl_edit::Span) -> ExprKind {
        let range = node.span().unwrap_or_default();
        let error = match grammar::parse_string(self.text, range.start, self.place) {
            Ok((expr, end)) if end == range.end => return expr.kind,
            Ok(_) => HclError { at: (self.place)(range.start), message: "this heredoc is misread".to_owned() },
            Err(error) => error,
        };
        let kind = ExprKind::Unread(error.message.clone());
        _ = self.misread.set(error);
        kind
    }

    /// A number as it is written: hcl-edit keeps no more digits than 64 bits hold.
    fn number(&self, number: &Formatted<Number>) -> String {
        let written = hcl_edit::Span::span(number).map(|range| self.text[range].trim());
        let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|byte| b"0123456789.eE+-".contains(&byte));
        written.filter(is_number).map_or_else(|| number.value().to_string(), str::to_owned)
    }

    fn span(&self, node: &impl hcl_edit::Span) -> Option<Span> {
        node.span().map(|range| Span::new((self.place)(range.start), (self.place)(range.end)))
    }

    /// The span of a node that the parser always gives one.
    fn known_span(&self, node: &impl hcl_edit::Span) -> Span {
        self.span(node).unwrap_or(self.nowhere())
    }

    /// The empty span at the start of the parsed text.
    fn nowhere(&self) -> Span {
        Span::empty((self.place)(0))
    }

    fn body(&self, body: &structure::Body) -> Body {
        let items = body
            .iter()
            .map(|structure| match structure {
                Structure::Attribute(attribute) => Item::Attribute(self.attribute(attribute)),
                Structure::Block(block) => Item::Block(self.block(block)),
            })
            .collect();
        Body { items }
    }

    fn attribute(&self, attribute: &structure::Attribute) -> Attribute {
        let key = Name { text: attribute.key.to_string(), span: self.known_span(&attribute.key) };
        let value = self.expr(&attribute.value);
        // The attribute of a one-line block has no span of its own.
        let span = self.span(attribute).unwrap_or(Span::new(key.span.start, value.span.end));
        Attribute { key, value, span }
    }

    fn block(&self, block: &structure::Block) -> Block {
        let kind = Name { text: block.ident.to_string(), span: self.known_span(&block.ident) };
        let mut open = kind.span.end + suffix_len(block.ident.decor().suffix());
        let labels = block
            .labels
            .iter()
            .map(|label| {
                self.check_quoted(label);
                let (text, span, decor) = match label {
                    BlockLabel::Ident(ident) => (ident.to_string(), self.known_span(ident), ident.decor()),
                    BlockLabel::String(string) => (string.to_string(), self.known_span(string), string.decor()),
                };
                open = span.end + suffix_len(decor.suffix());
                Name { text, span }
            })
            .collect();
        let span = self.known_span(block);
        Block { kind, labels, body: self.body(&block.body), span, open, close: span.end - 1 }
    }

    fn expr(&self, expr: &Expression) -> Expr {
        let kind = self.kind(expr);
        let own = self.span(expr);
        let mut result = Expr { kind, span: own.unwrap_or(self.nowhere()) };
        if own.is_none() {
            // Inner nodes of an operator chain have no span of their own.
            let children = result.children();
            if let (Some(first), Some(last)) = (children.first(), children.last()) {
                result.span = Span::new(first.span.start, last.span.end);
            }
        }
        result
    }

    fn boxed(&self, expr: &Expression) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    fn kind(&self, expr: &Expression) -> ExprKind {
        match expr {
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(value) => ExprKind::Bool(*value.value()),
            Expression::Number(number) => ExprKind::Number(self.number(number)),
            Expression::String(string) => {
                self.check_quoted(string);
                ExprKind::String(string.value().clone())
            }
            Expression::StringTemplate(template) => self.template(template),
            Expression::HeredocTemplate(heredoc) => self.template(&**heredoc),
            Expression::Array(array) => ExprKind::Array(array.iter().map(|item| self.expr(item)).collect()),
            Expression::Object(object) => ExprKind::Object(
                object
                    .iter()
                    .map(|(key, value)| ObjectItem { key: self.object_key(key), value: self.expr(value.expr()) })
                    .collect(),
            ),
            Expression::Parenthesis(inner) => ExprKind::Paren(self.boxed(inner.inner())),
            Expression::Variable(name) => ExprKind::Variable(name.to_string()),
            Expression::Conditional(conditional) => ExprKind::Conditional(
                self.boxed(&conditional.cond_expr),
                self.boxed(&conditional.true_expr),
                self.boxed(&conditional.false_expr),
            ),
            Expression::FuncCall(call) => ExprKind::Call {
                name: call
                    .name
                    .namespace
                    .iter()
                    .chain(std::iter::once(&call.name.name))
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("::"),
                args: call.args.iter().map(|arg| self.expr(arg)).collect(),
                expand: call.args.expand_final(),
            },
            Expression::Traversal(traversal) => self.traversal(traversal),
            Expression::UnaryOp(unary) => {
                ExprKind::Unary(unary_symbol(*unary.operator.value()), self.boxed(&unary.expr))
            }
            Expression::BinaryOp(binary) => ExprKind::Binary(
                self.boxed(&binary.lhs_expr),
                binary_symbol(*binary.operator.value()),
                self.boxed(&binary.rhs_expr),
            ),
            Expression::ForExpr(for_expr) => ExprKind::For(Box::new(ForExpr {
                key_var: for_expr.intro.key_var.as_ref().map(ToString::to_string),
                value_var: for_expr.intro.value_var.to_string(),
                collection: self.expr(&for_expr.intro.collection_expr),
                key: for_expr.key_expr.as_ref().map(|key| self.expr(key)),
                value: self.expr(&for_expr.value_expr),
                cond: for_expr.cond.as_ref().map(|cond| self.expr(&cond.expr)),
                grouping: for_expr.grouping,
            })),
        }
    }

    fn object_key(&self, key: &ObjectKey) -> Expr {
        match key {
            ObjectKey::Ident(name) => Expr { kind: ExprKind::String(name.to_string()), span: self.known_span(name) },
            ObjectKey::Expression(expr) => self.expr(expr),
        }
    }

    /// A bracket behind an attribute splat (`a.*.b[0]`) takes an element of the list that the splat makes.
    fn traversal(&self, traversal: &Traversal) -> ExprKind {
        let mut base = self.boxed(&traversal.expr);
        let mut steps = Vec::new();
        let mut attribute_splat: Option<usize> = None;
        let mut end = base.span.end;
        for operator in &traversal.operators {
            let is_bracket = matches!(operator.value(), TraversalOperator::Index(_) | TraversalOperator::FullSplat(_));
            if let Some(at) = attribute_splat.take_if(|_| is_bracket)
                && !Step::end_attribute_splat(&mut steps, at)
            {
                let span = Span::new(base.span.start, end);
                base = Box::new(Expr { kind: ExprKind::Traversal(base, std::mem::take(&mut steps)), span });
            }
            if matches!(operator.value(), TraversalOperator::AttrSplat(_)) {
                attribute_splat.get_or_insert(steps.len());
            }
            steps.push(self.step(operator.value(), operator));
            end = self.span(operator).map_or(end, |span| span.end);
        }
        ExprKind::Traversal(base, steps)
    }

    fn step(&self, operator: &TraversalOperator, node: &impl hcl_edit::Span) -> Step {
        match operator {
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => Step::Splat,
            TraversalOperator::GetAttr(name) => Step::Attr(name.to_string()),
            TraversalOperator::Index(index) => Step::Index(self.expr(index)),
            TraversalOperator::LegacyIndex(index) => {
                Step::Index(Expr { kind: ExprKind::Number(index.to_string()), span: self.known_span(node) })
            }
        }
    }
}

fn suffix_len(suffix: Option<&RawString>) -> usize {
    suffix.map_or(0, |suffix| suffix.len())
}

const fn unary_symbol(operator: UnaryOperator) -> &'static str {
    match operator {
        UnaryOperator::Neg => "-",
        UnaryOperator::Not => "!",
    }
}

const fn binary_symbol(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Eq => "==",
        BinaryOperator::NotEq => "!=",
        BinaryOperator::LessEq => "<=",
        BinaryOperator::GreaterEq => ">=",
        BinaryOperator::Less => "<",
        BinaryOperator::Greater => ">",
        BinaryOperator::Plus => "+",
        BinaryOperator::Minus => "-",
        BinaryOperator::Mul => "*",
        BinaryOperator::Div => "/",
        BinaryOperator::Mod => "%",
        BinaryOperator::And => "&&",
        BinaryOperator::Or => "||",
    }
}
