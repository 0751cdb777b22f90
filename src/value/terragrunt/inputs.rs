//! The inputs of a Terragrunt configuration.
//!
//! Source: gruntwork-io/terragrunt, `pkg/config/include.go` (`handleInclude`, `mergeInputs`, `deepMergeInputs`): what is
//! included is put under what stands before it, the last `include` first. Deep merges are those of the library mergo with
//! `WithAppendSlice` and `WithOverride`: maps go key by key, lists are appended to those of the included configuration, and
//! anything else, `null` too, replaces.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::model::terragrunt::{Config, Merge};
use crate::source::Location;
use crate::syntax::tree::{Expr, ExprKind};
use crate::value::data::{Data, ListKind, MapKind, Traced, Values, alternatives, computed};
use crate::value::eval::Evaluator;
use crate::value::repetitions::Iteration;
use crate::value::work::parts;

/// Inputs are merged no further once so many values have been put together on the way.
const MOST_MERGED: usize = 100_000;

/// The input of a configuration for one variable.
#[derive(Default)]
pub(super) struct Given {
    /// The values; empty if there is none for certain.
    pub(super) values: Values,
    /// Whether it may also pass nothing.
    pub(super) maybe_absent: bool,
    /// The values that decide that nothing is passed.
    because: Vec<Traced>,
}

impl Given {
    fn nothing() -> Self {
        Self { maybe_absent: true, ..Self::default() }
    }

    /// Another input that counts where this one passes nothing.
    pub(super) fn instead(&self, values: Values) -> Values {
        let because = |value: Traced| self.because.iter().fold(value, Traced::because_of);
        values.into_iter().map(because).collect()
    }

    /// With another under it.
    fn over(self, under: Self, merge: Merge, location: Location) -> Self {
        let instead = self.instead(under.values.clone());
        let mut values = match merge {
            Merge::Deep if !self.values.is_empty() && !under.values.is_empty() => {
                let pairs = under.values.iter().flat_map(|under| self.values.iter().map(move |over| (under, over)));
                let merged: Values = pairs.map(|(under, over)| merged_deeply(under, over, location)).collect();
                let alone = if under.maybe_absent { self.values.clone() } else { Vec::new() };
                merged.into_iter().chain(alone).collect()
            }
            Merge::Unknown if !under.values.is_empty() => {
                let unknown = Traced::unknown("a `merge_strategy` that is not known", location);
                let both = self.values.iter().chain(&under.values);
                vec![both.fold(unknown, Traced::because_of)]
            }
            _ => self.values,
        };
        if !self.maybe_absent {
            return Self { values: alternatives(values), ..Self::default() };
        }
        values.extend(instead);
        let because =
            if under.maybe_absent { self.because.into_iter().chain(under.because).collect() } else { Vec::new() };
        Self { values: alternatives(values), maybe_absent: under.maybe_absent, because }
    }
}

/// One of the configurations that make up another, with its `inputs` as a whole once they are asked for: of many that are merged
/// each would be evaluated for each variable anew.
pub(super) struct Inputs {
    config: Rc<Config>,
    merge: Merge,
    whole: OnceCell<Values>,
}

impl Evaluator<'_, '_> {
    /// The inputs of the configurations that make up one, each with how it is merged under those before it.
    pub(super) fn inputs(&self, config: &Rc<Config>) -> Vec<Inputs> {
        let layers = self.layers(config).into_iter();
        layers.map(|(config, merge)| Inputs { config, merge, whole: OnceCell::new() }).collect()
    }

    /// The input for a variable, with all that is merged into it.
    pub(super) fn input(&self, layers: &[Inputs], variable: &str) -> Given {
        let Some((first, layers)) = layers.split_first() else { return Given::nothing() };
        let mut result = self.input_in(first, variable);
        let mut merged = 0;
        for layer in layers {
            let merge = layer.merge;
            if !result.maybe_absent && merge == Merge::Shallow {
                continue;
            }
            let location = super::config::start_of(layer.config.file);
            result = result.over(self.input_in(layer, variable), merge, location);
            merged += parts(&result.values);
            if merged > MOST_MERGED {
                let unknown = Traced::unknown("inputs that take too much work to merge", location);
                let unknown = result.values.iter().fold(unknown, Traced::because_of);
                return Given { values: vec![unknown], ..Given::default() };
            }
        }
        result
    }

    /// The input for a variable in the `inputs` of one file.
    fn input_in(&self, layer: &Inputs, variable: &str) -> Given {
        let config = &layer.config;
        let Some(inputs) = self.config_body(config.file).attribute("inputs") else { return Given::nothing() };
        if let Some(value) = member(&inputs.value, variable) {
            let value = value.map(|value| self.eval_in(config, value, &Iteration::default()));
            return value.map_or_else(Given::nothing, |values| Given { values, ..Given::default() });
        }
        let mut given = Given::default();
        for whole in self.whole(layer, &inputs.value) {
            match &whole.data {
                Data::Object(_, items) if items.contains_key(variable) => {
                    let values = items.get(variable).into_iter().flatten();
                    given.values.extend(values.map(|value| value.clone().within(whole)));
                }
                Data::Object(..) | Data::Null(_) => {
                    given.maybe_absent = true;
                    given.because.push(whole.clone());
                }
                // What is merged last is there, whatever it is merged into. Else an unknown object may hold the variable, or
                // leave it to an included configuration.
                _ => {
                    let key = computed(Data::String(variable.to_owned()), whole.origin.location);
                    if let Some(certain) = whole.element_whatever(&key) {
                        given.values.extend(certain);
                        continue;
                    }
                    let followed = whole.following();
                    given.maybe_absent = true;
                    given.because.push(whole.clone());
                    given.values.push(Traced { followed, ..whole.clone() });
                }
            }
        }
        given.values = alternatives(given.values);
        given
    }

