//! Conversion of values: to a type, and to the type constraint of a variable.
//!
//! Sources: go-cty, docs/convert.md; Terraform language, "Type Constraints": primitive values convert into each other
//! where the text allows it, attributes of `object({…})` that are left out become `null` or the second argument of
//! `optional`.

use std::collections::BTreeMap;

use super::among::Among;
use super::data::{Data, ListKind, MapKind, Members, OriginKind, Traced, Values, error_in};
use super::number;
use super::operators::may_be_number;
use super::refinement::Refinement;
use super::types::{Type, Unified, unify};

const WRONG_TYPE: &str = "a value of the wrong type";

/// The values as values of a type.
pub(super) fn convert_all(values: &Values, to: &Type) -> Values {
    values.iter().map(|value| convert(value.clone(), to)).collect()
}

/// The value as one of a type: an error where Terraform reports one.
pub(super) fn convert(mut value: Traced, to: &Type) -> Traced {
    if matches!(value.data, Data::Error(_)) || *to == Type::Dynamic {
        return value;
    }
    if matches!(value.data, Data::Unknown(_)) {
        if value.unknown_type().is_some_and(|own| !own.converts(to)) {
            value.data = Data::Error(WRONG_TYPE.to_owned());
            return value;
        }
        let known = value.refinement.as_ref().map(|known| known.converted(to));
        return value.of_type(Some(to)).refined(|own| {
            if let Some(known) = known {
                *own = Refinement { own: own.own.take(), ..known };
            }
        });
    }
    if let Data::Null(own) = &value.data {
        value.data = if own.converts(to) { Data::Null(to.clone()) } else { Data::Error(WRONG_TYPE.to_owned()) };
        return value;
    }
    if let Some(name) = wants_one_type(&value.data, to) {
        return collect(value, name);
    }
    let data = std::mem::replace(&mut value.data, Data::Null(Type::Dynamic));
    value.data = match (data, to) {
        (data, Type::Bool | Type::Number | Type::String) => {
            value.data = data;
            return primitive(value, to);
        }
        (Data::List(kind, items), Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
            if becomes_set(&kind, to) {
                items.iter().flatten().for_each(|item| value.followed.join(&item.followed));
            }
            convert_sequence(&kind, &items, to)
        }
        (Data::Object(MapKind::Map(own), _), Type::Map(element)) if !own.converts(element) => {
            Data::Error(WRONG_TYPE.to_owned())
        }
        (Data::Object(_, items), Type::Map(element)) => {
            let items: BTreeMap<_, _> =
                items.into_iter().map(|(key, item)| (key, convert_all(&item, element))).collect();
            match error_in(items.values()) {
                Some(error) => error.data,
                None => Data::Object(MapKind::Map((**element).clone()), items.into()),
            }
        }
        (Data::Object(_, items), Type::Object(shape)) => {
            let converted: Option<BTreeMap<String, Values>> =
                shape.iter().map(|(name, own)| Some((name.clone(), convert_all(items.get(name)?, own)))).collect();
            match converted {
                Some(items) => Data::Object(MapKind::Object, items.into()),
                None => Data::Error("an object without an attribute that its type has".to_owned()),
            }
        }
        _ => Data::Error(WRONG_TYPE.to_owned()),
    };
    value
}

/// The collection that elements of different types are made one type for, where a type leaves theirs open.
fn wants_one_type(data: &Data, to: &Type) -> Option<&'static str> {
    let is_typed = |values: &Values| Type::of_all(values) != Some(Type::Dynamic);
    match (data, to) {
        (Data::List(ListKind::Tuple, items), Type::List(element) | Type::Set(element))
            if **element == Type::Dynamic && items.iter().any(is_typed) =>
        {
            Some(if matches!(to, Type::List(_)) { "list" } else { "set" })
        }
        (Data::Object(MapKind::Object, items), Type::Map(element))
            if **element == Type::Dynamic && items.values().any(is_typed) =>
        {
            Some("map")
        }
        _ => None,
    }
}

/// Whether the elements decide which of them there are: in a set, equal ones are one.
fn becomes_set(kind: &ListKind, to: &Type) -> bool {
    matches!(to, Type::Set(_)) && !matches!(kind, ListKind::Set(..))
}

