//! Functions that choose among their arguments, or that look at what is not known too.
//!
//! Source: Terraform, `internal/lang/funcs/collection.go`; hcl, `ext/tryfunc`; go-cty, `function/stdlib/collection.go`.

use std::collections::BTreeMap;

use super::super::collections::{elements, select};
use super::super::convert::{collect, convert, convert_all, shared};
use super::super::data::{Data, ListKind, MapKind, Members, Traced, Values, alternatives, combinations, computed};
use super::super::types::{Type, Unified, unify};
use crate::source::Location;

fn error(why: &str, location: Location) -> Traced {
    computed(Data::Error(why.to_owned()), location)
}

/// The first argument that is no error.
pub(super) fn try_each(arguments: &[Values], location: Location) -> Values {
    if arguments.is_empty() { vec![error("nothing to try", location)] } else { first_valid(arguments) }
}

/// Whether there is no error.
pub(super) fn can(arguments: &[Values], location: Location) -> Values {
    lift_any(&arguments[0], location, |value| match value.data {
        Data::Error(_) => Some(Data::Bool(false)),
        Data::Unknown(_) => None,
        _ if value.fallible => Some(Data::Unknown("whether there is an error".to_owned())),
        _ => Some(Data::Bool(true)),
    })
}

pub(super) fn sensitive(arguments: &[Values], _: Location) -> Values {
    arguments[0].iter().map(|value| Traced { sensitive: true, ..value.clone() }).collect()
}

pub(super) fn nonsensitive(arguments: &[Values], _: Location) -> Values {
    arguments[0].iter().map(shown).collect()
}

/// A value that may be shown. The elements of one that might not be have the mark of the whole, and those of a set are marked
/// together in Terraform; the elements of others have marks of their own, which stay.
fn shown(value: &Traced) -> Traced {
    let all = |values: &Values| values.iter().map(shown).collect();
    let data = match &value.data {
        Data::List(kind, items) if value.sensitive || matches!(kind, ListKind::Set(..)) => {
            Data::List(kind.clone(), items.iter().map(all).collect())
        }
        Data::Object(kind, items) if value.sensitive => {
            Data::Object(kind.clone(), items.iter().map(|(key, item)| (key.clone(), all(item))).collect())
        }
        data => data.clone(),
    };
    Traced { data, sensitive: false, ..value.clone() }
}

/// Whether Terraform shows the value; the answer it shows.
pub(super) fn is_sensitive(arguments: &[Values], location: Location) -> Values {
    let results = lift_any(&arguments[0], location, |value| match value.data {
        Data::Error(_) => None,
        _ if value.sensitive => Some(Data::Bool(true)),
        Data::Unknown(_) => None,
        _ => Some(Data::Bool(false)),
    });
    results.into_iter().map(|value| Traced { sensitive: false, ..value }).collect()
}

pub(super) fn to_string(arguments: &[Values], _: Location) -> Values {
    alternatives(convert_all(&arguments[0], &Type::String))
}

pub(super) fn to_bool(arguments: &[Values], _: Location) -> Values {
    alternatives(convert_all(&arguments[0], &Type::Bool))
}

pub(super) fn to_number(arguments: &[Values], _: Location) -> Values {
    alternatives(convert_all(&arguments[0], &Type::Number))
}

pub(super) fn to_list(arguments: &[Values], _: Location) -> Values {
    arguments[0].iter().cloned().map(|value| collect(value, "list")).collect()
}

pub(super) fn to_set(arguments: &[Values], _: Location) -> Values {
    arguments[0].iter().cloned().map(|value| collect(value, "set")).collect()
}

pub(super) fn to_map(arguments: &[Values], _: Location) -> Values {
    arguments[0].iter().cloned().map(|value| collect(value, "map")).collect()
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
    let followed = others.iter().flatten().fold(value.followed.clone(), |all, other| all.and(&other.following()));
    Traced { followed, ..value.clone() }
}

