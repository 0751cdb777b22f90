//! Blocks, printed in either syntax.

use serde_json::{Map, Value, json};

/// A block: type and labels, and arguments as expressions of the native syntax.
#[derive(Debug, Clone)]
pub(super) struct Block {
    path: Vec<String>,
    arguments: Vec<(String, String)>,
    inner: Vec<Block>,
}

impl Block {
    pub(super) fn new(path: &[&str]) -> Self {
        Self { path: path.iter().map(|&name| name.to_owned()).collect(), arguments: Vec::new(), inner: Vec::new() }
    }

    #[must_use]
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.arguments.push((name.to_owned(), value.into()));
        self
    }

    #[must_use]
    pub(super) fn with_all(mut self, arguments: Vec<(String, String)>) -> Self {
        self.arguments.extend(arguments);
        self
    }

    #[must_use]
    pub(super) fn around(mut self, inner: Option<Block>) -> Self {
        self.inner.extend(inner);
        self
    }

    /// The block in the native syntax.
    pub(super) fn native(&self) -> String {
        let labels: Vec<_> = self.path[1..].iter().map(|label| format!(" \"{label}\"")).collect();
        let lines: Vec<_> = self.arguments.iter().map(|(name, value)| format!("  {name} = {value}\n")).collect();
        let inner: Vec<_> = self.inner.iter().map(Self::native).collect();
        format!("{}{} {{\n{}{}}}\n", self.path[0], labels.concat(), lines.concat(), inner.concat())
    }

    /// The block as nested objects.
    fn json(&self) -> Value {
        let arguments = self.arguments.iter().map(|(name, value)| (name.clone(), self.json_argument(name, value)));
        let inner = self.inner.iter().map(|block| (block.path[0].clone(), block.json()));
        let body = Value::Object(arguments.chain(inner).collect());
        self.path[1..].iter().rev().fold(body, |inner, label| json!({ label: inner }))
    }

    fn json_argument(&self, name: &str, value: &str) -> Value {
        match (self.path[0].as_str(), name) {
            ("variable", "type") => value.into(),
            // A default is no template.
            ("variable", _) => serde_json::from_str(&super::values::json(value)).expect("a literal"),
            _ => json_expression(value),
        }
    }
}

/// A file of blocks in the JSON syntax.
pub(super) fn json_file(blocks: &[Block]) -> String {
    let mut root: Map<String, Value> = Map::new();
    for block in blocks {
        let of_kind = root.entry(block.path[0].clone()).or_insert_with(|| json!([]));
        of_kind.as_array_mut().expect("an array was put there").push(block.json());
    }
    format!("{:#}\n", Value::Object(root))
}

/// Literals as such, all else as a template.
fn json_expression(value: &str) -> Value {
    match serde_json::from_str(value) {
        Ok(literal @ (Value::Null | Value::Bool(_) | Value::Number(_))) => literal,
        // An interpolation means the same in both syntaxes.
        Ok(Value::String(text)) => text.into(),
        _ => format!("${{{value}}}").into(),
    }
}
