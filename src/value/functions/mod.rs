//! The functions of the Terraform language that turn up around such values; all others are unknown.
//!
//! Source: Terraform language, "Built-in Functions". Functions that pass a value on keep its origin.

mod sequence;
mod text;

use std::collections::BTreeMap;

use super::collections::{elements, is_in_order, select};
use super::convert::{collect, convert, convert_all};
use super::data::{Data, ListKind, MapKind, Members, Traced, Values, alternatives, combinations, error_in};
use super::eval::{Evaluator, Scope, computed};
use super::operators::lift;
use super::types::{Type, Unified, unify};
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
            if let [list @ Traced { data: Data::List(..), .. }] = last.as_slice()
                && is_in_order(list)
            {
                values.extend(elements(list).into_iter().flatten().map(|(_, item)| item));
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
        if let Some(config) = &scope.frame.config
            && let Some(values) = self.config_function(config, name, &values, location)
        {
            return values;
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
        ("coalesce", [_, ..]) => coalesce(values, location),
        ("coalescelist", [_, ..]) => coalescelist(values, location),
        ("lookup", [map, key, rest @ ..]) => lookup(map, key, rest.first(), location),
        ("element", [list, index]) => element(list, index, location),
        ("one", [list]) => one(list, location),
        ("merge", [_, ..]) => merge(values, location),
        ("sensitive" | "nonsensitive", [value]) => {
            let sensitive = name == "sensitive";
            value.iter().map(|value| Traced { sensitive, ..value.clone() }).collect()
        }
        ("tolist" | "toset" | "tomap", [value]) => {
            value.iter().cloned().map(|value| collect(value, &name["to".len()..])).collect()
        }
        _ if REARRANGES.contains(&name) => {
            // The elements bring their own influence along; the result has that of which elements there are.
            let followed = values.iter().flatten().any(|value| value.followed);
            let results = lift(values, location, |values| compute(name, values)).into_iter();
            results
                .map(|result| match &result.data {
                    Data::List(..) | Data::Object(..) => Traced { followed, hops: Vec::new(), ..result },
                    Data::Number(_) => Traced { followed, ..result },
                    _ => result,
                })
                .collect()
        }
        ("tostring", [value]) => alternatives(convert_all(value, &Type::String)),
        ("tobool", [value]) => alternatives(convert_all(value, &Type::Bool)),
        ("tonumber", [value]) => alternatives(convert_all(value, &Type::Number)),
        _ => lift(values, location, |values| compute(name, values)),
    }
}

/// Texts one behind the other, as a `for` directive of a template gives them.
pub(super) fn joined(texts: Values, location: Location) -> Values {
    let nothing = vec![computed(Data::String(String::new()), location)];
    lift(&[nothing, texts], location, |values| compute("join", values))
}

/// The functions whose result holds the elements of their arguments, or says which there are, whatever the elements are.
const REARRANGES: [&str; 7] = ["length", "keys", "values", "concat", "flatten", "reverse", "slice"];

/// The functions that take `null` for an argument; Terraform refuses it in all others.
const ACCEPTS_NULL: [&str; 2] = ["format", "not"];

