//! Collections: going into them, and making others of them.

use std::collections::BTreeMap;

use super::data::{Data, OriginKind, Traced, Values, alternatives, error_in};
use super::eval::{Evaluator, Scope, collected, computed};
use crate::source::Location;
use crate::syntax::tree::{ForExpr, Step};

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The values of a `for` expression.
    pub(super) fn for_expr(&self, expr: &ForExpr, location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let file = location.file;
        let collections = self.eval(&expr.collection, file, scope);
        alternatives(collections.into_iter().map(|collection| {
            let unknown = |why: &str| Traced::unknown(why, location).because_of(&collection);
            let Some(elements) = elements(&collection) else {
                return Traced {
                    origin: collection.origin,
                    hops: collection.hops.clone(),
                    ..match &collection.data {
                        Data::Unknown(why) | Data::Error(why) => unknown(why),
                        _ => unknown("a collection that cannot be iterated over"),
                    }
                };
            };
            let (mut list, mut object) = (Vec::<Values>::new(), BTreeMap::<String, Values>::new());
            let mut groups = BTreeMap::<String, Vec<Values>>::new();
            // Whether which elements there are, or their keys, depend on what is followed.
            let mut followed = collection.followed;
            let follow = |value: Traced, followed| Traced { followed: value.followed || followed, ..value };
            for (key, value) in elements {
                let mut names = scope.names.to_vec();
                names.extend(expr.key_var.iter().map(|name| (name.clone(), key.clone())));
                names.push((expr.value_var.clone(), value));
                let inner = Scope { names: &names, ..*scope };
                let condition = expr.cond.as_ref().map(|cond| self.eval(cond, file, &inner));
                followed |= condition.iter().flatten().any(Traced::is_followed);
                match condition.as_deref() {
                    Some([condition]) if condition.as_bool() == Some(false) => continue,
                    Some([condition]) if condition.as_bool() == Some(true) => {}
                    None => {}
                    Some(_) => return follow(unknown("a filter that is not known"), followed),
                }
                let value = self.eval(&expr.value, file, &inner);
                let Some(key) = &expr.key else {
                    list.push(value);
                    continue;
                };
                let keys = self.eval(key, file, &inner);
                followed |= keys.iter().any(Traced::is_followed);
                match (keys.as_slice(), expr.grouping) {
                    ([key], grouping) if key.as_text().is_some() => {
                        let key = key.as_text().unwrap_or_default();
                        if grouping {
                            groups.entry(key).or_default().push(value);
                        } else {
                            object.insert(key, value);
                        }
                    }
                    _ => return follow(unknown("keys that are not known"), followed),
                }
            }
            let error = error_in(list.iter().chain(object.values()).chain(groups.values().flatten()));
            object.extend(groups.into_iter().map(|(key, group)| (key, vec![computed(Data::List(group), location)])));
            let data = if expr.key.is_some() { Data::Object(object) } else { Data::List(list) };
            follow(Traced { hops: collection.hops.clone(), ..collected(error, data, location) }, followed)
        }))
    }

    /// Goes into values step by step.
    pub(super) fn steps(
        &self,
        values: Values,
        steps: &[Step],
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        let Some((step, rest)) = steps.split_first() else { return values };
        if let Step::Splat = step {
            return alternatives(values.into_iter().map(|value| self.splat(value, rest, location, scope)));
        }
        let next = match step {
            Step::Attr(name) => {
                let name = vec![computed(Data::String(name.clone()), location)];
                alternatives(values.into_iter().flat_map(|value| select(&value, &name, location)))
            }
            Step::Index(index) => {
                let index = self.eval(index, location.file, scope);
                alternatives(values.into_iter().flat_map(|value| select(&value, &index, location)))
            }
            Step::Splat => values,
        };
        self.steps(next, rest, location, scope)
    }

    fn splat(&self, value: Traced, rest: &[Step], location: Location, scope: &Scope<'_, 'w, 'a>) -> Traced {
        let items = match &value.data {
            Data::List(items) => items.clone(),
            Data::Null => Vec::new(),
            Data::Unknown(_) | Data::Error(_) => return value,
            _ => vec![vec![value.clone()]],
        };
        let items = items.into_iter().map(|item| self.steps(item, rest, location, scope)).collect();
        Traced { hops: value.hops.clone(), ..computed(Data::List(items), location) }.because_of(&value)
    }
}

/// The elements of a collection with their keys; `None` if it is none, or not known.
pub(super) fn elements(collection: &Traced) -> Option<Vec<(Values, Values)>> {
    let location = collection.origin.location;
    let mark = |values: &Values| values.iter().map(|value| pass_on(value, collection)).collect::<Values>();
    match &collection.data {
        Data::List(items) => Some(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| (vec![computed(Data::Number(index.to_string()), location)], mark(item)))
                .collect(),
        ),
        Data::Object(items) => Some(
            items.iter().map(|(key, item)| (vec![computed(Data::String(key.clone()), location)], mark(item))).collect(),
        ),
        _ => None,
    }
}

/// An element seen through the references its collection came through.
fn pass_on(value: &Traced, collection: &Traced) -> Traced {
    let mut value = value.clone();
    value.hops.extend(collection.hops.iter().cloned());
    value.chosen_by.extend(&collection.chosen_by);
    value.followed |= collection.followed;
    value.fallible |= collection.fallible;
    value
}

/// The elements of a value that an index can mean: all of them if it is not known.
pub(super) fn select(value: &Traced, index: &Values, location: Location) -> Values {
    let missing = |what: &str| {
        computed(Data::Error(format!("an element that does not exist ({what})")), location).because_of(value)
    };
    let found_by = |index: &Traced| -> Values {
        if let (Data::Unknown(_), Data::List(_) | Data::Object(_)) = (&index.data, &value.data) {
            let all: Values = elements(value)
                .into_iter()
                .flatten()
                .flat_map(|(_, element)| element)
                .map(|element| Traced { fallible: true, ..element.because_of(index) })
                .collect();
            return if all.is_empty() { vec![missing("the collection is empty")] } else { all };
        }
        if index.data == Data::Null && matches!(value.data, Data::List(_) | Data::Object(_)) {
            return vec![computed(Data::Error("`null` as an index".to_owned()), location).because_of(value)];
        }
        let element = match (&value.data, &index.data) {
            (Data::Object(items), _) => index.as_text().and_then(|key| items.get(&key)),
            (Data::List(items), Data::Number(text)) => text.parse::<usize>().ok().and_then(|at| items.get(at)),
            (Data::Unknown(_) | Data::Error(_), _) => return vec![value.clone().because_of(index)],
            _ => None,
        };
        match element {
            Some(values) => values.iter().map(|found| pass_on(found, value).because_of_index(index)).collect(),
            None => vec![missing(&index.as_text().unwrap_or_default())],
        }
    };
    alternatives(index.iter().flat_map(|index| {
        let found = found_by(index).into_iter();
        found.map(|found| Traced { fallible: found.fallible || index.fallible, ..found })
    }))
}

impl Traced {
    fn because_of_index(self, index: &Self) -> Self {
        if index.origin.kind == OriginKind::Literal || index.followed { self.because_of(index) } else { self }
    }
}
