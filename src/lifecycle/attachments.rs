//! Which notebooks use which lifecycle configurations.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use camino::Utf8Path;

use super::references::{Here, ends, targets};
use crate::control;
use crate::finding::Hook;
use crate::model::overrides::Layered;
use crate::model::{Module, Workspace};
use crate::source::Location;
use crate::syntax::tree::{Expr, ExprKind, Step};

/// A lifecycle configuration.
#[derive(Clone, Copy)]
pub(super) struct Configuration<'w, 'a> {
    pub(super) module: &'w Module<'a>,
    pub(super) resource: &'w Layered<'a>,
}

/// The notebooks of each configuration, by the configuration's block.
pub(super) type Users = BTreeMap<Location, BTreeSet<String>>;

/// References behind references are followed this far.
const MOST_STEPS: usize = 2000;

/// Whether a resource has a type and a name, and nothing else.
fn is_whole(resource: &Layered<'_>) -> bool {
    resource.base.node.labels.len() == 2
}

/// `aws_sagemaker_notebook_instance.main`.
pub(super) fn address(resource: &Layered<'_>) -> String {
    let labels: Vec<&str> = resource.base.node.labels.iter().map(|label| label.text.as_str()).collect();
    labels.join(".")
}

pub(super) fn place(resource: &Layered<'_>) -> Location {
    Location { file: resource.base.file, span: resource.base.node.span }
}

/// The configurations of a module.
pub(super) fn configurations<'w, 'a>(module: &'w Module<'a>) -> impl Iterator<Item = Configuration<'w, 'a>> {
    module
        .of_types(&control::LIFECYCLE_TYPES)
        .filter(|resource| is_whole(resource))
        .map(move |resource| Configuration { module, resource })
}

/// Whether other code decides the scripts of a configuration.
pub(super) fn hangs(resource: &Layered<'_>) -> bool {
    let refers = |hook: Hook| resource.attribute(hook.name()).is_some_and(|attribute| attribute.node.value.refers());
    Hook::ALL.into_iter().any(refers)
}

/// Finds the configurations that the notebooks of a module use, adds the notebooks to `users`, and returns those of
/// other modules too.
pub(super) fn link<'w, 'a>(
    workspace: &'w Workspace<'a>,
    module: &'w Module<'a>,
    known: &Known<'w, 'a>,
    users: &mut Users,
) -> Vec<Configuration<'w, 'a>> {
    let mut reached = Vec::new();
    let notebooks = module.of_types(&control::RESOURCE_TYPES);
    for notebook in notebooks.filter(|notebook| is_whole(notebook)) {
        let Some(argument) =
            control::LIFECYCLE_ATTRIBUTES.iter().find_map(|name| Here::argument(module, notebook, name))
        else {
            continue;
        };
        let mut found = referred(workspace, argument);
        found.extend(known.named(workspace, argument));
        for configuration in found {
            users.entry(place(configuration.resource)).or_default().insert(address(notebook));
            reached.push(configuration);
        }
    }
    reached
}

/// The configurations that an expression refers to, in whatever form: `x.name`, `x[0].id`, `concat(x.*.id, [""])`,
/// either side of a conditional, through variables, locals and outputs.
fn referred<'w, 'a>(workspace: &'w Workspace<'a>, argument: Here<'w, 'a>) -> Vec<Configuration<'w, 'a>> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![argument];
    while let Some(here) = open.pop() {
        if !seen.insert((here.location(), here.module.id.clone())) || seen.len() > MOST_STEPS {
            continue;
        }
        open.extend(targets(workspace, here).into_iter().flat_map(|(targets, _)| targets));
        if let Some((kind, name)) = resource_name(here.expr) {
            let resource = here.module.resource(kind, name);
            found.extend(resource.map(|resource| Configuration { module: here.module, resource }));
        }
        // The condition says whether there is one, not which.
        let children = match &here.expr.kind {
            ExprKind::Conditional(_, yes, no) => vec![&**yes, &**no],
            _ => here.expr.children(),
        };
        open.extend(children.into_iter().map(|child| here.with(child)));
    }
    found
}

/// The type and name of the configuration that a reference starts with.
fn resource_name(expr: &Expr) -> Option<(&str, &str)> {
    let ExprKind::Traversal(root, steps) = &expr.kind else { return None };
    let (ExprKind::Variable(kind), Some(Step::Attr(name))) = (&root.kind, steps.first()) else { return None };
    control::LIFECYCLE_TYPES.contains(&kind.as_str()).then_some((kind.as_str(), name.as_str()))
}

/// The configurations that are known, by their names.
#[derive(Default)]
pub(super) struct Known<'w, 'a> {
    pub(super) all: Vec<Configuration<'w, 'a>>,
    places: HashSet<Location>,
    by_name: HashMap<Name<'w>, Vec<usize>>,
}

/// A name as it is written. One with unknown words in it is the same only where these mean the same, in one module.
type Name<'w> = (Option<&'w Utf8Path>, String);

impl<'w, 'a> Known<'w, 'a> {
    /// Adds a configuration, once.
    pub(super) fn add(&mut self, workspace: &'w Workspace<'a>, configuration: Configuration<'w, 'a>) {
        let Configuration { module, resource } = configuration;
        if !self.places.insert(place(resource)) {
            return;
        }
        let mut own = control::LIFECYCLE_ATTRIBUTES.iter().chain(&["name"]);
        let own = own.find_map(|name| Here::argument(module, resource, name));
        for name in own.into_iter().flat_map(|own| names(workspace, own)) {
            self.by_name.entry(name).or_default().push(self.all.len());
        }
        self.all.push(configuration);
    }

    /// Those whose name is written as an argument is.
    fn named(&self, workspace: &'w Workspace<'a>, argument: Here<'w, 'a>) -> Vec<Configuration<'w, 'a>> {
        let wanted = names(workspace, argument);
        let found: BTreeSet<usize> =
            wanted.iter().filter_map(|name| self.by_name.get(name)).flatten().copied().collect();
        found.into_iter().map(|at| self.all[at]).collect()
    }
}

fn names<'w, 'a>(workspace: &'w Workspace<'a>, here: Here<'w, 'a>) -> BTreeSet<Name<'w>> {
    let view = workspace.view();
    let all = ends(workspace, here).into_iter().filter_map(|end: Here<'w, 'a>| match &end.expr.kind {
        ExprKind::String(text) if !text.is_empty() => Some((None, text.clone())),
        ExprKind::Template(_) | ExprKind::Traversal(..) | ExprKind::Call { .. } => {
            Some((Some(end.module.id.as_path()), view.source(end.file).slice(end.expr.span).to_owned()))
        }
        _ => None,
    });
    all.collect()
}