    /// The `inputs` of one file as a whole.
    fn whole<'l>(&self, layer: &'l Inputs, inputs: &Expr) -> &'l Values {
        layer.whole.get_or_init(|| self.eval_in(&layer.config, inputs, &Iteration::default()))
    }

    /// All inputs of a configuration, as one object; `None` if it has no `inputs`.
    pub(super) fn all_inputs(&self, config: &Rc<Config>, location: Location) -> Option<Values> {
        let mut names: BTreeSet<String> = BTreeSet::new();
        let mut unknown: Values = Vec::new();
        let mut has_inputs = false;
        let layers = self.inputs(config);
        for layer in &layers {
            let Some(inputs) = self.config_body(layer.config.file).attribute("inputs") else { continue };
            has_inputs = true;
            if let ExprKind::Object(items) = &inputs.value.unparenthesised().kind
                && let Some(keys) = items.iter().map(|item| literal_key(&item.key)).collect::<Option<Vec<_>>>()
            {
                names.extend(keys.into_iter().map(str::to_owned));
                continue;
            }
            for whole in self.whole(layer, &inputs.value) {
                match &whole.data {
                    Data::Object(_, items) => names.extend(items.keys().cloned()),
                    Data::Null(_) => {}
                    _ => unknown.push(whole.clone()),
                }
            }
        }
        if !has_inputs {
            return None;
        }
        let mut members = BTreeMap::new();
        for name in names {
            let Given { mut values, maybe_absent, because } = self.input(&layers, &name);
            if maybe_absent {
                // It is not known whether the key exists, and so neither is the value of a reference to it.
                let absent = Traced::unknown(format!("`inputs.{name}`, which may not be set"), location);
                values.push(because.iter().fold(absent, Traced::because_of));
            }
            members.insert(name, values);
        }
        let known = vec![computed(Data::Object(MapKind::Object, members.into()), location)];
        Some(if unknown.is_empty() { known } else { unknown })
    }
}

/// The value of a key in an object whose keys are all written out: `Some(None)` if it has no such key, `None` if it is no
/// such object.
#[expect(clippy::option_option, reason = "no such object, no such key, and a value are told apart")]
fn member<'e>(object: &'e Expr, key: &str) -> Option<Option<&'e Expr>> {
    let ExprKind::Object(items) = &object.unparenthesised().kind else { return None };
    let keys: Vec<&str> = items.iter().map(|item| literal_key(&item.key)).collect::<Option<_>>()?;
    Some(keys.iter().rposition(|own| *own == key).map(|at| &items[at].value))
}

fn literal_key(key: &Expr) -> Option<&str> {
    match &key.kind {
        ExprKind::String(text) => Some(text),
        _ => None,
    }
}

/// A value merged over another.
pub(super) fn merged_deeply(under: &Traced, over: &Traced, location: Location) -> Traced {
    let influenced = |data| computed(data, location).because_of_both(under, over);
    let each = |under: &Values, over: &Values| -> Values {
        let pairs = under.iter().flat_map(|under| over.iter().map(move |over| (under, over)));
        alternatives(pairs.map(|(under, over)| merged_deeply(under, over, location)))
    };
    match (&under.data, &over.data) {
        (Data::Object(_, items), Data::Object(_, others)) => {
            let within = |values: &Values, whole: &Traced| -> Values {
                values.iter().map(|value| value.clone().within(whole)).collect()
            };
            let mut members: BTreeMap<String, Values> =
                items.iter().map(|(key, values)| (key.clone(), within(values, under))).collect();
            for (key, values) in others {
                let values = within(values, over);
                let values = match members.get(key) {
                    Some(known) => each(known, &values),
                    None => values,
                };
                members.insert(key.clone(), values);
            }
            influenced(Data::Object(MapKind::Object, members.into()))
        }
        (Data::List(_, items), Data::List(_, others)) => {
            influenced(Data::List(ListKind::Tuple, items.iter().chain(others).cloned().collect()))
        }
        (Data::Unknown(_), Data::Object(..) | Data::List(..)) => {
            let why = "what is merged deeply with something that is not known";
            let unknown = Traced::unknown(why, location);
            [under, over].into_iter().fold(unknown, Traced::because_of)
        }
        (_, Data::Unknown(_)) => over.clone().because_of(under),
        _ => over.clone(),
    }
}

impl Traced {
    /// Joins the influence on which elements a merged collection has; the elements bring their own along.
    fn because_of_both(self, one: &Self, other: &Self) -> Self {
        Self {
            followed: self.followed.and(&one.followed).and(&other.followed),
            fallible: self.fallible || one.fallible || other.fallible,
            sensitive: self.sensitive || one.sensitive || other.sensitive,
            uncertain: self.uncertain.or_else(|| one.uncertain.clone()).or_else(|| other.uncertain.clone()),
            ..self
        }
    }
}