/// A function of known arguments.
///
/// # Errors
/// Why the result is not known.
fn compute(name: &str, arguments: &[&Traced]) -> Result<Data, String> {
    let known = text::apply(name, arguments).or_else(|| sequence::apply(name, arguments));
    let is_null = arguments.iter().any(|argument| argument.data == Data::Null);
    match known {
        Some(_) if is_null && !ACCEPTS_NULL.contains(&name) => {
            Ok(Data::Error("an argument that must not be null".to_owned()))
        }
        Some(result) => result,
        None => Err(format!("the result of the function {name}")),
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

/// `coalesce`: the first argument that is neither `null` nor an empty string, as the type that all arguments have in
/// common.
fn coalesce(arguments: &[Values], location: Location) -> Values {
    let types: Vec<Option<Type>> = arguments.iter().map(Type::of_all).collect();
    match unify(types.iter().map(Option::as_ref)) {
        Unified::Impossible => vec![computed(Data::Error("coalesce of different types".to_owned()), location)],
        Unified::Type(own) => first_set(arguments, location).into_iter().map(|value| convert(value, &own)).collect(),
        Unified::Unsure => first_set(arguments, location),
    }
}

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
    let is_map = |map: &Traced| matches!(map.data, Data::Object(..) | Data::Unknown(_));
    let broken = map.iter().filter(|map| !is_map(map)).map(|map| match map.data {
        Data::Error(_) => map.clone(),
        _ => computed(Data::Error("a lookup in something that is not a map".to_owned()), location).because_of(map),
    });
    // What stands in for an element of a map becomes what they are.
    let element = map.iter().find_map(|map| match &map.data {
        Data::Object(MapKind::Map(element), _) => Some(element.clone()),
        _ => None,
    });
    let default = &match &element {
        Some(element) => convert_all(default, element),
        None => default.clone(),
    };
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
                (Data::List(ListKind::List(_) | ListKind::Tuple, items), Data::Number(_) | Data::String(_))
                    if !items.is_empty() =>
                {
                    let text = index.as_number().unwrap_or_default();
                    let data = match text.parse::<usize>() {
                        Ok(at) => Data::Number((at % items.len()).to_string()),
                        // Versions of Terraform differ in whether they count from the end.
                        Err(_) if text.starts_with('-') => Data::Unknown("a negative index".to_owned()),
                        Err(_) => Data::Error("an index that is not a whole number".to_owned()),
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
    alternatives(list.iter().flat_map(|list| match (&list.data, elements(list).as_deref()) {
        (Data::List(..), Some([])) => vec![computed(Data::Null, location).because_of(list)],
        (Data::List(..), Some([(_, value)])) => value.clone(),
        (Data::List(ListKind::Set(_, Members::Unsettled), _), _) => {
            let unknown = Traced::unknown("the number of members of a set that are not all known", location);
            vec![unknown.because_of(list)]
        }
        (Data::List(..), Some(_)) => vec![Traced::new(Data::Error("more than one element".to_owned()), list.origin)],
        (Data::Unknown(_) | Data::Error(_), _) => vec![list.clone()],
        _ => vec![computed(Data::Error("one of something that is not a list".to_owned()), location).because_of(list)],
    }))
}

/// `coalescelist`: the first list that is not empty.
fn coalescelist(lists: &[Values], location: Location) -> Values {
    let Some((first, rest)) = lists.split_first() else {
        return vec![computed(Data::Error("no list that is not empty".to_owned()), location)];
    };
    alternatives(first.iter().flat_map(|list| match &list.data {
        Data::List(ListKind::List(_) | ListKind::Tuple, items) if items.is_empty() => {
            coalescelist(rest, location).into_iter().map(|other| other.because_of(list)).collect()
        }
        Data::List(ListKind::List(_) | ListKind::Tuple, _) => vec![list.clone()],
        _ => unknown("coalescelist", std::slice::from_ref(first), location),
    }))
}

/// `merge`: an element of a later map takes the place of one of the same key.
fn merge(maps: &[Values], location: Location) -> Values {
    let too_many = || vec![Traced::unknown("more possible values than can be told apart", location)];
    let Some(combinations) = combinations(maps) else { return too_many() };
    alternatives(combinations.into_iter().map(|maps| {
        let mut merged = BTreeMap::new();
        let mut kinds = Vec::new();
        let mut result = computed(Data::Null, location);
        for map in &maps {
            match &map.data {
                // Each element goes on with the influence of its own map.
                Data::Object(kind, items) => {
                    kinds.push(kind);
                    let within = |values: &Values| values.iter().map(|value| value.clone().within(map)).collect();
                    merged.extend(items.iter().map(|(key, item)| (key.clone(), within(item))));
                }
                Data::Null => {}
                Data::Unknown(_) | Data::Error(_) => return (*map).clone(),
                _ => return computed(Data::Error("merge of something that is not a map".to_owned()), location),
            }
        }
        // Which keys there are is decided by all of them.
        for map in &maps {
            result.followed |= map.followed;
            result.fallible |= map.fallible;
            result.uncertain = result.uncertain.or_else(|| map.uncertain.clone());
        }
        let same = kinds.first().filter(|first| kinds.iter().all(|kind| kind == *first));
        let kind = same.map_or(MapKind::Object, |kind| (*kind).clone());
        Traced { data: Data::Object(kind, merged), ..result }
    }))
}
