//! The functions of the Terraform language that turn up around such values; all others are unknown.
//!
//! Source: Terraform language, "Built-in Functions". Functions that pass a value on keep its origin.

use std::collections::BTreeMap;

use super::collections::{elements, select};
use super::compute::{compute, is_computed};
use super::data::{Data, Traced, Values, alternatives, combinations, error_in};
use super::eval::{Evaluator, Scope, computed};
use super::operators::lift;
use crate::source::Location;
use crate::syntax::tree::Expr;

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The values of a function call.
    pub(super) fn call(
        &self,
        name: &str,
        args: &[Expr],
        expand: bool,
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        let mut values: Vec<Values> = args.iter().map(|arg| self.eval(arg, location.file, scope)).collect();
        if expand {
            let last = values.pop().unwrap_or_default();
            if let [Traced { data: Data::List(items), .. }] = last.as_slice() {
                values.extend(items.iter().cloned());
            } else {
                values.push(last);
                return unknown(name, &values, location);
            }
        }
        let name = name.strip_prefix("core::").unwrap_or(name);
        if matches!(name, "try" | "can") {
            return applied(name, &values, location);
        }
        // An error in any argument is one of the call, whether or not the function looks at the argument.
        if let Some(error) = error_in(&values) {
            return vec![error];
        }
        let may_fail = |value: &Traced| value.fallible || matches!(value.data, Data::Error(_));
        let fallible = values.iter().flatten().any(may_fail);
        let results = applied(name, &values, location).into_iter();
        results.map(|result| Traced { fallible: result.fallible || fallible, ..result }).collect()
    }
}

/// The values of a function of these arguments.
fn applied(name: &str, values: &[Values], location: Location) -> Values {
    match (name, values) {
        ("try", [_, ..]) => first_valid(values),
        ("can", [value]) => lift_any(value, location, |value| match value.data {
            Data::Error(_) => Some(Data::Bool(false)),
            Data::Unknown(_) => None,
            _ if value.fallible => Some(Data::Unknown("whether there is an error".to_owned())),
            _ => Some(Data::Bool(true)),
        }),
        ("coalesce", [_, ..]) => first_set(values, location),
        ("lookup", [map, key, rest @ ..]) => lookup(map, key, rest.first(), location),
        ("element", [list, index]) => element(list, index, location),
        ("one", [list]) => one(list, location),
        ("merge", [_, ..]) => merge(values, location),
        ("concat", [_, ..]) => concat(values, location),
        ("sensitive" | "nonsensitive" | "ephemeralasnull" | "tolist" | "tomap", [value]) => value.clone(),
        ("toset", [value]) => value.iter().cloned().map(Traced::into_set).collect(),
        ("length" | "keys", [value]) => {
            // What the elements are is of no matter, only which there are.
            let followed = value.iter().any(|value| value.followed);
            let results = lift(values, location, |values| compute(name, values));
            results.into_iter().map(|result| Traced { followed, ..result }).collect()
        }
        ("tostring" | "tobool" | "tonumber", [value]) => {
            let converted = value.iter().map(|value| primitive(name, value.clone()));
            alternatives(converted)
        }
        ("values", [value]) => alternatives(value.iter().map(|value| match elements(value) {
            Some(items) => {
                let list = Data::List(items.into_iter().map(|(_, item)| item).collect());
                computed(list, location).because_of(value)
            }
            None => value.clone(),
        })),
        _ if is_computed(name) => lift(values, location, |values| compute(name, values)),
        _ => unknown(name, values, location),
    }
}

/// What a function gives that is not known here, or not of these arguments.
fn unknown(name: &str, values: &[Values], location: Location) -> Values {
    let unknown = Traced::unknown(format!("the result of the function {name}"), location);
    vec![values.iter().flatten().fold(unknown, Traced::because_of)]
}

/// Applies a function to each alternative, also to those that are not known.
fn lift_any(values: &Values, location: Location, apply: impl Fn(&Traced) -> Option<Data>) -> Values {
    alternatives(values.iter().map(|value| match apply(value) {
        Some(data) => computed(data, location).because_of(value),
        None => value.clone(),
    }))
}

/// `try`: the first argument that is no error.
fn first_valid(arguments: &[Values]) -> Values {
    let Some((first, rest)) = arguments.split_first() else { return Vec::new() };
    alternatives(first.iter().flat_map(|value| match value.data {
        Data::Error(_) if !rest.is_empty() => {
            first_valid(rest).into_iter().map(|other| other.because_of(value)).collect()
        }
        // What is not known may turn out to be an error.
        Data::Unknown(_) => vec![following(value, rest)],
        _ if value.fallible && !rest.is_empty() => {
            let others = first_valid(rest).into_iter().map(|other| other.because_of(value));
            std::iter::once(value.clone()).chain(others).collect()
        }
        _ => vec![value.clone()],
    }))
}

/// A value that is not known, and in the place of which one of `others` may be.
fn following(value: &Traced, others: &[Values]) -> Traced {
    let followed = others.iter().flatten().any(Traced::is_followed);
    Traced { followed: value.followed || followed, ..value.clone() }
}

