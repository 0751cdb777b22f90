//! The JSON syntax (`.tf.json`, `.tofu.json`, `.tfvars.json`) to the same small tree as the native one, and changes
//! in it.
//!
//! Sources: Terraform's "JSON Configuration Syntax", `hcl/json/spec.md` and `structure.go` in hashicorp/hcl, and
//! Terraform 1.11.4 asked about every rule in the tests. What the tree makes of JSON:
//!
//! - A block starts at its innermost key (its name), or, as a further element of an array, at its own brace, and ends
//!   with its closing brace.
//!   `open` and `close` are the braces of its object, the last one where several make up the body; where there is
//!   none (`null`, an empty array), [`layout::insert`] finds no place.
//! - A string is what Terraform makes of it: a template, a literal (`default` of a variable, all of a tfvars file), or
//!   an expression (`type` of a variable). An expression in it has the span of its own text, escapes and all.
//! - References without `${`, as in `depends_on` or `ignore_changes`, are strings.
//! - Terraform refuses a byte order mark here; it is skipped, since the file is judged and fixed as if it were not
//!   there.

mod body;
mod document;
mod escape;
pub mod layout;
mod schema;
mod value;

use jsonc_parser::ast::Value;

use super::tree::Expr;
use super::{Syntax, Unreadable, weight};
use crate::source::{SourceFile, Span};
use document::JsonError;
use value::{Reader, Repeats, Strings};

/// The readable part of a JSON file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Json {
    /// The tree, and what cannot be read: the whole file where it is no JSON that Terraform accepts, else the strings
    /// that are no templates. Such a string is [`super::tree::ExprKind::Unread`] in the tree.
    pub syntax: Syntax,
    /// The comments, in source order.
    pub comments: Vec<Comment>,
}

/// A `"//"` member of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The comment, its escapes resolved.
    pub text: String,
    /// The string it stands in, quotes included.
    pub span: Span,
    /// The object it is a member of.
    pub object: Span,
}

/// Parses a configuration file.
#[must_use]
pub fn parse(file: &SourceFile) -> Json {
    read(file, |reader, root| {
        if !matches!(root, Value::Object(_) | Value::Array(_)) {
            return Err(JsonError::new(0, "a JSON object is required here"));
        }
        reader.body(root, &schema::FILE, Strings::Templates)
    })
}

/// Parses a file of variable values. Its strings are literal, and nothing in it is a block.
#[must_use]
pub fn parse_values(file: &SourceFile) -> Json {
    read(file, |reader, root| {
        if !matches!(root, Value::Object(_)) {
            return Err(JsonError::new(0, "a JSON object is required here"));
        }
        reader.body(root, &schema::ATTRIBUTES, Strings::Literals)
    })
}

/// Parses a document that is no configuration, whose strings are literal and whose keys may be there twice.
///
/// # Errors
/// The syntax error, in words.
pub fn parse_data(file: &SourceFile) -> Result<Expr, String> {
    let root = document::parse(&file.text()[file.content_start()..]).map_err(|error| error.message)?;
    Reader::new(file).expr(&root, Strings::Literals, Repeats::Yes).map_err(|error| error.message)
}

fn read(file: &SourceFile, body: impl Fn(&mut Reader, &Value) -> Result<super::tree::Body, JsonError>) -> Json {
    let start = file.content_start();
    if let Some(refusal) = weight::refusal(file.text(), Span::new(start, file.text().len())) {
        return Json { syntax: Syntax { unreadable: vec![refusal], ..Syntax::default() }, ..Json::default() };
    }
    let mut reader = Reader::new(file);
    match document::parse(&file.text()[start..]).and_then(|root| body(&mut reader, &root)) {
        Ok(body) => {
            let Reader { unreadable, comments, generated, .. } = reader;
            Json { syntax: Syntax { body, unreadable, generated }, comments }
        }
        Err(JsonError { at, message }) => {
            let span = Span::new(start, file.text().len());
            let unreadable = vec![Unreadable { span, at: start + at, message }];
            Json { syntax: Syntax { unreadable, ..Syntax::default() }, ..Json::default() }
        }
    }
}

#[cfg(test)]
mod tests;
