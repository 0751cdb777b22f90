//! The `json` format, version 1.
//!
//! Frozen: the structs in `format` are what programs read, apart from the types of the program, so that these can change. The
//! schema is `docs/schema/unroot-report-v1.schema.json`; a test holds the two together.

mod format;

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::instances::owners;
use super::{ExcludedBy, Options, Report, lines, spelled};
use crate::finding::{Finding, Instance, Live, Notebook, Program, Standing, Value, ValueTrace, Why};
use crate::fix::{Edit, Fix};
use crate::rules::Rule;
use crate::source::{Location, Position, Sources};
use crate::terminal::Stream;
use format::{
    JsonEdit, JsonError, JsonFix, JsonHop, JsonInstance, JsonLeftOut, JsonLive, JsonNotebook, JsonPlace, JsonProgram,
    JsonReport, JsonScript, JsonSummary, JsonSuppression, JsonTool, JsonTrace, JsonValue,
};

/// Prints the document, which has a place for everything.
pub(super) fn print(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    spelled::write(out, &document(report, options))
}

fn document<'r>(report: &Report<'r>, options: &Options) -> JsonReport<'r> {
    let summary = report.summary;
    JsonReport {
        version: 1,
        tool: JsonTool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        root: options.folder.as_deref().zip(options.top.as_deref()).map(|(folder, top)| way(folder, top).into_string()),
        commit: report.commit,
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
        notebooks: report.findings.iter().filter_map(|finding| notebook(finding, report, options)).collect(),
        scripts: report.findings.iter().filter_map(|finding| script(finding, report.sources)).collect(),
        notes: report
            .notes
            .iter()
            .map(|note| JsonError {
                file: report.sources[note.file].path().as_str(),
                line: Some(note.position.line),
                column: Some(note.position.column),
                message: &note.message,
            })
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

/// The way from a folder to another, both absolute.
fn way(from: &Utf8Path, to: &Utf8Path) -> Utf8PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(shared).map(|_| "..");
    let way: Utf8PathBuf = up.chain(to.components().skip(shared).map(|part| part.as_str())).collect();
    if way.as_str().is_empty() { ".".into() } else { way }
}

fn notebook<'r>(finding: &'r Finding, report: &Report<'r>, options: &Options) -> Option<JsonNotebook<'r>> {
    let sources = report.sources;
    let described = finding.notebook()?;
    let Notebook { address, location, values, instances, .. } = described;
    let file = &sources[location.file];
    let standing = finding.standing();
    Some(JsonNotebook {
        address,
        file: file.path().as_str(),
        start: file.position(location.span.start).into(),
        end: file.position(location.span.end).into(),
        status: finding.status().name(),
        rule: finding.rule.map(Rule::code),
        message: &finding.message,
        values: values.iter().map(|value| trace(value, sources)).collect(),
        instances: instances
            .listed
            .iter()
            .map(|created| instance(created, &standing, owners(Some(created), described, report, options)))
            .collect(),
        instances_left_out: instances.more,
        fix: finding.fix.as_ref().map(|repair| fix(repair, sources)),
        suppression: suppression(finding, sources),
    })
}

fn suppression<'r>(finding: &'r Finding, sources: &'r Sources) -> Option<JsonSuppression<'r>> {
    let by = finding.suppression.as_ref()?;
    let JsonPlace { file, line, .. } = place(by.location, sources);
    Some(JsonSuppression { kind: by.kind, reason: &by.reason, file, line })
}

fn instance<'r>(instance: &'r Instance, standing: &Standing<'r>, owner: Vec<&'r str>) -> JsonInstance<'r> {
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
        status: standing.of(instance).name(),
        absent: !instance.exists,
        owner,
        live: instance.live.iter().max_by_key(|live| live.action).map(live),
    }
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
        suppression: suppression(finding, sources),
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
