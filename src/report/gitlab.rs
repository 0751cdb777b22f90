//! The `gitlab` format: a Code Quality report (GitLab documentation, "Code Quality", "Code Quality report format").
//!
//! Every entry needs a description, a check name, a fingerprint that is unique in the report, a severity, a path
//! relative to the repository without a leading `./`, and a first line.

use std::io;

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::names::in_repository;
use super::{Options, Report, deciding, left_out, lines, spelled};
use crate::finding::{Finding, Status};
use crate::rules::Severity;
use crate::terminal::Stream;

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'r str,
    fingerprint: String,
    severity: &'static str,
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// Prints the document.
pub(super) fn print(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    let mut issues = Vec::new();
    for (finding, fingerprint) in report.findings.iter().zip(fingerprints(report, options)) {
        let Some(severity) = severity(finding) else { continue };
        let at = deciding::place(finding, report, options);
        let file = &report.sources[at.file];
        let suffix = finding.suppression.as_ref().map_or(String::new(), |by| format!(" ({})", lines::suppressed(by)));
        issues.push(Issue {
            description: format!("{}{suffix}", deciding::sentence(finding, at, report, options)),
            check_name: finding.code(),
            fingerprint,
            severity,
            location: Place {
                path: in_repository(file.path(), options),
                lines: Lines { begin: file.line_of(at.span.start) },
            },
        });
    }
    for (number, problem) in report.problems.iter().enumerate() {
        let path = in_repository(problem.file.as_str().into(), options);
        issues.push(Issue {
            description: format!("Not judged: {}", problem.message),
            check_name: "unroot-error",
            fingerprint: format!("error:{path}:{number}"),
            severity: "major",
            // The format asks for a line where there may be none.
            location: Place { path, lines: Lines { begin: problem.position.map_or(1, |at| at.line) } },
        });
    }
    if let Some((first, sentence)) = report.left_out.first().zip(left_out::sentence(report, options)) {
        issues.push(Issue {
            description: sentence,
            check_name: "unroot-not-judged",
            fingerprint: "not-judged".to_owned(),
            severity: "info",
            // The format asks for a place.
            location: Place { path: in_repository(&first.file, options), lines: Lines { begin: 1 } },
        });
    }
    spelled::write(out, &issues)
}

/// GitLab's word for how bad a finding is; `None` where nothing is left to say.
const fn severity(finding: &Finding) -> Option<&'static str> {
    match (finding.status(), finding.severity) {
        (Status::Compliant | Status::Fixed, _) => None,
        (Status::Suppressed, _) | (Status::Fixable | Status::Review, Severity::Note) => Some("info"),
        (Status::Fixable | Status::Review, Severity::Error) => Some("critical"),
        (Status::Fixable | Status::Review, Severity::Warning) => Some("major"),
    }
}
