//! Functions of maps, and of several collections at once.
//!
//! Source: Terraform, `internal/lang/funcs/collection.go`; go-cty, `function/stdlib/collection.go` and `set.go`.

use std::collections::BTreeMap;

use super::super::among::Among;
use super::super::convert::{collect, convert, convert_all, set};
use super::super::data::{Data, ListKind, MapKind, Members, Traced, Values};
use super::super::types::{Type, Unified, unify};
use super::outcome::{Call, Outcome, Stop, error, known, not_all_known, too_large, unknown};
use super::sequence::{indexed, members};

/// A product of more elements is not made.
const LARGEST_PRODUCT: usize = 2048;

pub(super) fn zip_map(call: &Call<'_, '_>) -> Outcome {
    let names = call.texts(0)?;
    let (kind, items) = indexed(call.argument(1)?)?;
    if names.len() != items.len() {
        return error("keys and values that differ in number");
    }
    let mut result = BTreeMap::new();
    for (name, item) in names.into_iter().zip(items) {
        let Some(name) = name else { return error("`null` as a key") };
        result.insert(name.to_owned(), item);
    }
    let kind = match kind {
        ListKind::List(element) => MapKind::Map(element.clone()),
        ListKind::Open => MapKind::Open,
        _ => MapKind::Object,
    };
    Ok(Data::Object(kind, result.into()))
}

pub(super) fn transpose(call: &Call<'_, '_>) -> Outcome {
    let Data::Object(_, lists) = &call.argument(0)?.data else { return error("something that is not a map") };
    let mut result: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (key, list) in lists {
        let Data::List(_, items) = &known(list)?.data else { return error("`null` in the place of a list") };
        for item in items {
            let Some(text) = known(item)?.as_text() else { return error("`null` in a list") };
            result.entry(text).or_default().push(key);
        }
    }
    let lists = result.into_iter().map(|(key, names)| (key, call.made(call.strings(names))));
    Ok(Data::Object(MapKind::Map(Type::List(Box::new(Type::String))), lists.collect()))
}

pub(super) fn match_keys(call: &Call<'_, '_>) -> Outcome {
    let (kind, items) = members(call.argument(0)?)?;
    let element = |at| match &call.argument(at)?.data {
        Data::List(ListKind::List(element), _) => Ok(element.clone()),
        _ => error("an argument that is not a list"),
    };
    let own = match unify([Some(&element(1)?), Some(&element(2)?)]) {
        Unified::Type(own) => own,
        Unified::Impossible => return error("keys of another type than those that are looked for"),
        Unified::Unsure => return not_all_known(),
    };
    if items.len() != call.items(1)?.len() {
        return error("keys and values that differ in number");
    }
    let converted = |at| -> Result<Vec<Traced>, Stop> {
        call.items(at)?.iter().map(|item| Ok(convert(known(item)?.clone(), &own))).collect()
    };
    let wanted = converted(2)?;
    let among = Among::of(&wanted);
    let mut kept = Vec::new();
    for (key, item) in converted(1)?.iter().zip(items) {
        let found = among.find(key);
        if found.unsure {
            return not_all_known();
        }
        if found.equal {
            kept.push(item);
        }
    }
    Ok(Data::List(kind.clone(), kept.into()))
}

pub(super) fn set_product(call: &Call<'_, '_>) -> Outcome {
    if call.arguments.len() < 2 {
        return error("a product of fewer than two sets");
    }
    let mut types = Vec::new();
    let mut factors: Vec<Vec<Values>> = Vec::new();
    let mut is_set = false;
    for argument in call.arguments {
        is_set |= matches!(argument.data, Data::List(ListKind::Set(..), _));
        if mixes_sets_of_anything(&argument.data) {
            return not_all_known();
        }
        let name = if matches!(argument.data, Data::List(ListKind::Set(..), _)) { "set" } else { "list" };
        let factor = collect((*argument).clone(), name);
        match &factor.data {
            Data::List(ListKind::List(element) | ListKind::Set(element, _), _) => types.push(element.clone()),
            Data::Error(why) => return error(why),
            _ => return not_all_known(),
        }
        factors.push(members(&factor)?.1);
    }
    let total = factors.iter().try_fold(1usize, |total, factor| total.checked_mul(factor.len()));
    if total.is_none_or(|total| total > LARGEST_PRODUCT) {
        return too_large();
    }
    let mut rows: Vec<Vec<Values>> = vec![Vec::new()];
    for factor in factors {
        let longer = |row: &Vec<Values>| -> Vec<Vec<Values>> {
            factor.iter().map(|item| [row.as_slice(), std::slice::from_ref(item)].concat()).collect()
        };
        rows = rows.iter().flat_map(longer).collect();
    }
    let element = Type::Tuple(types);
    let rows = rows.into_iter().map(|row| call.made(Data::List(ListKind::Tuple, row.into()))).collect();
    Ok(if is_set { set(rows, &element) } else { Data::List(ListKind::List(element), rows.into()) })
}

/// Whether a tuple holds tuples beside a set that has no element and so no type for one: Terraform 1.11 breaks off there with an
/// error of its own (seen in a run).
fn mixes_sets_of_anything(argument: &Data) -> bool {
    let Data::List(ListKind::Tuple, items) = argument else { return false };
    let has = |is: fn(&Data) -> bool| items.iter().flatten().any(|item| is(&item.data));
    has(|data| matches!(data, Data::List(ListKind::Set(Type::Dynamic, _), _)))
        && has(|data| matches!(data, Data::List(ListKind::Tuple, _)))
}

pub(super) fn set_union(call: &Call<'_, '_>) -> Outcome {
    combined(call, Extend::extend)
}

pub(super) fn set_intersection(call: &Call<'_, '_>) -> Outcome {
    combined(call, |result, other| {
        let among = Among::of(&other);
        result.retain(|value| among.find(value).equal);
    })
}

pub(super) fn set_subtract(call: &Call<'_, '_>) -> Outcome {
    combined(call, |result, other| {
        let among = Among::of(&other);
        result.retain(|value| !among.find(value).equal);
    })
}

fn converted(items: &[Values], to: &Type) -> Vec<Values> {
    items.iter().map(|item| convert_all(item, to)).collect()
}

/// Sets of one type, put together from the first to the last.
fn combined(call: &Call<'_, '_>, mut put: impl FnMut(&mut Vec<Traced>, Vec<Traced>)) -> Outcome {
    let mut types = Vec::new();
    let mut all = Vec::new();
    for argument in call.arguments {
        let Data::List(ListKind::Set(element, settled), items) = &argument.data else {
            return error("an argument that is not a set");
        };
        if *settled == Members::Unsettled && items.len() > 1 {
            return unknown("which members of a set are equal");
        }
        types.push(element.clone());
        all.push(items);
    }
    let element = match unify(types.iter().map(Some)) {
        Unified::Type(element) => element,
        Unified::Impossible => return error("sets of different types"),
        Unified::Unsure => return not_all_known(),
    };
    let mut sets = all.into_iter().map(|items| match set(converted(items, &element), &element) {
        Data::List(_, items) => items.iter().map(|item| known(item).cloned()).collect::<Result<Vec<_>, _>>(),
        Data::Error(why) => error(why),
        _ => not_all_known(),
    });
    let mut result = sets.next().unwrap_or_else(|| error("no set"))?;
    for other in sets {
        put(&mut result, other?);
    }
    let result = result.into_iter().map(|value| vec![convert(value, &element)]).collect();
    Ok(set(result, &element))
}
