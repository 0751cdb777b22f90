//! Keeps fixes of other notebooks from changing what a suppressed one has.

use std::collections::{BTreeSet, HashMap};

use crate::finding::{Finding, Subject};
use crate::fix::{Edit, Fix};
use crate::rules::Rule;
use crate::source::{FileId, Location, Sources, Span};

/// Replaces every fix that would change a value that a suppressed notebook, or an excepted instance of another one, has by
/// its fallback. Where that is no way out either, the fix is only shown, and the finding says why.
pub(super) fn withhold(sources: &Sources, findings: &mut [Finding]) {
    let suppressed = AllSuppressed::new(findings.iter().filter_map(Suppressed::new).collect());
    for finding in findings.iter_mut().filter(|finding| finding.suppression.is_none()) {
        let own = finding.rule.is_some_and(Rule::is_on_the_value);
        let Subject::Notebook(notebook) = &mut finding.subject else { continue };
        let changed = |fix: &Fix| {
            suppressed.near(fix, notebook.location).find(|other| {
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

/// All of them, to be found by what a fix writes: comparing each with every fix would take the square of their number.
struct AllSuppressed {
    listed: Vec<Suppressed>,
    by_place: HashMap<FileId, Regions>,
    by_edit: HashMap<(FileId, Span), Vec<usize>>,
    by_location: HashMap<Location, Vec<usize>>,
}

/// The places in a file by where they start, each with the furthest end of those up to it and with whose it is.
type Regions = Vec<(Span, usize, usize)>;

impl AllSuppressed {
    fn new(listed: Vec<Suppressed>) -> Self {
        let mut by_place: HashMap<FileId, Regions> = HashMap::new();
        let mut by_edit: HashMap<_, Vec<usize>> = HashMap::new();
        let mut by_location: HashMap<_, Vec<usize>> = HashMap::new();
        for (number, one) in listed.iter().enumerate() {
            by_location.entry(one.location).or_default().push(number);
            for place in &one.places {
                by_place.entry(place.file).or_default().push((place.span, place.span.end, number));
            }
            for edit in &one.edits {
                by_edit.entry((edit.file, edit.splice.span)).or_default().push(number);
            }
        }
        for regions in by_place.values_mut() {
            regions.sort_unstable_by_key(|(span, ..)| span.start);
            let mut furthest = 0;
            for (_, end, _) in regions {
                furthest = furthest.max(*end);
                *end = furthest;
            }
        }
        Self { listed, by_place, by_edit, by_location }
    }

    /// Those that a fix may change, and those of one notebook, in their order.
    fn near(&self, fix: &Fix, notebook: Location) -> impl Iterator<Item = &Suppressed> {
        let mut numbers: BTreeSet<usize> = self.by_location.get(&notebook).into_iter().flatten().copied().collect();
        for edit in &fix.edits {
            let span = edit.splice.span;
            numbers.extend(self.by_edit.get(&(edit.file, span)).into_iter().flatten());
            let regions = self.by_place.get(&edit.file).map_or(&[][..], Vec::as_slice);
            let before = &regions[..regions.partition_point(|(place, ..)| place.start < span.end)];
            let reaching = before.iter().rev().take_while(|(_, furthest, _)| span.start < *furthest);
            numbers.extend(reaching.filter(|(place, ..)| span.start < place.end).map(|(.., number)| number));
        }
        numbers.into_iter().map(|number| &self.listed[number])
    }
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
