//! One finding as one line: `path:line:column: rule: address: message`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::Style;

use super::environment::Environment;
use super::origins::rows_of;
use super::palette::{ERROR, FAINT, GOOD, NOTE, TITLE, WARNING};
use super::{Mode, Options, Report, Verbosity};
use crate::finding::{Finding, Notebook, Script, Status, Subject, Suppression};
use crate::fix::Applicability;
use crate::rules::Severity;
use crate::source::Location;
use crate::terminal::{Stream, escape, with_short_names};

/// The findings to tell: all but those on compliant notebooks, those too with `-v`, none with `-q`. Who was asked for
/// each fix has seen all on notebooks but those that have none.
pub(super) fn shown<'r>(report: &Report<'r>, options: &Options) -> impl Iterator<Item = &'r Finding> + use<'r> {
    let (verbosity, mode) = (options.verbosity, options.mode);
    report.findings.iter().filter(move |finding| match verbosity {
        Verbosity::Quiet => false,
        _ if finding.script().is_some() => true,
        _ if mode == Mode::Interactive => finding.status() == Status::Review && !is_asked(finding),
        Verbosity::Normal => finding.status() != Status::Compliant,
        Verbosity::Verbose => true,
    })
}

/// Whether a finding has a fix that can be asked about.
fn is_asked(finding: &Finding) -> bool {
    finding.fix.as_ref().is_some_and(|fix| fix.applicability > Applicability::DisplayOnly)
}

/// Prints a finding on one line.
pub(super) fn print(finding: &Finding, report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    print_head(finding, report, out)?;
    if let Some(notebook) = finding.notebook() {
        write!(out, "{}: ", escape(&notebook.address))?;
    }
    write!(out, "{}", escape(&finding.message))?;
    let faint = out.style(FAINT);
    match (finding.status(), &finding.suppression, &finding.subject) {
        (Status::Compliant, ..) => {}
        (Status::Suppressed, Some(by), _) => write!(out, " {faint}[{}]{faint:#}", escape(&suppressed(by)))?,
        (status, _, Subject::Notebook(notebook)) => {
            let environments = environments(finding, notebook, report, options);
            write!(out, " {faint}[{}{environments}]{faint:#}", status.name())?;
        }
        (_, _, Subject::Script(_)) => write!(out, " {faint}[{}]{faint:#}", finding.severity)?,
    }
    writeln!(out)
}

/// How many instances a finding is about in each environment, where it is about several: `: 13 in dev, 4 in production`.
fn environments(finding: &Finding, notebook: &Notebook, report: &Report<'_>, options: &Options) -> String {
    let mut environments: BTreeMap<Environment, usize> = BTreeMap::new();
    for row in rows_of(finding, notebook) {
        *environments.entry(Environment::of_row(&row, report, options)).or_default() += 1;
    }
    if environments.len() < 2 {
        return String::new();
    }
    let told = environments.iter().map(|(environment, instances)| match environment {
        Environment::Unnamed => format!("{instances} elsewhere"),
        environment => format!("{instances} in {environment}"),
    });
    format!(": {}", told.collect::<Vec<_>>().join(", "))
}

/// The whole finding in one text, for formats that have one: on a notebook with its address, on a script with what to
/// write instead and who runs it.
pub(super) fn sentence(finding: &Finding) -> String {
    let whole = match &finding.subject {
        Subject::Notebook(notebook) => format!("{}: {}", notebook.address, finding.message),
        Subject::Script(script) => format!("{} ({})", with_help(finding, script), users(script)),
    };
    with_short_names(&whole).into_owned()
}

/// The message of a script finding, with the text to write instead.
pub(super) fn with_help(finding: &Finding, script: &Script) -> String {
    match &script.help {
        Some(help) => format!("{}. {help}", finding.message),
        None => finding.message.clone(),
    }
}

/// More notebooks or hooks than this are counted, not named.
const MOST_NAMED: usize = 4;

/// Who runs the script: `on_start of a.b, used by c.d and c.e`.
pub(super) fn users(script: &Script) -> String {
    let mut hooks: Vec<String> =
        script.uses.iter().map(|one| format!("{} of {}", one.hook.name(), one.configuration)).collect();
    hooks.dedup();
    let notebooks = script.notebooks();
    let by = if notebooks.is_empty() {
        "which no notebook in the code uses".to_owned()
    } else {
        format!("used by {}", listed(&notebooks, ", ", "notebooks"))
    };
    let hooks: Vec<&str> = hooks.iter().map(String::as_str).collect();
    format!("{}, {by}", listed(&hooks, " and ", "hooks"))
}

/// A list for a person: a long one is counted, with its first and last.
fn listed(items: &[&str], separator: &str, noun: &str) -> String {
    match items {
        [first, .., last] if items.len() > MOST_NAMED => format!("{} {noun} ({first} … {last})", items.len()),
        _ => items.join(separator),
    }
}

/// By whom a finding is suppressed, and why.
pub(super) fn suppressed(by: &Suppression) -> String {
    let reason = if by.reason.is_empty() { "no reason given" } else { &by.reason };
    format!("suppressed by {}: {reason}", by.kind)
}

/// Prints the place and the rule, with `: ` after each.
pub(super) fn print_head(finding: &Finding, report: &Report<'_>, out: &mut Stream<'_>) -> io::Result<()> {
    let title = out.style(TITLE);
    write!(out, "{title}{}{title:#}: ", place(finding.anchor, report))?;
    let style = out.style(style(finding));
    write!(out, "{style}{}{style:#}: ", finding.code())
}

/// Prints how much a finding matters, or that it is settled, with `: ` after it.
pub(super) fn print_severity(finding: &Finding, out: &mut Stream<'_>) -> io::Result<()> {
    let word = match finding.status() {
        Status::Fixable | Status::Review => finding.severity.name(),
        Status::Compliant | Status::Fixed | Status::Suppressed => finding.status().name(),
    };
    let style = out.style(style(finding));
    write!(out, "{style}{word}{style:#}: ")
}

/// The colour of how much a finding matters.
pub(super) const fn style(finding: &Finding) -> Style {
    match (finding.status(), finding.severity) {
        (Status::Compliant | Status::Fixed, _) => GOOD,
        (Status::Suppressed, _) => FAINT,
        (_, Severity::Error) => ERROR,
        (_, Severity::Warning) => WARNING,
        (_, Severity::Note) => NOTE,
    }
}

/// `path:line:column`, with active characters spelled out.
pub(super) fn place(location: Location, report: &Report<'_>) -> String {
    let file = &report.sources[location.file];
    let at = file.position(location.span.start);
    format!("{}:{}:{}", escape(file.path().as_str()), at.line, at.column)
}
