//! The types that values have, as far as they are known.
//!
//! Source: `zclconf/go-cty`, docs/types.md and docs/convert.md; `terraform console` of 1.11.4 for what these leave open.

use std::collections::{BTreeMap, BTreeSet};

use super::data::{Data, ListKind, MapKind, Traced, Values};

/// A type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// Not known, or that of a `null` that nothing has given a type.
    Dynamic,
    /// `bool`.
    Bool,
    /// `number`.
    Number,
    /// `string`.
    String,
    /// `list(element)`.
    List(Box<Type>),
    /// `set(element)`.
    Set(Box<Type>),
    /// `map(element)`.
    Map(Box<Type>),
    /// `tuple([elements])`.
    Tuple(Vec<Type>),
    /// `object({attributes})`.
    Object(BTreeMap<String, Type>),
}

impl Type {
    /// The type of a value; `None` if something in the value is not known that decides it.
    pub(super) fn of(data: &Data) -> Option<Self> {
        Some(match data {
            Data::Null(own) => own.clone(),
            Data::Bool(_) => Self::Bool,
            Data::Number(_) => Self::Number,
            Data::String(_) => Self::String,
            Data::List(ListKind::List(element), _) => Self::List(Box::new(element.clone())),
            Data::List(ListKind::Set(element, _), _) => Self::Set(Box::new(element.clone())),
            Data::List(ListKind::Tuple, items) => Self::Tuple(items.iter().map(Self::of_all).collect::<Option<_>>()?),
            Data::Object(MapKind::Map(element), _) => Self::Map(Box::new(element.clone())),
            Data::Object(MapKind::Object, items) => Self::Object(
                items.iter().map(|(name, item)| Some((name.clone(), Self::of_all(item)?))).collect::<Option<_>>()?,
            ),
            Data::List(ListKind::Open, _) | Data::Object(MapKind::Open, _) | Data::Unknown(_) | Data::Error(_) => {
                return None;
            }
        })
    }

    /// The type that all alternatives have; `None` if they differ or that of one is not known.
    pub(super) fn of_all(values: &Values) -> Option<Self> {
        let mut result = None;
        for value in values {
            let own = match (&value.data, value.unknown_type()) {
                (Data::Unknown(_), Some(own)) => own.clone(),
                (data, _) => Self::of(data)?,
            };
            match &result {
                None | Some(Self::Dynamic) => result = Some(own),
                Some(known) if *known == own || own == Self::Dynamic => {}
                Some(_) => return None,
            }
        }
        result
    }

    /// Whether it is `bool`, `number` or `string`.
    pub(super) fn is_primitive(&self) -> bool {
        matches!(self, Self::Bool | Self::Number | Self::String)
    }

    /// Whether no part of it is left open.
    pub(super) fn is_certain(&self) -> bool {
        match self {
            Self::Dynamic => false,
            Self::Bool | Self::Number | Self::String => true,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.is_certain(),
            Self::Tuple(items) => items.iter().all(Self::is_certain),
            Self::Object(items) => items.values().all(Self::is_certain),
        }
    }

    /// The type of the element that a key leads to in a value of this type that is not known: `None` if it is not known
    /// either, an error if there can be no such element.
    pub(super) fn element(&self, key: &Traced) -> Result<Option<&Self>, ()> {
        let is_unknown = matches!(key.data, Data::Unknown(_));
        match self {
            Self::Dynamic => Ok(None),
            Self::List(element) if is_unknown || key.as_number().is_some() => Ok(Some(element)),
            Self::Map(element) if is_unknown || key.as_text().is_some() => Ok(Some(element)),
            Self::Tuple(_) | Self::Object(_) if is_unknown => Ok(None),
            Self::Tuple(items) => {
                let at = key.as_number().and_then(|at| at.parse::<usize>().ok());
                at.and_then(|at| items.get(at)).map(Some).ok_or(())
            }
            Self::Object(items) => key.as_text().and_then(|name| items.get(&name)).map(Some).ok_or(()),
            Self::Bool | Self::Number | Self::String | Self::Set(_) | Self::List(_) | Self::Map(_) => Err(()),
        }
    }

