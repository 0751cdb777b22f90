//! How many instances there are, and how they stand: the unit that people count in.

use super::Report;
use super::instances::rows;
use crate::finding::{Finding, Status};

/// The instances of a run by how they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    /// All of them.
    pub(super) all: usize,
    /// Those with each status, in the order of [`Counts::STATUSES`].
    by_status: [usize; 5],
    /// Notebooks that the code as it stands creates none of.
    pub(super) absent: usize,
    /// Instances that are not told apart.
    pub(super) unlisted: usize,
}

impl Counts {
    /// The statuses in the order in which they are told.
    pub(super) const STATUSES: [(Status, &'static str); 5] = [
        (Status::Fixed, "fixed"),
        (Status::Fixable, "fixable"),
        (Status::Review, "for review"),
        (Status::Suppressed, "suppressed"),
        (Status::Compliant, "compliant"),
    ];

    /// Counts instances; each notebook as one where their instances were not looked for.
    pub(super) fn of(report: &Report<'_>) -> Self {
        let mut counts = Self::default();
        let rows = rows(report);
        for of_notebook in rows.chunk_by(|one, other| one.notebook.location == other.notebook.location) {
            let created = of_notebook.iter().filter(|row| row.instance.is_none_or(|instance| instance.exists));
            let before = counts.all;
            for row in created {
                counts.all += 1;
                counts.add(row.status());
            }
            let more = of_notebook.first().map_or(0, |row| row.notebook.instances.more);
            counts.all = counts.all.saturating_add(more);
            counts.unlisted = counts.unlisted.saturating_add(more);
            counts.absent += usize::from(counts.all == before);
        }
        counts
    }

    fn add(&mut self, status: Status) {
        let place = Self::STATUSES.iter().position(|(one, _)| *one == status);
        if let Some(number) = place.and_then(|place| self.by_status.get_mut(place)) {
            *number += 1;
        }
    }

    /// How many have a status.
    pub(super) fn with(&self, status: Status) -> usize {
        Self::STATUSES.iter().zip(self.by_status).filter(|((one, _), _)| *one == status).map(|(_, number)| number).sum()
    }

    /// Such as `22 fixable, 15 for review`.
    pub(super) fn told(&self) -> String {
        let standing = Self::STATUSES.iter().map(|(status, words)| (self.with(*status), *words));
        let besides = [(self.unlisted, "not told apart"), (self.absent, "not created as the code stands")];
        let parts: Vec<String> = standing
            .chain(besides)
            .filter(|(number, _)| *number > 0)
            .map(|(number, words)| format!("{number} {words}"))
            .collect();
        parts.join(", ")
    }
}

/// How many instances of a notebook a finding is about.
pub(super) fn concerned(finding: &Finding) -> usize {
    let Some(notebook) = finding.notebook() else { return 0 };
    let created = notebook.instances.listed.iter().filter(|instance| instance.exists);
    let standing = finding.standing();
    created.filter(|instance| !matches!(standing.of(instance), Status::Compliant | Status::Suppressed)).count()
}

/// `1 file`, `2 files`.
pub(super) fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
