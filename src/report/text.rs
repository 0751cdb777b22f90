//! The `text` format, for people.

mod parts;

use std::io::{self, Write};

use super::counts::{concerned, counted};
use super::diff::{Reader, print_patch};
use super::environment::Environment;
use super::lines::{self, place, print_head, print_severity, suppressed};
use super::origins::{hit, ways};
use super::palette::{FAINT, TITLE};
use super::sensitive::Sensitive;
use super::{Mode, Options, Report, evidence, problems, reported, scripts, snippet, summary};
use crate::finding::{Finding, FixState, Status, Subject};
use crate::fix::Applicability;
use crate::terminal::{Stream, escape};
use parts::{Part, parts};

/// More findings than this are shown module by module.
const MOST_UNSORTED: usize = 20;

/// Prints findings with the changes that settle them, then the problems to `err`, then the summary.
pub(super) fn print(
    report: &Report<'_>,
    options: &Options,
    out: &mut Stream<'_>,
    err: &mut Stream<'_>,
) -> io::Result<()> {
    let parts = parts(report, options);
    let sensitive = Sensitive::of(report);
    let mut is_first = true;
    if options.mode != Mode::Check {
        // Before the diffs: an error here may leave a notebook that does not start.
        for block in scripts::blocks(report, options) {
            if !is_first {
                writeln!(out)?;
            }
            is_first = false;
            print_block(&block, report, out)?;
        }
    }
    let has_heads = parts.iter().map(|part| part.findings.len()).sum::<usize>() > MOST_UNSORTED;
    let mut module = None;
    for (number, part) in parts.iter().enumerate() {
        // With diffs each part is a block of its own; without, one line a finding is all there is.
        if options.shows_diff() && !is_first {
            writeln!(out)?;
        }
        is_first = false;
        let own = module_of(part, report);
        if has_heads && own.is_some() && own != module {
            print_module(&parts[number..], report, options, out)?;
            module = own;
        }
        for finding in &part.findings {
            if options.mode == Mode::Check {
                lines::print(finding, report, options, out)?;
            } else {
                print_finding(finding, report, &sensitive, options, out)?;
            }
        }
        for (place, patch) in part.patches.iter().enumerate() {
            if place > 0 || !part.findings.is_empty() {
                writeln!(out)?;
            }
            print_patch(patch, report, options, Reader::Person(&sensitive), out)?;
        }
    }
    // The streams may end on the same screen, where the problems belong between the findings and the summary.
    out.flush()?;
    problems::print(report, options, err)?;
    err.flush()?;
    if options.tells() {
        if !is_first {
            writeln!(out)?;
        }
        reported::print(report, out)?;
        evidence::print(report.evidence, out)?;
        summary::print(report, options, out)?;
    }
    Ok(())
}

/// The module that a part is about, in all of its environments.
fn module_of(part: &Part<'_>, report: &Report<'_>) -> Option<String> {
    let first = part.findings.first()?;
    Some(Environment::order_of(report.sources[first.anchor.file].folder()).0)
}

/// Prints the module of the first part, with what is said of the parts that follow in it, where they are several.
fn print_module(parts: &[Part<'_>], report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    let Some(first) = parts.first().and_then(|part| module_of(part, report)) else { return Ok(()) };
    let same = parts.iter().take_while(|part| module_of(part, report).is_none_or(|module| module == first));
    let findings: Vec<&&Finding> = same.flat_map(|part| &part.findings).collect();
    if findings.len() < 2 {
        return Ok(());
    }
    let instances: usize = findings.iter().map(|finding| concerned(finding)).sum();
    let instances = if instances == 0 { String::new() } else { format!(", {}", counted(instances, "instance")) };
    let style = out.style(TITLE);
    let name = if first.is_empty() { ".".into() } else { escape(&first) };
    writeln!(out, "{style}{name}: {}{instances}{style:#}", counted(findings.len(), "finding"))?;
    if options.shows_diff() { writeln!(out) } else { Ok(()) }
}

/// Prints a finding with what becomes of it and where its value comes from.
fn print_finding(
    finding: &Finding,
    report: &Report<'_>,
    sensitive: &Sensitive,
    options: &Options,
    out: &mut Stream<'_>,
) -> io::Result<()> {
    print_severity(finding, out)?;
    print_head(finding, report, out)?;
    writeln!(out, "{}", escape(&finding.message))?;
    match &finding.subject {
        Subject::Notebook(notebook) => {
            let is_in_diff = finding.fix_state != FixState::Left
                && finding.fix.iter().flat_map(|fix| &fix.edits).any(|edit| edit.file == finding.anchor.file);
            if finding.rule.is_some() && !is_in_diff {
                snippet::print(finding.anchor, report, sensitive, out)?;
            }
            writeln!(out, "  {}: {}", escape(&notebook.address), outcome(finding, options))?;
            let faint = out.style(FAINT);
            for line in hit(finding, notebook, report, options) {
                writeln!(out, "  {faint}{}{faint:#}", escape(&line))?;
            }
            for way in ways(notebook, &|location| place(location, report)) {
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
        writeln!(out, "  {faint}{}{faint:#}", rewritten.heading())?;
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