    fn is_sequence(&self) -> bool {
        matches!(self, Self::List(_) | Self::Set(_) | Self::Tuple(_))
    }

    /// Whether a `null` of this type can become one of another.
    ///
    /// Source: go-cty, docs/convert.md. Attributes that the other object has alone may be optional.
    pub(super) fn converts(&self, to: &Self) -> bool {
        match (self, to) {
            (Self::Dynamic, _) | (_, Self::Dynamic) => true,
            (Self::String, other) | (other, Self::String) => other.is_primitive(),
            (Self::List(own) | Self::Set(own), Self::List(to) | Self::Set(to)) | (Self::Map(own), Self::Map(to)) => {
                own.converts(to)
            }
            (Self::Tuple(items), Self::List(to) | Self::Set(to)) => {
                items.iter().all(|own| own.converts(to)) && have_one_type(items.iter(), to)
            }
            (Self::Tuple(items), Self::Tuple(to)) => {
                items.len() == to.len() && items.iter().zip(to).all(|(own, to)| own.converts(to))
            }
            (Self::Object(items), Self::Map(to)) => {
                items.values().all(|own| own.converts(to)) && have_one_type(items.values(), to)
            }
            (Self::Map(own), Self::Object(to)) => to.values().all(|to| own.converts(to)),
            (Self::Object(items), Self::Object(to)) => {
                to.iter().all(|(name, to)| items.get(name).is_none_or(|own| own.converts(to)))
            }
            (own, to) => own == to,
        }
    }

    /// Whether two types are certain to differ; `None` if they may be the same.
    pub(super) fn differ(&self, other: &Self) -> Option<bool> {
        let all = |mut pairs: Vec<Option<bool>>| {
            pairs.sort_unstable();
            match (pairs.last(), pairs.first()) {
                (Some(Some(true)), _) => Some(true),
                (_, Some(None)) => None,
                _ => Some(false),
            }
        };
        match (self, other) {
            (Self::Dynamic, _) | (_, Self::Dynamic) => None,
            (Self::List(one), Self::List(two))
            | (Self::Set(one), Self::Set(two))
            | (Self::Map(one), Self::Map(two)) => one.differ(two),
            (Self::Tuple(one), Self::Tuple(two)) if one.len() == two.len() => {
                all(one.iter().zip(two).map(|(one, two)| one.differ(two)).collect())
            }
            (Self::Object(one), Self::Object(two)) if one.keys().eq(two.keys()) => {
                all(one.values().zip(two.values()).map(|(one, two)| one.differ(two)).collect())
            }
            (one, two) => Some(one != two),
        }
    }
}

/// Whether elements can be those of a collection: where its type is open, they have to have one in common.
fn have_one_type<'t>(elements: impl Iterator<Item = &'t Type>, to: &Type) -> bool {
    *to != Type::Dynamic || unify(elements.map(Some)) != Unified::Impossible
}

/// The type that values of several types become where they have to have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unified {
    /// This one.
    Type(Type),
    /// There is none: Terraform reports an error.
    Impossible,
    /// It is not known which.
    Unsure,
}

/// Finds the type that all of these convert to.
///
/// Source: go-cty, `convert.UnifyUnsafe`.
pub(super) fn unify<'t>(types: impl IntoIterator<Item = Option<&'t Type>>) -> Unified {
    let Some(types) = types.into_iter().collect::<Option<Vec<&Type>>>() else { return Unified::Unsure };
    // A `null` without a type takes any, and what has no type in common may be left as it is beside one.
    let given = types.len();
    let types: Vec<&Type> = types.into_iter().filter(|other| **other != Type::Dynamic).collect();
    match unify_known(&types) {
        Unified::Impossible if types.len() < given => Unified::Unsure,
        unified => unified,
    }
}

