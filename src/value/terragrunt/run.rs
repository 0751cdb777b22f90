//! A module as a unit runs it.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::generated::Said;
use crate::model::Module;
use crate::model::overrides::Placed;
use crate::model::terragrunt::{Config, Runner, Unit};
use crate::source::FileId;
use crate::syntax::tree::ExprKind;
use crate::value::data::{Data, Traced, alternatives};
use crate::value::eval::Evaluator;
use crate::value::frame::Frame;
use crate::value::needs::ROOT;
use crate::value::scope::Scope;

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The instantiations of a module by a unit or component that runs it.
    pub(crate) fn run_by(&self, module: &'w Module<'a>, unit: &Unit, needed: &BTreeSet<String>) -> Vec<Frame<'w, 'a>> {
        match &unit.runner {
            Runner::Unit(config) => vec![self.run_by_unit(module, unit, config, needed)],
            Runner::Component { stack, block, name } => self.run_by_component(module, stack, *block, name, needed),
        }
    }

    /// The files around the inputs of a unit or component, each with what its expressions see.
    pub(crate) fn around(&self, unit: &Unit) -> Vec<(Frame<'w, 'a>, FileId)> {
        match &unit.runner {
            Runner::Unit(config) => {
                let mut around: Vec<Rc<Config>> = self.layers(config).into_iter().map(|(layer, _)| layer).collect();
                let mut inner = Rc::clone(config);
                while let Some(stack) = &inner.generated_by {
                    around.push(Rc::clone(stack));
                    inner = Rc::clone(stack);
                }
                around.iter().map(|config| (self.config_frame(config), config.file)).collect()
            }
            Runner::Component { stack, .. } => self.around_component(stack),
        }
    }

    fn run_by_unit(
        &self,
        module: &'w Module<'a>,
        unit: &Unit,
        config: &Rc<Config>,
        needed: &BTreeSet<String>,
    ) -> Frame<'w, 'a> {
        let view = self.workspace.view();
        let automatic = &self.workspace.assigned(module).automatic;
        let ways = self.way_of_unit(unit, config);
        let mut frame = Frame { ways, ..self.root_with(module, needed, &[automatic]) };
        for variable in needed.iter().filter(|name| !automatic.contains_key(name.as_str())) {
            if let Said::Default(value) = self.said_by_generated(unit, module, variable) {
                frame.bindings.insert(variable.clone(), self.assigned(module, variable, vec![value]));
            }
        }
        let inputs = self.inputs(config);
        for variable in needed.iter().filter(|name| !automatic.contains_key(name.as_str())) {
            let given = self.input(&inputs, variable);
            if given.values.is_empty() {
                continue;
            }
            let by_default = frame.bindings.remove(variable).filter(|_| given.maybe_absent).unwrap_or_default();
            let instead = given.instead(by_default);
            let values = given.values.into_iter().map(|value| from_environment(module, variable, value)).collect();
            let values = self.assigned(module, variable, values).into_iter().chain(instead);
            frame.bindings.insert(variable.clone(), alternatives(values));
        }
        let empty = Frame::anywhere(module);
        for (name, values) in frame.bindings.iter_mut().filter(|(name, _)| *name != ROOT) {
            let assigned = |&file: &_| Some(Placed { file, node: view.syntax(file).body.attribute(name)? });
            if let Some(Placed { file, node }) = unit.values.iter().rev().find_map(assigned) {
                *values = self.assigned(module, name, self.eval(&node.value, file, &Scope::new(&empty)));
            }
            if let Said::Values(value) = self.said_by_generated(unit, module, name) {
                *values = self.assigned(module, name, vec![value]);
            }
            values.extend(self.open_values(unit, module, name));
        }
        frame
    }
}

/// An input as it reaches Terraform, by a `TF_VAR_` variable of the environment: to a variable without a type it is text,
/// and to all others but primitive ones it is parsed. `null` goes through a file of values.
///
/// Source: gruntwork-io/terragrunt, `internal/runner/run/run.go` (`ToTerraformEnvVars`, `setTerragruntNullValuesRunCfg`);
/// hashicorp/terraform, `internal/configs/named_values.go`.
fn from_environment(module: &Module<'_>, name: &str, value: Traced) -> Traced {
    let Some(variable) = module.variables().get(name) else { return value };
    let constraint = variable.attribute("type").map(|constraint| &constraint.node.value.unparenthesised().kind);
    let is_any = matches!(constraint, Some(ExprKind::Variable(name) | ExprKind::String(name)) if name == "any");
    let data = match (&value.data, constraint) {
        (Data::Bool(_) | Data::Number(_), None) => Data::String(value.as_text().unwrap_or_default()),
        (Data::List(..) | Data::Object(..), None) => {
            Data::Unknown(format!("what `var.{name}`, which has no type, takes as text"))
        }
        (Data::Unknown(_), None) => return value.of_type(None),
        (Data::String(_), Some(_)) if is_any => Data::Unknown(format!("the text that `var.{name}` is parsed from")),
        _ => return value,
    };
    Traced { data, ..value }
}
