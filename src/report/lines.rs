//! One finding as one line: `path:line:column: rule: address: message`.

use std::io::{self, Write};

use super::palette::{ERROR, FAINT, GOOD, RULE, TITLE};
use super::{Mode, Options, Report, Verbosity};
use crate::finding::{Finding, Status, Suppression};
use crate::fix::Applicability;
use crate::source::Location;
use crate::terminal::{Stream, escape};

/// The findings to tell: all but the compliant ones, those too with `-v`, none with `-q`. Who was asked for each fix has
/// seen all but those that have none.
pub(super) fn shown<'r>(report: &Report<'r>, options: &Options) -> impl Iterator<Item = &'r Finding> + use<'r> {
    let (verbosity, mode) = (options.verbosity, options.mode);
    report.findings.iter().filter(move |finding| match verbosity {
        Verbosity::Quiet => false,
        _ if mode == Mode::Interactive => finding.status == Status::Review && !is_asked(finding),
        Verbosity::Normal => finding.status != Status::Compliant,
        Verbosity::Verbose => true,
    })
}

/// Whether a finding has a fix that can be asked about.
fn is_asked(finding: &Finding) -> bool {
    finding.fix.as_ref().is_some_and(|fix| fix.applicability > Applicability::DisplayOnly)
}

/// Prints a finding on one line.
pub(super) fn print(finding: &Finding, report: &Report<'_>, out: &mut Stream<'_>) -> io::Result<()> {
    print_head(finding, report, out)?;
    write!(out, "{}: {}", escape(&finding.address), escape(&finding.message))?;
    let faint = out.style(FAINT);
    match (finding.status, &finding.suppression) {
        (Status::Compliant, _) => {}
        (Status::Suppressed, Some(by)) => write!(out, " {faint}[{}]{faint:#}", escape(&suppressed(by)))?,
        (Status::Review | Status::Fixable | Status::Fixed | Status::Suppressed, _) => {
            write!(out, " {faint}[{}]{faint:#}", finding.status.name())?;
        }
    }
    writeln!(out)
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
    let style = out.style(match finding.status {
        Status::Compliant | Status::Fixed => GOOD,
        Status::Fixable => RULE,
        Status::Review => ERROR,
        Status::Suppressed => FAINT,
    });
    let rule = finding.rule.map_or("compliant", crate::rules::Rule::code);
    write!(out, "{style}{rule}{style:#}: ")
}

/// `path:line:column`, with active characters spelled out.
pub(super) fn place(location: Location, report: &Report<'_>) -> String {
    let file = &report.sources[location.file];
    let at = file.position(location.span.start);
    format!("{}:{}:{}", escape(file.path().as_str()), at.line, at.column)
}
