//! The pipeline, top to bottom: the only file that knows every stage.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::rc::Rc;

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};

use crate::check::{Checked, Scope, check};
use crate::cli::exit::Status;
use crate::cli::settings::{Input, ReportFile, Scripts, Settings};
use crate::control;
use crate::discover::{Discovery, Found, discover};
use crate::finding::{self, Finding, Note, Problem};
use crate::fix::{Applicability, Patch};
use crate::model::{Callers, Store, View};
use crate::plan::plan;
use crate::report::{self, Mode, Report, Summary, Verbosity};
use crate::script::extract;
use crate::source::{FileId, SourceFile, Sources};
use crate::suppress::suppress;
use crate::terminal::{Progress, Stream, unless_closed};
use crate::verify::Prover;
use crate::write::{self, Change};
use surroundings::Surroundings;

mod surroundings;

/// Runs with settings, printing the result to `out` and what has no place in it to `err`.
///
/// Parsing is recursive: the calling thread needs some megabytes of stack (see [`syntax::parse`]).
///
/// # Errors
/// What keeps the run from taking place at all: standard input or the output cannot be used, or a glob is wrong.
/// What is wrong with single files is part of the report.
pub fn run(settings: &Settings, out: &mut Stream<'_>, err: &mut Stream<'_>) -> anyhow::Result<Status> {
    let Discovery { hits, files, mut problems } = input(settings)?;
    let store = Store::default();
    let hits = read(&store, hits, &mut problems);
    let surroundings = Rc::new(Surroundings::new(&settings.input, &settings.walk)?);
    let around = Rc::clone(&surroundings);
    let callers = Callers::new(move || around.references());
    let editable = |file: FileId| surroundings.may_edit(store.sources()[file].path());
    let scope = Scope { hits: &hits, editable: &editable, fix_at: settings.fix_at };

    let current = View::new(&store, &[]);
    let mut notes = Vec::new();
    unreadable(&current, &hits, &mut problems, &mut notes);
    let Checked { mut findings, problems: mut wrong } = check(&current, &callers, &scope);
    problems.append(&mut wrong);
    if let Some(today) = settings.suppressions {
        notes.extend(suppress(store.sources(), &mut findings, today));
    }

    let found = match settings.scripts {
        Scripts::Off => extract::Scripts::default(),
        Scripts::Warn | Scripts::Deny => extract::scripts(&current, &callers, &hits, settings.suppressions),
    };
    notes.extend(found.notes);

    let judge = |patches: &[Patch]| check(&View::new(&store, patches), &callers, &scope).findings;
    let prover = Prover { store: &store, judge: &judge };
    let threshold = if settings.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let mut plan = plan(&prover, &mut findings, threshold);
    problems.append(&mut plan.problems);

    if settings.mode == Mode::Write {
        write(store.sources(), &mut plan.patches, &mut findings, &mut problems);
    }

    problems.sort();
    problems.dedup();
    notes.sort_by_key(|note| (note.file, note.position));
    let denied = settings.scripts == Scripts::Deny;
    let summary = Summary::count(files, &findings, &problems).with_scripts(found.judged, &found.remarks, denied);
    let report = Report {
        sources: store.sources(),
        findings: &findings,
        remarks: &found.remarks,
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
fn read(store: &Store, found: Vec<Found>, problems: &mut Vec<Problem>) -> Vec<FileId> {
    let mut files = Vec::new();
    for Found { path, bytes } in found {
        match SourceFile::from_bytes(path.clone(), bytes) {
            Ok(file) => files.push(store.insert(file)),
            Err(error) => problems.push(Problem {
                file: path.into_string(),
                position: Some(error.position),
                message: error.to_string(),
            }),
        }
    }
    files
}

/// Tells what cannot be parsed: a problem if it could hide a notebook, and else a note.
fn unreadable(view: &View<'_>, files: &[FileId], problems: &mut Vec<Problem>, notes: &mut Vec<Note>) {
    for &id in files {
        let file = view.source(id);
        for part in &view.syntax(id).unreadable {
            let position = file.position(part.at);
            if file.slice(part.span).contains(control::NEEDLE) {
                let message = part.message.clone();
                problems.push(Problem { file: file.path().to_string(), position: Some(position), message });
            } else {
                let message = format!("not read, and not needed, since no notebook is in it: {}", part.message);
                notes.push(Note { file: id, position, message });
            }
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
