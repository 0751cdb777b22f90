//! The instances that unroot reports are those that Terraform plans, each with its value.

use std::collections::BTreeSet;

use crate::reported::{Instance, Program, Reported};
use crate::twin::{Planned, UNKNOWN};

/// Holds the instances that a program creates of the reported notebooks against its plan.
///
/// # Errors
/// The first instance that is missing, is too much or has another value.
pub(crate) fn compare(
    reported: &[Reported],
    is_program: impl Fn(&Program) -> bool,
    planned: &[Planned],
) -> Result<(), String> {
    let (mut planned_here, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for notebook in reported.iter().filter(|notebook| seen.insert((&notebook.file, &notebook.address))) {
        let own =
            |planned: &&Planned| planned.file == notebook.file && planned.resource.to_string() == notebook.address;
        let instances: Vec<&Instance> = notebook.instances.iter().filter(|it| is_program(&it.program)).collect();
        for planned in planned.iter().filter(own) {
            planned_here.insert(&planned.address);
            let Some(instance) = instances.iter().find(|instance| matches(&instance.address, &planned.address)) else {
                let listed: Vec<_> = instances.iter().map(|instance| &instance.address).collect();
                return Err(format!("{} is planned and not listed: {listed:?}", planned.address));
            };
            let values: Vec<String> = instance.values().map(|value| notebook.values[value].shown()).collect();
            let is_open = values.iter().any(|value| value == UNKNOWN || value == "(sensitive)");
            if planned.value != UNKNOWN && !is_open && !values.contains(&planned.value) {
                return Err(format!("{} is planned {:?}, listed {values:?}", planned.address, planned.value));
            }
            if instance.absent {
                return Err(format!("{} is planned, and said to be left out", planned.address));
            }
        }
        let is_exact = |instance: &&&Instance| !instance.absent && !instance.address.contains("[*]");
        if let Some(more) = instances.iter().filter(is_exact).find(|it| !planned_here.contains(&it.address)) {
            return Err(format!("{} is listed and not planned", more.address));
        }
    }
    Ok(())
}

/// Whether an address is the planned one, or stands for it with keys that are not known.
fn matches(listed: &str, planned: &str) -> bool {
    let mut parts = listed.split("[*]");
    let Some(mut rest) = parts.next().and_then(|first| planned.strip_prefix(first)) else { return false };
    for part in parts {
        // A key has no bracket in these trees.
        let Some(after) = rest.strip_prefix('[').and_then(|key| key.split_once(']')).map(|(_, after)| after) else {
            return false;
        };
        let Some(after) = after.strip_prefix(part) else { return false };
        rest = after;
    }
    rest.is_empty()
}
