//! The proof of a change, before it is shown or written.
//!
//! Five things have to hold: taking the splices back gives the old bytes; the new text parses as far as the old one
//! did; the trees, comments and bytes of strings differ in exactly what the fixes intend; all else that the programs of
//! the changed files say, evaluated again, is as before; and judged again, the notebooks that were to be fixed have
//! nothing left to say, or less where the fix is one of some instances, while all others are as before.

mod carried_out;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Value};
use crate::fix::{Intent, Patch};
use crate::model::{Store, View};
use crate::rules::Rule;
use crate::source::{FileId, SourceFile, Span, Splice, regions, splice};
use carried_out::carried_out;

/// Why a change is not proved. Each of these is a bug of ours, but for the last two.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unproved {
    /// Two edits write the same bytes.
    #[error("two edits overlap")]
    Overlap,
    /// Bytes outside the edits differ.
    #[error("bytes outside the edits changed")]
    Bytes,
    /// The new text does not parse as far as the old one did.
    #[error("the result does not parse")]
    Syntax,
    /// The texts differ in something else than what was meant.
    #[error("the result differs in something else than what the fix is to change")]
    Intent,
    /// A notebook's verdict is not what it should be.
    #[error("judged again, {0} is not as intended")]
    Verdict(String),
    /// Something else than a notebook's value would change.
    #[error("it would also change {0}")]
    Elsewhere(String),
    /// Judging again takes more work than a run may take. This is no bug.
    #[error("to judge the code again takes more work than a run may take")]
    Work,
    /// A notebook that an ignore comment covers would get another value. This is no bug.
    #[error("it would also change {0}, which is suppressed")]
    Suppressed(String),
}

/// The changes of one file.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The edits, sorted by place, none twice.
    pub splices: Vec<Splice>,
    /// Their intended effects.
    pub intents: BTreeSet<Intent>,
}

impl Change {
    /// The places that are to change, but for comments.
    fn places(&self) -> Vec<Span> {
        let place = |intent: &Intent| match intent {
            Intent::Insert { block: span, .. }
            | Intent::Replace { expression: span, .. }
            | Intent::Remove { element: span } => Some(*span),
            Intent::Comment { .. } => None,
        };
        self.intents.iter().filter_map(place).collect()
    }
}

/// The changes of each file.
pub type Edits = BTreeMap<FileId, Change>;

/// The parts of a run that the proof needs.
pub struct Prover<'a> {
    /// The files as they are.
    pub store: &'a Store,
    /// Judges every notebook of the run again, as the files are in a view.
    pub judge: &'a dyn Fn(&View<'_>) -> Vec<Finding>,
    /// Everything else that the programs of changed files say, before and after; the last argument has the places that
    /// change, as they are before. `None` if that is too much to say.
    pub others: &'a OthersOf<'a>,
    /// Whether judging again has taken all the work that it may, so that what it says is not to be relied on.
    pub is_spent: &'a dyn Fn() -> bool,
}

/// Tells the values of all other arguments, before and after a change.
pub type OthersOf<'a> = dyn Fn(&View<'_>, &View<'_>, &BTreeMap<FileId, Vec<Span>>) -> Option<(Others, Others)> + 'a;

/// The possible values of each argument of the code, by its place.
pub type Others = BTreeMap<String, BTreeSet<String>>;

/// The name of an argument that has to hold, and may do so for the first time.
const CONDITION: &str = ".condition";
/// The value of a condition that holds.
const HOLDS: &str = "true";

