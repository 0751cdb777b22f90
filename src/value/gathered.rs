//! Arrivals and the instances that they arrive in, put together.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::data::{Traced, Values};
use super::frame::Path;
use super::hops::Hops;
use super::ways::{MOST_LISTED, Way, Ways};
use crate::finding::{Exception, Instance, Instances, Program};
use crate::source::Location;

/// A value, and the instantiation it arrives in.
///
/// Two of them are the same if value, origin and path are, and the booleans that select the value.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The value.
    pub value: Traced,
    /// The module path, such as `module.a.module.b`; empty for a root module.
    pub path: String,
    /// What lets the instances that have it keep it.
    pub exception: Option<Arc<Exception>>,
}

/// A value that arrives at an attribute, and the instances of the resource that it arrives in.
#[derive(Debug, Default)]
pub struct Arrived {
    /// The values, as [`Evaluator::arrivals`] gives them.
    pub arrivals: Vec<Arrival>,
    /// The instances of the resource. Their values are places among the arrivals.
    pub instances: Instances,
}

/// Puts arrivals and instances together.
pub(super) struct Gathered {
    pub(super) arrivals: Vec<Arrival>,
    /// The places of the arrivals.
    places: BTreeMap<(Traced, Vec<Location>, Option<Location>), usize>,
    /// By program and address.
    instances: BTreeMap<(Arc<Program>, String), usize>,
    pub(super) listed: Vec<Instance>,
    more: usize,
    /// The address of the resource in its module; `None` where instances are not asked for.
    address: Option<String>,
}

impl Gathered {
    pub(super) fn new(address: Option<String>) -> Self {
        let (arrivals, places) = (Vec::new(), BTreeMap::new());
        Self { arrivals, places, instances: BTreeMap::new(), listed: Vec::new(), more: 0, address }
    }

    /// Adds values, and gives their places.
    pub(super) fn arrive(&mut self, values: Values, path: &Path, exception: Option<&Arc<Exception>>) -> Vec<usize> {
        let mut found = Vec::new();
        for value in values {
            let excepted = exception.map(|exception| exception.by.location);
            let key = (Traced { hops: Hops::default(), ..value.clone() }, value.chosen_by.clone(), excepted);
            let place = match self.places.entry(key) {
                Entry::Occupied(known) => {
                    let known = *known.get();
                    if value.uncertain.is_none() {
                        self.arrivals[known].value.uncertain = None;
                    }
                    known
                }
                Entry::Vacant(free) => {
                    self.arrivals.push(Arrival { value, path: path.to_string(), exception: exception.cloned() });
                    *free.insert(self.arrivals.len() - 1)
                }
            };
            found.push(place);
        }
        found
    }

    /// Adds an instance for each way.
    pub(super) fn create(&mut self, ways: &Ways, key: &str, values: &[usize], exists: bool) {
        let Some(address) = &self.address else { return };
        self.more = self.more.saturating_add(ways.more);
        for Way { program, path, .. } in &ways.listed {
            let dot = if path.is_empty() { "" } else { "." };
            let address = format!("{path}{dot}{address}{key}");
            let known = (Arc::clone(program), address);
            if let Some(&known) = self.instances.get(&known) {
                self.listed[known].values.extend_from_slice(values);
                self.listed[known].exists |= exists;
            } else if self.listed.len() < MOST_LISTED {
                let (program, address) = known.clone();
                self.instances.insert(known, self.listed.len());
                self.listed.push(Instance { address, program, values: values.to_vec(), exists, live: Vec::new() });
            } else {
                self.more = self.more.saturating_add(1);
            }
        }
    }

    /// Everything in its order. Where there is no attribute, the one value that there is in its place is at place 0.
    pub(super) fn finish(self) -> Arrived {
        let mut sorted: Vec<(Arrival, usize)> = self.arrivals.into_iter().zip(0..).collect();
        sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut places = vec![0; sorted.len()];
        for (new, (_, old)) in sorted.iter().enumerate() {
            places[*old] = new;
        }
        let mut listed = self.listed;
        for instance in &mut listed {
            if sorted.is_empty() {
                instance.values = vec![0];
                continue;
            }
            instance.values.iter_mut().for_each(|place| *place = places[*place]);
            instance.values.sort_unstable();
            instance.values.dedup();
        }
        // In the order of their keys within a program.
        listed.sort_by(|a, b| a.program.cmp(&b.program));
        let arrivals = sorted.into_iter().map(|(arrival, _)| arrival).collect();
        Arrived { arrivals, instances: Instances { listed, more: self.more } }
    }
}
