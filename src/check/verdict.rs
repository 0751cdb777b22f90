//! A verdict as one program sees it, and what it becomes with those of others.

use crate::finding::{Instance, Instances, Value, ValueTrace};
use crate::fix::Fix;
use crate::rules::Rule;
use crate::source::Location;
use crate::value::{Arrival, Arrived};

/// A verdict before it is made a finding.
pub(super) struct Verdict {
    pub(super) rule: Option<Rule>,
    pub(super) message: String,
    pub(super) fix: Option<Fix>,
    /// A fix on the resource, where the other one is elsewhere.
    pub(super) fallback: Option<Fix>,
    pub(super) anchor: Location,
    pub(super) values: Vec<ValueTrace>,
    pub(super) instances: Instances,
}

/// What a verdict is about.
pub(super) struct Judged<'v> {
    /// All that arrives.
    pub(super) arrived: &'v Arrived,
    /// The values that count.
    pub(super) open: Vec<Arrival>,
    /// Those that the instances which have them keep.
    pub(super) kept: Vec<Arrival>,
}

impl Verdict {
    /// Adds the values and instances that another program sees.
    pub(super) fn include(&mut self, other: Self) {
        let places: Vec<usize> = other
            .values
            .into_iter()
            .map(|value| {
                self.values.iter().position(|known| *known == value).unwrap_or_else(|| {
                    self.values.push(value);
                    self.values.len() - 1
                })
            })
            .collect();
        for instance in other.instances.listed {
            let values = instance.values.iter().map(|&place| places[place]);
            let same =
                |known: &&mut Instance| (&known.program, &known.address) == (&instance.program, &instance.address);
            match self.instances.listed.iter_mut().find(same) {
                Some(known) => {
                    known.exists |= instance.exists;
                    known.values.extend(values);
                    known.values.sort_by_key(|&place| (rank(&self.values[place].value), place));
                    known.values.dedup();
                }
                None => self.instances.listed.push(Instance { values: values.collect(), ..instance.clone() }),
            }
        }
        self.instances.more = self.instances.more.max(other.instances.more);
    }
}

/// Known values that do not comply come first, then unknown ones.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Unknown(_) => 1,
        value if value.complies() => 2,
        _ => 0,
    }
}
