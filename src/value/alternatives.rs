//! Alternatives: the values that something can have, one of which it has.

use super::data::{Data, Traced, Values};
use super::followed::Followed;

/// More alternatives than this are not told apart any more.
pub(super) const MOST_ALTERNATIVES: usize = 48;

/// Puts alternatives together: each once, and none told apart when there are too many.
#[must_use]
pub(crate) fn alternatives(values: impl IntoIterator<Item = Traced>) -> Values {
    let mut result: Values = Vec::new();
    let (mut followed, mut is_too_many) = (Followed::Nothing, false);
    for value in values {
        if is_too_many {
            followed.join(&value.following());
            continue;
        }
        let same = |other: &&mut Traced| {
            (other.origin, &other.unset, &other.refinement) == (value.origin, &value.unset, &value.refinement)
                && other.data == value.data
        };
        match result.iter_mut().find(same) {
            Some(known) => {
                // What arrives for certain on one way does so.
                known.uncertain = known.uncertain.take().filter(|_| value.uncertain.is_some());
                known.followed.join(&value.followed);
                known.fallible |= value.fallible;
                known.sensitive |= value.sensitive;
                known.chosen_by.extend(value.chosen_by);
                known.chosen_by.sort_unstable();
                known.chosen_by.dedup();
            }
            None => result.push(value),
        }
        is_too_many = result.len() > MOST_ALTERNATIVES;
    }
    if is_too_many {
        for value in &result {
            followed.join(&value.following());
        }
        let many = Traced::unknown("more possible values than can be told apart", result[0].origin.location);
        return vec![Traced { followed, ..many }];
    }
    result
}

/// The error that something is if it holds nothing but an error in one of its parts.
pub(super) fn error_in<'v>(parts: impl IntoIterator<Item = &'v Values>) -> Option<Traced> {
    let is_error = |value: &Traced| matches!(value.data, Data::Error(_));
    parts.into_iter().find(|part| !part.is_empty() && part.iter().all(is_error)).map(|part| part[0].clone())
}

/// Every combination of one alternative of each, or `None` if there are too many.
#[must_use]
pub(super) fn combinations(sets: &[Values]) -> Option<Vec<Vec<&Traced>>> {
    let mut result: Vec<Vec<&Traced>> = vec![Vec::new()];
    for set in sets {
        if let [only] = set.as_slice() {
            for before in &mut result {
                before.push(only);
            }
            continue;
        }
        if result.len() * set.len() > MOST_ALTERNATIVES {
            return None;
        }
        result = result
            .iter()
            .flat_map(|before| set.iter().map(|value| before.iter().copied().chain([value]).collect()))
            .collect();
    }
    Some(result)
}
