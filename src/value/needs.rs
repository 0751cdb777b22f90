//! Which variables an expression needs, so that instantiations are told apart by nothing else.

use std::collections::BTreeSet;

use super::eval::Evaluator;
use super::planned::planned_as_written;
use crate::model::Module;
use crate::syntax::tree::{Expr, ExprKind, Step};

/// Stands among the names of variables for the folder of the root module, from which relative paths of files count: what
/// is read hangs on it as on a variable.
pub(super) const ROOT: &str = "path.root";

/// The functions that read files.
const READERS: [&str; 2] = ["file", "templatefile"];

impl Evaluator<'_, '_> {
    /// The names of the variables that expressions of a module refer to, through its local values and the arguments of
    /// calls whose outputs they use.
    #[must_use]
    pub(crate) fn needs(&self, module: &Module<'_>, expressions: &[&Expr]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<&Expr> = expressions.to_vec();
        while let Some(expr) = open.pop() {
            open.extend(expr.children());
            if let ExprKind::Call { name, .. } = &expr.kind {
                let name = name.strip_prefix("core::").unwrap_or(name);
                found.extend(READERS.iter().any(|reader| name.starts_with(reader)).then(|| ROOT.to_owned()));
            }
            let ExprKind::Traversal(root, steps) = &expr.kind else { continue };
            let (ExprKind::Variable(kind), Some(Step::Attr(name))) = (&root.kind, steps.first()) else { continue };
            match kind.as_str() {
                "var" => _ = found.insert(name.clone()),
                "path" => _ = found.insert(ROOT.to_owned()),
                "local" => {
                    let local = module.locals.get(name.as_str()).map(|definition| definition.node);
                    open.extend(local.filter(|local| seen.insert(local.span)).map(|local| &local.value));
                }
                "module" => {
                    let call = module.call(name).filter(|call| seen.insert(call.base.node.span));
                    let arguments = call.into_iter().flat_map(|call| call.layers().collect::<Vec<_>>());
                    open.extend(
                        arguments.flat_map(|layer| layer.node.body.attributes()).map(|attribute| &attribute.value),
                    );
                }
                kind => {
                    let Some(planned) = planned_as_written(kind, self.planned) else { continue };
                    let resource = module.resource(kind, name).filter(|block| seen.insert(block.base.node.span));
                    let deciding = [planned.attribute, "count", "for_each"].into_iter();
                    let deciding = deciding.filter_map(|name| resource?.attribute(name));
                    open.extend(deciding.map(|attribute| &attribute.node.value));
                }
            }
        }
        found
    }
}
