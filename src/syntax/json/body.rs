//! JSON objects to bodies and blocks, by the rules of `hcl/json/structure.go` in hashicorp/hcl (`unpackBlock`,
//! `collectDeepAttrs`), which Terraform 1.11.4 was seen to follow:
//!
//! - Each label is a level of keys. At each level, and for a body within an array, an array of objects counts as one
//!   object with all their members in turn.
//! - Below the labels, an array gives one block for each of its elements, `null` none, and an element `null` an
//!   empty block.
//! - A key may stand twice on the levels of block types and labels: both count. (Two blocks with the same type and
//!   labels are an error of the module, not of the file.)
//! - `"//"` is a comment where members are arguments; among labels it is a label, in an object value a key.

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::{Range, Ranged};

use super::Comment;
use super::document::JsonError;
use super::schema::{BlockSchema, BodySchema};
use super::value::{Reader, Repeats, Strings, check_repeats, key};
use crate::source::Span;
use crate::syntax::tree::{Attribute, Block, Body, Item, Name};

/// A block type and the labels read so far.
struct Header {
    schema: &'static BlockSchema,
    kind: Name,
    labels: Vec<Name>,
}

impl Reader<'_> {
    /// # Errors
    /// Errors that Terraform has as well: an argument twice, or a value that is no object where one is needed.
    pub(super) fn body(
        &mut self,
        value: &Value,
        schema: &'static BodySchema,
        strings: Strings,
    ) -> Result<Body, JsonError> {
        let objects = objects(value)?;
        let mut arguments = Vec::new();
        let mut items = Vec::new();
        for object in objects {
            for property in &object.properties {
                let key = key(property);
                if key.value == "//" {
                    self.comment(&property.value, object.range);
                } else if let Some(block) = schema.block(&key.value) {
                    let kind = self.name(property);
                    let header = Header { schema: block, kind, labels: Vec::new() };
                    self.unpack(&property.value, block.labels, key.range, &header, &mut items)?;
                } else {
                    arguments.push(property);
                    items.push(Item::Attribute(self.attribute(property, schema, strings)?));
                }
            }
        }
        check_repeats(&arguments, repeats(schema))?;
        Ok(Body { items })
    }

    fn attribute(
        &mut self,
        property: &ObjectProp,
        schema: &BodySchema,
        strings: Strings,
    ) -> Result<Attribute, JsonError> {
        let key = self.name(property);
        let value = if schema.types.contains(&key.text.as_str()) {
            self.expr_in_string(&property.value)?
        } else if schema.literals.contains(&key.text.as_str()) {
            self.expr(&property.value, Strings::Literals, Repeats::No)?
        } else {
            self.expr(&property.value, strings, repeats(schema))?
        };
        Ok(Attribute { span: Span::new(key.span.start, value.span.end), key, value })
    }

    /// Reads the blocks of one type, `labels_left` levels of keys above their contents. `at` is the key above
    /// `value`.
    fn unpack(
        &mut self,
        value: &Value,
        labels_left: usize,
        at: Range,
        header: &Header,
        items: &mut Vec<Item>,
    ) -> Result<(), JsonError> {
        if labels_left > 0 && !is_bare_include(header, value) {
            for property in objects(value)?.into_iter().flat_map(|object| &object.properties) {
                let mut labels = header.labels.clone();
                labels.push(self.name(property));
                let header = Header { schema: header.schema, kind: header.kind.clone(), labels };
                self.unpack(&property.value, labels_left - 1, key(property).range, &header, items)?;
            }
            return Ok(());
        }
        match value {
            Value::NullKeyword(_) => {}
            Value::Array(array) => {
                for (index, element) in array.elements.iter().enumerate() {
                    let from = if index == 0 { at } else { element.range() };
                    items.push(Item::Block(self.block(element, from, header)?));
                }
            }
            value => items.push(Item::Block(self.block(value, at, header)?)),
        }
        Ok(())
    }

    /// `from` is where the block starts: its innermost key, or a further element of an array.
    fn block(&mut self, value: &Value, from: Range, header: &Header) -> Result<Block, JsonError> {
        let body = self.body(value, header.schema.body, Strings::Templates)?;
        // New members go into the last of several objects. A body without an object has no braces to point to.
        let braces = objects(value)?.last().map_or(value.range(), |object| object.range);
        let braces = self.span(braces);
        Ok(Block {
            kind: header.kind.clone(),
            labels: header.labels.clone(),
            body,
            span: Span::new(self.span(from).start, self.span(value.range()).end),
            open: braces.start,
            close: braces.end - 1,
        })
    }

    fn name(&self, property: &ObjectProp) -> Name {
        let key = key(property);
        Name { text: key.value.clone().into_owned(), span: self.span(key.range) }
    }

    /// Keeps the text of a comment: of a string, or of each string in an array.
    fn comment(&mut self, value: &Value, object: Range) {
        match value {
            Value::StringLit(literal) => {
                let (span, object) = (self.span(literal.range), self.span(object));
                self.comments.push(Comment { text: literal.value.clone().into_owned(), span, object });
            }
            Value::Array(array) => array.elements.iter().for_each(|element| self.comment(element, object)),
            Value::Object(comment) => self.generated |= is_mark(comment),
            _ => {}
        }
    }
}

/// CDK for Terraform, and tools that build on it, put `"//": { "metadata": { "stackName": …, … } }` at the top of each
/// file they write and `"//": { "metadata": { "path": …, "uniqueId": … } }` into each resource (seen in output of
/// versions 0.15 and 0.17).
fn is_mark(comment: &Object) -> bool {
    let has = |key| comment.get_object("metadata").is_some_and(|metadata| metadata.get(key).is_some());
    has("stackName") || has("uniqueId")
}

/// Whether a Terragrunt `include` has no label: then its contents stand where labels do.
///
/// Source: gruntwork-io/terragrunt, `pkg/config/include.go`, `jsonIsIncludeBlock`.
fn is_bare_include(header: &Header, value: &Value) -> bool {
    let object = match value {
        Value::Array(array) => array.elements.first().and_then(|first| first.as_object()),
        value => value.as_object(),
    };
    header.kind.text == "include" && object.is_some_and(|object| object.get_string("path").is_some())
}

fn repeats(schema: &BodySchema) -> Repeats {
    if schema.open { Repeats::Blocks } else { Repeats::No }
}

/// The objects whose members count together as those of one.
fn objects<'v, 'a>(value: &'v Value<'a>) -> Result<Vec<&'v Object<'a>>, JsonError> {
    let wrong = |value: &Value| JsonError::new(value.range().start, "a JSON object is required here");
    match value {
        Value::NullKeyword(_) => Ok(Vec::new()),
        Value::Object(object) => Ok(vec![object]),
        Value::Array(array) => {
            array.elements.iter().map(|element| element.as_object().ok_or_else(|| wrong(element))).collect()
        }
        value => Err(wrong(value)),
    }
}
