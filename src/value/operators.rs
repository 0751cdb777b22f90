//! Operators, over every combination of what their operands can be.

use super::among::{Among, Found};
use super::data::{Data, ListKind, Members, OriginKind, Traced, Values, alternatives, combinations, computed};
use super::followed::Followed;
use super::number;
use super::types::Type;
use crate::source::Location;

/// Applies a function to every combination of known arguments. An unknown argument makes the result unknown.
pub(super) fn lift(
    arguments: &[Values],
    location: Location,
    apply: impl Fn(&[&Traced]) -> Result<Data, String>,
) -> Values {
    lift_with(arguments, location, |_| None, apply, |result, _| result)
}

/// As [`lift`], where each result is finished with the arguments that it is made of. Where one of these is not known,
/// `decide` may know the result all the same.
pub(super) fn lift_with(
    arguments: &[Values],
    location: Location,
    decide: impl Fn(&[&Traced]) -> Option<Data>,
    apply: impl Fn(&[&Traced]) -> Result<Data, String>,
    finish: impl Fn(Traced, &[&Traced]) -> Traced,
) -> Values {
    let Some(combinations) = combinations(arguments) else {
        let mut many = Traced::unknown("more possible values than can be told apart", location);
        many.followed = arguments.iter().flatten().fold(Followed::Nothing, |all, value| all.and(&value.following()));
        return vec![many];
    };
    let apply_one = |values: Vec<&Traced>| {
        // An error is one whatever else is not known; what Terraform itself decides is the least of the unknowns.
        let unknown = values
            .iter()
            .find(|value| matches!(value.data, Data::Error(_)))
            .or_else(|| values.iter().find(|value| is_unknown(value) && value.origin.kind != OriginKind::AtRunTime))
            .or_else(|| values.iter().find(|value| is_unknown(value)));
        let decided = unknown.filter(|unknown| is_unknown(unknown)).and_then(|_| decide(&values));
        let is_decided = decided.is_some();
        let result = match unknown {
            Some(_) if let Some(data) = decided => computed(data, location),
            Some(unknown) => Traced { hops: unknown.hops.clone(), ..Traced::new(unknown.data.clone(), unknown.origin) },
            None => match apply(&values) {
                Ok(data) => computed(data, location),
                Err(why) => Traced::unknown(why, location),
            },
        };
        let hops = values.iter().find(|value| !value.hops.is_empty()).map(|value| value.hops.clone());
        let result = values.iter().fold(result, |result, value| {
            if is_decided && is_unknown(value) { result.whatever(value) } else { result.because_of(value) }
        });
        finish(Traced { hops: hops.unwrap_or_default(), ..result }, &values)
    };
    alternatives(combinations.into_iter().map(apply_one))
}

fn is_unknown(value: &Traced) -> bool {
    matches!(value.data, Data::Unknown(_))
}

/// The operands of an operator: one that it does not take is an error, also beside one that is not known.
pub(super) fn operands(operator: &str, values: Values, location: Location) -> Values {
    let taken = |value: Traced| {
        let is_taken = match (operator, &value.data, value.unknown_type()) {
            ("==" | "!=", ..) | (_, Data::Error(_), _) | (_, Data::Unknown(_), None) => true,
            ("&&" | "||" | "!", Data::Unknown(_), Some(own)) => own.converts(&Type::Bool),
            (_, Data::Unknown(_), Some(own)) => own.converts(&Type::Number),
            ("&&" | "||" | "!", ..) => value.as_bool().is_some(),
            _ => value.as_number().is_some() || may_be_number(&value),
        };
        if is_taken {
            return value;
        }
        let error = if value.data.is_null() { "`null` as an operand" } else { "an operand of the wrong type" };
        computed(Data::Error(error.to_owned()), location).because_of(&value)
    };
    values.into_iter().map(taken).collect()
}

/// The result of a binary operator on known values.
pub(super) fn binary(left: &Traced, operator: &str, right: &Traced) -> Result<Data, String> {
    if matches!(operator, "==" | "!=") {
        let equal = equal(left, right);
        let not_known = || "a comparison of values that are not known".to_owned();
        return equal.map(|equal| Data::Bool(equal == (operator == "=="))).ok_or_else(not_known);
    }
    if left.data.is_null() || right.data.is_null() {
        return Ok(Data::Error("`null` as an operand".to_owned()));
    }
    if matches!(operator, "&&" | "||") {
        return Ok(match (left.as_bool(), right.as_bool()) {
            (Some(left), Some(right)) if operator == "&&" => Data::Bool(left && right),
            (Some(left), Some(right)) => Data::Bool(left || right),
            _ => Data::Error("an operand that is not a boolean".to_owned()),
        });
    }
    let (Some(left), Some(right)) = (left.as_number(), right.as_number()) else {
        return if may_be_number(left) && may_be_number(right) {
            Err("a number with too many digits".to_owned())
        } else {
            Ok(Data::Error("an operand that is not a number".to_owned()))
        };
    };
    let order = number::compare(&left, &right);
    let ordered = match operator {
        "<" => Some(order.is_lt()),
        "<=" => Some(order.is_le()),
        ">" => Some(order.is_gt()),
        ">=" => Some(order.is_ge()),
        _ => None,
    };
    if let Some(holds) = ordered {
        return Ok(Data::Bool(holds));
    }
    if operator == "/" && left == "0" && right == "0" {
        return Ok(Data::Error("a division of zero by zero".to_owned()));
    }
    let result = number::arithmetic(&left, operator, &right).map(Data::Number);
    result.ok_or_else(|| "arithmetic that is not exact".to_owned())
}

