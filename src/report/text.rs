//! The `text` format, for people.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::diff::{Reader, print_patch};
use super::lines::{self, place, print_head, suppressed};
use super::palette::{FAINT, TITLE};
use super::{Mode, Options, Report, evidence, problems, reported, scripts, summary};
use crate::control;
use crate::finding::{Finding, FixState, Notebook, Status, Subject, ValueTrace};
use crate::fix::{Applicability, Patch};
use crate::source::FileId;
use crate::terminal::{Stream, escape};

/// More ways of a value than this are counted, not shown.
const MOST_WAYS: usize = 12;

/// The findings and hunks of one file.
#[derive(Default)]
struct Part<'r> {
    patch: Option<&'r Patch>,
    findings: Vec<&'r Finding>,
}

/// Prints file by file, then the problems to `err`, then the summary.
pub(super) fn print(
    report: &Report<'_>,
    options: &Options,
    out: &mut Stream<'_>,
    err: &mut Stream<'_>,
) -> io::Result<()> {
    let mut first = true;
    if options.mode != Mode::Check {
        // Before the diffs: an error here may leave a notebook that does not start.
        for block in scripts::blocks(report, options) {
            if !first {
                writeln!(out)?;
            }
            first = false;
            print_block(&block, report, out)?;
        }
    }
    for part in parts(report, options) {
        // With diffs each file is a block of its own; without, one line a finding is all there is.
        if options.shows_diff() && !first {
            writeln!(out)?;
        }
        first = false;
        if let Some(patch) = part.patch {
            print_patch(patch, report, options, Reader::Person, out)?;
            if !part.findings.is_empty() {
                writeln!(out)?;
            }
        }
        for finding in part.findings {
            if options.mode == Mode::Check {
                lines::print(finding, report, out)?;
            } else {
                print_finding(finding, report, options, out)?;
            }
        }
    }
    // The streams may end on the same screen, where the problems belong between the findings and the summary.
    out.flush()?;
    problems::print(report, options, err)?;
    err.flush()?;
    if options.tells() {
        if !first {
            writeln!(out)?;
        }
        reported::print(report, out)?;
        evidence::print(report.evidence, out)?;
        summary::print(report, options, out)?;
    }
    Ok(())
}

/// Patches and findings by file, sorted by path.
fn parts<'r>(report: &Report<'r>, options: &Options) -> Vec<Part<'r>> {
    let sources = report.sources;
    let mut parts: BTreeMap<(&str, FileId), Part<'r>> = BTreeMap::new();
    let key = |file: FileId| (sources[file].path().as_str(), file);
    for patch in report.patches.iter().filter(|_| options.shows_diff()) {
        parts.entry(key(patch.file)).or_default().patch = Some(patch);
    }
    let apart = |finding: &&Finding| options.mode == Mode::Check || finding.notebook().is_some();
    for finding in lines::shown(report, options).filter(apart) {
        parts.entry(key(finding.anchor.file)).or_default().findings.push(finding);
    }
    parts.into_values().collect()
}

/// Prints a finding with what becomes of it and where its value comes from.
fn print_finding(finding: &Finding, report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    print_head(finding, report, out)?;
    writeln!(out, "{}", escape(&finding.message))?;
    match &finding.subject {
        Subject::Notebook(notebook) => {
            writeln!(out, "  {}: {}", escape(&notebook.address), outcome(finding, options))?;
            let faint = out.style(FAINT);
            for way in ways(notebook, report) {
                writeln!(out, "  {faint}{}{faint:#}", escape(&way))?;
            }
            Ok(())
        }
        Subject::Script(_) => Ok(()),
    }
}