fn unify_known(types: &[&Type]) -> Unified {
    let Some(first) = types.first() else { return Unified::Type(Type::Dynamic) };
    if types.iter().all(|other| other == first) {
        return Unified::Type((*first).clone());
    }
    if types.iter().any(|other| other.is_primitive()) {
        let to_text = types.iter().all(|other| other.is_primitive()) && types.contains(&&Type::String);
        return if to_text { Unified::Type(Type::String) } else { Unified::Impossible };
    }
    let sequences = types.iter().filter(|other| other.is_sequence()).count();
    if sequences == types.len() {
        unify_sequences(types)
    } else if sequences == 0 {
        unify_maps(types)
    } else {
        Unified::Impossible
    }
}

fn unify_sequences(types: &[&Type]) -> Unified {
    let tuples: Vec<&Vec<Type>> =
        types.iter().filter_map(|other| if let Type::Tuple(items) = other { Some(items) } else { None }).collect();
    if tuples.len() == types.len() && tuples.iter().all(|items| items.len() == tuples[0].len()) {
        let places = 0..tuples[0].len();
        let unified = places.map(|at| unify_part(tuples.iter().map(|items| &items[at])));
        return all(unified.collect(), Type::Tuple);
    }
    let sets = types.iter().filter(|other| matches!(other, Type::Set(_))).count();
    if sets > 0 && sets < types.len() {
        // No type is made of them: it has to be one of theirs, a list rather than a tuple, and that rather than a set.
        let common: BTreeSet<&Type> =
            types.iter().copied().filter(|to| types.iter().all(|own| own.converts(to))).collect();
        let lists = common.iter().filter(|other| matches!(other, Type::List(_)));
        return match (common.first(), lists.collect::<Vec<_>>().as_slice()) {
            (None, _) => Unified::Impossible,
            (Some(_), [only]) => Unified::Type((**only).clone()),
            (Some(only), []) if common.len() == 1 => Unified::Type((*only).clone()),
            (Some(_), _) => Unified::Unsure,
        };
    }
    let elements = types.iter().flat_map(|other| match other {
        Type::List(element) | Type::Set(element) => vec![&**element],
        Type::Tuple(items) => items.iter().collect(),
        _ => Vec::new(),
    });
    match unify_part(elements) {
        Unified::Type(element) if sets > 0 => Unified::Type(Type::Set(Box::new(element))),
        Unified::Type(element) => Unified::Type(Type::List(Box::new(element))),
        other => other,
    }
}

fn unify_maps(types: &[&Type]) -> Unified {
    let objects: Vec<&BTreeMap<String, Type>> =
        types.iter().filter_map(|other| if let Type::Object(items) = other { Some(items) } else { None }).collect();
    if objects.len() == types.len() && objects.iter().all(|items| items.keys().eq(objects[0].keys())) {
        let names: Vec<&String> = objects[0].keys().collect();
        let unified = names.iter().map(|name| unify_part(objects.iter().filter_map(|items| items.get(*name))));
        return all(unified.collect(), |items| {
            Type::Object(names.iter().map(|name| (*name).clone()).zip(items).collect())
        });
    }
    let elements = types.iter().flat_map(|other| match other {
        Type::Map(element) => vec![&**element],
        Type::Object(items) => items.values().collect(),
        _ => Vec::new(),
    });
    match unify_part(elements) {
        Unified::Type(element) => Unified::Type(Type::Map(Box::new(element))),
        other => other,
    }
}

/// As [`unify`], for what lies in collections: beside a `null` without a type, all but primitive types are left as they
/// are.
fn unify_part<'t>(types: impl IntoIterator<Item = &'t Type>) -> Unified {
    let types: Vec<&Type> = types.into_iter().collect();
    match unify(types.iter().copied().map(Some)) {
        Unified::Type(own) if types.contains(&&Type::Dynamic) && !own.is_primitive() && own != Type::Dynamic => {
            Unified::Unsure
        }
        unified => unified,
    }
}

/// A type made of unified ones, if there is one for each.
fn all(unified: Vec<Unified>, make: impl FnOnce(Vec<Type>) -> Type) -> Unified {
    if unified.contains(&Unified::Impossible) {
        return Unified::Impossible;
    }
    let types: Option<Vec<Type>> =
        unified.into_iter().map(|one| if let Unified::Type(own) = one { Some(own) } else { None }).collect();
    types.map_or(Unified::Unsure, |types| Unified::Type(make(types)))
}
