//! The pipeline, top to bottom: the only file that knows every stage.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::exit::Status;
use crate::cli::settings::{Input, ReportFile, Settings};
use crate::discover::{Discovery, Found, discover};
use crate::finding::{self, Finding, Problem};
use crate::fix::{Applicability, Patch};
use crate::plan::plan;
use crate::report::{self, Mode, Report, Summary, Verbosity};
use crate::source::{FileId, Sources};
use crate::terminal::{Progress, Stream, unless_closed};
use crate::write::{self, Change};
mod code;
mod surroundings;

use code::{Around, Code, Verdicts};

/// Runs with settings, printing the result to `out` and what has no place in it to `err`.
///
/// Parsing is recursive: the calling thread needs some megabytes of stack (see [`syntax::parse`]).
///
/// # Errors
/// What keeps the run from taking place at all: standard input or the output cannot be used, or a glob is wrong.
/// What is wrong with single files is part of the report.
pub fn run(settings: &Settings, out: &mut Stream<'_>, err: &mut Stream<'_>) -> anyhow::Result<Status> {
    let Discovery { hits, files, mut problems } = input(settings)?;
    let around = Around::new(settings)?;
    let code = Code::read(&around, hits);
    let Verdicts { mut findings, problems: mut wrong, notes } = code.judge();
    problems.append(&mut wrong);

    let threshold = if settings.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let mut plan = code.with_prover(|prover| plan(prover, &mut findings, threshold));
    problems.append(&mut plan.problems);

    if settings.mode == Mode::Write {
        write(code.sources(), &mut plan.patches, &mut findings, &mut problems);
    }

    problems.sort();
    problems.dedup();
    let summary = Summary::count(files, &findings, &problems);
    let report = Report {
        sources: code.sources(),
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

/// Writes the new texts, those of one fix together. What cannot be written keeps its old text and is a problem; the
/// rest is fixed.
fn write(sources: &Sources, patches: &mut Vec<Patch>, findings: &mut [Finding], problems: &mut Vec<Problem>) {
    let fixes = findings.iter().filter(|finding| finding.status == finding::Status::Fixable);
    let mut failed = BTreeSet::new();
    for group in groups(patches, fixes) {
        let members = patches.iter().filter(|patch| group.contains(&patch.file));
        let changes = members.map(|patch| {
            let file = &sources[patch.file];
            Change { path: file.path(), before: file.text().as_bytes(), after: patch.after.as_bytes() }
        });
        if let Err(error) = write::write(&changes.collect::<Vec<_>>()) {
            problems.push(Problem { file: error.path.to_string(), position: None, message: error.to_string() });
            failed.extend(group);
        }
    }
    patches.retain(|patch| !failed.contains(&patch.file));
    for finding in findings.iter_mut().filter(|finding| finding.status == finding::Status::Fixable) {
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        if edits.into_iter().all(|edit| !failed.contains(&edit.file)) {
            finding.status = finding::Status::Fixed;
        }
    }
}

/// The files of the patches, in sets that share no fix.
fn groups<'f>(patches: &[Patch], fixes: impl Iterator<Item = &'f Finding>) -> Vec<BTreeSet<FileId>> {
    let mut home: BTreeMap<FileId, usize> = patches.iter().zip(0..).map(|(patch, at)| (patch.file, at)).collect();
    for finding in fixes {
        let files: BTreeSet<FileId> = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.file).collect();
        let homes: BTreeSet<usize> = files.iter().filter_map(|file| home.get(file)).copied().collect();
        let (Some(&first), true) = (homes.first(), homes.len() > 1) else { continue };
        home.values_mut().filter(|at| homes.contains(at)).for_each(|at| *at = first);
    }
    let mut groups: BTreeMap<usize, BTreeSet<FileId>> = BTreeMap::new();
    for (file, at) in home {
        groups.entry(at).or_default().insert(file);
    }
    groups.into_values().collect()
}

fn working_folder() -> Option<Utf8PathBuf> {
    std::env::current_dir().ok().and_then(|folder| Utf8Path::from_path(&folder).map(Utf8Path::to_owned))
}
