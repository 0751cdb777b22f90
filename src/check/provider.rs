//! Versions of the provider that the code pins and that cannot do what the control asks for.
//!
//! | fact | source |
//! |---|---|
//! | `root_access` exists from 3.9.0; before, it is an "Unsupported argument" | terraform-provider-aws, changelog of 3.9.0, pull request 14184 |
//! | From 3.12.0 it is updated in place; before, a change replaces the instance | changelog of 3.12.0, pull request 15385 |
//! | The constraints of all modules on the way to a notebook hold together; the lock file of the root decides | Terraform language, "Provider requirements", "Dependency lock file" |
//! | Without a source, the local name is a provider of hashicorp | same |

mod version;

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::notebook::Notebook;
use super::verdict::Verdict;
use crate::control;
use crate::finding::Value;
use crate::model::overrides::Placed;
use crate::model::{LOCK_FILE, Module};
use crate::rules::Rule;
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Body, Expr, ExprKind};
use crate::value::units;
use version::{Bound, Version};

/// The first version that has the argument.
const HAS_ARGUMENT: Version = [3, 9, 0];

/// The first version that updates it in place.
const UPDATES_IN_PLACE: Version = [3, 12, 0];

/// The local name of the provider that a resource belongs to unless it says otherwise.
const DEFAULT_NAME: &str = "aws";

/// A constraint on the versions of hashicorp/aws.
struct Pin<'a> {
    bound: Bound,
    text: &'a str,
    location: Location,
    is_lock: bool,
}

impl<'a> Notebook<'_, '_, 'a> {
    /// The verdict on the versions of the provider that the code allows, if they are too old. Where the notebook
    /// complies, only that its argument does not exist counts.
    pub(super) fn provider_too_old(&self, on_value: &Verdict) -> Option<Verdict> {
        if self.resource.base.node.labels.first()?.text != control::RESOURCE_TYPES[0] || !self.is_of_hashicorp() {
            return None;
        }
        let complies = on_value.values.iter().all(|trace| trace.value == Value::Known(control::COMPLIANT.to_owned()));
        let needed = if complies { HAS_ARGUMENT } else { UPDATES_IN_PLACE };
        let is_too_old = |pin: &Pin<'_>| !pin.bound.allows(needed);
        let pin = self.pins(complies, &is_too_old).into_iter().min_by_key(|pin| pin.bound).filter(is_too_old)?;
        let attribute = control::ATTRIBUTE;
        let text = pin.text.trim();
        let what = if pin.is_lock {
            format!("the lock file pins hashicorp/aws {text:?}, a version")
        } else {
            format!("the constraint {text:?} allows only versions of hashicorp/aws")
        };
        let lacks = if pin.bound.allows(HAS_ARGUMENT) {
            format!("updates of {attribute} in place, which came with 3.12.0, so that a fix would replace the instance")
        } else {
            format!("{attribute}, which came with 3.9.0 and is updated in place from 3.12.0")
        };
        Some(Verdict {
            rule: Some(Rule::ProviderTooOld),
            message: format!("{what} without {lacks}: raise it to 3.12.0 or later first"),
            fix: None,
            fallback: None,
            anchor: pin.location,
            values: on_value.values.clone(),
            instances: on_value.instances.clone(),
        })
    }

    /// Whether the notebook's provider is hashicorp's.
    fn is_of_hashicorp(&self) -> bool {
        let name = self.resource.attribute("provider").and_then(|attribute| name(&attribute.node.value));
        is_hashicorps(&Self::requirements(self.module), name.unwrap_or(DEFAULT_NAME))
    }

