//! The blocks of a module, with override files merged in.
//!
//! Terraform reads the primary files, then merges each override file into the result, in order ([`super::files`]).
//!
//! | fact | source |
//! |---|---|
//! | An override's attribute replaces the one of the same name. `null` counts: it replaces `"Disabled"` by the provider's default | `mergeBody.prepareContent` in hashicorp/terraform, `internal/configs/module_merge_body.go`, August 2026; tried with Terraform 1.11.4 |
//! | A block of a type hides all blocks of that type before it; a `dynamic` block counts as one of the type it makes. Nested blocks are never merged with each other | same |
//! | The contents of a `_` block count as the resource's own attributes, in the base and in an override | `decodeResourceBlock` in `resource.go`; tried |
//! | `lifecycle` is merged argument by argument. `ignore_changes` of an override replaces the list before it unless it is empty; once it is `all`, it stays `all` | `Resource.merge` in `module_merge.go`; tried |
//! | `connection`, and all `provisioner` blocks together, are replaced. `count`, `for_each` and `provider` replace. `depends_on` in an override is an error ("Unsupported override") | same; tried |
//! | Several overrides of one block, in one file or in several, apply in order | `Module.mergeFile` in `module.go`; tried |
//! | An override of something that the primary files do not declare is an error: "Missing resource to override", "Missing base variable declaration to override", "Missing base local value definition to override", "Missing module call to override", "Missing base output definition to override". A folder of override files alone is no exception | same; tried |
//! | A resource declared twice in primary files is an error, "Duplicate resource … configuration"; so are a variable, a local, an output and a module call (tried). Overrides then merge into the first resource, but into the last of the others | `Module.appendFile` in `module.go` |
//! | `variable`: each argument that the override sets replaces, also `default = null`; a default that does not fit the merged type is an error | `Variable.merge`; tried |
//! | `validation`, `precondition` and `postcondition` blocks of an override are an error, "Can't override … blocks" | `decodeCheckRuleBlock` in `checks.go`; tried with `validation` |
//! | `locals`: each value by its name | `Local.merge`; tried |
//! | `module`: `source`, `version`, `count`, `for_each`, `providers` and each argument replace | `ModuleCall.merge`; tried |
//! | `output`: `value`, `description`, `sensitive` replace | `Output.merge`; tried |
//! | `moved` and `import` blocks may not stand in override files | `Module.mergeFile` |
//! | `OpenTofu` does the same in all that is said here | opentofu/opentofu, the same files, August 2026 |

use std::collections::HashMap;

use crate::source::FileId;
use crate::syntax::tree::{Attribute, Block, Body, Expr, ExprKind};

/// A node of the tree and the file it stands in.
#[derive(Debug, PartialEq, Eq)]
pub struct Placed<'a, T> {
    /// The file.
    pub file: FileId,
    /// Its content.
    pub node: &'a T,
}

// Derived, these would ask the same of `T`.
impl<T> Clone for Placed<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Placed<'_, T> {}

/// A block with everything that overrides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layered<'a> {
    /// The declaration in a primary file.
    pub base: Placed<'a, Block>,
    /// The overrides, in the order in which they are applied.
    pub overrides: Vec<Placed<'a, Block>>,
}

/// The blocks of one type in a module.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merged<'a> {
    /// The declarations, in loading order. One that repeats another is an error of the module; it stands for itself,
    /// without overrides.
    pub blocks: Vec<Layered<'a>>,
    /// Overrides of what the module does not declare, in loading order.
    pub orphans: Vec<Placed<'a, Block>>,
}

/// The blocks of type `kind`, which has labels, of a module whose files are given in loading order.
#[must_use]
pub fn merge<'a>(
    kind: &str,
    primary: impl IntoIterator<Item = Placed<'a, Body>>,
    overrides: impl IntoIterator<Item = Placed<'a, Body>>,
) -> Merged<'a> {
    let mut merged = Merged::default();
    let mut declared: HashMap<Vec<&str>, usize> = HashMap::new();
    for block in primary.into_iter().flat_map(|body| blocks_of(body, kind)) {
        // Resources keep the first of several declarations, the others the last.
        let index = merged.blocks.len();
        let slot = declared.entry(labels(block.node)).or_insert(index);
        if kind != "resource" {
            *slot = index;
        }
        merged.blocks.push(Layered { base: block, overrides: Vec::new() });
    }
    for block in overrides.into_iter().flat_map(|body| blocks_of(body, kind)) {
        match declared.get(&labels(block.node)) {
            Some(&index) => merged.blocks[index].overrides.push(block),
            None => merged.orphans.push(block),
        }
    }
    merged
}

