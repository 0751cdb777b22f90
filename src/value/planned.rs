//! Attributes of resources that are planned as the code has them: whoever refers to one gets what is written there.

use std::collections::BTreeMap;

use super::data::{Data, MapKind, Traced, Values, computed};
use super::eval::Evaluator;
use super::repetitions::Iteration;
use super::scope::Scope;
use crate::finding::Hop;
use crate::model::overrides::Placed;
use crate::source::Location;
use crate::syntax::tree::Step;

/// An attribute of a provider's resources that is planned as it is written, unless that is `null`: then the provider puts
/// its own default there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// The types of the resources.
    pub resource_types: &'static [&'static str],
    /// The attribute.
    pub attribute: &'static str,
}

/// The one that the language itself has. It has no default.
const BUILT_IN: Planned = Planned { resource_types: &["terraform_data"], attribute: "input" };

/// The attribute of resources of a type that is planned as it is written.
pub(super) fn planned_as_written(resource_type: &str, provided: Option<Planned>) -> Option<Planned> {
    [Some(BUILT_IN), provided].into_iter().flatten().find(|planned| planned.resource_types.contains(&resource_type))
}

impl Planned {
    /// The planned value where a value is written.
    fn plan(self, value: Traced) -> Traced {
        match value.data {
            Data::Null(_) if self != BUILT_IN => {
                let default = format!("the provider's default for {}", self.attribute);
                Traced { data: Data::Unknown(default), ..value }
            }
            _ => value,
        }
    }
}

impl<'w, 'a> Evaluator<'w, 'a> {
    /// An attribute of a resource that is planned as the code has it, with the steps behind it; `None` where Terraform alone
    /// knows.
    pub(super) fn resource(
        &self,
        (kind, name): (&str, &str),
        steps: &[Step],
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Option<Values> {
        let own = planned_as_written(kind, self.planned)?;
        let block = scope.frame.module.resource(kind, name)?;
        let is_repeated = block.attribute("count").is_some() || block.attribute("for_each").is_some();
        let is_own = |step: Option<&Step>| matches!(step, Some(Step::Attr(attribute)) if attribute == own.attribute);
        if !is_own(steps.get(usize::from(is_repeated))) || block.ignore_changes().is_some() {
            return None;
        }
        let place = Location { file: block.base.file, span: block.base.node.span };
        let supposed = self.arguments.get(&(place, own.attribute.to_owned()));
        let given = block.attribute(own.attribute);
        let written = given.map(|Placed { file, node }| Location { file, span: node.span });
        let hop =
            Hop { location: written.or(supposed.map(|_| place))?, text: format!("{kind}.{name}.{}", own.attribute) };
        let value = |iteration: &Iteration| -> Values {
            if let Some(data) = supposed {
                return vec![computed(data.clone(), place)];
            }
            let Some(Placed { file, node }) = given else { return Vec::new() };
            let values = self.eval(&node.value, file, &iteration.scope(scope.frame));
            values.into_iter().map(|value| own.plan(value).through(&hop)).collect()
        };
        // Resources that refer to each other in a row are each asked for, and so would each be evaluated over and over.
        let (here, key) = (&scope.frame.kept, (hop.location, None));
        let kept = |iteration: &Iteration| match (is_repeated, self.recall(here, key)) {
            (true, _) => value(iteration),
            (false, Some(known)) => known.to_vec(),
            (false, None) => self.kept(here, key, || value(iteration)).to_vec(),
        };
        let element = |iteration: &Iteration| {
            let attributes = BTreeMap::from([(own.attribute.to_owned(), kept(iteration))]);
            vec![computed(Data::Object(MapKind::Object, attributes.into()), location)]
        };
        let whole = if is_repeated {
            self.repeated_as(block, scope.frame, location, element).ok()?
        } else {
            element(&Iteration::default())
        };
        Some(self.steps(whole, steps, location, scope))
    }
}
