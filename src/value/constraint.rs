//! The type constraints of variables.
//!
//! Source: Terraform language, "Type Constraints": attributes of `object({…})` that are left out become `null` or the second
//! argument of `optional`.

use std::collections::BTreeMap;

use super::convert::{collect, convert, primitive};
use super::data::{Data, ListKind, MapKind, Members, Origin, OriginKind, Traced, Values, alternatives};
use super::eval::Evaluator;
use super::scope::Scope;
use super::types::Type;
use crate::source::{FileId, Location};
use crate::syntax::tree::{Expr, ExprKind};

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The values as a variable of type `constraint` holds them.
    pub(super) fn convert(&self, values: Values, constraint: &Expr, file: FileId, scope: &Scope<'_, 'w, 'a>) -> Values {
        alternatives(values.into_iter().flat_map(|value| self.convert_one(value, constraint, file, scope)))
    }

    fn convert_one(&self, mut value: Traced, constraint: &Expr, file: FileId, scope: &Scope<'_, 'w, 'a>) -> Values {
        let (name, argument) = match &constraint.unparenthesised().kind {
            // `any` and the primitive types may be quoted, as in Terraform 0.11.
            ExprKind::Variable(name) | ExprKind::String(name) => (name.as_str(), None),
            ExprKind::Call { name, args, .. } => (name.as_str(), args.first()),
            _ => return vec![value],
        };
        if matches!(value.data, Data::Error(_)) {
            return vec![value];
        }
        if value.data.is_null() || matches!(value.data, Data::Unknown(_)) {
            return vec![fits(convert(value, &declared(constraint)), name)];
        }
        match (name, argument.map(|argument| &argument.unparenthesised().kind)) {
            ("any", _) => return vec![value],
            ("string", _) => return vec![fits(primitive(value, &Type::String), name)],
            ("bool", _) => return vec![fits(primitive(value, &Type::Bool), name)],
            ("number", _) => return vec![fits(primitive(value, &Type::Number), name)],
            ("list" | "set" | "map", None) => return vec![fits(collect(value, name), name)],
            ("list" | "set" | "map", Some(ExprKind::Variable(element))) if element == "any" => {
                return vec![fits(collect(value, name), name)];
            }
            _ => {}
        }
        let Some(argument) = argument else { return vec![value] };
        let is_set = name == "set";
        let to = match name {
            "list" => Type::List(Box::new(declared(argument))),
            "set" => Type::Set(Box::new(declared(argument))),
            "map" => Type::Map(Box::new(declared(argument))),
            _ => Type::Dynamic,
        };
        let location = Location { file, span: constraint.span };
        let mut made = 0;
        let mut element = |item| self.one_more(&mut made, location, || self.convert(item, argument, file, scope));
        let collected = |value: Traced| if to.is_certain() { convert(value, &to) } else { collect(value, name) };
        let data = match (name, std::mem::replace(&mut value.data, Data::Null(Type::Dynamic))) {
            ("list", Data::List(ListKind::Set(_, members), items))
                if members != Members::Ordered && items.len() > 1 =>
            {
                Data::Unknown("the order of a set".to_owned())
            }
            ("list" | "set", Data::List(_, items)) => {
                if is_set {
                    items.iter().flatten().for_each(|item| value.followed.join(&item.followed));
                }
                let items = items.into_iter().map(&mut element).collect();
                value.data = Data::List(ListKind::Tuple, items);
                return vec![fits(collected(value), name)];
            }
            ("map", Data::Object(_, items)) => {
                let items = items.into_iter().map(|(key, item)| (key, element(item))).collect();
                value.data = Data::Object(MapKind::Object, items);
                return vec![fits(collected(value), name)];
            }
            ("object", Data::Object(_, items)) => self.convert_object(items.into_elements(), argument, file, scope),
            ("tuple", Data::List(_, items)) => match &argument.unparenthesised().kind {
                ExprKind::Array(types) if types.len() == items.len() => Data::List(
                    ListKind::Tuple,
                    items.into_iter().zip(types).map(|(item, own)| self.convert(item, own, file, scope)).collect(),
                ),
                _ => Data::Error("a tuple of another length".to_owned()),
            },
            _ => Data::Error("a value of another kind".to_owned()),
        };
        value.data = data;
        vec![fits(value, name)]
    }

    fn convert_object(
        &self,
        mut items: BTreeMap<String, Values>,
        shape: &Expr,
        file: FileId,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Data {
        let ExprKind::Object(attributes) = &shape.unparenthesised().kind else {
            return Data::Object(MapKind::Object, items.into());
        };
        let mut result = BTreeMap::new();
        let mut made = 0;
        for attribute in attributes {
            let ExprKind::String(name) = &attribute.key.unparenthesised().kind else { continue };
            let (constraint, default) = match &attribute.value.kind {
                ExprKind::Call { name, args, .. } if name == "optional" => (args.first(), args.get(1)),
                _ => (Some(&attribute.value), None),
            };
            let location = Location { file, span: attribute.value.span };
            let given = items.remove(name);
            let is_optional = constraint != Some(&attribute.value);
            if given.is_none() && !is_optional {
                return Data::Error(format!("an object without the attribute {name}, which is required"));
            }
            let left_out = || match default {
                Some(default) => self.eval(default, file, scope),
                None => self.literal(
                    Data::Null(constraint.map_or(Type::Dynamic, declared)),
                    Origin { location, kind: OriginKind::OptionalWithoutDefault },
                ),
            };
            let converted = || {
                // A `null` also takes the default.
                let values = match given {
                    Some(values) => values
                        .into_iter()
                        .flat_map(|value| match value.data {
                            Data::Null(_) if default.is_some() => left_out(),
                            _ => vec![value],
                        })
                        .collect(),
                    None => left_out(),
                };
                match constraint {
                    Some(constraint) => self.convert(values, constraint, file, scope),
                    None => values,
                }
            };
            result.insert(name.clone(), self.one_more(&mut made, location, converted));
        }
        Data::Object(MapKind::Object, result.into())
    }
}

/// The type that a constraint names; [`Type::Dynamic`] for `any`.
fn declared(constraint: &Expr) -> Type {
    let (name, args) = match &constraint.unparenthesised().kind {
        ExprKind::Variable(name) => (name.as_str(), &[][..]),
        ExprKind::Call { name, args, .. } => (name.as_str(), args.as_slice()),
        _ => return Type::Dynamic,
    };
    let element = || Box::new(args.first().map_or(Type::Dynamic, declared));
    match (name, args.first().map(|first| &first.unparenthesised().kind)) {
        ("string", _) => Type::String,
        ("bool", _) => Type::Bool,
        ("number", _) => Type::Number,
        ("list", _) => Type::List(element()),
        ("set", _) => Type::Set(element()),
        ("map", _) => Type::Map(element()),
        ("optional", Some(_)) => declared(&args[0]),
        ("tuple", Some(ExprKind::Array(types))) => Type::Tuple(types.iter().map(declared).collect()),
        ("object", Some(ExprKind::Object(items))) => Type::Object(
            items
                .iter()
                .filter_map(|item| match &item.key.unparenthesised().kind {
                    ExprKind::String(name) => Some((name.clone(), declared(&item.value))),
                    _ => None,
                })
                .collect(),
        ),
        _ => Type::Dynamic,
    }
}

/// The value of a variable, which Terraform refuses if it does not fit the type: then nothing is known of it.
fn fits(mut value: Traced, name: &str) -> Traced {
    if let Data::Error(why) = &value.data {
        value.data = Data::Unknown(format!("a value that does not fit the type {name}: {why}"));
        value.refinement = None;
    }
    value
}