impl Prover<'_> {
    /// Applies edits, and proves that they resolve the findings in `resolved` and make none of the `others` worse,
    /// which are the remaining findings of the run.
    ///
    /// Another notebook may turn out compliant, where it gets its value from the same place, unless an ignore comment
    /// covers it.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn prove(&self, edits: &Edits, resolved: &[&Finding], others: &[&Finding]) -> Result<Vec<Patch>, Unproved> {
        if (self.is_spent)() {
            return Err(Unproved::Work);
        }
        self.proved(edits, resolved, others).map_err(|error| if (self.is_spent)() { Unproved::Work } else { error })
    }

    fn proved(&self, edits: &Edits, resolved: &[&Finding], others: &[&Finding]) -> Result<Vec<Patch>, Unproved> {
        let patches =
            edits.iter().map(|(&file, change)| self.patch(file, &change.splices)).collect::<Result<Vec<_>, _>>()?;
        let (before, after) = (View::new(self.store, &[]), View::new(self.store, &patches));
        for (&file, change) in edits {
            carried_out(change, &before, &after, file)?;
        }
        let changed = edits.iter().map(|(&file, change)| (file, change.places())).collect();
        if let Some((old, new)) = (self.others)(&before, &after, &changed) {
            same_elsewhere(&old, &new)?;
        }
        let after = (self.judge)(&after);
        let mut owed = Tally::new();
        for verdict in others.iter().filter_map(|finding| verdict(finding)) {
            *owed.entry(verdict).or_default() += 1;
        }
        let partial = resolved.iter().filter(|finding| finding.fix.as_ref().is_some_and(|fix| fix.is_partial));
        let mut partial: BTreeMap<_, _> = partial.filter_map(|finding| Some((notebook(finding)?, *finding))).collect();
        for (finding, verdict) in after.iter().filter_map(|finding| Some((finding, verdict(finding)?))) {
            if verdict.2.is_on_the_value()
                && let Some(before) = partial.remove(&(verdict.0, verdict.1))
            {
                if !is_part_of(before, finding) {
                    return Err(Unproved::Verdict(verdict.1.to_owned()));
                }
                continue;
            }
            match owed.get_mut(&verdict) {
                Some(count) if *count > 0 => *count -= 1,
                _ => return Err(Unproved::Verdict(verdict.1.to_owned())),
            }
        }
        let (excepted, still) = (keeping(resolved.iter().chain(others).copied()), keeping(&after));
        if let Some((_, address)) = excepted.keys().find(|key| excepted.get(*key) != still.get(*key)) {
            return Err(Unproved::Suppressed((*address).to_owned()));
        }
        let kept: BTreeSet<_> = after.iter().filter_map(|finding| Some((verdict(finding)?, values(finding)))).collect();
        for finding in others.iter().filter(|finding| finding.suppression.is_some()) {
            let Some(verdict) = verdict(finding) else { continue };
            if !kept.contains(&(verdict, values(finding))) {
                return Err(Unproved::Suppressed(verdict.1.to_owned()));
            }
        }
        let before: BTreeSet<_> = resolved.iter().chain(others).filter_map(|finding| notebook(finding)).collect();
        match before.symmetric_difference(&after.iter().filter_map(notebook).collect()).next() {
            Some((_, address)) => Err(Unproved::Verdict((*address).to_owned())),
            None => Ok(patches),
        }
    }

    /// Applies the edits of one file and proves what can be proved from its bytes.
    fn patch(&self, file: FileId, splices: &[Splice]) -> Result<Patch, Unproved> {
        let before = &self.store.sources()[file];
        let after = splice(before.text(), splices).ok_or(Unproved::Overlap)?;
        if restore(before, &after, splices).as_deref() != Some(before.text()) {
            return Err(Unproved::Bytes);
        }
        Ok(Patch::new(file, after))
    }
}

/// Compares what the code says elsewhere. A condition may only come to hold.
fn same_elsewhere(before: &Others, after: &Others) -> Result<(), Unproved> {
    let differs = |place: &&String| match (before.get(*place), after.get(*place)) {
        (Some(old), Some(new)) if place.ends_with(CONDITION) => {
            !new.iter().all(|value| old.contains(value) || value == HOLDS)
        }
        (old, new) => old != new,
    };
    match before.keys().chain(after.keys()).find(differs) {
        Some(place) => Err(Unproved::Elsewhere(place.clone())),
        None => Ok(()),
    }
}

/// Takes the splices back out of a changed text.
fn restore(before: &SourceFile, after: &str, splices: &[Splice]) -> Option<String> {
    let inverse: Vec<Splice> =
        regions(splices)?.into_iter().map(|(old, new)| Splice::new(new, before.slice(old))).collect();
    splice(after, &inverse)
}

