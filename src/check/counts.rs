//! The number of a notebook's instances that have each value.

use std::collections::BTreeMap;

use crate::finding::{Instances, Value, ValueTrace};

/// Such as `"Enabled" in 22 instances, unknown in 15, "Disabled" in 10`: each instance by the worst value it can have.
pub(super) fn counts(values: &[ValueTrace], instances: &Instances) -> String {
    let mut counted: BTreeMap<(u8, String), usize> = BTreeMap::new();
    let mut count = |value: &Value| match value {
        Value::Unknown(_) => *counted.entry((1, "unknown".to_owned())).or_default() += 1,
        value => *counted.entry((if value.complies() { 2 } else { 0 }, value.to_string())).or_default() += 1,
    };
    let worst = instances.listed.iter().filter_map(|instance| values.get(*instance.values.first()?));
    for trace in worst {
        count(&trace.value);
    }
    if instances.listed.is_empty() {
        for trace in values {
            count(&trace.value);
        }
    }
    let parts = counted.into_iter().enumerate().map(|(place, ((_, value), number))| match (place, number) {
        (0, 1) => format!("{value} in 1 instance"),
        (0, number) => format!("{value} in {number} instances"),
        (_, number) => format!("{value} in {number}"),
    });
    let mut parts: Vec<String> = parts.collect();
    if instances.more > 0 {
        parts.push(format!("not told apart in {} more", instances.more));
    }
    parts.join(", ")
}