/// The result of a unary operator on a known value.
pub(super) fn unary(operator: &str, value: &Traced) -> Result<Data, String> {
    if operator == "!" {
        let wrong = || Data::Error("an operand that is not a boolean".to_owned());
        return Ok(value.as_bool().map_or_else(wrong, |value| Data::Bool(!value)));
    }
    match value.as_number() {
        // Terraform prints it with its sign.
        Some(number) if number == "0" => Err("the number -0".to_owned()),
        Some(number) => Ok(Data::Number(number.strip_prefix('-').map_or_else(|| format!("-{number}"), str::to_owned))),
        None if may_be_number(value) => Err("a number with too many digits".to_owned()),
        None => Ok(Data::Error("an operand that is not a number".to_owned())),
    }
}

/// Whether Terraform may read a number where [`number::canonical`] reads none.
pub(super) fn may_be_number(value: &Traced) -> bool {
    match &value.data {
        Data::Number(_) => true,
        // Go, which Terraform is written in, also reads `1p3`.
        Data::String(text) => {
            text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(|c| "0123456789.eEpP+-".contains(c))
        }
        _ => false,
    }
}

/// Whether two values are equal to Terraform, which compares their types first; `None` if that is not known.
///
/// Source: go-cty, `Value.Equals`; `null` equals `null` whatever the types.
pub(super) fn equal(one: &Traced, two: &Traced) -> Option<bool> {
    if one.is_other_than(two) {
        return Some(false);
    }
    let (one, two) = (&one.data, &two.data);
    match (one, two) {
        (Data::Unknown(_) | Data::Error(_), _) | (_, Data::Unknown(_) | Data::Error(_)) => return None,
        (Data::Null(_), Data::Null(_)) => return Some(true),
        (Data::Null(_), _) | (_, Data::Null(_)) => return Some(false),
        _ => {}
    }
    let is_open =
        |data: &Data| matches!(data, Data::List(ListKind::Open, _) | Data::Object(super::data::MapKind::Open, _));
    if is_open(one) || is_open(two) {
        return None;
    }
    let same_kind = match (one, two) {
        (Data::List(one, _), Data::List(two, _)) => std::mem::discriminant(one) == std::mem::discriminant(two),
        (Data::Object(one, _), Data::Object(two, _)) => std::mem::discriminant(one) == std::mem::discriminant(two),
        _ => std::mem::discriminant(one) == std::mem::discriminant(two),
    };
    if !same_kind {
        return Some(false);
    }
    let differ = Type::of(one).zip(Type::of(two)).map(|(one, two)| one.differ(&two));
    if differ == Some(Some(true)) {
        return Some(false);
    }
    let mut result = match (one, two) {
        (Data::List(ListKind::Set(_, known), items), Data::List(ListKind::Set(_, other), others)) => {
            if *known == Members::Unsettled || *other == Members::Unsettled {
                return None;
            }
            equal_sets(items, others)
        }
        (Data::List(_, items), Data::List(_, others)) => {
            if items.len() != others.len() {
                return Some(false);
            }
            equal_all(items.iter().zip(others))
        }
        (Data::Object(_, items), Data::Object(_, others)) => {
            if !items.keys().eq(others.keys()) {
                return Some(false);
            }
            equal_all(items.values().zip(others.values()))
        }
        (one, two) => Some(one == two),
    };
    // Equal as far as can be seen, but of types that may differ.
    if result == Some(true) && !matches!(differ, Some(Some(false))) {
        result = None;
    }
    result
}

fn equal_all<'v>(pairs: impl Iterator<Item = (&'v Values, &'v Values)>) -> Option<bool> {
    let mut result = Some(true);
    for (one, two) in pairs {
        let ([one], [two]) = (one.as_slice(), two.as_slice()) else {
            result = None;
            continue;
        };
        match equal(one, two) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => result = None,
        }
    }
    result
}

/// Whether two sets have the same members, each of which is there once.
fn equal_sets(items: &[Values], others: &[Values]) -> Option<bool> {
    if items.len() != others.len() {
        return Some(false);
    }
    let mut among = Among::default();
    for other in others {
        among.insert_element(other);
    }
    let mut result = Some(true);
    for item in items {
        match among.find_element(item) {
            Found { equal: true, .. } => {}
            Found { unsure: true, .. } => result = None,
            Found { .. } => return Some(false),
        }
    }
    result
}