/// `coalesce`: the first argument that is neither `null` nor an empty string, as the type that all arguments have in
/// common.
pub(super) fn coalesce(arguments: &[Values], location: Location) -> Values {
    let types: Vec<Option<Type>> = arguments.iter().map(Type::of_all).collect();
    match unify(types.iter().map(Option::as_ref)) {
        Unified::Impossible => vec![error("coalesce of different types", location)],
        Unified::Type(own) => first_set(arguments, location).into_iter().map(|value| convert(value, &own)).collect(),
        Unified::Unsure => first_set(arguments, location).into_iter().flat_map(shared).collect(),
    }
}

fn first_set(arguments: &[Values], location: Location) -> Values {
    let Some((first, rest)) = arguments.split_first() else {
        return vec![error("nothing to coalesce", location)];
    };
    alternatives(first.iter().flat_map(|value| match &value.data {
        Data::Null(_) => first_set(rest, location).into_iter().map(|other| other.because_of(value)).collect(),
        Data::String(text) if text.is_empty() => {
            first_set(rest, location).into_iter().map(|other| other.because_of(value)).collect()
        }
        Data::Unknown(_) => vec![following(value, rest)],
        _ => vec![value.clone()],
    }))
}

pub(super) fn lookup(arguments: &[Values], location: Location) -> Values {
    let (map, key, default) = match arguments {
        [map, key] => (map, key, None),
        [map, key, default] => (map, key, Some(default)),
        _ => return vec![error("a lookup with more than one default", location)],
    };
    let is_unknown = key.iter().any(|key| matches!(key.data, Data::Unknown(_)));
    let (wrong, key): (Values, Values) = key.iter().cloned().partition(|key| matches!(key.data, Data::Error(_)));
    let is_map = |map: &Traced| matches!(map.data, Data::Object(..) | Data::Unknown(_));
    let broken = map.iter().filter(|map| !is_map(map)).map(|map| match map.data {
        Data::Error(_) => map.clone(),
        _ => error("a lookup in something that is not a map", location).because_of(map),
    });
    let broken = wrong.into_iter().chain(broken);
    let Some(default) = default else {
        let maps = map.iter().filter(|map| is_map(map)).cloned().collect();
        return alternatives(broken.chain(select_each(&maps, &key, location)));
    };
    // What stands in for an element of a map becomes what they are.
    let element = map.iter().find_map(|map| match &map.data {
        Data::Object(MapKind::Map(element), _) => Some(element.clone()),
        _ => None,
    });
    let default = match &element {
        Some(element) => convert_all(default, element),
        None => default.clone(),
    };
    // One of another type is refused, also where nothing has to stand in.
    let (unfit, default): (Values, Values) = default.into_iter().partition(|it| matches!(it.data, Data::Error(_)));
    if default.is_empty() {
        return alternatives(unfit);
    }
    let (default, broken) = (&default, broken.chain(unfit));
    let found = select_each(&map.iter().filter(|map| is_map(map)).cloned().collect(), &key, location);
    alternatives(broken.chain(found.into_iter().flat_map(|value| {
        let instead = || default.iter().map(|other| other.clone().because_of(&value));
        match &value.data {
            Data::Error(_) => instead().collect(),
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
pub(super) fn element(arguments: &[Values], location: Location) -> Values {
    alternatives(arguments[0].iter().flat_map(|list| {
        let wrapped: Values = arguments[1]
            .iter()
            .map(|index| match (&list.data, &index.data) {
                (
                    Data::List(ListKind::List(_) | ListKind::Tuple | ListKind::Open, items),
                    Data::Number(_) | Data::String(_),
                ) if !items.is_empty() => {
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

pub(super) fn one(arguments: &[Values], location: Location) -> Values {
    alternatives(arguments[0].iter().flat_map(|list| match (&list.data, elements(list).as_deref()) {
        (Data::List(kind, _), Some([])) => {
            let element = match kind {
                ListKind::Tuple | ListKind::Open => Type::Dynamic,
                ListKind::List(element) | ListKind::Set(element, _) => element.clone(),
            };
            vec![computed(Data::Null(element), location).because_of(list)]
        }
        (Data::List(..), Some([(_, value)])) => value.clone(),
        (Data::List(ListKind::Set(_, Members::Unsettled), _), _) => {
            let unknown = Traced::unknown("the number of members of a set that are not all known", location);
            vec![unknown.because_of(list)]
        }
        (Data::List(..), Some(_)) => vec![Traced::new(Data::Error("more than one element".to_owned()), list.origin)],
        (Data::Unknown(_) | Data::Error(_), _) => vec![list.clone()],
        _ => vec![error("one of something that is not a list", location).because_of(list)],
    }))
}

/// `coalescelist`: the first list that is not empty, where all are lists as far as they are known.
pub(super) fn coalesce_list(lists: &[Values], location: Location) -> Values {
    let Some(combinations) = combinations(lists) else {
        return vec![Traced::unknown("more possible values than can be told apart", location)];
    };
    alternatives(combinations.into_iter().map(|lists| {
        let mut known = lists.iter().take_while(|list| !matches!(list.data, Data::Unknown(_)));
        let chosen = known.find_map(|list| match &list.data {
            Data::List(ListKind::List(_) | ListKind::Tuple | ListKind::Open, _)
            | Data::Null(Type::List(_) | Type::Tuple(_)) => None,
            Data::Error(_) => Some((*list).clone()),
            _ => Some(error("something else than a list", location)),
        });
        let is_empty = |list: &Traced| match &list.data {
            Data::List(_, items) => items.is_empty(),
            data => data.is_null(),
        };
        // What is empty before has its part in what is chosen.
        let empty = lists.iter().take_while(|list| is_empty(list));
        let chosen = chosen.or_else(|| lists.iter().find(|list| !is_empty(list)).map(|list| (*list).clone()));
        let chosen = chosen.unwrap_or_else(|| error("no list that is not empty", location));
        empty.fold(chosen, |chosen, list| chosen.because_of(list))
    }))
}

/// `merge`: an element of a later map takes the place of one of the same key.
pub(super) fn merge(maps: &[Values], location: Location) -> Values {
    let too_many = || vec![Traced::unknown("more possible values than can be told apart", location)];
    let Some(combinations) = combinations(maps) else { return too_many() };
    alternatives(combinations.into_iter().map(|maps| {
        let mut merged = BTreeMap::new();
        let mut kinds = Vec::new();
        let mut result = computed(Data::Null(Type::Dynamic), location);
        for map in &maps {
            match &map.data {
                // Each element goes on with the influence of its own map.
                Data::Object(kind, items) => {
                    kinds.push(kind);
                    let within = |values: &Values| values.iter().map(|value| value.clone().within(map)).collect();
                    merged.extend(items.iter().map(|(key, item)| (key.clone(), within(item))));
                }
                Data::Null(Type::Dynamic | Type::Map(_) | Type::Object(_)) => {}
                Data::Unknown(_) | Data::Error(_) => return (*map).clone(),
                _ => return error("merge of something that is not a map", location),
            }
        }
        // Which keys there are is decided by all of them.
        for map in &maps {
            result.followed.join(&map.followed);
            result.fallible |= map.fallible;
            result.uncertain = result.uncertain.or_else(|| map.uncertain.clone());
        }
        let same = kinds.first().filter(|first| kinds.iter().all(|kind| kind == *first));
        let is_open = kinds.contains(&&MapKind::Open);
        let kind = same.map_or(if is_open { MapKind::Open } else { MapKind::Object }, |kind| (*kind).clone());
        Traced { data: Data::Object(kind, merged.into()), ..result }
    }))
}
