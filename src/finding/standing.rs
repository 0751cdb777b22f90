//! How the instances of a notebook stand, each by its own values.

use std::collections::BTreeSet;

use super::{Finding, FixState, Instance, Status, Value, ValueTrace};
use crate::rules::Rule;
use crate::source::{FileId, Location};

/// How the instances of a finding's notebook stand. What holds for all of them is looked up once.
#[derive(Debug, Clone)]
pub struct Standing<'f> {
    /// The finding.
    pub finding: &'f Finding,
    values: &'f [ValueTrace],
    /// Whether all instances stand as the notebook does: what an apply does not reach stays as it is, whatever the code says.
    is_one: bool,
    /// Whether an instance stands as the notebook does though its values comply. While a value of the notebook is not known,
    /// that may be the instance's too; and where no value is wrong, something else is: a plan that disagrees, or a fix that has
    /// changed the values already.
    is_open: bool,
    /// What a fix in part edits, in order and apart from each other.
    edited: Vec<Location>,
    /// The files that the fix edits.
    files: BTreeSet<FileId>,
}

impl<'f> Standing<'f> {
    pub(super) fn new(finding: &'f Finding) -> Self {
        let values = finding.notebook().map_or(&[][..], |notebook| &notebook.values);
        let is_unknown = values.iter().any(|trace| matches!(trace.value, Value::Unknown(_)));
        let edits = finding.fix.iter().filter(|_| finding.is_fixed_in_part()).flat_map(|fix| &fix.edits);
        let mut edited: Vec<Location> =
            edits.map(|edit| Location { file: edit.file, span: edit.splice.span }).collect();
        edited.sort_unstable_by_key(|place| (place.file, place.span.start));
        Self {
            finding,
            values,
            is_one: matches!(finding.rule, Some(Rule::ChangeIgnored | Rule::ProviderTooOld)),
            is_open: is_unknown || values.iter().all(|trace| trace.value.complies()),
            edited,
            files: finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.file).collect(),
        }
    }

    /// The files that the fix edits, where there is one.
    pub fn files(&self) -> impl Iterator<Item = &FileId> {
        self.files.iter()
    }

    /// Whether the fix edits a file.
    #[must_use]
    pub fn changes(&self, file: FileId) -> bool {
        self.files.contains(&file)
    }

    /// How an instance stands: as the notebook does, unless all its values comply, or may stay.
    #[must_use]
    pub fn of(&self, instance: &Instance) -> Status {
        let finding = self.finding;
        if self.is_one {
            return finding.status();
        }
        let of_instance = instance.values.iter().map(|&place| self.values.get(place));
        let mut bad = of_instance.filter(|trace| !trace.is_some_and(|trace| trace.value.complies())).peekable();
        if bad.peek().is_none() {
            let disputes = |after: &Value| !after.complies();
            let is_disputed = instance.live.iter().filter_map(|live| live.after.as_ref()).any(disputes);
            return if self.is_open || is_disputed { finding.status() } else { Status::Compliant };
        }
        let is_excepted = |trace: Option<&ValueTrace>| {
            let by = trace.and_then(|trace| trace.exception.as_deref());
            by.zip(finding.rule).is_some_and(|(by, rule)| by.covers(rule))
        };
        if bad.clone().all(is_excepted) {
            return Status::Suppressed;
        }
        if finding.is_fixed_in_part() && bad.all(|trace| self.is_edited(trace)) {
            return if finding.fix_state == FixState::Written { Status::Fixed } else { Status::Fixable };
        }
        finding.status()
    }

    /// Whether a known value stems from what the fix edits.
    fn is_edited(&self, trace: Option<&ValueTrace>) -> bool {
        let Some(ValueTrace { value, origin, .. }) = trace else { return false };
        let behind =
            self.edited.partition_point(|place| (place.file, place.span.start) < (origin.file, origin.span.end));
        let last = behind.checked_sub(1).map(|at| self.edited[at]);
        let is_within = last.is_some_and(|place| place.file == origin.file && origin.span.start < place.span.end);
        !matches!(value, Value::Unknown(_)) && is_within
    }
}
