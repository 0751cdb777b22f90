//! Which variables an expression needs, so that instantiations are told apart by nothing else.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::eval::{DEEPEST, Evaluator};
use super::planned::{Planned, planned_as_written};
use crate::model::Module;
use crate::model::overrides::{Layered, Placed};
use crate::source::Location;
use crate::syntax::tree::{Attribute, Block, Expr, ExprKind, Step};

/// Stands among the names of variables for the folder of the root module, from which relative paths of files count: what
/// is read hangs on it as on a variable.
pub(super) const ROOT: &str = "path.root";

/// The functions that read files.
const READERS: [&str; 2] = ["file", "templatefile"];

/// What an expression itself refers to.
#[derive(Debug, Default)]
pub(super) struct References {
    /// Variables, and [`ROOT`].
    pub(super) variables: BTreeSet<String>,
    /// Whatever else has two names: `local.a`, `module.b`, a resource.
    others: BTreeSet<(String, String)>,
}

impl References {
    fn of(expressions: &[&Expr]) -> Self {
        let mut found = Self::default();
        let mut open: Vec<&Expr> = expressions.to_vec();
        while let Some(expr) = open.pop() {
            open.extend(expr.children());
            if let ExprKind::Call { name, .. } = &expr.kind {
                let name = name.strip_prefix("core::").unwrap_or(name);
                if READERS.iter().any(|reader| name.starts_with(reader)) {
                    found.variables.insert(ROOT.to_owned());
                }
            }
            let ExprKind::Traversal(root, steps) = &expr.kind else { continue };
            let (ExprKind::Variable(kind), Some(Step::Attr(name))) = (&root.kind, steps.first()) else { continue };
            match kind.as_str() {
                "var" => _ = found.variables.insert(name.clone()),
                "path" => _ = found.variables.insert(ROOT.to_owned()),
                _ => _ = found.others.insert((kind.clone(), name.clone())),
            }
        }
        found
    }
}

impl Evaluator<'_, '_> {
    /// The names of the variables that expressions of a module refer to, through its local values and the arguments of
    /// calls whose outputs they use.
    #[must_use]
    pub(crate) fn needs(&self, module: &Module<'_>, expressions: &[&Expr]) -> BTreeSet<String> {
        let own = Rc::new(References::of(expressions));
        let behind = self.definitions(module, &own).into_iter().map(|definition| self.behind(module, definition));
        match behind.collect::<Option<Vec<_>>>() {
            Some(behind) => own.variables.iter().chain(behind.iter().flat_map(|names| names.iter())).cloned().collect(),
            None => self.in_waves(module, own),
        }
    }

    /// As [`Self::needs`], where there are many: those that evaluation gets to.
    fn in_waves(&self, module: &Module<'_>, own: Rc<References>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut wave = vec![own];
        // Each reference is one more step into the depth, where evaluation gives up.
        for _ in 0..=DEEPEST {
            let mut next = Vec::new();
            for references in wave {
                found.extend(references.variables.iter().cloned());
                let definitions = self.definitions(module, &references).into_iter();
                let new = definitions.filter(|it| seen.insert(Location { file: it.file, span: it.node.span }));
                next.extend(new.map(|definition| self.referred(definition)));
            }
            wave = next;
            if wave.is_empty() {
                break;
            }
        }
        found
    }

    /// What a definition refers to.
    pub(super) fn referred(&self, Placed { file, node }: Placed<'_, Attribute>) -> Rc<References> {
        let mut referred = self.referred.borrow_mut();
        let place = Location { file, span: node.span };
        Rc::clone(referred.entry(place).or_insert_with(|| Rc::new(References::of(&[&node.value]))))
    }

    /// The definitions of what is referred to.
    pub(super) fn definitions<'a>(&self, module: &Module<'a>, references: &References) -> Vec<Placed<'a, Attribute>> {
        references.others.iter().flat_map(|(kind, name)| self.deciding(module, kind, name)).collect()
    }

    /// The expressions that decide the value of a local value, the outputs of a call, or a resource's planned attribute.
    fn deciding<'a>(&self, module: &Module<'a>, kind: &str, name: &str) -> Vec<Placed<'a, Attribute>> {
        match kind {
            "local" => module.locals().get(name).copied().into_iter().collect(),
            "module" => {
                let layers = module.call(name).into_iter().flat_map(Layered::layers);
                let of = |Placed { file, node }: Placed<'a, Block>| {
                    node.body.attributes().map(move |node| Placed { file, node })
                };
                layers.flat_map(of).collect()
            }
            kind => {
                let planned = planned_as_written(kind, self.planned);
                let resource = planned.zip(module.resource(kind, name)).into_iter();
                let of = |(planned, resource): (Planned, &Layered<'a>)| {
                    let names = [planned.attribute, "count", "for_each"];
                    names.map(|name| resource.attribute(name)).into_iter().flatten()
                };
                resource.flat_map(of).collect()
            }
        }
    }
}
