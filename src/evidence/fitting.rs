//! Whether a plan was made from the code that it is held against: a plan of other code must not settle anything.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::configuration::{Call, Contents, Declared, Expression, head};
use crate::control;
use crate::model::{Layered, Module, Programs, Workspace, call_source, join};
use crate::syntax::tree::{Attribute, Expr, ExprKind, Step};

/// Arguments of a module call that are no variables of the module.
const META: [&str; 6] = ["source", "version", "providers", "count", "for_each", "depends_on"];

/// The difference between the code of a plan and that in a root module's folder, as far as it leads to notebooks;
/// `None` where nothing is known to.
pub(super) fn difference(plan: &Contents, folder: &Utf8Path, programs: &Programs<'_>) -> Option<String> {
    let module = programs.terraform.module(folder);
    // The files of a Terragrunt unit lie elsewhere, and what cannot be read may say anything.
    if module.files.is_empty() || module.differs {
        return None;
    }
    between(plan, &programs.terraform, module, "")
}

fn between<'a>(plan: &Contents, workspace: &Workspace<'a>, module: &Module<'a>, within: &str) -> Option<String> {
    if module.unreadable().is_some() {
        return None;
    }
    plan.resources
        .0
        .iter()
        .find_map(|resource| of_resource(resource, module, within))
        .or_else(|| plan.calls().find_map(|(name, call)| of_call(name, call, workspace, module, within)))
}

fn of_resource(said: &Declared, module: &Module<'_>, within: &str) -> Option<String> {
    let is_it = |block: &&Layered<'_>| {
        let labels: Vec<&str> = block.base.node.labels.iter().map(|label| label.text.as_str()).collect();
        labels.join(".") == said.address
    };
    let address = format!("{within}{}", said.address);
    let Some(code) = module.resources().iter().find(is_it) else {
        return Some(format!("it was made with {address}, which is not in the code"));
    };
    // Where the code says the value itself, there is nothing to settle, and the verdict shows both.
    let expr = code.attribute(control::ATTRIBUTE).filter(|it| it.node.value.refers());
    expr.is_some_and(|it| differs(&said.expression, Some(it.node)))
        .then(|| format!("it was made with another {} in {address}", control::ATTRIBUTE))
}

fn of_call<'a>(
    name: &str,
    said: &Call,
    workspace: &Workspace<'a>,
    module: &Module<'a>,
    within: &str,
) -> Option<String> {
    let address = format!("{within}module.{name}");
    let Some(code) = module.call(name) else {
        return Some(format!("it was made with {address}, which is not in the code"));
    };
    let source = call_source(module, code);
    if let Some(source) = source.filter(|source| !is_same_source(source, &said.source)) {
        let was = &said.source;
        return Some(format!("it was made with the source \"{was}\" of {address}, and the code has \"{source}\""));
    }
    let own = code.base.node.body.attributes().map(|attribute| attribute.key.text.as_str());
    let names: BTreeSet<&str> = own.chain(said.expressions.keys().map(String::as_str)).collect();
    let none = Expression::default();
    let other = names.into_iter().filter(|name| !META.contains(name)).find(|name| {
        let argument = code.attribute(name).map(|it| it.node);
        differs(said.expressions.get(*name).unwrap_or(&none), argument)
    });
    if let Some(argument) = other {
        return Some(format!("it was made with another {argument} in {address}"));
    }
    match workspace.callees(module, code).as_slice() {
        [callee] if !callee.files.is_empty() => between(&said.module, workspace, callee, &format!("{address}.")),
        _ => None,
    }
}

fn is_same_source(code: &str, plan: &str) -> bool {
    let is_local = code.starts_with('.');
    plan.is_empty()
        || if is_local { join("".into(), code) == join("".into(), &plan.replace('\\', "/")) } else { code == plan }
}

/// Whether an expression is certain to be another than the one that a plan tells of.
fn differs(plan: &Expression, code: Option<&Attribute>) -> bool {
    let Some(code) = code.map(|attribute| attribute.value.unparenthesised()) else {
        return *plan != Expression::default();
    };
    let constant = plan.constant.as_deref();
    let literal = match &code.kind {
        ExprKind::String(text) => serde_json::to_string(text).ok(),
        ExprKind::Bool(value) => Some(value.to_string()),
        ExprKind::Null => Some("null".to_owned()),
        // Other numbers are told in another form than they are written in.
        ExprKind::Number(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => Some(text.clone()),
        _ => None,
    };
    if let Some(literal) = literal {
        // An expression that is `null` is told like none at all.
        let is_null = literal == "null" && constant.is_none();
        return !plan.references.is_empty() || (!is_null && !is_same_json(constant, &literal));
    }
    match references(code) {
        Some(references) => references != plan.references,
        None => false,
    }
}

fn is_same_json(constant: Option<&str>, literal: &str) -> bool {
    let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    constant.is_some_and(|constant| parsed(constant) == parsed(literal))
}

/// The objects that an expression refers to; `None` where names in it may be its own.
fn references(expr: &Expr) -> Option<BTreeSet<String>> {
    let own = match &expr.kind {
        ExprKind::For(_) | ExprKind::Unread(_) | ExprKind::Heredoc(_) => return None,
        ExprKind::Traversal(root, steps) => match &root.kind {
            ExprKind::Variable(root) => {
                let names = steps.iter().map_while(|step| match step {
                    Step::Attr(name) => Some(name.as_str()),
                    Step::Index(_) | Step::Splat | Step::ListOf(_) => None,
                });
                let path: Vec<&str> = [root.as_str()].into_iter().chain(names).collect();
                Some(head(&path.join(".")).to_owned())
            }
            _ => None,
        },
        _ => None,
    };
    let mut all: BTreeSet<String> = own.into_iter().collect();
    for child in expr.children() {
        all.extend(references(child)?);
    }
    Some(all)
}
