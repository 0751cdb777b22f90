//! Keeps fixes of other notebooks from changing what a suppressed one has.

use crate::finding::{Finding, Subject};
use crate::fix::{Edit, Fix};
use crate::rules::Rule;
use crate::source::{Location, Sources};

/// Replaces every fix that would change a value that a suppressed notebook, or an excepted instance of another one, has by
/// its fallback. Where that is no way out either, the fix is only shown, and the finding says why.
pub(super) fn withhold(sources: &Sources, findings: &mut [Finding]) {
    let suppressed: Vec<Suppressed> = findings.iter().filter_map(Suppressed::new).collect();
    for finding in findings.iter_mut().filter(|finding| finding.suppression.is_none()) {
        let own = finding.rule.is_some_and(Rule::is_on_the_value);
        let Subject::Notebook(notebook) = &mut finding.subject else { continue };
        let changed = |fix: &Fix| {
            suppressed.iter().find(|other| {
                // Its own excepted instances are seen to where the fix on the value is made.
                if other.location == notebook.location { !own && other.is_partial } else { changes(fix, other) }
            })
        };
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

/// A notebook that is suppressed, as a whole or in some instances.
struct Suppressed {
    address: String,
    location: Location,
    /// The ignore comment or exemption.
    comment: Location,
    /// Whether only some of its instances are.
    is_partial: bool,
    /// Where the values come from.
    places: Vec<Location>,
    /// The edits of its own fix.
    edits: Vec<Edit>,
}

impl Suppressed {
    fn new(finding: &Finding) -> Option<Self> {
        let notebook = finding.notebook()?;
        let (address, location) = (notebook.address.clone(), notebook.location);
        let excepted = notebook.values.iter().find_map(|trace| trace.exception.as_ref()).map(|it| it.by.location);
        let comment = finding.suppression.as_ref().map(|suppression| suppression.location).or(excepted)?;
        let is_partial = finding.suppression.is_none();
        let kept = notebook.values.iter().filter(|trace| !is_partial || trace.exception.is_some());
        let anchor = (!is_partial).then_some(finding.anchor);
        let places = kept.map(|trace| trace.origin).chain(anchor).filter(|place| *place != location).collect();
        let edits = finding.fix.as_ref().filter(|_| !is_partial).map_or(Vec::new(), |fix| fix.edits.clone());
        Some(Self { address, location, comment, is_partial, places, edits })
    }
}

/// Whether a fix writes where a notebook's value comes from, or does what the notebook's own fix would do.
fn changes(fix: &Fix, other: &Suppressed) -> bool {
    let writes = |place: &Location| fix.edits.iter().any(|edit| overlap(edit, *place));
    other.places.iter().any(writes) || fix.edits.iter().any(|edit| other.edits.contains(edit))
}

fn overlap(edit: &Edit, place: Location) -> bool {
    let span = edit.splice.span;
    edit.file == place.file && span.start < place.span.end && place.span.start < span.end
}
