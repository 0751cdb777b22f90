//! Keeps fixes of other notebooks from changing what a suppressed one has.

use super::Exception;
use crate::finding::{Finding, Subject};
use crate::fix::{Edit, Fix};
use crate::source::{Location, Sources};

/// Replaces every fix that would change the value of a suppressed notebook by its fallback. Where that is no way out
/// either, the fix is only shown, and the finding says why.
pub(super) fn withhold(sources: &Sources, findings: &mut [Finding], exceptions: &[Option<Exception>]) {
    let (mut suppressed, mut others) = (Vec::new(), Vec::new());
    for (finding, exception) in findings.iter_mut().zip(exceptions) {
        let by = finding.suppression.as_ref().map(|suppression| suppression.location);
        match by.or(exception.as_ref().map(|exception| exception.comment)) {
            Some(comment) => suppressed.push((finding, comment)),
            None => others.push(finding),
        }
    }
    let suppressed: Vec<Suppressed<'_>> =
        suppressed.into_iter().filter_map(|(finding, comment)| Suppressed::new(finding, comment)).collect();
    for finding in &mut others {
        let Subject::Notebook(notebook) = &mut finding.subject else { continue };
        let changed =
            |fix: &Fix| suppressed.iter().find(|other| other.location != notebook.location && changes(fix, other));
        let Some(other) = finding.fix.as_ref().and_then(changed) else { continue };
        if let Some(fallback) = notebook.fallback.take().filter(|fix| changed(fix).is_none()) {
            finding.fix = Some(fallback);
            continue;
        }
        let file = &sources[other.comment.file];
        let line = file.line_of(other.comment.span.start);
        finding.withhold(&format!("{}, suppressed at {}:{line}", other.address, file.path()));
    }
}

/// A suppressed notebook.
struct Suppressed<'f> {
    address: &'f str,
    location: Location,
    /// The ignore comment.
    comment: Location,
    /// Where its value comes from.
    places: Vec<Location>,
    /// What its own fix would do.
    edits: &'f [Edit],
}

impl<'f> Suppressed<'f> {
    fn new(finding: &'f Finding, comment: Location) -> Option<Self> {
        let notebook = finding.notebook()?;
        let origins = notebook.values.iter().map(|value| value.origin);
        Some(Self {
            address: &notebook.address,
            location: notebook.location,
            comment,
            places: origins.chain([finding.anchor]).filter(|place| *place != notebook.location).collect(),
            edits: finding.fix.as_ref().map_or(&[][..], |fix| &fix.edits),
        })
    }
}

/// Whether a fix writes where a notebook's value comes from, or does what the notebook's own fix would do.
fn changes(fix: &Fix, other: &Suppressed<'_>) -> bool {
    let writes = |place: &Location| fix.edits.iter().any(|edit| overlap(edit, *place));
    other.places.iter().any(writes) || fix.edits.iter().any(|edit| other.edits.contains(edit))
}

fn overlap(edit: &Edit, place: Location) -> bool {
    let span = edit.splice.span;
    edit.file == place.file && span.start < place.span.end && place.span.start < span.end
}
