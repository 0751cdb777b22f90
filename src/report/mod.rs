//! Results as text: one file a format; data in, bytes out.

mod diff;
pub mod explain;
mod file;
mod filter;
mod fingerprint;
mod github;
mod gitlab;
mod hunks;
mod json;
mod lines;
mod markdown;
mod names;
mod options;
mod palette;
mod problems;
pub mod proposal;
mod remarks;
mod sarif;
mod summary;
mod text;

use std::io::{self, Write as _};

use crate::finding::{Finding, Note, Problem, Remark, Status};
use crate::fix::Patch;
use crate::rules::Severity;
use crate::source::Sources;
use crate::terminal::Stream;

pub use file::{SaveError, save};
pub use options::{Format, Mode, Options, Verbosity};
pub use problems::{print_note, print_problem};

/// Everything a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The files that were read, with their old text.
    pub sources: &'a Sources,
    /// The findings, sorted by file and place.
    pub findings: &'a [Finding],
    /// What there is to say about lifecycle scripts, sorted by path and place.
    pub remarks: &'a [Remark],
    /// The new text of every file that changes, sorted by path: proposed in a preview or check, written otherwise.
    pub patches: &'a [Patch],
    /// What kept files from being read, judged or written, sorted.
    pub problems: &'a [Problem],
    /// What is worth telling besides, sorted.
    pub notes: &'a [Note],
    /// The counts.
    pub summary: Summary,
}

/// The counts of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Terraform files seen by the walk.
    pub files: usize,
    /// Notebook resources.
    pub notebooks: usize,
    /// Findings by status.
    pub compliant: usize,
    /// Findings with [`Status::Fixable`].
    pub fixable: usize,
    /// Findings with [`Status::Fixed`].
    pub fixed: usize,
    /// Findings with [`Status::Review`].
    pub review: usize,
    /// Findings with [`Status::Suppressed`].
    pub suppressed: usize,
    /// Lifecycle scripts analysed.
    pub scripts: usize,
    /// Remarks on them that no comment covers.
    pub remarks: Remarks,
    /// Problems.
    pub errors: usize,
}

/// The remarks on lifecycle scripts by severity, and those that an ignore comment covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Remarks {
    /// Remarks with [`Severity::Error`].
    pub errors: usize,
    /// Remarks with [`Severity::Warning`].
    pub warnings: usize,
    /// Remarks with [`Severity::Note`].
    pub notes: usize,
    /// Remarks that an ignore comment covers, of whatever severity.
    pub suppressed: usize,
    /// Whether an error fails a check: `--scripts deny`.
    pub denied: bool,
}

impl Summary {
    /// The same with the lifecycle scripts counted, whose errors fail a check if `denied`.
    #[must_use]
    pub fn with_scripts(self, scripts: usize, remarks: &[Remark], denied: bool) -> Self {
        let open = |severity| {
            remarks.iter().filter(|remark| remark.suppression.is_none() && remark.severity == severity).count()
        };
        let remarks = Remarks {
            errors: open(Severity::Error),
            warnings: open(Severity::Warning),
            notes: open(Severity::Note),
            suppressed: remarks.iter().filter(|remark| remark.suppression.is_some()).count(),
            denied,
        };
        Self { scripts, remarks, ..self }
    }

    /// Counts findings and problems.
    #[must_use]
    pub fn count(files: usize, findings: &[Finding], problems: &[Problem]) -> Self {
        let of = |status| findings.iter().filter(|finding| finding.status == status).count();
        let mut notebooks: Vec<_> = findings.iter().map(|finding| finding.location).collect();
        notebooks.sort_unstable();
        notebooks.dedup();
        Self {
            files,
            notebooks: notebooks.len(),
            compliant: of(Status::Compliant),
            fixable: of(Status::Fixable),
            fixed: of(Status::Fixed),
            review: of(Status::Review),
            suppressed: of(Status::Suppressed),
            scripts: 0,
            remarks: Remarks::default(),
            errors: problems.len(),
        }
    }
}

/// Prints a report: the result to `out`, and what has no place in the format to `err`. Both are flushed.
///
/// # Errors
/// What the streams report; a closed pipe too, which [`crate::terminal::unless_closed`] takes for success.
pub fn print(
    report: &Report<'_>,
    format: Format,
    options: &Options,
    out: &mut Stream<'_>,
    err: &mut Stream<'_>,
) -> io::Result<()> {
    match (format, options.mode) {
        (Format::Text, Mode::Filter) => filter::print(report, options, out, err)?,
        (Format::Text, _) => text::print(report, options, out, err)?,
        (Format::Diff, _) => diff::print(report, options, out, err)?,
        (Format::Json, _) => json::print(report, options, out, err)?,
        (Format::Sarif, _) => sarif::print(report, options, out, err)?,
        (Format::Github, _) => github::print(report, options, out)?,
        (Format::Gitlab, _) => gitlab::print(report, options, out, err)?,
        (Format::Markdown, _) => markdown::print(report, options, out)?,
    }
    out.flush()?;
    err.flush()
}
