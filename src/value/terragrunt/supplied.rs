//! The `values` that a unit or stack is generated with.
//!
//! Source: gruntwork-io/terragrunt, `pkg/config`: `stack.go` (`values`), `config_helpers.go` (where there are none, an expression
//! has no such name).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::config::start_of;
use crate::finding::Hop;
use crate::model::terragrunt::{Config, Supply};
use crate::source::Location;
use crate::syntax::tree::{Expr, ExprKind};
use crate::value::data::{Data, MapKind, Traced, Values, computed};
use crate::value::eval::Evaluator;
use crate::value::scope::Scope;

/// The functions that go on where an argument is an error.
const SEES_ERRORS: [&str; 2] = ["try", "can"];

impl Evaluator<'_, '_> {
    /// The `values` of a configuration, as one object.
    pub(super) fn supplied(&self, config: &Config, location: Location) -> Values {
        match &config.values {
            None | Some(Supply::Nobody) => {
                let text = self.workspace.view().source(location.file).slice(location.span);
                vec![Traced::outside(format!("`{text}`, which nothing in the tree hands over"), location)]
            }
            Some(Supply::File(file)) => {
                let view = self.workspace.view();
                if !view.syntax(*file).unreadable.is_empty() {
                    return vec![Traced::unknown(
                        format!("{}, which cannot be read", view.source(*file).path()),
                        location,
                    )];
                }
                let file = Rc::new(Config { file: *file, includes: Vec::new(), values: None, ..config.clone() });
                vec![self.attributes_of(&file)]
            }
            Some(Supply::Block { stack, block, repetition }) => {
                let Some(block) = self.block_at(*block) else { return vec![Traced::unknown("`values`", location)] };
                let Some(values) = block.body.attribute("values") else {
                    return vec![computed(Data::Object(MapKind::Object, BTreeMap::new().into()), location)];
                };
                let name = block.labels.first().map_or("", |label| label.text.as_str());
                let place = Location { file: stack.file, span: values.span };
                let hop = Hop { location: place, text: format!("{}.{name}", block.kind.text) };
                let handed = {
                    let frame = self.config_frame(stack);
                    let iteration = self.expansions(block, stack, &frame).into_iter().nth(*repetition);
                    self.eval(&values.value, stack.file, &iteration.unwrap_or_default().scope(&frame))
                };
                // Terragrunt refuses the stack if one of them is an error.
                handed.into_iter().map(|value| value.defined().through(&hop)).collect()
            }
        }
    }
}

/// The error that an argument of a function is that goes on where there is one: a reference to `values` where there are none.
/// Anywhere else Terragrunt would refuse the configuration, so that somebody has to hand them over.
pub(in crate::value) fn refused(function: &str, argument: &Expr, scope: &Scope<'_, '_, '_>) -> Option<Values> {
    let config = scope.frame.config.as_ref().filter(|_| SEES_ERRORS.contains(&function))?;
    let ExprKind::Traversal(root, _) = &argument.unparenthesised().kind else { return None };
    let is_bound = scope.names.iter().any(|(name, _)| *name == "values");
    let is_values = !is_bound && matches!(&root.kind, ExprKind::Variable(name) if name == "values");
    let error = || computed(Data::Error("`values`, which nothing hands over".to_owned()), start_of(config.file));
    (is_values && matches!(config.values, Some(Supply::Nobody))).then(|| vec![error()])
}
