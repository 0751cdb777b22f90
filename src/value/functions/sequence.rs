//! Functions of collections.
//!
//! Source: Terraform language, "Built-in Functions"; go-cty, `function/stdlib` for what these leave open.

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation as _;

use super::super::collections::{elements, is_in_order};
use super::super::convert::{collect, set};
use super::super::data::{Data, ListKind, MapKind, Members, Traced, Values};
use super::super::eval::computed;
use super::super::number;
use super::super::operators::equal;
use super::super::types::{Type, Unified, unify};

/// A longer range is not made.
const LONGEST_RANGE: i128 = 1024;

/// A function of known arguments; `None` if it is none of these, or is given another number of arguments.
pub(super) fn apply(name: &str, arguments: &[&Traced]) -> Option<Result<Data, String>> {
    Some(match (name, arguments) {
        ("length", [value]) => length(value),
        ("keys" | "values", [map]) => keys_or_values(name, map),
        ("contains", [list, wanted]) => contains(list, wanted),
        ("index", [list, wanted]) => index(list, wanted),
        ("alltrue" | "anytrue", [list]) => all_or_any(name, list),
        ("join", [separator, lists @ ..]) => join(separator, lists),
        ("compact", [list]) => compact(list),
        ("distinct", [list]) => distinct(list),
        ("concat", [_, ..]) => concat(arguments),
        ("flatten", [list]) => {
            let mut items = Vec::new();
            flatten(list, &mut items).map(|()| Data::List(ListKind::Tuple, items))
        }
        ("reverse", [list]) => plain_list(name, list).map(|(kind, mut items)| {
            items.reverse();
            Data::List(kind, items)
        }),
        ("slice", [list, start, end]) => slice(list, start, end),
        ("sort", [list]) => sort(list),
        ("zipmap", [keys, values]) => zipmap(keys, values),
        ("chunklist", [list, size]) => chunklist(list, size),
        ("range", [_, ..]) if arguments.len() <= 3 => range(arguments),
        ("sum", [list]) => sum(list),
        ("setunion" | "setintersection" | "setsubtract", [_, ..]) => sets(name, arguments),
        _ => return None,
    })
}

fn unable(name: &str) -> String {
    format!("the result of the function {name}")
}

#[expect(clippy::unnecessary_wraps, reason = "an error is a result, too, and is returned in the place of one")]
fn wrong(name: &str) -> Result<Data, String> {
    Ok(Data::Error(format!("an argument of {name} of the wrong type")))
}

/// The one value that an element can be, if it is known.
fn single(values: &Values) -> Option<&Traced> {
    match values.as_slice() {
        [value] if !matches!(value.data, Data::Unknown(_) | Data::Error(_)) => Some(value),
        _ => None,
    }
}

/// The elements of a list, set or tuple in their order.
fn items(name: &str, list: &Traced) -> Result<Option<Vec<Values>>, String> {
    match &list.data {
        Data::List(..) if !is_in_order(list) => Err("the order of a set".to_owned()),
        Data::List(..) => {
            Ok(Some(elements(list).ok_or_else(|| unable(name))?.into_iter().map(|(_, item)| item).collect()))
        }
        _ => Ok(None),
    }
}

/// The elements of a list or tuple.
fn plain_list(name: &str, list: &Traced) -> Result<(ListKind, Vec<Values>), String> {
    match &list.data {
        Data::List(kind @ (ListKind::List(_) | ListKind::Tuple), _) => {
            Ok((kind.clone(), items(name, list)?.unwrap_or_default()))
        }
        _ => Err(unable(name)),
    }
}

fn length(value: &Traced) -> Result<Data, String> {
    let count = match &value.data {
        Data::String(text) => text.graphemes(true).count(),
        Data::List(ListKind::Set(_, Members::Unsettled), items) if items.len() > 1 => {
            return Err("the number of members of a set that are not all known".to_owned());
        }
        Data::List(_, items) => items.len(),
        Data::Object(_, items) => items.len(),
        _ => return wrong("length"),
    };
    Ok(Data::Number(count.to_string()))
}

