//! Functions of lists.
//!
//! Source: Terraform, `internal/lang/funcs/collection.go`; go-cty, `function/stdlib/collection.go` and `sequence.go`.

use super::super::among::Among;
use super::super::collections::{elements, is_in_order};
use super::super::convert::convert;
use super::super::data::{Data, ListKind, MapKind, Members, Traced, Values};
use super::super::number;
use super::super::operators::equal;
use super::super::types::{Type, Unified, unify};
use super::super::work::MOST_BYTES;
use super::outcome::{
    Call, Outcome, Stop, error, known, not_all_known, number as count_of, string, too_large, unknown,
};

/// Terraform makes no longer range.
const LONGEST_RANGE: usize = 1024;

/// The elements of a list, set or tuple in their order, each with the influence of the whole.
pub(super) fn members(list: &Traced) -> Result<(&ListKind, Vec<Values>), Stop> {
    match &list.data {
        Data::List(..) if !is_in_order(list) => unknown("the order of a set"),
        Data::List(kind, _) => {
            let items = elements(list).unwrap_or_default();
            Ok((kind, items.into_iter().map(|(_, item)| item).collect()))
        }
        _ => error("an argument that is not a list"),
    }
}

/// The elements of a list or tuple.
pub(super) fn indexed(list: &Traced) -> Result<(&ListKind, Vec<Values>), Stop> {
    match &list.data {
        Data::List(ListKind::Set(..), _) => error("a set, whose elements have no index"),
        _ => members(list),
    }
}

pub(super) fn length(call: &Call<'_, '_>) -> Outcome {
    use unicode_segmentation::UnicodeSegmentation as _;
    count_of(match &call.argument(0)?.data {
        Data::String(text) => text.graphemes(true).count(),
        Data::List(ListKind::Set(_, Members::Unsettled), items) if items.len() > 1 => {
            return unknown("the number of members of a set that are not all known");
        }
        Data::List(_, items) => items.len(),
        Data::Object(_, items) => items.len(),
        _ => return error("the length of something that is neither a string nor a collection"),
    })
}

pub(super) fn keys(call: &Call<'_, '_>) -> Outcome {
    let map = call.argument(0)?;
    let Data::Object(kind, _) = &map.data else { return error("the keys of something that is not a map") };
    let keys = elements(map).unwrap_or_default().into_iter().map(|(key, _)| key).collect();
    let kind = match kind {
        MapKind::Object => ListKind::Tuple,
        MapKind::Map(_) => ListKind::List(Type::String),
        MapKind::Open => ListKind::Open,
    };
    Ok(Data::List(kind, keys))
}

pub(super) fn values(call: &Call<'_, '_>) -> Outcome {
    let map = call.argument(0)?;
    let Data::Object(kind, _) = &map.data else { return error("the values of something that is not a map") };
    let items = elements(map).unwrap_or_default().into_iter().map(|(_, item)| item).collect();
    let kind = match kind {
        MapKind::Object => ListKind::Tuple,
        MapKind::Map(element) => ListKind::List(element.clone()),
        MapKind::Open => ListKind::Open,
    };
    Ok(Data::List(kind, items))
}

pub(super) fn contains(call: &Call<'_, '_>) -> Outcome {
    let wanted = call.argument(1)?;
    if wanted.data.is_null() {
        return unknown("whether a list contains `null`, in which versions of Terraform differ");
    }
    let mut settled = true;
    for item in call.items(0)? {
        match known(item).ok().and_then(|item| equal(item, wanted)) {
            Some(true) => return Ok(Data::Bool(true)),
            Some(false) => {}
            None => settled = false,
        }
    }
    if settled { Ok(Data::Bool(false)) } else { not_all_known() }
}

pub(super) fn index(call: &Call<'_, '_>) -> Outcome {
    let (_, items) = indexed(call.argument(0)?)?;
    for (at, item) in items.iter().enumerate() {
        match known(item).ok().and_then(|item| equal(item, call.arguments[1])) {
            Some(true) => return count_of(at),
            Some(false) => {}
            None => return not_all_known(),
        }
    }
    error("an item that is not in the list")
}

pub(super) fn all_true(call: &Call<'_, '_>) -> Outcome {
    for item in call.items(0)? {
        if known(item)?.data != Data::Bool(true) {
            return Ok(Data::Bool(false));
        }
    }
    Ok(Data::Bool(true))
}

