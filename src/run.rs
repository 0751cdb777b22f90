//! The pipeline, top to bottom: the only file that knows every stage.

use std::collections::BTreeMap;
use std::io::Read as _;

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};

use crate::check::check;
use crate::cli::exit::Status;
use crate::cli::settings::{Input, ReportFile, Settings};
use crate::control;
use crate::discover::{Discovery, Found, discover};
use crate::finding::{self, Finding, Note, Problem};
use crate::fix::{Applicability, Patch};
use crate::plan::plan;
use crate::report::{self, Mode, Report, Summary, Verbosity};
use crate::source::{FileId, SourceFile, Sources};
use crate::suppress::suppress;
use crate::syntax::{self, Syntax};
use crate::terminal::{Progress, Stream, unless_closed};
use crate::verify::Prover;
use crate::write::{self, Change};

/// Runs with settings, printing the result to `out` and what has no place in it to `err`.
///
/// Parsing is recursive: the calling thread needs some megabytes of stack (see [`syntax::parse`]).
///
/// # Errors
/// What keeps the run from taking place at all: standard input or the output cannot be used, or a glob is wrong.
/// What is wrong with single files is part of the report.
pub fn run(settings: &Settings, out: &mut Stream<'_>, err: &mut Stream<'_>) -> anyhow::Result<Status> {
    let Discovery { hits, files, mut problems } = input(settings)?;
    let sources = read(hits, &mut problems);
    let mut notes = Vec::new();
    let syntaxes = parse(&sources, &mut problems, &mut notes);
    let mut findings = judge(&sources, &syntaxes, &mut problems);
    if let Some(today) = settings.suppressions {
        notes.extend(suppress(&sources, &mut findings, today));
    }

    let prover = Prover { sources: &sources, syntaxes: &syntaxes, judge: &|patches| judge_again(&sources, patches) };
    let threshold = if settings.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let mut plan = plan(&prover, &mut findings, threshold);
    problems.append(&mut plan.problems);

    if settings.mode == Mode::Write {
        write(&sources, &mut plan.patches, &mut findings, &mut problems);
    }

    problems.sort();
    problems.dedup();
    notes.sort_by_key(|note| (note.file, note.position));
    let summary = Summary::count(files, &findings, &problems);
    let report = Report {
        sources: &sources,
        findings: &findings,
        patches: &plan.patches,
        problems: &problems,
        notes: &notes,
        summary,
    };
    let options = settings.report_options(working_folder());
    unless_closed(report::print(&report, settings.format, &options, out, err)).context("cannot print the report")?;
    for ReportFile { format, path } in &settings.reports {
        report::save(&report, *format, &options, path).with_context(|| format!("cannot write the report {path}"))?;
    }
    Ok(Status::of(settings.mode, &summary))
}

/// The files that can hold a notebook.
fn input(settings: &Settings) -> anyhow::Result<Discovery> {
    match &settings.input {
        Input::Paths(paths) => {
            let progress = Progress::on_stderr(settings.verbosity == Verbosity::Quiet);
            Ok(discover(paths, &settings.walk, &|files| progress.add(files))?)
        }
        Input::Stdin(path) => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
            Ok(Discovery { hits: vec![Found { path: path.clone(), bytes }], files: 1, problems: Vec::new() })
        }
    }
}

/// Turns bytes into text. What is no text is a problem.
fn read(found: Vec<Found>, problems: &mut Vec<Problem>) -> Sources {
    let sources = Sources::default();
    for Found { path, bytes } in found {
        match SourceFile::from_bytes(path.clone(), bytes) {
            Ok(file) => _ = sources.add(file),
            Err(error) => problems.push(Problem {
                file: path.into_string(),
                position: Some(error.position),
                message: error.to_string(),
            }),
        }
    }
    sources
}

/// Parses every file. What cannot be read is a problem if it could hide a notebook, and else a note.
fn parse(sources: &Sources, problems: &mut Vec<Problem>, notes: &mut Vec<Note>) -> BTreeMap<FileId, Syntax> {
    let mut syntaxes = BTreeMap::new();
    for (id, file) in sources.iter() {
        let syntax = syntax::parse(file);
        for part in &syntax.unreadable {
            let position = file.position(part.at);
            if file.slice(part.span).contains(control::NEEDLE) {
                let message = part.message.clone();
                problems.push(Problem { file: file.path().to_string(), position: Some(position), message });
            } else {
                let message = format!("not read, and not needed, since no notebook is in it: {}", part.message);
                notes.push(Note { file: id, position, message });
            }
        }
        syntaxes.insert(id, syntax);
    }
    syntaxes
}

/// The verdict of every notebook, sorted by file and place.
fn judge(sources: &Sources, syntaxes: &BTreeMap<FileId, Syntax>, problems: &mut Vec<Problem>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (&id, syntax) in syntaxes {
        let (found, wrong) = check(id, &sources[id], &syntax.body);
        findings.extend(found);
        problems.extend(wrong);
    }
    findings
}

/// The verdict of every notebook in changed files.
fn judge_again(sources: &Sources, patches: &[Patch]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for patch in patches {
        let file = sources[patch.file].with_text(patch.after.clone());
        findings.extend(check(patch.file, &file, &syntax::parse(&file).body).0);
    }
    findings
}

/// Writes the new texts. What cannot be written keeps its old text and is a problem; the rest is fixed.
fn write(sources: &Sources, patches: &mut Vec<Patch>, findings: &mut [Finding], problems: &mut Vec<Problem>) {
    patches.retain(|patch| {
        let file = &sources[patch.file];
        let change = Change { path: file.path(), before: file.text().as_bytes(), after: patch.after.as_bytes() };
        match write::write(&[change]) {
            Ok(()) => true,
            Err(error) => {
                problems.push(Problem { file: error.path.to_string(), position: None, message: error.to_string() });
                false
            }
        }
    });
    let written = |finding: &Finding| patches.iter().any(|patch| patch.file == finding.location.file);
    for finding in findings.iter_mut().filter(|finding| finding.status == finding::Status::Fixable) {
        if written(finding) {
            finding.status = finding::Status::Fixed;
        }
    }
}

fn working_folder() -> Option<Utf8PathBuf> {
    std::env::current_dir().ok().and_then(|folder| Utf8Path::from_path(&folder).map(Utf8Path::to_owned))
}