fn keys_or_values(name: &str, map: &Traced) -> Result<Data, String> {
    let Data::Object(kind, _) = &map.data else { return wrong(name) };
    let elements = elements(map).unwrap_or_default();
    let (kind, items) = match (name, kind) {
        ("keys", MapKind::Object) => (ListKind::Tuple, elements.into_iter().map(|(key, _)| key).collect()),
        ("keys", MapKind::Map(_)) => (ListKind::List(Type::String), elements.into_iter().map(|(key, _)| key).collect()),
        (_, MapKind::Object) => (ListKind::Tuple, elements.into_iter().map(|(_, item)| item).collect()),
        (_, MapKind::Map(own)) => (ListKind::List(own.clone()), elements.into_iter().map(|(_, item)| item).collect()),
    };
    Ok(Data::List(kind, items))
}

fn contains(list: &Traced, wanted: &Traced) -> Result<Data, String> {
    let Data::List(_, items) = &list.data else { return wrong("contains") };
    let found: Vec<Option<bool>> =
        items.iter().map(|item| single(item).and_then(|item| equal(&item.data, &wanted.data))).collect();
    if found.contains(&Some(true)) {
        return Ok(Data::Bool(true));
    }
    if found.contains(&None) { Err(unable("contains")) } else { Ok(Data::Bool(false)) }
}

fn index(list: &Traced, wanted: &Traced) -> Result<Data, String> {
    let (_, items) = plain_list("index", list)?;
    for (at, item) in items.iter().enumerate() {
        match single(item).and_then(|item| equal(&item.data, &wanted.data)) {
            Some(true) => return Ok(Data::Number(at.to_string())),
            Some(false) => {}
            None => return Err(unable("index")),
        }
    }
    Ok(Data::Error("an item that is not in the list".to_owned()))
}

fn all_or_any(name: &str, list: &Traced) -> Result<Data, String> {
    let Data::List(_, items) = &list.data else { return wrong(name) };
    let mut results = Vec::new();
    for item in items {
        let item = single(item).ok_or_else(|| unable(name))?;
        match (&item.data, item.as_bool()) {
            (Data::Null, _) => results.push(false),
            (_, Some(value)) => results.push(value),
            (_, None) => return wrong(name),
        }
    }
    Ok(Data::Bool(if name == "alltrue" { results.iter().all(|b| *b) } else { results.iter().any(|b| *b) }))
}

fn join(separator: &Traced, lists: &[&Traced]) -> Result<Data, String> {
    let Some(separator) = separator.as_text() else { return wrong("join") };
    let mut texts: Vec<String> = Vec::new();
    let mut bytes: usize = 0;
    for list in lists {
        let Some(items) = items("join", list)? else { return wrong("join") };
        for item in items {
            let item = single(&item).ok_or_else(|| unable("join"))?;
            let Some(text) = item.as_text() else { return wrong("join") };
            bytes = bytes.saturating_add(text.len() + separator.len());
            if bytes > super::super::eval::MOST_BYTES {
                return Err("a text that is too long to follow".to_owned());
            }
            texts.push(text);
        }
    }
    Ok(Data::String(texts.join(&separator)))
}

fn compact(list: &Traced) -> Result<Data, String> {
    let Some(items) = items("compact", list)? else { return wrong("compact") };
    let mut kept = Vec::new();
    for item in items {
        // What is not known may turn out to be empty.
        let one = single(&item).ok_or_else(|| unable("compact"))?;
        match (&one.data, one.as_text()) {
            (Data::Null, _) => {}
            (_, Some(text)) if text.is_empty() => {}
            (_, Some(text)) => kept.push(vec![Traced { data: Data::String(text), ..one.clone() }]),
            (_, None) => return wrong("compact"),
        }
    }
    Ok(Data::List(ListKind::List(Type::String), kept))
}

