//! The pipeline, top to bottom: the only file that knows every stage.

use std::collections::BTreeSet;
use std::io::Read as _;

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::exit::Status;
use crate::cli::settings::{Input, ReportFile, Scripts, Settings};
use crate::discover::{Discovery, Found, PassedOver, discover, passed_over};
use crate::finding::{Finding, Note, Problem};
use crate::fix::Patch;
use crate::interactive::converse;
use crate::plan::plan;
use crate::report::{self, Mode, Options, Report, Summary, Verbosity};
use crate::source::Sources;
use crate::temporary;
use crate::terminal::{Keyboard, Progress, Stream, unless_closed};

mod apply;
mod scope;
mod session;
mod snapshot;

use apply::{problem, write};
use session::Session;
use snapshot::{RunContext, Snapshot, Verdicts};

/// Runs with settings, printing the result to `out` and what has no place in it to `err`.
///
/// Parsing is recursive: the calling thread needs some megabytes of stack (see [`crate::syntax::parse`]).
///
/// # Errors
/// What keeps the run from taking place at all: standard input or the output cannot be used, or a glob is wrong.
/// What is wrong with single files is part of the report.
pub fn run(settings: &Settings, out: &mut Stream<'_>, err: &mut Stream<'_>) -> anyhow::Result<Status> {
    if settings.mode == Mode::Interactive && !Keyboard::exists() {
        anyhow::bail!(
            "--interactive needs a terminal; without one, --write applies every fix and --check only reports"
        );
    }
    let Discovery { hits, files, mut problems } = input(settings)?;
    let passed_over = match &settings.input {
        Input::Paths(paths) if settings.verbosity == Verbosity::Verbose => passed_over(paths, &settings.walk, &hits)?,
        _ => Vec::new(),
    };
    let context = RunContext::new(settings)?;
    let options = settings.report_options(working_folder());
    let done = match settings.mode {
        Mode::Interactive => ask(&context, hits, &options, out)?,
        _ => apply(&context, hits),
    };

    problems.extend(done.problems);
    problems.sort();
    problems.dedup();
    let denied = settings.scripts == Scripts::Deny;
    let summary = Summary::count(files, &done.findings, &problems).with_scripts(done.scripts, denied);
    let report = Report {
        sources: done.code.sources(),
        findings: &done.findings,
        patches: &done.patches,
        problems: &problems,
        notes: &done.notes,
        summary,
    };
    let printed = unless_closed(report::print(&report, settings.format, &options, out, err));
    let told = unless_closed(
        tell_settings(settings, err)
            .and_then(|()| tell_passed_over(&passed_over, err))
            .and_then(|()| tell_left_over(settings, report.sources, err)),
    );
    // Each report stands by itself: that one is lost, the printed one included, must not lose the others.
    let mut status = Status::of(settings.mode, &summary);
    for ReportFile { format, path } in &settings.reports {
        if let Err(error) = report::save(&report, *format, &options, path) {
            status = Status::Error;
            let message = format!("the report is not written: {error}");
            let problem = Problem { file: path.to_string(), position: None, message };
            unless_closed(report::print_problem(&problem, err)).context("cannot print what went wrong")?;
        }
    }
    printed.context("cannot print the report")?;
    told.context("cannot print what was not looked at")?;
    Ok(status)
}

/// Names the settings file that counts, where the run is verbose, and those that do not.
fn tell_settings(settings: &Settings, err: &mut Stream<'_>) -> std::io::Result<()> {
    if settings.verbosity == Verbosity::Quiet {
        return Ok(());
    }
    for file in &settings.config.passed_over {
        report::print_note(file.as_str(), "not heeded, since it does not lie above all of the paths", err)?;
    }
    match &settings.config.file {
        Some(file) if settings.verbosity == Verbosity::Verbose => {
            report::print_note(file.as_str(), "the settings of this run", err)
        }
        _ => Ok(()),
    }
}

/// Names the temporary files of runs that were killed, beside the files of this one. They are not removed: another run
/// may be at work.
fn tell_left_over(settings: &Settings, sources: &Sources, err: &mut Stream<'_>) -> std::io::Result<()> {
    if settings.verbosity == Verbosity::Quiet {
        return Ok(());
    }
    let folders: BTreeSet<&Utf8Path> = sources.iter().filter_map(|(_, file)| file.path().parent()).collect();
    for folder in folders {
        let listed = if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder }.read_dir_utf8();
        let mut names: Vec<String> =
            listed.into_iter().flatten().flatten().map(|entry| entry.file_name().to_owned()).collect();
        names.retain(|name| temporary::is_temporary(name));
        names.sort_unstable();
        for name in names {
            let message = "a temporary file that a killed run has left; remove it unless another run is at work";
            report::print_note(folder.join(name).as_str(), message, err)?;
        }
    }
    Ok(())
}

/// Lists the files that mention a notebook and were not looked at.
fn tell_passed_over(files: &[PassedOver], err: &mut Stream<'_>) -> std::io::Result<()> {
    for PassedOver { file, why } in files {
        report::print_note(file, &format!("mentions a notebook, but is not looked at: {why}"), err)?;
    }
    Ok(())
}

/// What a run has done, and what there is to say about the code as it is now.
struct Done<'r> {
    code: Snapshot<'r>,
    findings: Vec<Finding>,
    patches: Vec<Patch>,
    problems: Vec<Problem>,
    notes: Vec<Note>,
    scripts: usize,
}

/// Judges, chooses and proves the fixes, and with `--write` writes them.
fn apply<'r>(context: &'r RunContext<'r>, hits: Vec<Found>) -> Done<'r> {
    let code = Snapshot::read(context, hits);
    let Verdicts { mut findings, mut problems, notes, scripts } = code.judge_all();
    let mut plan = code.with_prover(|prover| plan(prover, &findings, context.threshold()));
    problems.append(&mut plan.problems);
    if context.settings.mode == Mode::Write {
        problems.extend(write(code.sources(), &mut plan).iter().map(problem));
    }
    let patches = std::mem::take(&mut plan.patches);
    let written = |file| context.settings.mode == Mode::Write && patches.iter().any(|patch| patch.file == file);
    plan.settle(&mut findings, written);
    Done { code, findings, patches, problems, notes, scripts }
}

/// Asks about each fix, and writes what is accepted.
fn ask<'r>(
    context: &'r RunContext<'r>,
    hits: Vec<Found>,
    options: &Options,
    out: &mut Stream<'_>,
) -> anyhow::Result<Done<'r>> {
    let mut work = Session::new(context, hits, options.clone());
    let mut keyboard = Keyboard::open().context("cannot read keys from the terminal")?;
    unless_closed(converse(&mut work, &mut keyboard, out)).context("cannot use the terminal")?;
    Ok(work.finish())
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

fn working_folder() -> Option<Utf8PathBuf> {
    std::env::current_dir().ok().and_then(|folder| Utf8Path::from_path(&folder).map(Utf8Path::to_owned))
}