pub(super) fn any_true(call: &Call<'_, '_>) -> Outcome {
    let items: Vec<_> = call.items(0)?.iter().map(known).collect();
    if items.iter().flatten().any(|item| item.data == Data::Bool(true)) {
        return Ok(Data::Bool(true));
    }
    items.into_iter().collect::<Result<Vec<_>, _>>().map(|_| Data::Bool(false))
}

pub(super) fn join(call: &Call<'_, '_>) -> Outcome {
    let separator = call.text(0)?;
    if call.arguments.len() < 2 {
        return error("a join of no list");
    }
    let (mut texts, mut bytes) = (Vec::new(), 0);
    for at in 1..call.arguments.len() {
        for text in call.texts(at)? {
            let Some(text) = text else { return error("`null` among what is joined") };
            bytes += text.len() + separator.len();
            texts.push(text);
        }
    }
    if bytes > MOST_BYTES { too_large() } else { string(texts.join(separator)) }
}

pub(super) fn compact(call: &Call<'_, '_>) -> Outcome {
    let (kind, items) = members(call.argument(0)?)?;
    let mut kept = Vec::new();
    for item in items {
        // What is not known may turn out to be empty.
        let is_kept = known(&item)?.as_text().is_some_and(|text| !text.is_empty());
        if is_kept {
            kept.push(item);
        }
    }
    Ok(Data::List(kind.clone(), kept.into()))
}

pub(super) fn distinct(call: &Call<'_, '_>) -> Outcome {
    let (kind, items) = members(call.argument(0)?)?;
    let is_of_primitive = matches!(kind, ListKind::List(element) if element.is_primitive());
    let mut kept: Vec<bool> = Vec::with_capacity(items.len());
    let mut among = Among::default();
    let (mut has_null, mut has_other) = (false, false);
    for item in &items {
        let one = known(item)?;
        if !is_of_primitive && if one.data.is_null() { has_other } else { has_null } {
            return unknown("whether a collection is `null`");
        }
        let found = among.find(one);
        if !found.equal && found.unsure {
            return not_all_known();
        }
        if !found.equal {
            among.insert(one);
            has_null |= one.data.is_null();
            has_other |= !one.data.is_null();
        }
        kept.push(!found.equal);
    }
    let kept = items.iter().zip(kept).filter(|(_, kept)| *kept).map(|(item, _)| item.clone()).collect();
    Ok(Data::List(kind.clone(), kept))
}

pub(super) fn concat(call: &Call<'_, '_>) -> Outcome {
    let lists: Vec<(&ListKind, Vec<Values>)> =
        call.arguments.iter().map(|list| indexed(list)).collect::<Result<_, _>>()?;
    if lists.is_empty() {
        return error("a concatenation of no list");
    }
    let elements = |kind: &ListKind| if let ListKind::List(element) = kind { Some(element.clone()) } else { None };
    let types: Option<Vec<Type>> = lists.iter().map(|(kind, _)| elements(kind)).collect();
    let common = types.map(|types| unify(types.iter().map(Some)));
    let is_open = lists.iter().any(|(kind, _)| **kind == ListKind::Open);
    let items = lists.into_iter().flat_map(|(_, items)| items);
    Ok(match common {
        _ if is_open => Data::List(ListKind::Open, items.collect()),
        Some(Unified::Type(element)) => {
            let items = items.map(|item| item.into_iter().map(|value| convert(value, &element)).collect());
            Data::List(ListKind::List(element.clone()), items.collect())
        }
        _ => Data::List(ListKind::Tuple, items.collect()),
    })
}

pub(super) fn flatten(call: &Call<'_, '_>) -> Outcome {
    let mut items = Vec::new();
    flatten_into(call.argument(0)?, &mut items)?;
    Ok(Data::List(ListKind::Tuple, items.into()))
}

fn flatten_into(list: &Traced, into: &mut Vec<Values>) -> Result<(), Stop> {
    for item in members(list)?.1 {
        match known(&item) {
            Ok(inner) if matches!(inner.data, Data::List(..)) => flatten_into(inner, into)?,
            Ok(_) => into.push(item),
            // What is not known may be a list itself, unless all it can be is known not to be one.
            Err(_) if item.iter().all(|value| value.is_primitive() || value.data.is_null()) => into.push(item),
            Err(stop) => return Err(stop),
        }
    }
    Ok(())
}

