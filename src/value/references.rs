//! References: variables, local values, outputs of module calls.

use std::rc::Rc;

use camino::Utf8Path;

use super::collections::select;
use super::data::{Data, MapKind, Traced, Values, alternatives, computed};
use super::eval::Evaluator;
use super::needs::ROOT;
use super::number;
use super::scope::Scope;
use crate::finding::Hop;
use crate::model::overrides::Layered;
use crate::model::store::relative_to;
use crate::source::{FileId, Location};
use crate::syntax::tree::{Expr, ExprKind, ObjectItem, Step};

impl<'w, 'a> Evaluator<'w, 'a> {
    pub(super) fn traversal(
        &self,
        root: &Expr,
        steps: &[Step],
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        let ExprKind::Variable(name) = &root.kind else {
            return self.steps(self.eval(root, location.file, scope), steps, location, scope);
        };
        if scope.names.iter().any(|(other, _)| other == name) {
            return self.steps(self.eval(root, location.file, scope), steps, location, scope);
        }
        if let Some((values, rest)) = self.config_reference(name, steps, location, scope) {
            return self.steps(values, rest, location, scope);
        }
        let attribute = match steps.first() {
            Some(Step::Attr(attribute)) => attribute.as_str(),
            _ => "",
        };
        let repeated = |values: Option<&Values>| {
            values.cloned().unwrap_or_else(|| vec![Traced::unknown(format!("`{name}.{attribute}`"), location)])
        };
        let rest = steps.get(1..).unwrap_or_default();
        let values = match (name.as_str(), attribute) {
            ("var", variable) => return self.variable(variable, rest, location, scope),
            ("local", local) => return self.local(local, rest, location, scope),
            ("each", "key") => repeated(scope.each.map(|(key, _)| key)),
            ("each", "value") => repeated(scope.each.map(|(_, value)| value)),
            ("count", "index") => repeated(scope.index),
            ("path", _) => self.path(attribute, location, scope),
            ("module", call) => return self.module_call(call, rest, location, scope),
            (kind, name) => {
                if let Some(values) = self.resource((kind, name), rest, location, scope) {
                    return values;
                }
                let text = self.workspace.view().source(location.file).slice(location.span);
                if matches!(kind, "each" | "count" | "self") {
                    vec![Traced::unknown(format!("`{text}`, which is not followed"), location)]
                } else {
                    vec![Traced::at_run_time(format!("`{text}`, which is known only when Terraform runs"), location)]
                }
            }
        };
        self.steps(values, rest, location, scope)
    }

    /// `path.module`, as Terraform says it: from the folder of the root module, in which it runs.
    fn path(&self, attribute: &str, location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let store = self.workspace.view().store();
        let from = |root: &Traced| match (&root.data, attribute) {
            (_, "root") => Data::String(".".to_owned()),
            (Data::String(root), "module") => {
                let way =
                    relative_to(&store.canonical(Utf8Path::new(root)), &store.canonical(&scope.frame.module.folder));
                Data::String(if way.as_str().is_empty() { ".".to_owned() } else { way.into_string() })
            }
            (data, _) => data.clone(),
        };
        match (attribute, scope.frame.bindings.get(ROOT)) {
            ("module" | "root", Some(roots)) => {
                alternatives(roots.iter().map(|root| computed(from(root), location).because_of(root)))
            }
            ("cwd", _) => {
                let why = "`path.cwd`, which is known only when Terraform runs";
                vec![Traced::at_run_time(why, location)]
            }
            _ => vec![Traced::unknown(format!("`path.{attribute}`, which is not followed"), location)],
        }
    }

    fn variable(&self, name: &str, rest: &[Step], location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let Some(declaration) = scope.frame.module.variables().get(name) else {
            let values = vec![Traced::outside(self.missing("var", name, "declared", scope), location)];
            return self.steps(values, rest, location, scope);
        };
        let place = Location { file: declaration.base.file, span: declaration.base.node.span };
        let hop = Hop { location: place, text: format!("var.{name}") };
        let overriding = self.overriding(scope.frame.module, name, place);
        let sensitive = is_declared(declaration, "sensitive");
        let through = |value: Traced| Traced { sensitive: value.sensitive || sensitive, ..value.through(&hop) };
        let (first, rest) = first_key(rest);
        let mut values = match scope.frame.bindings.get(name) {
            Some(bound) => self.selected(bound, first, location, scope),
            None => vec![Traced::unknown(format!("`var.{name}`"), place)],
        };
        values.extend(overriding);
        self.steps(values.into_iter().map(through).collect(), rest, location, scope)
    }

    /// Why there is no declaration of a name.
    fn missing(&self, kind: &str, name: &str, done: &str, scope: &Scope<'_, 'w, 'a>) -> String {
        let module = scope.frame.module;
        for gap in self.workspace.gaps_of_module(module) {
            self.workspace.report(&gap);
        }
        match module.unreadable() {
            Some(path) => format!("`{kind}.{name}`, which may be {done} in the part of {path} that cannot be read"),
            None => format!("`{kind}.{name}`, which is not {done}"),
        }
    }

