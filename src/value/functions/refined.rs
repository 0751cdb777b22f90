//! What is known of the result of a function whose arguments are not all known.
//!
//! Source: the `RefineResult` of functions in go-cty, `function/stdlib`, and what the functions do.

use std::collections::BTreeMap;

use super::super::collections::elements;
use super::super::data::{Data, ListKind, MapKind, Traced, Values};
use super::super::operators::equal;
use super::super::refinement::{Bounds, Refinement, safe_prefix};
use super::table;

/// Functions whose result may be `null`: they pass an argument on, or read one from a document.
const MAY_BE_NULL: [&str; 17] = [
    "element",
    "ephemeralasnull",
    "jsondecode",
    "lookup",
    "nonsensitive",
    "one",
    "sensitive",
    "templatefile",
    "templatestring",
    "tobool",
    "tolist",
    "tomap",
    "tonumber",
    "toset",
    "tostring",
    "try",
    "yamldecode",
];

/// What is known of the result of a function, should it not be known.
pub(super) fn result(name: &str, arguments: &[Values]) -> Refinement {
    let name = name.strip_prefix("core::").unwrap_or(name);
    if table::find(name).is_none() {
        return Refinement::default();
    }
    let known: Vec<Refinement> = arguments.iter().map(Refinement::of_all).collect();
    let plain = Refinement { not_null: !MAY_BE_NULL.contains(&name), ..Refinement::default() };
    let Some(first) = known.first() else { return plain };
    let is_filled = |at: usize| known.get(at).is_some_and(|one| one.length.least > Some(0));
    let filled = |is_filled: bool| if is_filled { Bounds::at_least(1) } else { Bounds::default() };
    let sum = || known.iter().fold(Bounds::exactly(0), |all, one| all.plus(one.length.of_number()));
    let longest = || known.iter().filter_map(|one| one.length.least).max();
    match name {
        "length" => Refinement { number: first.length.of_number(), ..plain },
        "keys" | "reverse" | "sort" | "values" => Refinement { length: first.length, ..plain },
        "chunklist" | "distinct" => Refinement { length: first.length.distinct(), ..plain },
        "tolist" | "tomap" => Refinement { not_null: first.not_null, length: first.length, ..plain },
        "toset" => Refinement { not_null: first.not_null, length: first.length.distinct(), ..plain },
        "tobool" | "tonumber" | "tostring" | "sensitive" | "nonsensitive" => {
            Refinement { not_null: first.not_null, ..plain }
        }
        "compact" => Refinement { length: Bounds { least: None, ..first.length }, ..plain },
        "concat" => Refinement { length: sum(), elements: first_of(arguments), ..plain },
        "merge" => {
            let length = Bounds { least: longest(), ..sum() };
            Refinement { length, elements: merged(arguments), ..plain }
        }
        "setunion" => {
            let length = Bounds { least: longest(), ..sum() }.distinct();
            Refinement { length, ..plain }
        }
        "coalescelist" => Refinement { length: Bounds::at_least(1), ..plain },
        "base64encode" | "lower" | "strrev" | "title" | "upper" => Refinement { length: filled(is_filled(0)), ..plain },
        "split" => Refinement { length: filled(is_filled(0) || is_filled(1)), ..plain },
        "format" => {
            let start = first.prefix.split('%').next().unwrap_or_default();
            Refinement { length: filled(!start.is_empty()), prefix: safe_prefix(start), ..plain }
        }
        "jsonencode" => Refinement { prefix: opening(&arguments[0]).to_owned(), ..plain },
        _ => plain,
    }
}

/// The result of a function of which an argument is not known, where it is the same whatever that turns out to be.
pub(super) fn decided(name: &str, arguments: &[&Traced]) -> Option<Data> {
    let known = |at: usize| arguments.get(at).map(|argument| Refinement::of(argument));
    match name {
        "length" => known(0)?.length.only().map(|length| Data::Number(length.to_string())),
        "startswith" => {
            let (text, start) = (known(0)?.prefix, known(1)?.prefix);
            let is_whole = matches!(&arguments[1].data, Data::String(whole) if *whole == start);
            match () {
                () if is_whole && text.starts_with(&start) => Some(Data::Bool(true)),
                () if !text.starts_with(&start) && !start.starts_with(&text) => Some(Data::Bool(false)),
                () => None,
            }
        }
        "contains" => {
            let is_there = |item: &Values| matches!(item.as_slice(), [item] if equal(item, arguments[1]) == Some(true));
            known(0)?.elements.values().any(is_there).then_some(Data::Bool(true))
        }
        _ => None,
    }
}

/// The elements that stand before what is not known in lists one behind the other.
fn first_of(lists: &[Values]) -> BTreeMap<String, Values> {
    let mut items = Vec::new();
    for list in lists {
        let [list] = list.as_slice() else { break };
        let is_indexed = matches!(list.data, Data::List(ListKind::Tuple, _));
        match elements(list).filter(|_| is_indexed) {
            Some(own) => items.extend(own.into_iter().map(|(_, item)| item)),
            None => break,
        }
    }
    items.into_iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
}

/// The elements of maps put together that no map which is not known can take the place of.
fn merged(maps: &[Values]) -> BTreeMap<String, Values> {
    let mut items = BTreeMap::new();
    for map in maps {
        match map.as_slice() {
            [Traced { data: Data::Null(_), .. }] => {}
            [map @ Traced { data: Data::Object(MapKind::Object | MapKind::Map(_), own), .. }] => {
                let within = |values: &Values| values.iter().map(|value| value.clone().within(map)).collect();
                items.extend(own.iter().map(|(key, values)| (key.clone(), within(values))));
            }
            [Traced { data: Data::Unknown(_), refinement: Some(known), .. }] => items = known.elements.clone(),
            _ => items.clear(),
        }
    }
    items
}

/// The character that a document begins with.
fn opening(values: &Values) -> &'static str {
    let starts = |value: &Traced| match value.data {
        Data::Object(..) => "{",
        Data::List(..) => "[",
        _ => "",
    };
    let mut all = values.iter().map(starts);
    all.next().filter(|first| all.all(|other| other == *first)).unwrap_or_default()
}