/// A string, number or boolean; the literal that stands there stays the origin.
pub(super) fn primitive(mut value: Traced, to: &Type) -> Traced {
    // As a text, a boolean still is one that can be turned.
    if matches!(value.data, Data::Bool(_)) && *to != Type::Bool && value.origin.kind == OriginKind::Literal {
        value.chosen_by.push(value.origin.location);
        value.chosen_by.sort_unstable();
        value.chosen_by.dedup();
    }
    let converted = match to {
        Type::Bool => value.as_bool().map(Data::Bool),
        Type::Number => value.as_number().map(Data::Number),
        _ => value.as_text().map(Data::String),
    };
    value.data = match converted {
        Some(data) => data,
        None if *to == Type::Number && may_be_number(&value) => {
            Data::Unknown("a number with too many digits".to_owned())
        }
        None => Data::Error(WRONG_TYPE.to_owned()),
    };
    value
}

fn convert_sequence(kind: &ListKind, items: &[Values], to: &Type) -> Data {
    // The types have to fit also where there is no element.
    if let (ListKind::List(own) | ListKind::Set(own, _), Type::List(element) | Type::Set(element)) = (kind, to)
        && !own.converts(element)
    {
        return Data::Error(WRONG_TYPE.to_owned());
    }
    // Elements of one type keep it where another leaves it open.
    let kept = match (kind, to) {
        (ListKind::List(own) | ListKind::Set(own, _), Type::List(element)) if **element == Type::Dynamic => {
            Type::List(Box::new(own.clone()))
        }
        (ListKind::List(own) | ListKind::Set(own, _), Type::Set(element)) if **element == Type::Dynamic => {
            Type::Set(Box::new(own.clone()))
        }
        _ => to.clone(),
    };
    let to = &kept;
    let in_order = match kind {
        ListKind::Set(_, members) => *members == Members::Ordered || items.len() < 2,
        ListKind::Open => items.len() < 2,
        _ => true,
    };
    match to {
        Type::Set(element) => set(items.iter().map(|item| convert_all(item, element)).collect(), element),
        _ if !in_order => Data::Unknown("the order of a set".to_owned()),
        Type::List(element) => {
            let items: Vec<_> = items.iter().map(|item| convert_all(item, element)).collect();
            match error_in(&items) {
                Some(error) => error.data,
                None => Data::List(ListKind::List((**element).clone()), items.into()),
            }
        }
        Type::Tuple(types) if types.len() == items.len() && !matches!(kind, ListKind::Set(..)) => {
            Data::List(ListKind::Tuple, items.iter().zip(types).map(|(item, own)| convert_all(item, own)).collect())
        }
        _ => Data::Error(WRONG_TYPE.to_owned()),
    }
}

/// A value that shares a type with something of which none is known: it may have become a string, or a collection of them.
pub(super) fn shared(value: Traced) -> Values {
    let deep = |values: Values| values.into_iter().flat_map(shared).collect::<Values>();
    let data = match value.data {
        Data::Bool(_) | Data::Number(_) => {
            let text = Traced { data: Data::String(value.as_text().unwrap_or_default()), ..value.clone() };
            return vec![value, text];
        }
        Data::List(ListKind::Set(..), _) => Data::Unknown("the type of the elements of a set".to_owned()),
        Data::List(_, items) => {
            let mut among = Among::default();
            let mut may_be_equal = |item| {
                let found = among.find_element(item);
                among.insert_element(item);
                found.equal || found.unsure
            };
            if items.iter().any(&mut may_be_equal) {
                Data::Unknown("the number of elements of a list that may be a set".to_owned())
            } else {
                Data::List(ListKind::Open, items.into_iter().map(deep).collect())
            }
        }
        Data::Object(_, items) => {
            Data::Object(MapKind::Open, items.into_iter().map(|(key, item)| (key, deep(item))).collect())
        }
        data => return vec![Traced { data, ..value }],
    };
    // A set has no index, and other objects other attributes.
    vec![Traced { data, fallible: true, ..value }]
}

