//! The `csv` format: one row an instance, for auditors (RFC 4180: a head, line ends of CR and LF, quotes where they are
//! needed).

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::instances::{Row, folder, place, rows};
use super::names::in_repository;
use super::{Options, Report, left_out, lines};
use crate::finding::{Finding, Value};
use crate::terminal::{Stream, escape};

/// The columns.
const HEAD: [&str; 18] = [
    "status",
    "value",
    "origin",
    "owner",
    "program",
    "kind",
    "value_files",
    "address",
    "notebook",
    "file",
    "line",
    "rule",
    "message",
    "exists",
    "live_status",
    "live_root_access",
    "live_action",
    "commit",
];

/// Prints the table.
pub(super) fn print(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    line(HEAD.map(str::to_owned), out)?;
    let commit = report.commit.unwrap_or_default();
    for row in rows(report) {
        let source = &report.sources[row.notebook.location.file];
        let trace = row.value();
        let origin = trace.map_or_else(String::new, |trace| place(trace.origin, report, options));
        let program = row.instance.map(|instance| &*instance.program);
        let value_files = program.map_or_else(Vec::new, |program| {
            program.value_files.iter().map(|file| in_repository(file, options)).collect()
        });
        // A spreadsheet takes a cell that starts with an at sign for a formula.
        let owners = row.owners(report, options).iter().map(|owner| owner.trim_start_matches('@')).collect::<Vec<_>>();
        let said = |tell: &dyn Fn(&Finding) -> String| row.open().map(tell).collect::<Vec<_>>().join("; ");
        let live = row.live();
        line(
            [
                row.status().name().to_owned(),
                trace.map_or_else(String::new, |trace| value(&trace.value)),
                origin,
                owners.join(" "),
                program.map_or_else(String::new, |program| folder(program, options)),
                program.map_or("", |program| program.kind.name()).to_owned(),
                value_files.join(" "),
                row.address().to_owned(),
                row.notebook.address.clone(),
                in_repository(source.path(), options),
                source.line_of(row.notebook.location.span.start).to_string(),
                said(&|finding| finding.code().to_owned()),
                said(&|finding| message(&row, finding, report, options)),
                row.instance.map_or("", |instance| if instance.exists { "yes" } else { "no" }).to_owned(),
                live.and_then(|live| live.status.clone()).unwrap_or_default(),
                live.and_then(|live| live.before.as_ref()).map_or_else(String::new, value),
                live.map_or("", |live| live.action.name()).to_owned(),
                commit.to_owned(),
            ],
            out,
        )?;
    }
    let mut told = BTreeSet::new();
    for notebook in report.findings.iter().filter_map(Finding::notebook) {
        if notebook.instances.more > 0 && told.insert(notebook.location) {
            let file = in_repository(report.sources[notebook.location.file].path(), options);
            let message = format!("{} more instances are not told apart", notebook.instances.more);
            line(besides("not-listed", &file, &notebook.address, &message), out)?;
        }
    }
    for problem in report.problems {
        let file = in_repository(problem.file.as_str().into(), options);
        line(besides("error", &file, "", &problem.message), out)?;
    }
    for one in report.left_out {
        let message = left_out::reason(one.why, options);
        line(besides("not-judged", &in_repository(&one.file, options), "", message), out)?;
    }
    Ok(())
}

/// A row that is about no instance.
fn besides(status: &str, file: &str, notebook: &str, message: &str) -> [String; HEAD.len()] {
    HEAD.map(|column| match column {
        "status" => status.to_owned(),
        "file" => file.to_owned(),
        "notebook" => notebook.to_owned(),
        "message" => message.to_owned(),
        _ => String::new(),
    })
}

fn value(value: &Value) -> String {
    match value {
        Value::Known(text) => text.clone(),
        Value::Unknown(_) => "unknown".to_owned(),
        Value::Null | Value::Sensitive(_) => value.to_string(),
    }
}

fn message(row: &Row<'_>, finding: &Finding, report: &Report<'_>, options: &Options) -> String {
    let message = row.message(finding, report, options);
    match &finding.suppression {
        Some(by) => format!("{message} ({})", lines::suppressed(by)),
        None => message,
    }
}

fn line(cells: [String; HEAD.len()], out: &mut Stream<'_>) -> io::Result<()> {
    let cells = cells.map(|text| cell(&text));
    write!(out, "{}\r\n", cells.join(","))
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection"), in quotes where it needs them.
fn cell(text: &str) -> String {
    let text = escape(text);
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.into_owned() };
    if text.contains(['"', ',']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_text_whatever_it_holds() {
        for (text, expected) in [
            ("a b", "a b"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("a\r\nb", r"a\r\nb"),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