    /// The constraints of the notebook's module, and of what runs it unless only the module counts.
    fn pins(&self, only_module: bool, is_too_old: &dyn Fn(&Pin<'_>) -> bool) -> Vec<Pin<'a>> {
        let workspace = self.evaluator.workspace();
        // To find out which module a unit runs takes long, and few are locked to a version that is too old.
        let mut locked = workspace.callers().locked_units().iter().filter_map(|folder| self.locked(folder));
        let is_a_unit_concerned = !only_module && locked.any(|pin| is_too_old(&pin));
        let mut modules = vec![self.module];
        let mut known = BTreeSet::from([&self.module.id]);
        let mut pins = Vec::new();
        let mut next = 0;
        while let Some(&module) = modules.get(next) {
            next += 1;
            pins.extend(Self::constraints(module));
            pins.extend(self.locked(&module.folder));
            if only_module {
                break;
            }
            for unit in is_a_unit_concerned.then(|| units(workspace).of(&module.id)).into_iter().flatten() {
                let file = unit.files.first().map(|&file| self.source(file).path());
                pins.extend(file.and_then(Utf8Path::parent).and_then(|folder| self.locked(folder)));
            }
            let callers = workspace.callers_of(module).into_iter().map(|(caller, _)| caller);
            modules.extend(callers.filter(|caller| known.insert(&caller.id)));
        }
        pins
    }

    /// The providers that a module requires, by their local names; the last of a name decides, as overrides do.
    fn requirements(module: &Module<'a>) -> BTreeMap<&'a str, Placed<'a, Expr>> {
        let mut required = BTreeMap::new();
        for &Placed { file, node } in module.blocks_of("terraform") {
            let providers = node.body.blocks_of("required_providers");
            for attribute in providers.flat_map(|block| block.body.attributes()) {
                required.insert(attribute.key.text.as_str(), Placed { file, node: &attribute.value });
            }
        }
        required
    }

    /// The constraints that a module has in its code.
    fn constraints(module: &Module<'a>) -> Vec<Pin<'a>> {
        let required = Self::requirements(module);
        let mut versions = Vec::new();
        for (name, &Placed { file, node }) in &required {
            let version = if matches!(node.kind, ExprKind::Object(_)) { member(node, "version") } else { Some(node) };
            let version = version.filter(|_| is_hashicorps(&required, name));
            versions.extend(version.map(|node| Placed { file, node }));
        }
        let mut configured: BTreeMap<(&str, Option<&str>), Placed<'a, Expr>> = BTreeMap::new();
        for &Placed { file, node: block } in module.blocks_of("provider") {
            let Some(label) = block.labels.first().filter(|label| is_hashicorps(&required, &label.text)) else {
                continue;
            };
            let alias = block.body.attribute("alias").and_then(|alias| text(&alias.value));
            if let Some(version) = block.body.attribute("version") {
                configured.insert((&label.text, alias), Placed { file, node: &version.value });
            }
        }
        versions.extend(configured.into_values());
        versions.into_iter().filter_map(|Placed { file, node }| pin(file, node, false)).collect()
    }

    /// The version in the lock file of a folder.
    fn locked(&self, folder: &Utf8Path) -> Option<Pin<'a>> {
        let file = self.evaluator.workspace().view().store().load(&folder.join(LOCK_FILE))?;
        let blocks = self.tree(file).blocks_of("provider");
        let mut versions = blocks
            .filter(|block| block.labels.first().is_some_and(|label| is_address(&label.text)))
            .filter_map(|block| block.body.attribute("version"));
        versions.find_map(|version| pin(file, &version.value, true))
    }

    fn tree(&self, file: FileId) -> &'a Body {
        &self.evaluator.workspace().view().syntax(file).body
    }
}

fn pin(file: FileId, version: &Expr, is_lock: bool) -> Option<Pin<'_>> {
    let text = text(version)?;
    let span: Span = version.span;
    Some(Pin { bound: Bound::of(text)?, text, location: Location { file, span }, is_lock })
}

/// Whether a local name stands for hashicorp/aws.
fn is_hashicorps(required: &BTreeMap<&str, Placed<'_, Expr>>, name: &str) -> bool {
    let source = required.get(name).and_then(|requirement| member(requirement.node, "source"));
    match source {
        Some(source) => text(source).is_some_and(is_address),
        None => is_address(name),
    }
}

/// Whether an address of a provider, with or without its registry and namespace, is that of hashicorp/aws.
fn is_address(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    let registries = ["registry.terraform.io/", "registry.opentofu.org/"];
    let local = registries.into_iter().find_map(|registry| address.strip_prefix(registry)).unwrap_or(&address);
    matches!(local, "hashicorp/aws" | "aws")
}

/// The value of a key of an object.
fn member<'e>(object: &'e Expr, key: &str) -> Option<&'e Expr> {
    let ExprKind::Object(items) = &object.kind else { return None };
    items.iter().find(|item| text(&item.key) == Some(key)).map(|item| &item.value)
}

fn text(expr: &Expr) -> Option<&str> {
    match &expr.unparenthesised().kind {
        ExprKind::String(text) => Some(text),
        _ => None,
    }
}

/// The local name in a reference to a provider, such as `aws.west`, which may be quoted.
fn name(reference: &Expr) -> Option<&str> {
    match &reference.unparenthesised().kind {
        ExprKind::Variable(name) => Some(name),
        ExprKind::Traversal(root, _) => name(root),
        ExprKind::String(text) => text.split('.').next(),
        _ => None,
    }
}
