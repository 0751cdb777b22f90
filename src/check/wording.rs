//! The wording of verdicts on a value: how it is counted, where it comes from, and why it is not known.

use std::collections::BTreeSet;

use super::counts::counts;
use super::notebook::Notebook;
use crate::control;
use crate::finding::{Instances, ValueTrace};
use crate::repair::complies;
use crate::rules::Rule;
use crate::source::Location;
use crate::value::{Arrival, Data};

impl Notebook<'_, '_, '_> {
    /// The known values with their numbers of instances, and why the rest is not known.
    pub(super) fn counted(
        &self,
        arrivals: &[Arrival],
        values: &[ValueTrace],
        instances: &Instances,
        bad: &Arrival,
        unknown: &Arrival,
    ) -> String {
        let attribute = control::ATTRIBUTE;
        let (counts, from, why) = (counts(values, instances), self.origins(arrivals, bad), self.cause(unknown));
        let bad = quoted(bad).unwrap_or_else(|| "null".to_owned());
        format!("{attribute} is {counts}; {bad} comes from {from}, and what is unknown depends on {why}")
    }

    pub(super) fn undetermined(&self, unknown: &Arrival) -> String {
        format!("{} cannot be determined: it depends on {}", control::ATTRIBUTE, self.cause(unknown))
    }

    /// The cause of an unknown value, and its place.
    pub(super) fn cause(&self, unknown: &Arrival) -> String {
        let origin = unknown.value.origin.location;
        let (why, location) = match (&unknown.value.data, &unknown.value.uncertain) {
            (Data::Unknown(why) | Data::Error(why), _) => (why.as_str(), origin),
            (_, Some((why, location))) => (why.as_str(), *location),
            _ => ("a collection", origin),
        };
        let Location { file, span } = location;
        let source = self.source(file);
        let line = source.position(span.start).line;
        format!("{why} ({}:{line})", source.path())
    }

    /// Where a bad value comes from, and how many other places there are that bad values come from.
    pub(super) fn origins(&self, arrivals: &[Arrival], bad: &Arrival) -> String {
        let known_bad = arrivals.iter().filter(|arrival| arrival.known().is_some() && !complies(arrival));
        let origins: BTreeSet<Location> = known_bad.map(|arrival| arrival.value.origin.location).collect();
        let Location { file, span } = bad.value.origin.location;
        let first = format!("{}:{}", self.source(file).path(), self.source(file).line_of(span.start));
        match origins.len() {
            0 | 1 => first,
            2 => format!("{first} and 1 more place"),
            places => format!("{first} and {} more places", places - 1),
        }
    }
}

/// The rule and the message for a value that stands in the attribute itself.
pub(super) fn own_literal(bad: &Arrival) -> (Rule, String) {
    let attribute = control::ATTRIBUTE;
    let (compliant, default) = (control::COMPLIANT, control::NON_COMPLIANT);
    match bad.known().flatten() {
        None => (Rule::Null, format!("{attribute} is null, which means the provider's default, {default:?}")),
        Some(text) if text == default => (Rule::Enabled, format!("{attribute} is {}", quoted(bad).unwrap_or_default())),
        Some(_) => {
            let text = quoted(bad).unwrap_or_default();
            (Rule::Invalid, format!("{attribute} is {text}, which is neither {compliant:?} nor {default:?}"))
        }
    }
}

/// A value other than `null`, as a message shows it.
pub(super) fn quoted(arrival: &Arrival) -> Option<String> {
    let text = arrival.value.shown()?;
    Some(if arrival.value.sensitive { text } else { format!("{text:?}") })
}
