//! Keeps fixes of other notebooks from changing what a suppressed one has.

use std::cell::OnceCell;

use crate::finding::{Finding, Status};
use crate::fix::{Edit, Fix};
use crate::source::{Location, Sources};

/// Replaces every fix that would change the value of a suppressed notebook by one on its own resource. Where that is
/// no way out either, the fix is only shown, and the finding says why.
pub(super) fn withhold(sources: &Sources, findings: &mut [Finding], on_resource: &dyn Fn() -> Vec<Finding>) {
    let suppressed: Vec<&Finding> = findings.iter().filter(|finding| finding.status == Status::Suppressed).collect();
    let alternatives = OnceCell::new();
    let mut moved = Vec::new();
    for (index, finding) in findings.iter().enumerate() {
        let Some(fix) = finding.fix.as_ref().filter(|_| finding.status != Status::Suppressed) else { continue };
        let Some(other) = changed(finding, fix, &suppressed) else { continue };
        let same = |other: &&Finding| other.location == finding.location && other.rule == finding.rule;
        let alternative = alternatives.get_or_init(on_resource).iter().find(same).and_then(|found| found.fix.clone());
        let alternative = alternative.filter(|fix| changed(finding, fix, &suppressed).is_none());
        let at = other.suppression.as_ref().map_or(other.anchor, |suppression| suppression.location);
        let file = &sources[at.file];
        let line = file.line_of(at.span.start);
        moved.push((index, alternative, format!("{}, suppressed at {}:{line}", other.address, file.path())));
    }
    for (index, alternative, other) in moved {
        match alternative {
            Some(fix) => findings[index].fix = Some(fix),
            None => findings[index].withhold(&other),
        }
    }
}

/// The suppressed notebook whose value a fix of another would change.
fn changed<'f>(finding: &Finding, fix: &Fix, suppressed: &[&'f Finding]) -> Option<&'f Finding> {
    let mut others = suppressed.iter().filter(|other| other.location != finding.location);
    others.find(|other| changes(fix, other)).copied()
}

/// Whether a fix writes where a notebook's value comes from, or does what the notebook's own fix would do.
fn changes(fix: &Fix, other: &Finding) -> bool {
    let origins = other.values.iter().map(|value| value.origin);
    let mut places = origins.chain([other.anchor]).filter(|origin| *origin != other.location);
    let own = other.fix.as_ref().map_or(&[][..], |fix| &fix.edits);
    places.any(|place| fix.edits.iter().any(|edit| overlap(edit, place)))
        || fix.edits.iter().any(|edit| own.contains(edit))
}

fn overlap(edit: &Edit, place: Location) -> bool {
    let span = edit.splice.span;
    edit.file == place.file && span.start < place.span.end && place.span.start < span.end
}
