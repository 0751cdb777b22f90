//! The values of a module's variables: what a call gives them, or their defaults.

use std::collections::{BTreeMap, BTreeSet};

use super::data::{Data, Traced, Values, alternatives, computed};
use super::eval::Evaluator;
use super::frame::Frame;
use super::needs::ROOT;
use super::repetitions::Iteration;
use super::scope::Scope;
use crate::finding::Hop;
use crate::model::Module;
use crate::model::module::call_name;
use crate::model::overrides::{Layered, Placed};
use crate::source::Location;
use crate::syntax::tree::ExprKind;

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The instantiation by one repetition of one call.
    pub(crate) fn instantiate(
        &self,
        module: &'w Module<'a>,
        call: &Layered<'a>,
        needed: &BTreeSet<String>,
        outer: &Frame<'w, 'a>,
        iteration: &Iteration,
    ) -> Frame<'w, 'a> {
        let name = call_name(call);
        let block = Location { file: call.base.file, span: call.base.node.span };
        let mut bindings = BTreeMap::new();
        bindings.extend(outer.bindings.get(ROOT).map(|values| (ROOT.to_owned(), values.clone())));
        for variable in needed.iter().filter(|name| *name != ROOT) {
            let argument = call.attribute(variable);
            let supposed = self.arguments.get(&(block, variable.clone()));
            let values = match (argument, supposed) {
                (Some(Placed { file, node }), _) => {
                    let location = Location { file, span: node.span };
                    let hop = Hop { location, text: format!("module.{name}") };
                    let values = self.eval(&node.value, file, &iteration.scope(outer));
                    self.assigned(module, variable, values.into_iter().map(|value| value.through(&hop)).collect())
                }
                (None, Some(data)) => self.assigned(module, variable, vec![computed(data.clone(), block)]),
                (None, None) => {
                    let unset = Some((block, variable.clone()));
                    let why = format!("`var.{variable}`, which module.{name} does not set");
                    let values = self.default(module, variable).unwrap_or_else(|| vec![Traced::unknown(why, block)]);
                    values.into_iter().map(|value| Traced { unset: unset.clone(), ..value }).collect()
                }
            };
            let mut values = values;
            values.extend(self.overriding(outer.module, name, block));
            bindings.insert(variable.clone(), values);
        }
        let path = outer.path.to(format!("module.{name}"));
        Frame { bindings, path, idle: outer.idle, ..Frame::anywhere(module) }
    }

    /// The value of a variable that is given `values`.
    pub(crate) fn assigned(&self, module: &'w Module<'a>, name: &str, values: Values) -> Values {
        let Some(variable) = module.variables().get(name) else { return values };
        let nullable = match variable.attribute("nullable").map(|attribute| &attribute.node.value.kind) {
            Some(ExprKind::Bool(nullable)) => *nullable,
            Some(ExprKind::String(text)) if text == "false" => false,
            _ => true,
        };
        let values = alternatives(values.into_iter().flat_map(|value| match value.data {
            Data::Null(_) if !nullable => self.default(module, name).unwrap_or_else(|| vec![value]),
            _ => vec![value],
        }));
        let values = self.typed(module, variable, values).into_iter();
        values.map(|value| value.refined(|known| known.not_null |= !nullable)).collect()
    }

    /// The default of a variable, if it has one.
    pub(crate) fn default(&self, module: &'w Module<'a>, name: &str) -> Option<Values> {
        let variable = module.variables().get(name)?;
        let Placed { file, node } = variable.attribute("default")?;
        let empty = Frame::anywhere(module);
        Some(self.typed(module, variable, self.eval(&node.value, file, &Scope::new(&empty))))
    }

    fn typed(&self, module: &'w Module<'a>, variable: &Layered<'a>, values: Values) -> Values {
        let empty = Frame::anywhere(module);
        let values = match variable.attribute("type") {
            Some(Placed { file, node }) => self.convert(values, &node.value, file, &Scope::new(&empty)),
            None => values,
        };
        values.into_iter().map(Traced::defined).collect()
    }
}
