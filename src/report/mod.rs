//! Results as text: one file a format; data in, bytes out.

mod counts;
mod csv;
mod deciding;
mod diff;
mod environment;
mod evidence;
pub mod explain;
mod filter;
mod fingerprint;
mod from_top;
mod github;
mod gitlab;
mod hunks;
mod instances;
mod json;
mod junit;
mod left_out;
mod lines;
mod markdown;
mod names;
mod options;
mod origins;
mod palette;
mod problems;
pub mod proposal;
mod rdjson;
mod reported;
mod rollout;
mod sarif;
mod save;
mod scripts;
mod sensitive;
mod snippet;
mod spelled;
mod summary;
mod text;

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use crate::finding::{Evidence, Finding, LeftOut, Note, Problem, ReportedFile, Status};
use crate::fix::Patch;
use crate::owners::Owners;
use crate::rules::Severity;
use crate::source::Sources;
use crate::terminal::Stream;

pub use options::{ExcludedBy, Format, Mode, Options, Verbosity};
pub use problems::{print_note, print_problem};
pub use save::{SaveError, save, save_in};

/// Where there is more to read on the program, for those who meet it in a report.
const HOMEPAGE: &str = env!("CARGO_PKG_HOMEPAGE");

/// Everything a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The files that were read, with their old text.
    pub sources: &'a Sources,
    /// The findings: those on notebooks sorted by file and place, then those on scripts sorted by path and place.
    pub findings: &'a [Finding],
    /// The new text of every file that changes, sorted by path: proposed in a preview or check, written otherwise.
    pub patches: &'a [Patch],
    /// The errors that kept files from being read, judged or written, sorted.
    pub problems: &'a [Problem],
    /// The notes, sorted.
    pub notes: &'a [Note],
    /// The files that can hold a notebook and are not judged, sorted.
    pub left_out: &'a [LeftOut],
    /// The plans and states that were given.
    pub evidence: &'a [Evidence],
    /// The findings of other tools.
    pub reported: &'a [ReportedFile],
    /// Who owns which file.
    pub owners: &'a Owners,
    /// The commit that is checked out, where that is known.
    pub commit: Option<&'a str>,
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
    /// The instances of these that the code as it stands creates.
    pub instances: usize,
    /// Findings by status.
    pub compliant: usize,
    /// Findings with [`Status::Fixable`].
    pub fixable: usize,
    /// Findings with [`Status::Fixed`].
    pub fixed: usize,
    /// Findings with [`Status::Review`].
    pub review: usize,
    /// Those of them whose fix of some instances is applied, or would be.
    pub in_part: usize,
    /// Findings with [`Status::Suppressed`].
    pub suppressed: usize,
    /// Lifecycle scripts analysed.
    pub scripts: usize,
    /// Findings on them.
    pub in_scripts: InScripts,
    /// Problems.
    pub errors: usize,
}

/// The findings on lifecycle scripts by severity, and those that an ignore comment covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InScripts {
    /// Findings with [`Severity::Error`].
    pub errors: usize,
    /// Findings with [`Severity::Warning`].
    pub warnings: usize,
    /// Findings with [`Severity::Note`].
    pub notes: usize,
    /// Findings that an ignore comment covers, of whatever severity.
    pub suppressed: usize,
    /// Whether an error fails a check: `--scripts deny`.
    pub denied: bool,
}

impl Summary {
    /// Counts findings and problems.
    #[must_use]
    pub fn count(files: usize, findings: &[Finding], problems: &[Problem]) -> Self {
        let (on_notebooks, on_scripts): (Vec<&Finding>, Vec<&Finding>) =
            findings.iter().partition(|finding| finding.notebook().is_some());
        let of = |status| on_notebooks.iter().filter(|finding| finding.status() == status).count();
        let open =
            |severity| on_scripts.iter().filter(|it| it.suppression.is_none() && it.severity == severity).count();
        let notebooks: BTreeMap<_, _> = findings
            .iter()
            .filter_map(Finding::notebook)
            .map(|notebook| (notebook.location, notebook.instances.count()))
            .collect();
        Self {
            files,
            notebooks: notebooks.len(),
            instances: notebooks.values().fold(0, |all, count| all.saturating_add(*count)),
            compliant: of(Status::Compliant),
            fixable: of(Status::Fixable),
            fixed: of(Status::Fixed),
            review: of(Status::Review),
            in_part: on_notebooks.iter().filter(|finding| finding.is_fixed_in_part()).count(),
            suppressed: of(Status::Suppressed),
            scripts: 0,
            in_scripts: InScripts {
                errors: open(Severity::Error),
                warnings: open(Severity::Warning),
                notes: open(Severity::Note),
                suppressed: on_scripts.iter().filter(|finding| finding.suppression.is_some()).count(),
                denied: false,
            },
            errors: problems.len(),
        }
    }

    /// The same with the number of lifecycle scripts that were judged, errors in which fail a check if `denied`.
    #[must_use]
    pub const fn with_scripts(self, scripts: usize, denied: bool) -> Self {
        Self { scripts, in_scripts: InScripts { denied, ..self.in_scripts }, ..self }
    }
}

/// Prints a report: the result to `out`, and what has no place in the format to `err`. Both are flushed.
///
/// # Errors
/// Errors of the streams; a closed pipe too, which [`crate::terminal::unless_closed`] takes for success.
pub fn print(
    report: &Report<'_>,
    format: Format,
    options: &Options,
    out: &mut Stream<'_>,
    err: &mut Stream<'_>,
) -> io::Result<()> {
    let from_top = if format.is_for_platforms() { from_top::FromTop::new(report, options) } else { None };
    let report = &match &from_top {
        Some(said) => Report { findings: &said.findings, problems: &said.problems, notes: &said.notes, ..*report },
        None => Report { ..*report },
    };
    match (format, options.mode) {
        (Format::Text, Mode::Filter) => filter::print(report, out)?,
        (Format::Text, _) => text::print(report, options, out, err)?,
        (Format::Diff, _) => diff::print(report, options, out)?,
        (Format::Json, _) => json::print(report, options, out)?,
        (Format::Sarif, _) => sarif::print(report, options, out)?,
        (Format::Github, _) => github::print(report, options, out)?,
        (Format::Gitlab, _) => gitlab::print(report, options, out)?,
        (Format::Csv, _) => csv::print(report, options, out)?,
        (Format::Junit, _) => junit::print(report, options, out)?,
        (Format::Rdjson, _) => rdjson::print(report, options, out)?,
        (Format::Markdown, _) => markdown::print(report, options, out)?,
    }
    // The streams may end on the same screen, where what is said besides follows the result.
    out.flush()?;
    if (format, options.mode) == (Format::Text, Mode::Filter) {
        filter::print_findings(report, options, err)?;
    }
    if !format.tells_problems(options.mode) {
        problems::print(report, options, err)?;
    }
    if format == Format::Diff {
        diff::print_notes(report, options, err)?;
    }
    err.flush()
}