/// How often each verdict is still owed.
type Tally<'a> = BTreeMap<(FileId, &'a str, Rule), usize>;

/// The notebook that a finding is about.
fn notebook(finding: &Finding) -> Option<(FileId, &str)> {
    finding.notebook().map(|notebook| (notebook.location.file, &*notebook.address))
}

/// What has to be the same before and after for a finding that is not resolved; `None` where nothing is wrong, or nothing
/// but what exceptions cover.
fn verdict(finding: &Finding) -> Option<(FileId, &str, Rule)> {
    let rule = finding.rule.filter(|rule| finding.notebook().is_none_or(|it| it.excepted(*rule).is_none()))?;
    notebook(finding).map(|(file, address)| (file, address, rule))
}

/// The values that do not comply and are kept, of each notebook that has any.
fn keeping<'f>(
    findings: impl IntoIterator<Item = &'f Finding>,
) -> BTreeMap<(FileId, &'f str), Vec<(&'f Value, &'f str)>> {
    let mut kept: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for finding in findings.into_iter().filter(|finding| finding.rule.is_some_and(Rule::is_on_the_value)) {
        let values = finding.notebook().into_iter().flat_map(|notebook| &notebook.values);
        let excepted = values.filter(|trace| trace.exception.is_some() && !trace.value.complies());
        for trace in excepted {
            let Some(key) = notebook(finding) else { continue };
            kept.entry(key).or_default().push((&trace.value, trace.path.as_str()));
        }
    }
    for values in kept.values_mut() {
        values.sort();
    }
    kept
}

/// Whether less is wrong with a notebook than before, and nothing new.
fn is_part_of(before: &Finding, after: &Finding) -> bool {
    let bad = |finding| values(finding).into_iter().filter(|(value, _)| !value.complies()).collect::<Vec<_>>();
    let mut left = bad(before);
    let all = left.len();
    let is_known = bad(after).into_iter().all(|value| {
        let place = left.iter().position(|known| *known == value);
        place.map(|place| left.swap_remove(place)).is_some()
    });
    is_known && bad(after).len() < all
}

/// The values a notebook can have, each with the module path it holds for.
fn values(finding: &Finding) -> Vec<(&Value, &str)> {
    let values = finding.notebook().into_iter().flat_map(|notebook| &notebook.values);
    values.map(|trace| (&trace.value, trace.path.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the only argument, at a place, may have changed from some values to others.
    fn may_change(place: &str, before: &[&str], after: &[&str]) -> bool {
        let said = |values: &[&str]| {
            let values: BTreeSet<String> = values.iter().map(|value| (*value).to_owned()).collect();
            Others::from([(place.to_owned(), values)])
        };
        same_elsewhere(&said(before), &said(after)).is_ok()
    }

    #[test]
    fn nothing_else_changes_but_that_a_condition_comes_to_hold() {
        for place in ["a.tf: output.o.value", "a.tf: check.c.assert.condition"] {
            assert!(may_change(place, &["false", "true"], &["false", "true"]));
            assert!(!may_change(place, &["true"], &["false"]) && !may_change(place, &["true"], &["?x"]));
        }
        assert!(may_change("a.tf: check.c.assert.condition", &["false"], &["true"]));
        assert!(!may_change("a.tf: output.o.value", &["false"], &["true"]));
        let empty = Others::new();
        let one = Others::from([("a.tf: resource.a.b.count".to_owned(), BTreeSet::from(["#1".to_owned()]))]);
        assert!(same_elsewhere(&empty, &one).is_err() && same_elsewhere(&one, &empty).is_err());
    }

    #[test]
    fn places_are_those_of_all_changes_but_comments() {
        let span = |start| Span::new(start, start + 1);
        let intents = [
            Intent::Insert { block: span(1), key: "a".into(), value: "b".into() },
            Intent::Replace { expression: span(3), text: "b".into() },
            Intent::Remove { element: span(5) },
            Intent::Comment { block: span(7), text: "b".into() },
        ];
        let change = Change { intents: intents.into(), ..Change::default() };
        assert_eq!(BTreeSet::from_iter(change.places()), BTreeSet::from([span(1), span(3), span(5)]));
    }
}
