//! The `json` format, version 1.
//!
//! Frozen: the structs here are the format, apart from the types of the program, so that these can change. The
//! schema is `docs/schema/unroot-report-v1.schema.json`; a test holds the two together.

use std::io;

use serde::Serialize;

use super::{ExcludedBy, Options, Report, lines, problems, spelled};
use crate::finding::{Finding, Instance, Live, Notebook, Program, Value, ValueTrace, Why};
use crate::fix::{Edit, Fix};
use crate::rules::Rule;
use crate::source::{Location, Position, Sources};
use crate::terminal::Stream;

/// Prints the document, and the notes, which are no part of it, to `err`.
pub(super) fn print(
    report: &Report<'_>,
    options: &Options,
    out: &mut Stream<'_>,
    err: &mut Stream<'_>,
) -> io::Result<()> {
    spelled::write(out, &document(report, options))?;
    let problems_told = Report { problems: &[], ..*report };
    problems::print(&problems_told, options, err)
}

#[derive(Serialize)]
struct JsonReport<'r> {
    version: u32,
    summary: JsonSummary,
    notebooks: Vec<JsonNotebook<'r>>,
    scripts: Vec<JsonScript<'r>>,
    errors: Vec<JsonError<'r>>,
    left_out: Vec<JsonLeftOut<'r>>,
}

/// A Terraform file that can hold a notebook and is not judged.
#[derive(Serialize)]
struct JsonLeftOut<'r> {
    file: &'r str,
    reason: &'static str,
}

#[derive(Serialize)]
struct JsonSummary {
    files: usize,
    notebooks: usize,
    instances: usize,
    compliant: usize,
    fixable: usize,
    fixed: usize,
    review: usize,
    suppressed: usize,
    scripts: usize,
    errors: usize,
    left_out: usize,
}

/// A place: `line` and `column` 1-based, the column in characters; `byte` 0-based, a byte order mark included.
#[derive(Serialize)]
struct JsonPosition {
    line: usize,
    column: usize,
    byte: usize,
}

#[derive(Serialize)]
struct JsonNotebook<'r> {
    address: &'r str,
    file: &'r str,
    start: JsonPosition,
    end: JsonPosition,
    status: &'r str,
    rule: Option<&'r str>,
    message: &'r str,
    values: Vec<JsonTrace<'r>>,
    instances: Vec<JsonInstance<'r>>,
    #[serde(skip_serializing_if = "is_zero")]
    instances_left_out: usize,
    fix: Option<JsonFix<'r>>,
    suppression: Option<JsonSuppression<'r>>,
}

#[derive(Serialize)]
struct JsonTrace<'r> {
    value: JsonValue<'r>,
    origin: JsonPlace<'r>,
    hops: Vec<JsonHop<'r>>,
    path: &'r str,
}

/// One notebook as one program creates it.
#[derive(Serialize)]
struct JsonInstance<'r> {
    address: &'r str,
    program: JsonProgram<'r>,
    /// The value that decides, the worst of those it can have: its place in the notebook's `values`.
    value: Option<usize>,
    /// All that it can have, where there are several.
    #[serde(skip_serializing_if = "<[usize]>::is_empty")]
    possible: &'r [usize],
    status: &'r str,
    /// Whether a `count` of 0 or an empty `for_each` leaves it out, so that it is judged as if it were there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    absent: bool,
    owner: Vec<&'r str>,
    /// What the plan or state says of it; the worst of several.
    live: Option<JsonLive<'r>>,
}

/// What a plan or state says of an instance.
#[derive(Serialize)]
struct JsonLive<'r> {
    arn: Option<&'r str>,
    status: Option<&'r str>,
    root_access: Option<JsonValue<'r>>,
    after: Option<JsonValue<'r>>,
    action: &'r str,
}

#[derive(Serialize)]
struct JsonProgram<'r> {
    folder: &'r str,
    kind: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment: Option<&'r str>,
    value_files: Vec<&'r str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonValue<'r> {
    Known(&'r str),
    Null(()),
    Unknown { unknown: &'r str },
}

#[derive(Serialize)]
struct JsonPlace<'r> {
    file: &'r str,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct JsonHop<'r> {
    file: &'r str,
    line: usize,
    column: usize,
    text: &'r str,
}

#[derive(Serialize)]
struct JsonFix<'r> {
    title: &'r str,
    applicability: &'r str,
    edits: Vec<JsonEdit<'r>>,
}

#[derive(Serialize)]
struct JsonEdit<'r> {
    file: &'r str,
    start: JsonPosition,
    end: JsonPosition,
    replacement: &'r str,
}

#[derive(Serialize)]
struct JsonSuppression<'r> {
    kind: &'r str,
    reason: &'r str,
    file: &'r str,
    line: usize,
}

/// A finding in a lifecycle script that no comment covers.
#[derive(Serialize)]
struct JsonScript<'r> {
    rule: &'r str,
    severity: &'r str,
    message: String,
    file: &'r str,
    line: usize,
    column: usize,
    notebooks: Vec<&'r str>,
    hook: &'r str,
}

#[derive(Serialize)]
struct JsonError<'r> {
    file: &'r str,
    line: Option<usize>,
    column: Option<usize>,
    message: &'r str,
}