/// Prints what there is to say about one script: who runs it, what is wrong with it, and what to write instead.
fn print_block(block: &scripts::Block<'_>, report: &Report<'_>, out: &mut Stream<'_>) -> io::Result<()> {
    let (title, faint) = (out.style(TITLE), out.style(FAINT));
    let path = block.groups.first().map_or("", |group| report.sources[group.first().anchor.file].path().as_str());
    writeln!(out, "{title}{}{title:#}: {}", escape(path), escape(&block.users))?;
    for group in &block.groups {
        let finding = group.first();
        let state = finding.suppression.as_ref().map_or_else(|| finding.severity.name().to_owned(), suppressed);
        let style = out.style(lines::style(finding));
        write!(out, "  {style}{}{style:#}: {}: ", escape(&state), place(finding.anchor, report))?;
        writeln!(out, "{style}{}{style:#}: {}", finding.code(), escape(&group.message(report)))?;
        if finding.suppression.is_some() {
            continue;
        }
        let (number, line) = scripts::line(finding, report);
        writeln!(out, "    {faint}{number} |{faint:#} {}", escape(&line))?;
        if let Some(help) = group.help() {
            writeln!(out, "    {faint}{}{faint:#}", escape(help))?;
        }
    }
    for rewritten in block.rewritten(report) {
        writeln!(out, "  {faint}{}, as root:{faint:#}", rewritten.place)?;
        for words in rewritten.lines {
            writeln!(out, "    {}", escape(&words))?;
        }
    }
    Ok(())
}

/// The outcome of a finding, or the one that `--write` would have.
fn outcome(finding: &Finding, options: &Options) -> String {
    let title = finding.fix.as_ref().map(|fix| escape(&fix.title));
    match (finding.status(), &finding.fix, title) {
        (Status::Compliant, ..) => "complies".to_owned(),
        (Status::Fixed, _, Some(title)) => format!("fixed: {title}"),
        (Status::Fixed, _, None) => "fixed".to_owned(),
        (Status::Fixable, Some(fix), Some(title)) if fix.applicability < Applicability::Safe => {
            format!("fixable, though it may change what was meant: {title}")
        }
        (Status::Fixable, _, Some(title)) => format!("fixable: {title}"),
        (Status::Fixable, _, None) => "fixable".to_owned(),
        (Status::Review, _, Some(title)) if finding.is_fixed_in_part() => {
            let done = if finding.fix_state == FixState::Written { "fixed" } else { "fixable" };
            format!("for review, {done} in part: {title}")
        }
        (Status::Review, Some(fix), Some(title)) if fix.applicability == Applicability::Unsafe => {
            let flag = if options.unsafe_fixes { "not applied" } else { "with --unsafe-fixes" };
            format!("for review; {flag}: {title}")
        }
        (Status::Review, _, Some(title)) => format!("for review; by hand: {title}"),
        (Status::Review, _, None) => "for review".to_owned(),
        (Status::Suppressed, ..) => finding
            .suppression
            .as_ref()
            .map_or_else(|| "suppressed".to_owned(), |by| escape(&suppressed(by)).into_owned()),
    }
}

/// The ways of the values that arrive from elsewhere. Of very many those that give root come first, and the last line
/// says how many more there are.
pub(super) fn ways(notebook: &Notebook, report: &Report<'_>) -> Vec<String> {
    let mut traces: Vec<&ValueTrace> = notebook.values.iter().filter(|trace| !trace.hops.is_empty()).collect();
    let more = traces.len().saturating_sub(MOST_WAYS);
    if more > 0 {
        traces.sort_by_key(|trace| trace.value.complies());
    }
    let mut ways: Vec<String> = traces.iter().take(MOST_WAYS).map(|trace| way(trace, report)).collect();
    if more > 0 {
        ways.push(format!("… and {more} more, all of them with --format json"));
    }
    ways
}

/// The way of a value, from the argument outwards: `root_access ← var.root (variables.tf:12) ← "Enabled" (a.tfvars:3)`.
fn way(trace: &ValueTrace, report: &Report<'_>) -> String {
    let mut way = control::ATTRIBUTE.to_owned();
    let at = |location| place(location, report);
    for hop in &trace.hops {
        way = format!("{way} ← {} ({})", hop.text, at(hop.location));
    }
    let path = if trace.path.is_empty() { String::new() } else { format!(", in {}", trace.path) };
    format!("{way} ← {} ({}){path}", trace.value, at(trace.origin))
}