    pub(super) fn local(&self, name: &str, rest: &[Step], location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let Some(definition) = scope.frame.module.locals().get(name) else {
            let values = vec![Traced::unknown(self.missing("local", name, "defined", scope), location)];
            return self.steps(values, rest, location, scope);
        };
        let place = Location { file: definition.file, span: definition.node.span };
        if self.active.borrow().contains(&place) {
            return vec![Traced::unknown(format!("`local.{name}`, which needs itself"), place)];
        }
        let known = self.recall(&scope.frame.kept, (place, None));
        let narrowed =
            || self.only_element(&definition.node.value, definition.file, rest, location, scope).map(Rc::new);
        let shared = known.or_else(narrowed).unwrap_or_else(|| {
            self.kept(&scope.frame.kept, (place, None), || {
                self.active.borrow_mut().push(place);
                let values = self.eval(&definition.node.value, definition.file, &Scope::new(scope.frame));
                self.active.borrow_mut().pop();
                values.into_iter().map(Traced::defined).collect()
            })
        });
        let hop = Hop { location: place, text: format!("local.{name}") };
        let mut values = self.within_shared(&shared, rest, (&hop, location), scope);
        let overriding = self.overriding(scope.frame.module, name, place);
        // Configurations of Terragrunt have local values as well, and no module that others generate into.
        let generated = match scope.frame.config {
            None => self.generated_over(scope.frame.module, name),
            Some(_) => Vec::new(),
        };
        values.extend(overriding.into_iter().chain(generated).map(|value| value.through(&hop)));
        values
    }

    /// An object of which nothing but literals is made, with the one element alone that the first step takes, the first time
    /// that it is asked for: a fix of one of many blocks that take elements of one large object is tried with other values in
    /// it. The others are literals, so that none of them is an error.
    fn only_element(
        &self,
        object: &Expr,
        file: FileId,
        steps: &[Step],
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Option<Values> {
        let ExprKind::Object(items) = &object.unparenthesised().kind else { return None };
        let keys = match steps.first()? {
            Step::Attr(name) => vec![computed(Data::String(name.clone()), location)],
            Step::Index(index) => self.eval(index, location.file, scope),
            Step::Splat | Step::ListOf(_) => return None,
        };
        let [key] = keys.as_slice() else { return None };
        let name = key.as_text()?;
        let taken = items.iter().rfind(|item| literal_key(item) == Some(&name))?;
        let place = Location { file, span: object.span };
        let is_first = self.narrowed.borrow_mut().insert(place);
        if !is_first || !items.iter().all(|item| literal_key(item).is_some() && is_constant(&item.value)) {
            return None;
        }
        let element = self.eval(&taken.value, file, &Scope::new(scope.frame));
        let only = Data::Object(MapKind::Object, [(name, element)].into_iter().collect());
        Some(vec![computed(only, place)])
    }

    /// Goes into values that are kept, seen through one more reference.
    pub(super) fn within_shared(
        &self,
        shared: &Values,
        steps: &[Step],
        (hop, location): (&Hop, Location),
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        let (first, rest) = first_key(steps);
        let values = self.selected(shared, first, location, scope);
        self.steps(values.into_iter().map(|value| value.through(hop)).collect(), rest, location, scope)
    }

    /// The elements that a step leads to; the values themselves without one. What is passed by is not copied: each of
    /// many blocks may take its own element of one large collection.
    fn selected(&self, values: &Values, step: Option<&Step>, location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let keys = match step {
            Some(Step::Attr(name)) => vec![computed(Data::String(name.clone()), location)],
            Some(Step::Index(index)) => self.eval(index, location.file, scope),
            Some(Step::Splat | Step::ListOf(_)) | None => return values.clone(),
        };
        alternatives(values.iter().flat_map(|value| select(value, &keys, location)))
    }
}

/// The key of an element, where it is a literal.
fn literal_key(item: &ObjectItem) -> Option<&String> {
    match &item.key.kind {
        ExprKind::String(name) if !item.key.is_plain_reference() => Some(name),
        _ => None,
    }
}

/// Whether an expression is made of nothing but literals, so that it is no error.
fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::String(_) => true,
        ExprKind::Number(text) => number::canonical(text).is_some(),
        ExprKind::Paren(inner) => is_constant(inner),
        ExprKind::Array(items) => items.iter().all(is_constant),
        ExprKind::Object(items) => items.iter().all(|item| literal_key(item).is_some() && is_constant(&item.value)),
        _ => false,
    }
}

/// Whether a variable or an output says that it is so: `sensitive`, `ephemeral`.
pub(super) fn is_declared(declaration: &Layered<'_>, name: &str) -> bool {
    let said = declaration.attribute(name);
    said.is_some_and(|attribute| !matches!(attribute.node.value.kind, ExprKind::Bool(false)))
}

/// The first step, if it takes one element, and the rest.
fn first_key(steps: &[Step]) -> (Option<&Step>, &[Step]) {
    match steps.split_first() {
        Some((step @ (Step::Attr(_) | Step::Index(_)), rest)) => (Some(step), rest),
        _ => (None, steps),
    }
}