/// `coalesce`: the first argument that is neither `null` nor an empty string.
fn first_set(arguments: &[Values], location: Location) -> Values {
    let Some((first, rest)) = arguments.split_first() else {
        return vec![computed(Data::Error("nothing to coalesce".to_owned()), location)];
    };
    alternatives(first.iter().flat_map(|value| match &value.data {
        Data::Null => first_set(rest, location).into_iter().map(|other| other.because_of(value)).collect(),
        Data::String(text) if text.is_empty() => {
            first_set(rest, location).into_iter().map(|other| other.because_of(value)).collect()
        }
        Data::Unknown(_) => vec![following(value, rest)],
        _ => vec![value.clone()],
    }))
}

fn lookup(map: &Values, key: &Values, default: Option<&Values>, location: Location) -> Values {
    let Some(default) = default else { return select_each(map, key, location) };
    let is_unknown = key.iter().any(|key| matches!(key.data, Data::Unknown(_)));
    let is_null = key.iter().any(|key| key.data == Data::Null);
    let is_map = |map: &Traced| !matches!(map.data, Data::Error(_));
    let broken = map.iter().filter(|map| !is_map(map)).cloned();
    let found = select_each(&map.iter().filter(|map| is_map(map)).cloned().collect(), key, location);
    alternatives(broken.chain(found.into_iter().flat_map(|value| {
        let instead = || default.iter().map(|other| other.clone().because_of(&value));
        match &value.data {
            Data::Error(_) if !is_null => instead().collect(),
            Data::Unknown(_) => vec![following(&value, std::slice::from_ref(default))],
            // A key that is not known may be none of the map's.
            _ if is_unknown => std::iter::once(value.clone()).chain(instead()).collect(),
            _ => vec![value],
        }
    })))
}

fn select_each(collection: &Values, index: &Values, location: Location) -> Values {
    alternatives(collection.iter().flat_map(|collection| select(collection, index, location)))
}

/// `element`: an index beyond the end starts again at the front.
fn element(list: &Values, index: &Values, location: Location) -> Values {
    alternatives(list.iter().flat_map(|list| {
        let wrapped: Values = index
            .iter()
            .map(|index| match (&list.data, &index.data) {
                (Data::List(items), Data::Number(text)) if !items.is_empty() => {
                    let data = match text.parse::<usize>() {
                        Ok(at) => Data::Number((at % items.len()).to_string()),
                        // Versions of Terraform differ in whether they count from the end.
                        Err(_) if text.starts_with('-') => Data::Unknown("a negative index".to_owned()),
                        Err(_) => Data::Error("an index that is no whole number".to_owned()),
                    };
                    Traced { data, ..index.clone() }
                }
                _ => index.clone(),
            })
            .collect();
        select(list, &wrapped, location)
    }))
}

fn one(list: &Values, location: Location) -> Values {
    alternatives(list.iter().flat_map(|list| match elements(list).as_deref() {
        Some([]) => vec![computed(Data::Null, location).because_of(list)],
        Some([(_, value)]) => value.clone(),
        Some(_) => vec![Traced::new(Data::Error("more than one element".to_owned()), list.origin)],
        None => vec![list.clone()],
    }))
}

fn merge(maps: &[Values], location: Location) -> Values {
    let too_many = || vec![Traced::unknown("more possible values than can be told apart", location)];
    let Some(combinations) = combinations(maps) else { return too_many() };
    alternatives(combinations.into_iter().map(|maps| {
        let mut merged = BTreeMap::new();
        let mut result = computed(Data::Null, location);
        for map in maps {
            match &map.data {
                Data::Object(items) => merged.extend(items.clone()),
                Data::Null => {}
                _ => return map.clone(),
            }
            result.hops.extend(map.hops.iter().cloned());
            result.followed |= map.followed;
        }
        Traced { data: Data::Object(merged), ..result }
    }))
}

fn concat(lists: &[Values], location: Location) -> Values {
    let Some(combinations) = combinations(lists) else {
        return vec![Traced::unknown("more possible values than can be told apart", location)];
    };
    alternatives(combinations.into_iter().map(|lists| {
        let mut items = Vec::new();
        let mut result = computed(Data::Null, location);
        for list in lists {
            match &list.data {
                Data::List(more) => items.extend(more.clone()),
                _ => return list.clone(),
            }
            result.hops.extend(list.hops.iter().cloned());
            result.followed |= list.followed;
        }
        Traced { data: Data::List(items), ..result }
    }))
}

/// A conversion between primitive types; the literal that stands there stays the origin.
fn primitive(name: &str, mut value: Traced) -> Traced {
    if matches!(value.data, Data::Null | Data::Unknown(_) | Data::Error(_)) {
        return value;
    }
    let converted = match name {
        "tobool" => value.as_bool().map(Data::Bool),
        "tonumber" => value.as_text().filter(|text| text.parse::<f64>().is_ok()).map(Data::Number),
        _ => value.as_text().map(Data::String),
    };
    value.data = converted.unwrap_or_else(|| Data::Error(format!("{name} of something else")));
    value
}