fn distinct(list: &Traced) -> Result<Data, String> {
    let list = collect(list.clone(), "list");
    let Data::List(kind, items) = list.data else { return Ok(list.data) };
    let mut kept: Vec<Values> = Vec::new();
    for item in items {
        let one = single(&item).ok_or_else(|| unable("distinct"))?;
        let known = kept.iter().map(|other| equal(&other[0].data, &one.data)).collect::<Vec<_>>();
        if known.contains(&Some(true)) {
            continue;
        }
        if known.contains(&None) {
            return Err(unable("distinct"));
        }
        kept.push(item);
    }
    Ok(Data::List(kind, kept))
}

fn concat(lists: &[&Traced]) -> Result<Data, String> {
    let mut all = Vec::new();
    let mut kinds: Vec<&ListKind> = Vec::new();
    for list in lists {
        match &list.data {
            Data::List(kind @ (ListKind::List(_) | ListKind::Tuple), _) => {
                kinds.push(kind);
                all.extend(elements(list).unwrap_or_default().into_iter().map(|(_, item)| item));
            }
            _ => return wrong("concat"),
        }
    }
    let same = kinds.iter().all(|kind| *kind == kinds[0]);
    let kind = if same { kinds[0].clone() } else { ListKind::Tuple };
    Ok(Data::List(kind, all))
}

fn flatten(list: &Traced, into: &mut Vec<Values>) -> Result<(), String> {
    let items = items("flatten", list)?.ok_or_else(|| unable("flatten"))?;
    for item in items {
        match single(&item) {
            Some(inner) if matches!(inner.data, Data::List(..)) => flatten(inner, into)?,
            Some(_) => into.push(item),
            // What is not known may be a list itself, unless all it can be is known not to be one.
            None if item.iter().all(|value| value.is_primitive() || value.data == Data::Null) => into.push(item),
            None => return Err(unable("flatten")),
        }
    }
    Ok(())
}

fn whole(value: &Traced) -> Option<i128> {
    value.as_number().as_deref().and_then(number::whole)
}

fn slice(list: &Traced, start: &Traced, end: &Traced) -> Result<Data, String> {
    let (kind, items) = plain_list("slice", list)?;
    let at = |value: &Traced| whole(value).and_then(|at| usize::try_from(at).ok()).ok_or_else(|| unable("slice"));
    let (start, end) = (at(start)?, at(end)?);
    match items.get(start..end) {
        Some(part) => Ok(Data::List(kind, part.to_vec())),
        None => Ok(Data::Error("a slice beyond the ends of the list".to_owned())),
    }
}

fn sort(list: &Traced) -> Result<Data, String> {
    let Data::List(_, items) = &list.data else { return wrong("sort") };
    let mut texts: Vec<(String, Traced)> = Vec::new();
    for item in items {
        let item = single(item).ok_or_else(|| unable("sort"))?;
        let text = item.as_text().ok_or_else(|| unable("sort"))?;
        texts.push((text.clone(), Traced { data: Data::String(text), ..item.clone().within(list) }));
    }
    texts.sort_by(|one, two| one.0.cmp(&two.0));
    Ok(Data::List(ListKind::List(Type::String), texts.into_iter().map(|(_, item)| vec![item]).collect()))
}

fn zipmap(keys: &Traced, values: &Traced) -> Result<Data, String> {
    let Some(names) = items("zipmap", keys)? else { return wrong("zipmap") };
    let (kind, items) = plain_list("zipmap", values)?;
    if names.len() != items.len() {
        return Ok(Data::Error("zipmap of lists that differ in length".to_owned()));
    }
    let mut result = BTreeMap::new();
    for (name, item) in names.iter().zip(items) {
        let name = single(name).and_then(Traced::as_text).ok_or_else(|| unable("zipmap"))?;
        result.insert(name, item);
    }
    let kind = if let ListKind::List(element) = kind { MapKind::Map(element) } else { MapKind::Object };
    Ok(Data::Object(kind, result))
}

