//! Keeps fixes of other notebooks from changing what a suppressed one has.

use crate::finding::{Finding, Status};
use crate::fix::{Applicability, Edit, Fix};
use crate::source::{Location, Sources};

/// Makes every fix that would change the value of a suppressed notebook one that is only shown, and says so.
pub(super) fn withhold(sources: &Sources, findings: &mut [Finding]) {
    let mut withheld = Vec::new();
    for (index, finding) in findings.iter().enumerate() {
        let Some(fix) = finding.fix.as_ref().filter(|_| finding.status != Status::Suppressed) else { continue };
        let suppressed = findings.iter().filter(|other| other.status == Status::Suppressed);
        let mut others = suppressed.filter(|other| other.location != finding.location);
        if let Some(other) = others.find(|other| changes(fix, other)) {
            let at = other.suppression.as_ref().map_or(other.anchor, |suppression| suppression.location);
            let file = &sources[at.file];
            let place = format!("{}:{}", file.path(), file.line_of(at.span.start));
            withheld.push((index, format!("; its fix would also change {}, suppressed at {place}", other.address)));
        }
    }
    for (index, why) in withheld {
        findings[index].message.push_str(&why);
        if let Some(fix) = &mut findings[index].fix {
            fix.applicability = Applicability::DisplayOnly;
        }
    }
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
