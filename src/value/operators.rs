//! Operators, over every combination of what their operands can be.

use super::data::{Data, Traced, Values, alternatives, combinations};
use super::eval::computed;
use crate::source::Location;

/// Applies a function to every combination of known arguments. An unknown argument makes the result unknown.
pub(super) fn lift(
    arguments: &[Values],
    location: Location,
    apply: impl Fn(&[&Traced]) -> Result<Data, String>,
) -> Values {
    let Some(combinations) = combinations(arguments) else {
        let mut many = Traced::unknown("more possible values than can be told apart", location);
        many.followed = arguments.iter().flatten().any(Traced::is_followed);
        return vec![many];
    };
    let apply_one = |values: Vec<&Traced>| {
        let unknown = values.iter().find(|value| matches!(value.data, Data::Unknown(_) | Data::Error(_)));
        let result = match unknown {
            Some(unknown) => Traced { hops: unknown.hops.clone(), ..Traced::new(unknown.data.clone(), unknown.origin) },
            None => match apply(&values) {
                Ok(data) => computed(data, location),
                Err(why) => Traced::unknown(why, location),
            },
        };
        let hops = values.iter().find(|value| !value.hops.is_empty()).map(|value| value.hops.clone());
        let result = values.iter().fold(result, |result, value| result.because_of(value));
        Traced { hops: hops.unwrap_or_default(), ..result }
    };
    alternatives(combinations.into_iter().map(apply_one))
}

/// The result of a binary operator on known values.
pub(super) fn binary(left: &Traced, operator: &str, right: &Traced) -> Result<Data, String> {
    let numbers = || match (&left.data, &right.data) {
        (Data::Number(left), Data::Number(right)) => Some((left.parse::<f64>().ok()?, right.parse::<f64>().ok()?)),
        _ => None,
    };
    let logic = |apply: fn(bool, bool) -> bool| match (left.as_bool(), right.as_bool()) {
        (Some(left), Some(right)) => Ok(Data::Bool(apply(left, right))),
        _ => Err("an operand that is no boolean".to_owned()),
    };
    let compare = |apply: fn(f64, f64) -> bool| match numbers() {
        Some((left, right)) => Ok(Data::Bool(apply(left, right))),
        None => Err("a comparison of what is no number".to_owned()),
    };
    let equal = || match numbers() {
        #[expect(clippy::float_cmp, reason = "Terraform compares numbers exactly")]
        Some((left, right)) => Some(left == right),
        None => plain(left).zip(plain(right)).map(|(left, right)| left == right),
    };
    match operator {
        "==" => equal().map(Data::Bool).ok_or_else(|| "a comparison of values that are not known".to_owned()),
        "!=" => {
            equal().map(|same| Data::Bool(!same)).ok_or_else(|| "a comparison of values that are not known".to_owned())
        }
        "&&" => logic(|left, right| left && right),
        "||" => logic(|left, right| left || right),
        "<" => compare(|left, right| left < right),
        "<=" => compare(|left, right| left <= right),
        ">" => compare(|left, right| left > right),
        ">=" => compare(|left, right| left >= right),
        _ => Err("arithmetic".to_owned()),
    }
}

/// A value without its origins, for comparing; `None` if any of it is not known.
#[derive(PartialEq)]
pub(super) enum Plain {
    Primitive(Data),
    List(Vec<Plain>),
    Object(Vec<(String, Plain)>),
}

pub(super) fn plain(value: &Traced) -> Option<Plain> {
    let single = |values: &Values| match values.as_slice() {
        [value] => plain(value),
        _ => None,
    };
    match &value.data {
        Data::Unknown(_) | Data::Error(_) => None,
        Data::List(items) => items.iter().map(single).collect::<Option<_>>().map(Plain::List),
        Data::Object(items) => {
            let items = items.iter().map(|(key, item)| Some((key.clone(), single(item)?)));
            items.collect::<Option<_>>().map(Plain::Object)
        }
        data => Some(Plain::Primitive(data.clone())),
    }
}
