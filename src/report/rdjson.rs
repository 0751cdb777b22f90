//! The `rdjson` format of reviewdog, with the edits as suggestions.
//!
//! Source: reviewdog/reviewdog, `proto/rdf/reviewdog.proto`: lines and columns from 1, columns in bytes, ends exclusive, a
//! suggestion applies to the file of its diagnostic.

use std::io;

use serde::Serialize;

use super::names::in_repository;
use super::{HOMEPAGE, Options, Report, deciding, left_out, spelled};
use crate::control;
use crate::finding::{Finding, Status};
use crate::fix::Applicability;
use crate::rules::Severity;
use crate::source::{Location, SourceFile, Span};
use crate::terminal::Stream;

#[derive(Serialize)]
struct Document<'r> {
    source: Source,
    severity: &'static str,
    diagnostics: Vec<Diagnostic<'r>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'r> {
    message: String,
    location: Place,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'r>>,
}

#[derive(Serialize)]
struct Code<'r> {
    value: &'r str,
    url: &'static str,
}

#[derive(Serialize)]
struct Place {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize, Clone, Copy)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Suggestion<'r> {
    range: Range,
    text: &'r str,
}

/// Prints the document.
pub(super) fn print(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    let open = |finding: &&Finding| matches!(finding.status(), Status::Fixable | Status::Review);
    let mut diagnostics: Vec<Diagnostic<'_>> =
        report.findings.iter().filter(open).map(|finding| diagnostic(finding, report, options)).collect();
    for problem in report.problems {
        let at = problem.position.map(|at| Position { line: at.line, column: at.column });
        diagnostics.push(Diagnostic {
            message: format!("Not judged: {}", problem.message),
            location: Place {
                path: in_repository(problem.file.as_str().into(), options),
                range: at.map(|at| Range { start: at, end: at }),
            },
            severity: severity(Severity::Error),
            code: None,
            suggestions: Vec::new(),
        });
    }
    if let Some((first, message)) = report.left_out.first().zip(left_out::sentence(report, options)) {
        diagnostics.push(Diagnostic {
            message,
            location: Place { path: in_repository(&first.file, options), range: None },
            severity: severity(Severity::Note),
            code: None,
            suggestions: Vec::new(),
        });
    }
    let source = Source { name: "unroot", url: HOMEPAGE };
    spelled::write(out, &Document { source, severity: severity(Severity::Warning), diagnostics })
}

fn diagnostic<'r>(finding: &'r Finding, report: &Report<'r>, options: &Options) -> Diagnostic<'r> {
    let at = deciding::place(finding, report, options);
    let file = &report.sources[at.file];
    let threshold = if options.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let fix = finding.fix.as_ref().filter(|fix| fix.applicability >= threshold && finding.status() == Status::Fixable);
    let edits = fix.into_iter().flat_map(|fix| &fix.edits).filter(|edit| edit.file == at.file);
    Diagnostic {
        message: deciding::sentence(finding, at, report, options),
        location: place(at, report, options),
        severity: severity(finding.severity),
        code: finding.rule.map(|rule| Code { value: rule.code(), url: control::REFERENCE }),
        suggestions: edits
            .map(|edit| Suggestion { range: range(file, edit.splice.span), text: &edit.splice.replacement })
            .collect(),
    }
}

fn place(at: Location, report: &Report<'_>, options: &Options) -> Place {
    let file = &report.sources[at.file];
    Place { path: in_repository(file.path(), options), range: Some(range(file, at.span)) }
}

fn range(file: &SourceFile, span: Span) -> Range {
    let position = |at: usize| {
        let line = file.line_of(at);
        // A byte order mark is no part of the first line for whoever shows it.
        let start = file.line_span(line).start.max(file.content_start());
        Position { line, column: at.saturating_sub(start) + 1 }
    };
    Range { start: position(span.start), end: position(span.end) }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Note => "INFO",
    }
}
