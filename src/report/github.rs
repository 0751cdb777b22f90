//! The `github` format: workflow commands that become annotations on the lines of a pull request.
//!
//! Escaping follows the runner's own `ActionCommand` (actions/runner, `src/Runner.Common/ActionCommand.cs`) and
//! actions/toolkit (`packages/core/src/command.ts`): `%`, CR and LF everywhere, `:` and `,` in properties too. The
//! runner does not read other lines, so the summary at the end is only for the log.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::counts::concerned;
use super::names::in_repository;
use super::{ExcludedBy, Options, Report, deciding, left_out, lines, summary};
use crate::finding::{Finding, Status};
use crate::rules::Severity;
use crate::source::Location;
use crate::terminal::{Stream, escape};

/// Annotations of one severity that a step shows; it drops the others without a word (GitHub documentation, "Annotations":
/// 10 warnings, 10 errors and 10 notices a step).
const MOST_SHOWN: usize = 10;

/// A workflow command.
struct Command {
    level: Severity,
    properties: Vec<(&'static str, String)>,
    title: String,
    message: String,
    /// How many instances it is about: of two that are equally bad, that on more of them is the worse.
    instances: usize,
}

/// Prints a command for each problem, finding and note, the worst first and no more than a step shows, and the summary.
pub(super) fn print(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    let mut commands = commands(report, options);
    commands.sort_by_key(|command| Reverse((command.level, command.instances)));
    let (mut more, mut worst_cut) = (0, None);
    for of_level in commands.chunk_by(|one, other| one.level == other.level) {
        // The worst of those that are cut short gives a place to the line that says so.
        let is_cut = of_level.len() > MOST_SHOWN;
        let shown = if is_cut && worst_cut.is_none() { MOST_SHOWN - 1 } else { MOST_SHOWN }.min(of_level.len());
        if is_cut {
            worst_cut = worst_cut.or(Some(of_level[0].level));
            more += of_level.len() - shown;
        }
        for Command { level, properties, title, message, .. } in &of_level[..shown] {
            print_command(command(*level), properties, title, message, out)?;
        }
    }
    if let Some(level) = worst_cut {
        let message = format!(
            "{more} more, since a step shows {MOST_SHOWN} of a kind; `--report markdown=$GITHUB_STEP_SUMMARY` has them all"
        );
        print_command(command(level), &[], "not shown here", &message, out)?;
    }
    if options.tells() {
        if let Some(sentence) = left_out::sentence(report, options) {
            let level = if options.excluded_by == ExcludedBy::Settings { "warning" } else { "notice" };
            print_command(level, &[], "not judged", &sentence, out)?;
        }
        summary::print_in_log(report, options, out)?;
    }
    Ok(())
}

/// A command for each problem, finding and note.
fn commands(report: &Report<'_>, options: &Options) -> Vec<Command> {
    let problems = report.problems.iter().map(|problem| {
        let mut properties = vec![("file", in_repository(problem.file.as_str().into(), options))];
        if let Some(at) = problem.position {
            properties.extend([("line", at.line.to_string()), ("col", at.column.to_string())]);
        }
        let title = "unroot could not judge this".to_owned();
        Command { level: Severity::Error, properties, title, message: problem.message.clone(), instances: usize::MAX }
    });
    let told = lines::shown(report, options).filter(|finding| finding.status() != Status::Compliant);
    let findings = told.map(|finding| {
        let at = deciding::place(finding, report, options);
        let suffix = match (finding.status(), &finding.fix, &finding.suppression) {
            (Status::Fixed, ..) => " (fixed)".to_owned(),
            (Status::Suppressed, _, Some(by)) => format!(" ({})", lines::suppressed(by)),
            (Status::Fixable, Some(fix), _) => format!(" (fix: {})", fix.title),
            _ => String::new(),
        };
        let message = format!("{}{suffix}", deciding::sentence(finding, at, report, options));
        let properties = properties(at, report, options);
        Command {
            level: level(finding),
            properties,
            title: finding.code().to_owned(),
            message,
            instances: concerned(finding),
        }
    });
    let notes = report.notes.iter().filter(|_| options.tells()).map(|note| {
        let file = in_repository(report.sources[note.file].path(), options);
        let (line, column) = (note.position.line.to_string(), note.position.column.to_string());
        let properties = vec![("file", file), ("line", line), ("col", column)];
        Command {
            level: Severity::Note,
            properties,
            title: "note".to_owned(),
            message: note.message.clone(),
            instances: 0,
        }
    });
    problems.chain(findings).chain(notes).collect()
}

/// How much a finding matters now: what is settled is a notice.
const fn level(finding: &Finding) -> Severity {
    match finding.status() {
        Status::Fixable | Status::Review => finding.severity,
        Status::Fixed | Status::Suppressed | Status::Compliant => Severity::Note,
    }
}

/// The workflow command of a severity.
const fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// Where an annotation stands. The columns are left out where it spans lines, as the runner wants it.
fn properties(location: Location, report: &Report<'_>, options: &Options) -> Vec<(&'static str, String)> {
    let file = &report.sources[location.file];
    let (start, end) = (file.position(location.span.start), file.position(location.span.end));
    let mut properties = vec![
        ("file", in_repository(file.path(), options)),
        ("line", start.line.to_string()),
        ("endLine", end.line.to_string()),
    ];
    if start.line == end.line {
        properties.extend([("col", start.column.to_string()), ("endColumn", end.column.to_string())]);
    }
    properties
}

/// Prints `::level key=value,…::message`.
fn print_command(
    level: &str,
    properties: &[(&str, String)],
    title: &str,
    message: &str,
    out: &mut Stream<'_>,
) -> io::Result<()> {
    write!(out, "::{level} ")?;
    for (key, value) in properties {
        write!(out, "{key}={},", property(&escape(value)))?;
    }
    // Bidirectional characters pass the runner's rules, and would reorder the annotation.
    writeln!(out, "title={}::{}", property(title), data(&escape(message)))
}

/// Escapes the text after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_runner_reads_is_escaped() {
        assert_eq!(property("a,b:c%d\r\n"), "a%2Cb%3Ac%25d%0D%0A");
        assert_eq!(data("a,b:c%d\r\n::error::x"), "a,b:c%25d%0D%0A::error::x");
        assert_eq!(data("%0A"), "%250A", "an escape in the text stays text");
    }
}
