//! Collections: their elements, and what attributes, indices and splats take of them.

use super::convert::collect;
use super::data::{Data, ListKind, Members, OriginKind, Traced, Values, alternatives, collected, computed, error_in};
use super::eval::Evaluator;
use super::scope::Scope;
use super::types::Type;
use crate::source::Location;
use crate::syntax::tree::Step;

impl<'w, 'a> Evaluator<'w, 'a> {
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
            Step::ListOf(own) => alternatives(values.into_iter().map(|value| self.splat(value, own, location, scope))),
            Step::Splat => values,
        };
        self.steps(next, rest, location, scope)
    }

    fn splat(&self, value: Traced, rest: &[Step], location: Location, scope: &Scope<'_, 'w, 'a>) -> Traced {
        let items = match &value.data {
            Data::List(ListKind::Set(..), _) if !is_in_order(&value) => {
                return Traced { data: Data::Unknown("the order of a set".to_owned()), ..value };
            }
            Data::List(_, items) => items.clone(),
            Data::Null(Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
                return computed(Data::Error("a splat of a list that is `null`".to_owned()), location)
                    .because_of(&value);
            }
            Data::Null(_) => Vec::new().into(),
            Data::Error(_) => return value,
            Data::Unknown(_) => {
                let element = match value.unknown_type() {
                    Some(Type::List(element) | Type::Set(element)) => Some(&**element),
                    _ => None,
                };
                let error = element.and_then(|element| self.error_behind(element, &value, rest, location, scope));
                // The splat of `null` is an empty list.
                return error.unwrap_or_else(|| {
                    let fallible = value.fallible || !rest.is_empty();
                    let list = value.of_type(None).refined(|known| known.not_null = true);
                    Traced { fallible, ..list }
                });
            }
            _ => vec![vec![value.clone()]].into(),
        };
        // In a list or set without elements, the steps are evaluated for their type all the same.
        if let Data::List(ListKind::List(element) | ListKind::Set(element, _), known) = &value.data
            && known.is_empty()
            && let Some(error) = self.error_behind(element, &value, rest, location, scope)
        {
            return error;
        }
        let is_open = matches!(&value.data, Data::List(ListKind::Open, _));
        let is_tuple = !matches!(&value.data, Data::List(ListKind::List(_) | ListKind::Set(..), _));
        let items: Vec<Values> = items.into_iter().map(|item| self.steps(item, rest, location, scope)).collect();
        let error = error_in(&items);
        let result = Traced {
            hops: value.hops.clone(),
            ..collected(error, Data::List(ListKind::Tuple, items.into()), location)
        };
        let result = result.because_of(&value);
        match result.data {
            Data::List(_, items) if is_open => Traced { data: Data::List(ListKind::Open, items), ..result },
            _ if is_tuple => result,
            _ => collect(result, "list"),
        }
    }

    /// The error that steps from an element of a type lead to, whatever element it is.
    fn error_behind(
        &self,
        element: &Type,
        collection: &Traced,
        rest: &[Step],
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Option<Traced> {
        let element = Traced::unknown("an element of a collection", location).of_type(Some(element));
        let found = self.steps(vec![element], rest, location, scope);
        // It is one of the type alone, and hangs on no element.
        let error = found.into_iter().map(|found| found.data).find(|data| matches!(data, Data::Error(_)))?;
        Some(computed(error, location).because_of(collection))
    }
}

/// Whether the order of the elements is known, as it is not for all sets.
pub(super) fn is_in_order(value: &Traced) -> bool {
    match &value.data {
        Data::List(ListKind::Set(_, members), items) => *members == Members::Ordered || items.len() < 2,
        Data::List(ListKind::Open, items) => items.len() < 2,
        _ => true,
    }
}

