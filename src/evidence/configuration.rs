//! The code that a plan was made from, as far as the plan has it: module calls, and the expression of `root_access`.
//!
//! Source of the format: Terraform documentation, "JSON Output Format", "Configuration Representation" and "Expression
//! Representation"; `OpenTofu` writes the same (`internal/command/jsonconfig`).

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::address::Step;
use super::kept::{Entry, Kept, creates_notebook};

/// `configuration` of a plan.
#[derive(Debug, Deserialize)]
pub(super) struct Configuration {
    #[serde(default)]
    pub(super) root_module: Contents,
}

/// The declarations of a module.
#[derive(Debug, Default, Deserialize)]
pub struct Contents {
    /// The module calls by name.
    #[serde(default)]
    pub module_calls: BTreeMap<String, Call>,
    /// The notebooks.
    #[serde(default)]
    pub resources: Kept<Resource>,
}

impl Contents {
    /// Whether it or a module that it calls declares a notebook.
    fn has_notebooks(&self) -> bool {
        !self.resources.0.is_empty() || self.module_calls.values().any(|call| call.module.has_notebooks())
    }

    /// The source of the first module on the way to an instance that is not a folder beside its caller.
    pub(super) fn source_elsewhere(&self, address: &str) -> Option<String> {
        let mut here = self;
        for step in Step::all(address)? {
            let call = here.module_calls.get(step.name.strip_prefix("module.")?)?;
            if !call.source.starts_with('.') {
                return Some(call.source.clone());
            }
            here = &call.module;
        }
        None
    }

    /// The calls that lead to notebooks, by name.
    pub(super) fn calls(&self) -> impl Iterator<Item = (&String, &Call)> {
        self.module_calls.iter().filter(|(_, call)| call.module.has_notebooks())
    }
}

/// A module call.
#[derive(Debug, Deserialize)]
pub struct Call {
    /// The `source`, as it is written.
    #[serde(default)]
    pub source: String,
    /// The arguments for variables of the module, by name.
    #[serde(default)]
    pub expressions: BTreeMap<String, Expression>,
    /// The module that is called.
    #[serde(default)]
    pub module: Contents,
}

/// A notebook.
#[derive(Debug)]
pub struct Declared {
    /// Its type and label, such as `aws_sagemaker_notebook_instance.n`.
    pub address: String,
    /// Its `root_access`; the default where there is none.
    pub expression: Expression,
}

/// An expression as a plan represents it.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Represented")]
pub struct Expression {
    /// The value, as JSON, if the expression has no references; `None` as well where it calls functions.
    pub constant: Option<String>,
    /// The objects that it refers to: `var.a`, `module.b`, `data.c.d`.
    pub references: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Represented {
    constant_value: Option<Box<RawValue>>,
    #[serde(default)]
    references: Vec<String>,
}

impl From<Represented> for Expression {
    fn from(from: Represented) -> Self {
        Self {
            constant: from.constant_value.map(|value| value.get().to_owned()),
            references: from.references.iter().map(|reference| head(reference).to_owned()).collect(),
        }
    }
}

/// The object that a reference is to, without what is taken from it.
pub(super) fn head(reference: &str) -> &str {
    let parts = if reference.starts_with("data.") { 3 } else { 2 };
    let ends = reference.match_indices(['.', '[']).map(|(at, _)| at);
    let ends: Vec<usize> = ends.take(parts).collect();
    let index = ends.iter().position(|&at| reference[at..].starts_with('['));
    let end = index.map_or_else(|| ends.get(parts - 1).copied(), |place| Some(ends[place]));
    &reference[..end.unwrap_or(reference.len())]
}

#[derive(Debug, Deserialize)]
pub struct Resource {
    #[serde(default)]
    address: String,
    #[serde(default)]
    mode: String,
    #[serde(rename = "type", default)]
    kind: String,
    expressions: Option<Box<RawValue>>,
}

#[derive(Default, Deserialize)]
struct Arguments {
    #[serde(default)]
    root_access: Expression,
}

impl Entry for Resource {
    type Kept = Declared;

    fn kept(self) -> Result<Option<Declared>, serde_json::Error> {
        if !creates_notebook(&self.mode, &self.kind) {
            return Ok(None);
        }
        let arguments: Option<Arguments> = self.expressions.map(|raw| serde_json::from_str(raw.get())).transpose()?;
        Ok(Some(Declared { address: self.address, expression: arguments.unwrap_or_default().root_access }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_known_by_the_object_that_they_are_to() {
        for (reference, expected) in [
            ("var.a", "var.a"),
            ("var.a.b[0]", "var.a"),
            ("module.b.out", "module.b"),
            ("module.b[\"x.y\"].out", "module.b"),
            ("data.c.d.value", "data.c.d"),
            ("data.c.d[0].value", "data.c.d"),
            ("aws_x.y[0]", "aws_x.y"),
            ("each.value", "each.value"),
        ] {
            assert_eq!(head(reference), expected);
        }
    }
}