/// A set of elements of one type.
pub(super) fn set(items: Vec<Values>, element: &Type) -> Data {
    if let Some(error) = error_in(&items) {
        return error.data;
    }
    let mut known = Members::Ordered;
    let mut among = Among::default();
    let mut new = Vec::with_capacity(items.len());
    for item in &items {
        let found = among.find_element(item);
        if !found.equal {
            among.insert_element(item);
            if found.unsure {
                known = Members::Unsettled;
            }
        }
        new.push(!found.equal);
    }
    let mut members: Vec<Values> = items.into_iter().zip(new).filter(|(_, new)| *new).map(|(item, _)| item).collect();
    let primitive = |item: &Values| item.len() == 1 && item[0].is_primitive();
    if members.len() > 1 && !members.iter().all(primitive) && known == Members::Ordered {
        let settled = members.iter().all(|item| item.len() == 1 && Type::of(&item[0].data).is_some());
        known = if settled { Members::Distinct } else { Members::Unsettled };
    }
    if known == Members::Ordered {
        members.sort_by(|one, two| match (&one[0].data, &two[0].data) {
            (Data::Number(one), Data::Number(two)) => number::compare(one, two),
            (one, two) => one.cmp(two),
        });
    }
    Data::List(ListKind::Set(element.clone(), known), members.into())
}

/// A collection whose elements are made one type, as `list(any)`, `tolist` and their kin do.
pub(super) fn collect(value: Traced, name: &str) -> Traced {
    let elements: Vec<Option<Type>> = match (&value.data, name) {
        (Data::List(ListKind::List(element) | ListKind::Set(element, _), _), "list" | "set") => {
            vec![Some(element.clone())]
        }
        (Data::Object(MapKind::Map(element), _), "map") => vec![Some(element.clone())],
        (Data::List(ListKind::Open, _) | Data::Object(MapKind::Open, _), _) => {
            let data = Data::Unknown(format!("the type of the elements of a {name}"));
            return Traced { data, followed: value.following(), ..value };
        }
        (Data::List(_, items), "list" | "set") => items.iter().map(Type::of_all).collect(),
        (Data::Object(_, items), "map") => items.values().map(Type::of_all).collect(),
        (Data::Unknown(_) | Data::Error(_), _) => return value,
        (Data::Null(_), "list") => return convert(value, &Type::List(Box::new(Type::Dynamic))),
        (Data::Null(_), "set") => return convert(value, &Type::Set(Box::new(Type::Dynamic))),
        (Data::Null(_), _) => return convert(value, &Type::Map(Box::new(Type::Dynamic))),
        _ => return Traced { data: Data::Error(format!("a {name} of something else")), ..value },
    };
    let wrap = |element: Type| match name {
        "list" => Type::List(Box::new(element)),
        "set" => Type::Set(Box::new(element)),
        _ => Type::Map(Box::new(element)),
    };
    let has_bare_null = name != "map" && elements.contains(&Some(Type::Dynamic));
    match unify(elements.iter().map(Option::as_ref)) {
        // Beside a `null` without a type Terraform finds none for lists, objects and their kin.
        Unified::Type(element) if has_bare_null && !element.is_primitive() && element != Type::Dynamic => {
            Traced { data: Data::Error(format!("a {name} of different types")), ..value }
        }
        Unified::Type(element) => convert(value, &wrap(element)),
        Unified::Impossible => Traced { data: Data::Error(format!("a {name} of different types")), ..value },
        Unified::Unsure => unsure(value, &elements, name),
    }
}

/// A collection with elements that are not known: what is known of the others stays, if no conversion can change it.
fn unsure(value: Traced, elements: &[Option<Type>], name: &str) -> Traced {
    let all_text = elements.iter().all(|element| element.as_ref().is_none_or(|own| *own == Type::String));
    if all_text {
        let text = match name {
            "list" => Type::List(Box::new(Type::String)),
            "set" => Type::Set(Box::new(Type::String)),
            _ => Type::Map(Box::new(Type::String)),
        };
        return convert(value, &text);
    }
    let followed = value.following();
    Traced { data: Data::Unknown(format!("the type of the elements of a {name}")), followed, ..value }
}
