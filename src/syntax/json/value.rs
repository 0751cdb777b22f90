//! JSON values to expressions.

use std::collections::HashSet;

use jsonc_parser::ast::{Object, ObjectProp, StringLit, Value};
use jsonc_parser::common::{Range, Ranged};

use super::document::JsonError;
use super::escape::OffsetMap;
use super::{Comment, Unreadable};
use crate::source::{SourceFile, Span};
use crate::syntax::grammar;
use crate::syntax::tree::{Expr, ExprKind, ObjectItem, TemplatePart};

/// How Terraform reads the strings of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strings {
    /// As templates, keys of objects too.
    Templates,
    /// As they stand.
    Literals,
}

/// Whether a key may stand twice in an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeats {
    /// Always: what it means is for others to say.
    Yes,
    /// Never.
    No,
    /// If each of its values may be a nested block of a provider: an object, an array or `null`. Comments may, too.
    Blocks,
}

/// Reads the values of one file.
pub(super) struct Reader<'f> {
    file: &'f SourceFile,
    /// Byte offset of the JSON text in the file: behind a byte order mark.
    start: usize,
    /// Strings that are no templates we can read.
    pub(super) unreadable: Vec<Unreadable>,
    /// The `"//"` members of bodies.
    pub(super) comments: Vec<Comment>,
    /// Whether a comment is the mark of a generator.
    pub(super) generated: bool,
}

impl<'f> Reader<'f> {
    pub(super) fn new(file: &'f SourceFile) -> Self {
        Self { file, start: file.content_start(), unreadable: Vec::new(), comments: Vec::new(), generated: false }
    }

    /// The bytes of the file that a range of the parsed text stands for.
    pub(super) const fn span(&self, range: Range) -> Span {
        Span::new(self.start + range.start, self.start + range.end)
    }

    /// # Errors
    /// A key that stands twice where it may not.
    pub(super) fn expr(&mut self, value: &Value, strings: Strings, repeats: Repeats) -> Result<Expr, JsonError> {
        let kind = match value {
            Value::NullKeyword(_) => ExprKind::Null,
            Value::BooleanLit(literal) => ExprKind::Bool(literal.value),
            Value::NumberLit(literal) => ExprKind::Number(literal.value.to_owned()),
            Value::StringLit(literal) => return Ok(self.string(literal, strings)),
            Value::Array(array) => ExprKind::Array(
                array.elements.iter().map(|element| self.expr(element, strings, repeats)).collect::<Result<_, _>>()?,
            ),
            Value::Object(object) => ExprKind::Object(self.object(object, strings, repeats)?),
        };
        Ok(Expr { kind, span: self.span(value.range()) })
    }

    fn object(&mut self, object: &Object, strings: Strings, repeats: Repeats) -> Result<Vec<ObjectItem>, JsonError> {
        check_repeats(&object.properties.iter().collect::<Vec<_>>(), repeats)?;
        let item = |property: &ObjectProp| {
            let value = self.expr(&property.value, strings, repeats)?;
            Ok(ObjectItem { key: self.string(key(property), strings), value })
        };
        object.properties.iter().map(item).collect()
    }

    fn string(&mut self, literal: &StringLit, strings: Strings) -> Expr {
        let text = &*literal.value;
        // `$${` and `%%{` hold these too: they are escapes, to be resolved.
        let kind = if strings == Strings::Literals || !(text.contains("${") || text.contains("%{")) {
            ExprKind::String(text.to_owned())
        } else {
            let (map, start) = self.places(literal);
            match grammar::parse_template(text, &|at| start + map.raw(at)) {
                Ok(parts) => simplify(parts),
                Err(error) => self.opaque(literal, error),
            }
        };
        Expr { kind, span: self.span(literal.range) }
    }

    /// A value whose string holds an expression, such as the type of a variable.
    ///
    /// # Errors
    /// As [`Self::expr`].
    pub(super) fn expr_in_string(&mut self, value: &Value) -> Result<Expr, JsonError> {
        let Value::StringLit(literal) = value else {
            return self.expr(value, Strings::Literals, Repeats::No);
        };
        let (map, start) = self.places(literal);
        let place = |at| start + map.raw(at);
        let text = &*literal.value;
        let kind = match grammar::parse_expr(text, &place) {
            Ok(expr) => expr.kind,
            Err(error) => self.opaque(literal, error),
        };
        Ok(Expr { kind, span: self.span(literal.range) })
    }

    /// Where the characters of a string stand, and the place in the file they are counted from.
    fn places(&self, literal: &StringLit) -> (OffsetMap, usize) {
        let span = self.span(literal.range);
        (OffsetMap::new(self.file.slice(Span::new(span.start + 1, span.end - 1))), span.start + 1)
    }

    /// Notes a string that cannot be read.
    fn opaque(&mut self, literal: &StringLit, error: grammar::HclError) -> ExprKind {
        let span = self.span(literal.range);
        self.unreadable.push(Unreadable { span, at: error.at, message: error.message.clone() });
        ExprKind::Unread(error.message)
    }
}

/// A template without interpolation is a string.
fn simplify(parts: Vec<TemplatePart>) -> ExprKind {
    let literal = parts.iter().map(|part| match part {
        TemplatePart::Literal(text, _) => Some(text.as_str()),
        _ => None,
    });
    match literal.collect::<Option<String>>() {
        Some(text) => ExprKind::String(text),
        None => ExprKind::Template(parts),
    }
}

/// The key of a member. Bare words are no JSON, so the parser lets none through.
pub(super) fn key<'p, 'a>(property: &'p ObjectProp<'a>) -> &'p StringLit<'a> {
    match &property.name {
        jsonc_parser::ast::ObjectPropName::String(literal) => literal,
        jsonc_parser::ast::ObjectPropName::Word(_) => unreachable!("the parser is told to refuse bare keys"),
    }
}

/// # Errors
/// The second of two equal keys, where that is an error to Terraform.
pub(super) fn check_repeats(properties: &[&ObjectProp], repeats: Repeats) -> Result<(), JsonError> {
    let mut seen = HashSet::new();
    // Keys with a value that cannot be a block.
    let mut arguments = HashSet::new();
    for property in properties {
        let key = key(property);
        let name = &*key.value;
        let may_be_block = matches!(property.value, Value::Object(_) | Value::Array(_) | Value::NullKeyword(_));
        let repeated = !seen.insert(name);
        let excused = repeats == Repeats::Blocks && (name == "//" || may_be_block && !arguments.contains(name));
        if repeated && !excused && repeats != Repeats::Yes {
            return Err(JsonError::new(key.range.start, format!("duplicate key \"{name}\"")));
        }
        if !may_be_block {
            arguments.insert(name);
        }
    }
    Ok(())
}