fn blocks_of<'a>(body: Placed<'a, Body>, kind: &str) -> Vec<Placed<'a, Block>> {
    let blocks = body.node.blocks().filter(|block| block.kind.text == kind);
    blocks.map(|node| Placed { file: body.file, node }).collect()
}

fn labels(block: &Block) -> Vec<&str> {
    block.labels.iter().map(|label| label.text.as_str()).collect()
}

impl<'a> Layered<'a> {
    /// The base and its overrides; each wins over those before it.
    #[must_use]
    pub fn layers(&self) -> impl DoubleEndedIterator<Item = Placed<'a, Block>> {
        std::iter::once(self.base).chain(self.overrides.iter().copied())
    }

    /// The attribute that decides, and the file it stands in.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<Placed<'a, Attribute>> {
        self.layers().rev().find_map(|Placed { file, node }| {
            let attribute = own_attribute(node, key)?;
            Some(Placed { file, node: attribute })
        })
    }

    /// The nested blocks of a type that count: those of the last layer that has any. `dynamic` blocks of that type are
    /// among them. Not for `lifecycle`, whose arguments are merged one by one.
    #[must_use]
    pub fn blocks(&self, kind: &str) -> Vec<Placed<'a, Block>> {
        let makes = |block: &Block| {
            let label = block.labels.first().map(|label| label.text.as_str());
            block.kind.text == kind || block.kind.text == "dynamic" && label == Some(kind)
        };
        self.layers()
            .rev()
            .map(|Placed { file, node }| {
                let blocks = own_bodies(node).flat_map(Body::blocks).filter(|block| makes(block));
                blocks.map(|node| Placed { file, node }).collect::<Vec<_>>()
            })
            .find(|blocks| !blocks.is_empty())
            .unwrap_or_default()
    }

    /// The `ignore_changes` of `lifecycle` that decides: the first that is no list, which is `all`; else the last list
    /// that is not empty.
    #[must_use]
    pub fn ignore_changes(&self) -> Option<Placed<'a, Attribute>> {
        let set: Vec<_> = self
            .layers()
            .flat_map(|Placed { file, node }| {
                let lifecycles = node.body.blocks().filter(|block| block.kind.text == "lifecycle");
                let attributes = lifecycles.filter_map(|block| block.body.attribute("ignore_changes"));
                attributes.map(move |node| Placed { file, node })
            })
            .collect();
        let elements = |expr: &Expr| match &expr.unparenthesised().kind {
            ExprKind::Array(elements) => Some(elements.len()),
            _ => None,
        };
        let all = set.iter().find(|found| elements(&found.node.value).is_none());
        all.or_else(|| set.iter().rev().find(|found| elements(&found.node.value) != Some(0))).copied()
    }
}

/// The attribute of a block, or of the `_` block in it, which escapes meta-arguments.
#[must_use]
pub fn own_attribute<'a>(block: &'a Block, key: &str) -> Option<&'a Attribute> {
    own_bodies(block).find_map(|body| body.attribute(key))
}

/// The bodies whose contents count as the block's own.
fn own_bodies(block: &Block) -> impl Iterator<Item = &Body> {
    let escaped = block.body.blocks().filter(|inner| inner.kind.text == "_");
    std::iter::once(&block.body).chain(escaped.map(|inner| &inner.body))
}

/// The values of `locals` blocks by their names: for each, the definition that decides. An override of a local that
/// the module does not define is an orphan.
#[must_use]
pub fn merge_locals<'a>(
    primary: impl IntoIterator<Item = Placed<'a, Body>>,
    overrides: impl IntoIterator<Item = Placed<'a, Body>>,
) -> (HashMap<&'a str, Placed<'a, Attribute>>, Vec<Placed<'a, Attribute>>) {
    let definitions = |body: Placed<'a, Body>| {
        let attributes = blocks_of(body, "locals").into_iter().flat_map(|block| block.node.body.attributes());
        attributes.map(move |node| Placed { file: body.file, node })
    };
    let mut locals: HashMap<_, _> = primary
        .into_iter()
        .flat_map(definitions)
        .map(|definition| (definition.node.key.text.as_str(), definition))
        .collect();
    let mut orphans = Vec::new();
    for definition in overrides.into_iter().flat_map(definitions) {
        match locals.get_mut(definition.node.key.text.as_str()) {
            Some(slot) => *slot = definition,
            None => orphans.push(definition),
        }
    }
    (locals, orphans)
}

#[cfg(test)]
mod tests;
