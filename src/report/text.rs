//! The `text` format, for people.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::counts::{concerned, counted};
use super::diff::{Reader, print_patch};
use super::instances::Row;
use super::lines::{self, place, print_head, print_severity, suppressed};
use super::palette::{FAINT, TITLE};
use super::{Mode, Options, Report, evidence, problems, reported, scripts, snippet, summary};
use crate::control;
use crate::finding::{Finding, FixState, Notebook, Status, Subject, ValueTrace};
use crate::fix::{Applicability, Patch};
use crate::source::{FileId, Location};
use crate::terminal::{Stream, escape};

/// More ways of a value than this are counted, not shown.
const MOST_WAYS: usize = 6;

/// More findings than this are shown folder by folder.
const MOST_UNSORTED: usize = 20;

/// Findings, and the changes of their files: what stands together because one change settles several of them, or because
/// they stand in one file.
#[derive(Default)]
struct Part<'r> {
    findings: Vec<&'r Finding>,
    patches: Vec<&'r Patch>,
}

/// Prints findings with the changes that settle them, then the problems to `err`, then the summary.
pub(super) fn print(
    report: &Report<'_>,
    options: &Options,
    out: &mut Stream<'_>,
    err: &mut Stream<'_>,
) -> io::Result<()> {
    let parts = parts(report, options);
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
    let has_heads =
        options.mode != Mode::Check && parts.iter().map(|part| part.findings.len()).sum::<usize>() > MOST_UNSORTED;
    let mut folder = None;
    for (number, part) in parts.iter().enumerate() {
        // With diffs each part is a block of its own; without, one line a finding is all there is.
        if options.shows_diff() && !is_first {
            writeln!(out)?;
        }
        is_first = false;
        let first = part.findings.first().map(|finding| report.sources[finding.anchor.file].folder());
        if has_heads && first.is_some() && first != folder {
            folder = first;
            print_folder(&parts[number..], report, out)?;
        }
        for finding in &part.findings {
            if options.mode == Mode::Check {
                lines::print(finding, report, out)?;
            } else {
                print_finding(finding, report, options, out)?;
            }
        }
        for (place, patch) in part.patches.iter().enumerate() {
            if place > 0 || !part.findings.is_empty() {
                writeln!(out)?;
            }
            print_patch(patch, report, options, Reader::Person, out)?;
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

/// Prints the folder of the first part, with what is said of the parts that follow in it.
fn print_folder(parts: &[Part<'_>], report: &Report<'_>, out: &mut Stream<'_>) -> io::Result<()> {
    let folder = |part: &Part<'_>| part.findings.first().map(|finding| report.sources[finding.anchor.file].folder());
    let Some(first) = parts.first().and_then(folder) else { return Ok(()) };
    let same = parts.iter().take_while(|part| folder(part).is_none_or(|folder| folder == first));
    let findings: Vec<&&Finding> = same.flat_map(|part| &part.findings).collect();
    let instances: usize = findings.iter().map(|finding| concerned(finding)).sum();
    let instances = if instances == 0 { String::new() } else { format!(", {}", counted(instances, "instance")) };
    let style = out.style(TITLE);
    let name = if first.as_str().is_empty() { "." } else { first.as_str() };
    let name = escape(name);
    writeln!(out, "{style}{name}: {}{instances}{style:#}\n", counted(findings.len(), "finding"))
}

/// Findings and patches in sets that share no file, sorted by path.
fn parts<'r>(report: &Report<'r>, options: &Options) -> Vec<Part<'r>> {
    let apart = |finding: &&Finding| options.mode == Mode::Check || finding.notebook().is_some();
    let shown: Vec<&Finding> = lines::shown(report, options).filter(apart).collect();
    let mut home: BTreeMap<FileId, FileId> = BTreeMap::new();
    if options.shows_diff() {
        for finding in &shown {
            let is_applied = finding.fix_state != FixState::Left;
            let edits = finding.fix.iter().filter(|_| is_applied).flat_map(|fix| &fix.edits);
            for edit in edits {
                let (one, other) = (root(&home, finding.anchor.file), root(&home, edit.file));
                home.insert(one, one.min(other));
                home.insert(other, one.min(other));
            }
        }
    }
    let mut parts: BTreeMap<FileId, Part<'r>> = BTreeMap::new();
    for finding in shown {
        parts.entry(root(&home, finding.anchor.file)).or_default().findings.push(finding);
    }
    for patch in report.patches.iter().filter(|_| options.shows_diff()) {
        parts.entry(root(&home, patch.file)).or_default().patches.push(patch);
    }
    let path = |file: FileId| report.sources[file].path();
    let mut parts: Vec<Part<'r>> = parts.into_values().collect();
    for part in &mut parts {
        part.findings.sort_by_key(|finding| path(finding.anchor.file));
    }
    parts.sort_by_key(|part| {
        let first = part.findings.first().map(|finding| finding.anchor.file);
        first.or(part.patches.first().map(|patch| patch.file)).map(path)
    });
    parts
}

/// The file that stands for all that are shown together with this one.
fn root(home: &BTreeMap<FileId, FileId>, mut file: FileId) -> FileId {
    while let Some(&above) = home.get(&file).filter(|above| **above != file) {
        file = above;
    }
    file
}

/// Prints a finding with what becomes of it and where its value comes from.
fn print_finding(finding: &Finding, report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    print_severity(finding, out)?;
    print_head(finding, report, out)?;
    writeln!(out, "{}", escape(&finding.message))?;
    match &finding.subject {
        Subject::Notebook(notebook) => {
            let is_in_diff = finding.fix_state != FixState::Left
                && finding.fix.iter().flat_map(|fix| &fix.edits).any(|edit| edit.file == finding.anchor.file);
            if finding.rule.is_some() && !is_in_diff {
                snippet::print(finding.anchor, report, out)?;
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

/// The instances that a finding is about, where there are several: by the folders of their programs, which are what people
/// call environments, each with its values and where they come from.
fn hit(finding: &Finding, notebook: &Notebook, report: &Report<'_>, options: &Options) -> Vec<String> {
    let rows = rows_of(finding, notebook);
    if rows.len() < 2 {
        return Vec::new();
    }
    let mut areas: BTreeMap<String, Vec<&Row<'_>>> = BTreeMap::new();
    for row in &rows {
        areas.entry(row.area(options)).or_default().push(row);
    }
    let place = |trace: &ValueTrace| {
        let file = &report.sources[trace.origin.file];
        format!("{}:{}", file.path(), file.line_of(trace.origin.span.start))
    };
    let mut lines = vec![format!("{} in {}:", counted(rows.len(), "instance"), counted(areas.len(), "folder"))];
    for (area, rows) in areas.iter().take(MOST_FOLDERS) {
        let traces: Vec<&ValueTrace> = rows.iter().filter_map(|row| row.value()).collect();
        let values: BTreeSet<String> = traces.iter().map(|trace| trace.value.to_string()).collect();
        let places: BTreeSet<String> = traces.iter().map(|trace| place(trace)).collect();
        let more = places.len().saturating_sub(MOST_PLACES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let places: Vec<&str> = places.iter().take(MOST_PLACES).map(String::as_str).collect();
        let values = values.into_iter().collect::<Vec<_>>().join(", ");
        lines.push(format!("  {area}: {}, {values} from {}{more}", rows.len(), places.join(", ")));
    }
    let rest: usize = areas.values().skip(MOST_FOLDERS).map(Vec::len).sum();
    if rest > 0 {
        let folders = counted(areas.len() - MOST_FOLDERS, "more folder");
        lines.push(format!("  … and {} in {folders}, all of them with --format csv", counted(rest, "instance")));
    }
    lines
}

/// The instances that the code creates and a finding is about.
fn rows_of<'r>(finding: &'r Finding, notebook: &'r Notebook) -> Vec<Row<'r>> {
    let created = notebook.instances.listed.iter().filter(|instance| instance.exists);
    let left =
        created.filter(|instance| !matches!(finding.status_of(instance), Status::Compliant | Status::Suppressed));
    left.map(|instance| Row { findings: vec![finding], notebook, instance: Some(instance) }).collect()
}

/// More folders than this are counted, not named.
const MOST_FOLDERS: usize = 24;

/// More places of the values in a folder than this are counted.
const MOST_PLACES: usize = 2;

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

/// The ways of the values that arrive from elsewhere. Of very many those that give root come first, and the last line
/// says how many more there are.
pub(super) fn ways(notebook: &Notebook, at: &dyn Fn(Location) -> String) -> Vec<String> {
    let mut traces: Vec<&ValueTrace> = notebook.values.iter().filter(|trace| !trace.hops.is_empty()).collect();
    let more = traces.len().saturating_sub(MOST_WAYS);
    if more > 0 {
        traces.sort_by_key(|trace| trace.value.complies());
    }
    let mut ways: Vec<String> = traces.iter().take(MOST_WAYS).map(|trace| way(trace, at)).collect();
    if more > 0 {
        ways.push(format!("… and {more} more, all of them with --format json"));
    }
    ways
}

/// The way of a value, from the argument outwards: `root_access ← var.root (variables.tf:12) ← "Enabled" (a.tfvars:3)`.
fn way(trace: &ValueTrace, at: &dyn Fn(Location) -> String) -> String {
    let mut way = control::ATTRIBUTE.to_owned();
    for hop in &trace.hops {
        way = format!("{way} ← {} ({})", hop.text, at(hop.location));
    }
    let path = if trace.path.is_empty() { String::new() } else { format!(", in {}", trace.path) };
    format!("{way} ← {} ({}){path}", trace.value, at(trace.origin))
}
