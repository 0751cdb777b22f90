//! Outputs of module calls, of one module or of one for each repetition of the call.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::data::{Data, ListKind, MapKind, Traced, Values, computed};
use super::eval::Evaluator;
use super::frame::Frame;
use super::references::is_declared;
use super::repetitions::Iteration;
use super::scope::Scope;
use crate::finding::Hop;
use crate::model::Module;
use crate::model::overrides::{Layered, Placed};
use crate::model::store::{canonical, relative_to};
use crate::source::Location;
use crate::syntax::tree::{Attribute, Step};

/// A module call whose outputs are asked for.
#[derive(Clone, Copy)]
struct Call<'s, 'w, 'a> {
    name: &'s str,
    block: &'w Layered<'a>,
    callee: &'w Module<'a>,
    /// The module that it stands in.
    frame: &'s Frame<'w, 'a>,
}

impl Call<'_, '_, '_> {
    fn place(&self) -> Location {
        Location { file: self.block.base.file, span: self.block.base.node.span }
    }
}

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The values of `module.NAME` with the steps behind it.
    pub(super) fn module_call(
        &self,
        name: &str,
        steps: &[Step],
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        let unknown = |why: String| vec![Traced::unknown(why, location)];
        let Some(block) = scope.frame.module.call(name) else {
            return unknown(format!("`module.{name}`, which is not declared"));
        };
        let callees = self.workspace.callees(scope.frame.module, block);
        let is_repeated = block.attribute("count").is_some() || block.attribute("for_each").is_some();
        let (own, rest) = match steps.split_first() {
            Some((Step::Attr(output), rest)) if !is_repeated => (Some(output), rest),
            _ => (None, steps),
        };
        if callees.is_empty() {
            return unknown(own.map_or_else(|| format!("`module.{name}`"), |own| format!("`module.{name}.{own}`")));
        }
        let mut values = Values::new();
        if let Some(root) = self.workspace.root_without(scope.frame.module, block) {
            let root = relative_to(&canonical(Utf8Path::new(".")), &root);
            let shown = if root.as_str().is_empty() { "." } else { root.as_str() };
            let why = format!("`module.{name}`, of which {shown} has not installed a version of its own");
            values.extend(unknown(why));
        }
        for callee in callees {
            let call = Call { name, block, callee, frame: scope.frame };
            match own {
                Some(output) => values.extend(self.one_output(call, output, rest, location, scope)),
                None if is_repeated => {
                    values.extend(self.steps(self.repeated(call, steps, location), steps, location, scope));
                }
                None => {
                    let whole = self.outputs(call, None, &Iteration::default(), location);
                    values.extend(self.steps(whole, steps, location, scope));
                }
            }
        }
        values
    }

    /// An output of a module that is called once.
    fn one_output(
        &self,
        call: Call<'_, 'w, 'a>,
        output: &str,
        rest: &[Step],
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        let name = call.name;
        let Some((value, hop)) = value_of(call, output) else {
            let undeclared = Traced::unknown(format!("`module.{name}.{output}`, which is not declared"), location);
            return self.steps(vec![undeclared], rest, location, scope);
        };
        let key = (hop.location, Some(call.place()));
        let here = &call.frame.kept;
        let evaluate = || self.output(call, output, value, &Iteration::default());
        let shared = self.recall(here, key).unwrap_or_else(|| self.kept(here, key, evaluate));
        self.within_shared(&shared, rest, (&hop, location), scope)
    }

    /// The value of an output in one repetition of the call.
    fn output(
        &self,
        call: Call<'_, 'w, 'a>,
        output: &str,
        value: Placed<'a, Attribute>,
        iteration: &Iteration,
    ) -> Values {
        let needed = self.needs(call.callee, &[&value.node.value]);
        let inner = self.instantiate(call.callee, call.block, &needed, call.frame, iteration);
        let values = self.eval(&value.node.value, value.file, &Scope::new(&inner));
        let declared = call.callee.outputs().get(output);
        let sensitive = declared.is_some_and(|declared| is_declared(declared, "sensitive"));
        let mark = |value: Traced| Traced { sensitive: value.sensitive || sensitive, ..value.defined() };
        values.into_iter().map(mark).collect()
    }

    /// The object of the outputs in one repetition of a call: of all, or of one.
    fn outputs(&self, call: Call<'_, 'w, 'a>, only: Option<&str>, iteration: &Iteration, location: Location) -> Values {
        let mut found = BTreeMap::new();
        let names: BTreeSet<&str> = call.callee.outputs().keys().copied().collect();
        for output in names.into_iter().filter(|name| only.is_none_or(|only| only == *name)) {
            let Some((value, hop)) = value_of(call, output) else { continue };
            let values = self.output(call, output, value, iteration);
            found.insert(output.to_owned(), values.into_iter().map(|value| value.through(&hop)).collect());
        }
        vec![computed(Data::Object(MapKind::Object, found.into()), location)]
    }

    /// The modules of a call with `count` as a tuple, or with `for_each` as an object; of their outputs only the one that the
    /// steps go on to, where they name one.
    fn repeated(&self, call: Call<'_, 'w, 'a>, steps: &[Step], location: Location) -> Values {
        let name = call.name;
        let only = match steps {
            [_, Step::Attr(output), ..] => Some(output.as_str()),
            _ => None,
        };
        let unknown = |why: String| vec![Traced::unknown(why, location)];
        if let Some(output) = only.filter(|output| value_of(call, output).is_none()) {
            return unknown(format!("`module.{name}.{output}`, which is not declared"));
        }
        // Outputs of modules that repeat each other in turn would be looked for again and again.
        let key = (
            only.and_then(|output| value_of(call, output)).map_or(call.place(), |(_, hop)| hop.location),
            Some(call.place()),
        );
        if let Some(known) = self.recall(&call.frame.kept, key) {
            return known.to_vec();
        }
        let outputs = |iteration: &Iteration| self.outputs(call, only, iteration, location);
        match self.repeated_as(call.block, call.frame, location, outputs) {
            Ok(values) => self.kept(&call.frame.kept, key, || values).to_vec(),
            Err(why) => unknown(format!("`module.{name}`, {why}")),
        }
    }

    /// The repetitions of a block as a value: a tuple with `count`, an object with `for_each`. An error says why they are not
    /// known one by one.
    pub(super) fn repeated_as(
        &self,
        block: &'w Layered<'a>,
        frame: &Frame<'w, 'a>,
        location: Location,
        element: impl Fn(&Iteration) -> Values,
    ) -> Result<Values, &'static str> {
        let repeat = ["for_each", "count"].into_iter().find_map(|name| block.attribute(name));
        let repeat = repeat.ok_or("which is not repeated")?;
        let repeats = self.eval(&repeat.node.value, repeat.file, &Scope::new(frame));
        let [repeats] = repeats.as_slice() else { return Err("which is repeated in several ways") };
        let is_each = block.attribute("for_each").is_some();
        let (mut list, mut object) = (Vec::new(), BTreeMap::new());
        for iteration in &self.iterations(block, frame) {
            let ((Some((key, _)), _) | (None, Some(key))) = (&iteration.each, &iteration.index) else {
                return Err("which is repeated");
            };
            let [Some(key)] = key.iter().map(Traced::as_text).collect::<Vec<_>>().try_into().unwrap_or([None]) else {
                return Err("which is repeated an unknown number of times");
            };
            if let Some(given_up) = self.exhausted(location) {
                return Ok(given_up);
            }
            if is_each {
                object.insert(key, element(iteration));
            } else {
                list.push(element(iteration));
            }
        }
        let data = if is_each {
            Data::Object(MapKind::Object, object.into())
        } else {
            Data::List(ListKind::Tuple, list.into())
        };
        Ok(vec![computed(data, location).because_of(repeats)])
    }
}

/// The expression of an output, and the hop to it.
fn value_of<'a>(call: Call<'_, '_, 'a>, output: &str) -> Option<(Placed<'a, Attribute>, Hop)> {
    let value = call.callee.outputs().get(output)?.attribute("value")?;
    let location = Location { file: value.file, span: value.node.span };
    Some((value, Hop { location, text: format!("module.{}.{output}", call.name) }))
}