fn chunklist(list: &Traced, size: &Traced) -> Result<Data, String> {
    let location = list.origin.location;
    let size = whole(size).and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0);
    let size = size.ok_or_else(|| unable("chunklist"))?;
    let list = collect(list.clone(), "list");
    let Data::List(ListKind::List(element), items) = list.data else { return Ok(list.data) };
    let inner = ListKind::List(element.clone());
    let chunks = items.chunks(size).map(|chunk| vec![computed(Data::List(inner.clone(), chunk.to_vec()), location)]);
    Ok(Data::List(ListKind::List(Type::List(Box::new(element))), chunks.collect()))
}

fn range(arguments: &[&Traced]) -> Result<Data, String> {
    let location = arguments[0].origin.location;
    let numbers: Option<Vec<i128>> = arguments.iter().map(|argument| whole(argument)).collect();
    let (start, end, step) = match numbers.as_deref() {
        Some([end]) => (0, *end, if *end < 0 { -1 } else { 1 }),
        Some([start, end]) => (*start, *end, if end < start { -1 } else { 1 }),
        Some([start, end, step]) if *step != 0 => (*start, *end, *step),
        _ => return Err(unable("range")),
    };
    if (step > 0) != (end >= start) && end != start {
        return Err(unable("range"));
    }
    if end.abs_diff(start) / step.unsigned_abs() >= LONGEST_RANGE.unsigned_abs() {
        return Err("a range that is too long to follow".to_owned());
    }
    let mut items = Vec::new();
    let mut at = start;
    while (step > 0 && at < end) || (step < 0 && at > end) {
        items.push(vec![computed(Data::Number(at.to_string()), location)]);
        at += step;
    }
    Ok(Data::List(ListKind::List(Type::Number), items))
}

fn sum(list: &Traced) -> Result<Data, String> {
    let Data::List(_, items) = &list.data else { return wrong("sum") };
    let numbers: Option<Vec<i128>> = items.iter().map(|item| single(item).and_then(whole)).collect();
    let numbers = numbers.filter(|numbers| !numbers.is_empty()).ok_or_else(|| unable("sum"))?;
    let total = numbers.into_iter().try_fold(0_i128, i128::checked_add).ok_or_else(|| unable("sum"))?;
    Ok(Data::Number(total.to_string()))
}

fn sets(name: &str, arguments: &[&Traced]) -> Result<Data, String> {
    let mut types = Vec::new();
    let mut all: Vec<Vec<Values>> = Vec::new();
    for argument in arguments {
        let set = collect((*argument).clone(), "set");
        match set.data {
            Data::List(ListKind::Set(element, known), items) if known != Members::Unsettled || items.len() < 2 => {
                types.push(element);
                all.push(items);
            }
            Data::Error(why) => return Ok(Data::Error(why)),
            _ => return Err(unable(name)),
        }
    }
    let element = match unify(types.iter().map(Some)) {
        Unified::Type(element) => element,
        Unified::Impossible => return wrong(name),
        Unified::Unsure => return Err(unable(name)),
    };
    let mut sets = all.into_iter().map(|items| match set(items, &element) {
        Data::List(ListKind::Set(..), items) => {
            items.into_iter().map(|item| single(&item).cloned().ok_or_else(|| unable(name))).collect()
        }
        _ => Err(unable(name)),
    });
    let mut result: Vec<Traced> = sets.next().unwrap_or_else(|| Err(unable(name)))?;
    for other in sets {
        let other: Vec<Traced> = other?;
        let is_in =
            |value: &Traced, among: &[Traced]| among.iter().any(|one| equal(&one.data, &value.data) == Some(true));
        match name {
            "setunion" => result.extend(other),
            "setintersection" => result.retain(|value| is_in(value, &other)),
            _ => result.retain(|value| !is_in(value, &other)),
        }
    }
    Ok(set(result.into_iter().map(|value| vec![value]).collect(), &element))
}