/// The elements of a collection with their keys; `None` if it is none, or not known.
pub(super) fn elements(collection: &Traced) -> Option<Vec<(Values, Values)>> {
    let location = collection.origin.location;
    // A key is as little to be shown as the collection.
    let key = |data| Traced { sensitive: collection.sensitive, ..computed(data, location) };
    let mark = |values: &Values| values.iter().map(|value| value.clone().within(collection)).collect::<Values>();
    match &collection.data {
        // The keys of a set are its values.
        Data::List(ListKind::Set(..), items) => Some(items.iter().map(|item| (mark(item), mark(item))).collect()),
        Data::List(_, items) => Some(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    let mut keys = vec![key(Data::Number(index.to_string()))];
                    // Of a set, its values are the keys.
                    keys.extend(
                        mark(item).into_iter().filter(|_| matches!(collection.data, Data::List(ListKind::Open, _))),
                    );
                    (keys, mark(item))
                })
                .collect(),
        ),
        Data::Object(_, items) => {
            Some(items.iter().map(|(name, item)| (vec![key(Data::String(name.clone()))], mark(item))).collect())
        }
        _ => None,
    }
}

/// The elements of a value that an index can mean: all of them if it is not known.
pub(super) fn select(value: &Traced, index: &Values, location: Location) -> Values {
    let missing = |what: &str| {
        computed(Data::Error(format!("an element that does not exist ({what})")), location).because_of(value)
    };
    let found_by = |index: &Traced| -> Values {
        if let (Data::Error(_), Data::Unknown(_)) = (&index.data, &value.data) {
            return vec![index.clone().because_of(value)];
        }
        if let (Data::Unknown(_), Data::List(..) | Data::Object(..)) = (&index.data, &value.data) {
            let all: Values = elements(value)
                .into_iter()
                .flatten()
                .flat_map(|(_, element)| element)
                .map(|element| Traced { fallible: true, ..element.because_of(index) })
                .collect();
            return if all.is_empty() { vec![missing("the collection is empty")] } else { all };
        }
        if index.data.is_null() && matches!(value.data, Data::List(..) | Data::Object(..) | Data::Unknown(_)) {
            return vec![computed(Data::Error("`null` as an index".to_owned()), location).because_of(value)];
        }
        let element = match (&value.data, &index.data) {
            (Data::Object(_, items), _) => index.as_text().and_then(|key| items.get(&key)),
            // The elements of a set have no index.
            (Data::List(ListKind::Set(..), _), _) => None,
            (Data::List(_, items), _) => {
                index.as_number().and_then(|text| text.parse::<usize>().ok()).and_then(|at| items.get(at))
            }
            (Data::Error(_), _) => return vec![value.clone().because_of(index)],
            (Data::Unknown(_), _) if let Some(found) = value.element_whatever(index) => return found,
            (Data::Unknown(_), _) => match value.unknown_type().map_or(Ok(None), |own| own.element(index)) {
                Ok(element) => {
                    let found = value.clone().of_type(element).because_of(index);
                    // It may be `null`, or have no such element; an object has what its type says.
                    let known = value.refinement.as_deref();
                    let is_there =
                        known.is_some_and(|known| known.not_null && matches!(known.own, Some(Type::Object(_))));
                    return vec![Traced { fallible: found.fallible || !is_there, ..found }];
                }
                Err(()) => None,
            },
            _ => None,
        };
        match element {
            Some(values) => values.iter().map(|found| found.clone().within(value).because_of_index(index)).collect(),
            None => vec![missing(&index.shown().unwrap_or_default()).because_of(index)],
        }
    };
    alternatives(index.iter().flat_map(|index| {
        let found = found_by(index).into_iter();
        found.map(|found| Traced { fallible: found.fallible || index.fallible, ..found })
    }))
}

impl Traced {
    /// An element that a value which is not known has in any case.
    pub(super) fn element_whatever(&self, index: &Self) -> Option<Values> {
        let found = self.refinement.as_ref()?.elements.get(&index.as_text()?)?;
        let found = found.iter().map(|found| found.clone().through_all(&self.hops).whatever(self));
        Some(found.map(|found| found.because_of_index(index)).collect())
    }

    fn because_of_index(self, index: &Self) -> Self {
        if index.origin.kind == OriginKind::Literal || index.followed.is_any() {
            return self.because_of(index);
        }
        // A key that is computed names no literal to turn; that it is not certain, or not to be shown, counts all the same.
        Self {
            uncertain: self.uncertain.or_else(|| index.uncertain.clone()),
            sensitive: self.sensitive || index.sensitive,
            ..self
        }
    }
}