pub(super) fn reverse(call: &Call<'_, '_>) -> Outcome {
    let (kind, mut items) = members(call.argument(0)?)?;
    items.reverse();
    let kind = match kind {
        ListKind::Set(element, _) => ListKind::List(element.clone()),
        kind => kind.clone(),
    };
    Ok(Data::List(kind, items.into()))
}

pub(super) fn slice(call: &Call<'_, '_>) -> Outcome {
    let (kind, items) = indexed(call.argument(0)?)?;
    let at = |at| call.integer(at).map(usize::try_from);
    match (at(1)?, at(2)?) {
        (Ok(start), Ok(end)) if start <= end && end <= items.len() => {
            Ok(Data::List(kind.clone(), items[start..end].to_vec().into()))
        }
        _ => error("a slice beyond the ends of the list"),
    }
}

pub(super) fn sort(call: &Call<'_, '_>) -> Outcome {
    let (kind, items) = members(call.argument(0)?)?;
    let mut texts: Vec<(String, Values)> = Vec::new();
    for item in items {
        let Some(text) = known(&item)?.as_text() else { return error("`null` among what is sorted") };
        texts.push((text, item));
    }
    texts.sort_by(|one, two| one.0.cmp(&two.0));
    Ok(Data::List(kind.clone(), texts.into_iter().map(|(_, item)| item).collect()))
}

pub(super) fn chunk_list(call: &Call<'_, '_>) -> Outcome {
    let list = call.argument(0)?;
    let (kind, items) = members(list)?;
    let Ok(size) = usize::try_from(call.integer(1)?) else { return error("chunks of a negative size") };
    let ListKind::List(element) = kind else { return error("chunks of something that is not a list") };
    // A size of 0 makes one chunk of all.
    let size = if size == 0 { items.len().max(1) } else { size };
    let chunks = items.chunks(size).map(|chunk| call.made(Data::List(kind.clone(), chunk.to_vec().into())));
    Ok(Data::List(ListKind::List(Type::List(Box::new(element.clone()))), chunks.collect()))
}

pub(super) fn range(call: &Call<'_, '_>) -> Outcome {
    let numbers: Vec<&str> = (0..call.arguments.len()).map(|at| call.number(at)).collect::<Result<_, _>>()?;
    let below = |one: &str, two: &str| number::compare(one, two).is_lt();
    let down = |start, end| if below(end, start) { "-1" } else { "1" };
    let (start, end, step) = match numbers.as_slice() {
        [end] => ("0", *end, down("0", end)),
        [start, end] => (*start, *end, down(start, end)),
        [start, end, step] => (*start, *end, *step),
        _ => return error("a range of other than one, two or three numbers"),
    };
    let falls = below(step, "0");
    if (step == "0" && start != end) || if falls { below(start, end) } else { below(end, start) } {
        return error("a range whose step does not lead to its end");
    }
    let (mut items, mut at) = (Vec::new(), start.to_owned());
    while if falls { below(end, &at) } else { below(&at, end) } {
        if items.len() == LONGEST_RANGE {
            return error("a range of more than 1024 numbers");
        }
        let next = number::arithmetic(&at, "+", step);
        items.push(call.made(Data::Number(at)));
        at = match next {
            Some(next) => next,
            None => return unknown("a range with fractions"),
        };
    }
    Ok(Data::List(ListKind::List(Type::Number), items.into()))
}

pub(super) fn sum(call: &Call<'_, '_>) -> Outcome {
    let mut total: Option<String> = None;
    for item in call.items(0)? {
        let next = match convert(known(item)?.clone(), &Type::Number).data {
            Data::Number(next) => next,
            Data::Unknown(why) => return unknown(why),
            _ => return error("something else than numbers to sum up"),
        };
        total = match total {
            None => Some(next),
            Some(total) => match number::arithmetic(&total, "+", &next) {
                None => return unknown("a sum of numbers that are not small whole numbers"),
                total => total,
            },
        };
    }
    total.map_or_else(|| error("a sum of nothing"), count_of)
}
