//! Type constraints of variables: what a value becomes when it is assigned.
//!
//! Source: Terraform language, "Type Constraints": primitive values convert into each other where the text allows it,
//! attributes of `object({…})` that are left out become `null` or the second argument of `optional`.

use std::collections::BTreeMap;

use super::data::{Data, Origin, OriginKind, Traced, Values, alternatives};
use super::eval::{Evaluator, Scope, computed};
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
        if matches!(value.data, Data::Null | Data::Unknown(_) | Data::Error(_)) {
            return vec![value];
        }
        let data = match (name, argument) {
            ("string", _) => value.as_text().map(Data::String),
            ("bool", _) => value.as_bool().map(Data::Bool),
            ("number", _) => match &value.data {
                Data::Number(text) => Some(Data::Number(text.clone())),
                Data::String(text) if text.parse::<f64>().is_ok() => Some(Data::Number(text.clone())),
                _ => None,
            },
            ("list" | "set", Some(element)) => match std::mem::replace(&mut value.data, Data::Null) {
                Data::List(items) => {
                    Some(Data::List(items.into_iter().map(|item| self.convert(item, element, file, scope)).collect()))
                }
                _ => None,
            },
            ("map", Some(element)) => match std::mem::replace(&mut value.data, Data::Null) {
                Data::Object(items) => Some(Data::Object(
                    items.into_iter().map(|(key, item)| (key, self.convert(item, element, file, scope))).collect(),
                )),
                _ => None,
            },
            ("object", Some(shape)) => match std::mem::replace(&mut value.data, Data::Null) {
                Data::Object(items) => Some(Data::Object(self.convert_object(items, shape, file, scope))),
                _ => None,
            },
            _ => return vec![value],
        };
        match data {
            Some(data) if name == "set" => value = Traced { data, ..value }.into_set(),
            Some(data) => value.data = data,
            None => value.data = Data::Unknown(format!("a value that does not fit the type {name}")),
        }
        vec![value]
    }

    fn convert_object(
        &self,
        mut items: BTreeMap<String, Values>,
        shape: &Expr,
        file: FileId,
        scope: &Scope<'_, 'w, 'a>,
    ) -> BTreeMap<String, Values> {
        let ExprKind::Object(attributes) = &shape.unparenthesised().kind else { return items };
        let mut result = BTreeMap::new();
        for attribute in attributes {
            let ExprKind::String(name) = &attribute.key.unparenthesised().kind else { continue };
            let (constraint, default, is_required) = match &attribute.value.kind {
                ExprKind::Call { name, args, .. } if name == "optional" => (args.first(), args.get(1), false),
                _ => (Some(&attribute.value), None, true),
            };
            let location = Location { file, span: attribute.value.span };
            let given = items.remove(name);
            let left_out = || match default {
                Some(default) => self.eval(default, file, scope),
                None if is_required => {
                    let why = format!("a value without the required attribute `{name}`");
                    vec![computed(Data::Error(why), location)]
                }
                None => self.literal(Data::Null, Origin { location, kind: OriginKind::OptionalWithoutDefault }),
            };
            // A `null` also takes the default.
            let values = match given {
                Some(values) => values
                    .into_iter()
                    .flat_map(|value| match value.data {
                        Data::Null if default.is_some() => left_out(),
                        _ => vec![value],
                    })
                    .collect(),
                None => left_out(),
            };
            let converted = match constraint {
                Some(constraint) => self.convert(values, constraint, file, scope),
                None => values,
            };
            result.insert(name.clone(), converted);
        }
        result
    }
}
