//! The native syntax: hcl-edit's tree to ours.
//!
//! Only spans, names and values are taken over. hcl-edit's printer and its decor are not used, because printing does
//! not give every file back byte for byte (carriage returns, comments around operators, `<<-` heredocs).

use hcl_edit::expr::{BinaryOperator, Expression, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::structure::{self, BlockLabel, Structure};
use hcl_edit::template::{Directive, Element, Template};
use hcl_edit::{Decorate, RawString};

use super::tree::{Attribute, Block, Body, Expr, ExprKind, ForExpr, Item, Name, ObjectItem, Step, TemplatePart};
use crate::source::Span;

/// Why a piece of text does not parse, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HclError {
    /// Byte offset from the start of the file, 0-based.
    pub(super) at: usize,
    /// What the parser expected.
    pub(super) message: String,
}

/// Parses a sequence of attributes and blocks that starts at byte `base` of its file.
///
/// # Errors
/// The parser's first error.
pub(super) fn parse_body(text: &str, base: usize) -> Result<Body, HclError> {
    let place = |at| base + at;
    match hcl_edit::parser::parse_body(text) {
        Ok(body) => Ok(Converter { place: &place }.body(&body)),
        Err(error) => Err(HclError::new(&error, &place)),
    }
}

/// Parses a template without quotes around it, as the JSON syntax has them in its strings. `place` turns an offset in
/// `text` into one in the file.
///
/// # Errors
/// The parser's first error.
pub(super) fn parse_template(text: &str, place: &dyn Fn(usize) -> usize) -> Result<Vec<TemplatePart>, HclError> {
    match hcl_edit::parser::parse_template(text) {
        Ok(template) => Ok(Converter { place }.parts(&template)),
        Err(error) => Err(HclError::new(&error, place)),
    }
}

/// Parses one expression. `place` turns an offset in `text` into one in the file.
///
/// # Errors
/// The parser's first error.
pub(super) fn parse_expr(text: &str, place: &dyn Fn(usize) -> usize) -> Result<Expr, HclError> {
    match hcl_edit::parser::parse_expr(text) {
        Ok(expr) => Ok(Converter { place }.expr(&expr)),
        Err(error) => Err(HclError::new(&error, place)),
    }
}

impl HclError {
    fn new(error: &hcl_edit::parser::Error, place: &dyn Fn(usize) -> usize) -> Self {
        Self { at: place(error.location().offset()), message: error.message().to_owned() }
    }
}

/// Turns nodes of hcl-edit into ours.
struct Converter<'a> {
    /// Turns an offset in the parsed text into one in its file.
    place: &'a dyn Fn(usize) -> usize,
}

impl Converter<'_> {
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
            Expression::Number(number) => ExprKind::Number(number.value().to_string()),
            Expression::String(string) => ExprKind::String(string.value().clone()),
            Expression::StringTemplate(template) => {
                ExprKind::Template(template.iter().map(|element| self.part(element)).collect())
            }
            Expression::HeredocTemplate(heredoc) => ExprKind::Heredoc(self.parts(&heredoc.template)),
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
            Expression::Traversal(traversal) => ExprKind::Traversal(
                self.boxed(&traversal.expr),
                traversal.operators.iter().map(|operator| self.step(operator.value(), operator)).collect(),
            ),
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

    fn parts(&self, template: &Template) -> Vec<TemplatePart> {
        template.iter().map(|element| self.part(element)).collect()
    }

    fn part(&self, element: &Element) -> TemplatePart {
        match element {
            Element::Literal(text) => TemplatePart::Literal(text.to_string(), self.known_span(text)),
            Element::Interpolation(interpolation) => TemplatePart::Interpolation(self.expr(&interpolation.expr)),
            Element::Directive(directive) => {
                TemplatePart::Directive(self.directive(directive), self.known_span(element))
            }
        }
    }

    fn directive(&self, directive: &Directive) -> Vec<Expr> {
        let nested = |template: &Template| {
            let parts = self.parts(template);
            let span = self.known_span(template);
            Expr { kind: ExprKind::Template(parts), span }
        };
        match directive {
            Directive::If(directive) => {
                let mut exprs = vec![self.expr(&directive.if_expr.cond_expr), nested(&directive.if_expr.template)];
                exprs.extend(directive.else_expr.as_ref().map(|branch| nested(&branch.template)));
                exprs
            }
            Directive::For(directive) => {
                vec![self.expr(&directive.for_expr.collection_expr), nested(&directive.for_expr.template)]
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