fn document<'r>(report: &Report<'r>, options: &Options) -> JsonReport<'r> {
    let summary = report.summary;
    JsonReport {
        version: 1,
        summary: JsonSummary {
            files: summary.files,
            notebooks: summary.notebooks,
            instances: summary.instances,
            compliant: summary.compliant,
            fixable: summary.fixable,
            fixed: summary.fixed,
            review: summary.review,
            suppressed: summary.suppressed,
            scripts: summary.scripts,
            errors: summary.errors,
            left_out: report.left_out.len(),
        },
        notebooks: report.findings.iter().filter_map(|finding| notebook(finding, report.sources)).collect(),
        scripts: report
            .findings
            .iter()
            .filter(|finding| finding.suppression.is_none())
            .filter_map(|finding| script(finding, report.sources))
            .collect(),
        errors: report
            .problems
            .iter()
            .map(|problem| JsonError {
                file: &problem.file,
                line: problem.position.map(|at| at.line),
                column: problem.position.map(|at| at.column),
                message: &problem.message,
            })
            .collect(),
        left_out: report
            .left_out
            .iter()
            .map(|one| JsonLeftOut { file: one.file.as_str(), reason: left_out_reason(one.why, options) })
            .collect(),
    }
}

const fn left_out_reason(why: Why, options: &Options) -> &'static str {
    match why {
        Why::Excluded => match options.excluded_by {
            ExcludedBy::Option => "option",
            ExcludedBy::Settings => "settings",
        },
        Why::Hidden => "hidden",
    }
}

fn notebook<'r>(finding: &'r Finding, sources: &'r Sources) -> Option<JsonNotebook<'r>> {
    let Notebook { address, location, values, instances, .. } = finding.notebook()?;
    let file = &sources[location.file];
    Some(JsonNotebook {
        address,
        file: file.path().as_str(),
        start: file.position(location.span.start).into(),
        end: file.position(location.span.end).into(),
        status: finding.status().name(),
        rule: finding.rule.map(Rule::code),
        message: &finding.message,
        values: values.iter().map(|value| trace(value, sources)).collect(),
        instances: instances.listed.iter().map(|created| instance(created, finding)).collect(),
        instances_left_out: instances.more,
        fix: finding.fix.as_ref().map(|repair| fix(repair, sources)),
        suppression: finding.suppression.as_ref().map(|suppression| {
            let place = place(suppression.location, sources);
            JsonSuppression { kind: suppression.kind, reason: &suppression.reason, file: place.file, line: place.line }
        }),
    })
}

fn instance<'r>(instance: &'r Instance, finding: &'r Finding) -> JsonInstance<'r> {
    let Program { folder, kind, deployment, value_files } = &*instance.program;
    JsonInstance {
        address: &instance.address,
        program: JsonProgram {
            folder: if folder.as_str().is_empty() { "." } else { folder.as_str() },
            kind: kind.name(),
            deployment: deployment.as_deref(),
            value_files: value_files.iter().map(|file| file.as_str()).collect(),
        },
        value: instance.values.first().copied(),
        possible: if instance.values.len() > 1 { &instance.values } else { &[] },
        status: finding.status_of(instance).name(),
        absent: !instance.exists,
        owner: Vec::new(),
        live: instance.live.iter().max_by_key(|live| live.action).map(live),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn script<'r>(finding: &'r Finding, sources: &'r Sources) -> Option<JsonScript<'r>> {
    let script = finding.script()?;
    let JsonPlace { file, line, column } = place(finding.anchor, sources);
    Some(JsonScript {
        rule: finding.code(),
        severity: finding.severity.name(),
        message: lines::with_help(finding, script),
        file,
        line,
        column,
        notebooks: script.notebooks(),
        hook: script.hook().name(),
    })
}

fn value(value: &Value) -> JsonValue<'_> {
    match value {
        Value::Known(value) => JsonValue::Known(value),
        Value::Sensitive(_) => JsonValue::Known("(sensitive)"),
        Value::Null => JsonValue::Null(()),
        Value::Unknown(why) => JsonValue::Unknown { unknown: why },
    }
}

fn live(live: &Live) -> JsonLive<'_> {
    JsonLive {
        arn: live.arn.as_deref(),
        status: live.status.as_deref(),
        root_access: live.before.as_ref().map(value),
        after: live.after.as_ref().map(value),
        action: live.action.name(),
    }
}

fn trace<'r>(trace: &'r ValueTrace, sources: &'r Sources) -> JsonTrace<'r> {
    JsonTrace {
        value: value(&trace.value),
        origin: place(trace.origin, sources),
        hops: trace
            .hops
            .iter()
            .map(|hop| {
                let JsonPlace { file, line, column } = place(hop.location, sources);
                JsonHop { file, line, column, text: &hop.text }
            })
            .collect(),
        path: &trace.path,
    }
}

fn fix<'r>(fix: &'r Fix, sources: &'r Sources) -> JsonFix<'r> {
    let edit = |edit: &'r Edit| {
        let file = &sources[edit.file];
        JsonEdit {
            file: file.path().as_str(),
            start: file.position(edit.splice.span.start).into(),
            end: file.position(edit.splice.span.end).into(),
            replacement: &edit.splice.replacement,
        }
    };
    JsonFix { title: &fix.title, applicability: fix.applicability.name(), edits: fix.edits.iter().map(edit).collect() }
}

fn place(location: Location, sources: &Sources) -> JsonPlace<'_> {
    let file = &sources[location.file];
    let Position { line, column, .. } = file.position(location.span.start);
    JsonPlace { file: file.path().as_str(), line, column }
}

impl From<Position> for JsonPosition {
    fn from(Position { line, column, byte }: Position) -> Self {
        Self { line, column, byte }
    }
}
