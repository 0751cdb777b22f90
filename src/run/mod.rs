//! The pipeline, top to bottom: the only file that knows every stage.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};

use crate::check::Listing;
use crate::cli::exit::Status;
use crate::cli::settings::{Input, ReportFile, Settings};
use crate::discover::{BadGlob, Discovery, Found, PassedOver, commit, discover, passed_over};
use crate::evidence::{limit, read_findings};
use crate::finding::{Evidence, Finding, LeftOut, Note, Problem, ReportedFile};
use crate::fix::Patch;
use crate::interactive::converse;
use crate::options::Scripts;
use crate::owners::{self, Owners};
use crate::plan::plan;
use crate::report::{self, Format, Mode, Options, Report, Summary, Verbosity};
use crate::source::Sources;
use crate::terminal::{Keyboard, Progress, Stream, unless_closed};

mod apply;
mod context;
mod exempt;
mod program;
mod scope;
mod select;
mod session;
mod snapshot;

use apply::{LeftOver, left_over, problem, write};
use context::RunContext;
pub(crate) use program::program;
use session::Session;
use snapshot::{Snapshot, Verdicts};

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
    let progress = Progress::on_stderr(settings.verbosity == Verbosity::Quiet);
    progress.stage("Terraform files read");
    let mut found = input(settings, &progress)?;
    let passed_over = match &settings.input {
        Input::Paths(paths) if settings.verbosity == Verbosity::Verbose => {
            passed_over(paths, &settings.options.walk, &found.hits)?
        }
        _ => Vec::new(),
    };
    let context = RunContext::new(&settings.input, &settings.options, std::mem::take(&mut found.calls))?;
    let mut context = context.telling(progress);
    found.problems.extend(context.problems_of_values());
    let (outside, foreign) = (std::mem::take(&mut found.outside), std::mem::take(&mut found.foreign));
    read_evidence(settings, &mut context, &mut found.problems);
    context.listing = match () {
        () if !context.reported.is_empty() => Listing::Names,
        () if !context.plans.is_empty() || settings.lists_instances() => Listing::Instances,
        () => Listing::Followed,
    };
    if let Input::Paths(paths) = &settings.input {
        select::complete(&context, paths, &mut found)?;
    }
    let options = settings.report_options(working_folder());
    let outcome = match settings.mode {
        Mode::Interactive => ask(&context, found, &options, out)?,
        mode => apply(&context, found, mode == Mode::Write && settings.exempt.is_none()),
    };
    context.clear_progress();
    if let Some(wanted) = &settings.exempt {
        return exempt::exempt(wanted, &outcome, settings, &options, (out, err));
    }

    let repository = options.top.as_deref().filter(|_| settings.formats().any(Format::lists_instances));
    let owners = repository.map_or_else(Owners::default, |top| owners(top, &context));
    let commit = repository.and_then(|top| commit(top, &context.scope.fence));
    let denied = settings.options.scripts == Scripts::Deny;
    let summary =
        Summary::count(outcome.files, &outcome.findings, &outcome.problems).with_scripts(outcome.scripts, denied);
    let report = Report {
        sources: &outcome.sources,
        findings: &outcome.findings,
        patches: &outcome.patches,
        problems: &outcome.problems,
        notes: &outcome.notes,
        left_out: &outcome.left_out,
        evidence: &outcome.evidence,
        reported: &outcome.reported,
        owners: &owners,
        commit: commit.as_deref(),
        summary,
    };
    let reports: Vec<&Utf8Path> = settings.reports.iter().map(|report| report.path.as_path()).collect();
    let left_over = left_over(report.sources, &reports, &context.scope, writes(settings.mode));
    let printed = unless_closed(report::print(&report, settings.format, &options, out, err));
    let told = unless_closed(
        tell_settings(settings, err)
            .and_then(|()| tell_passed_over(settings, &passed_over, &outcome.left_out, err))
            .and_then(|()| tell_outside(settings, &outside, err))
            .and_then(|()| tell_foreign(settings, &foreign, err))
            .and_then(|()| tell_left_over(settings, &left_over, err)),
    );
    // Each report stands by itself: that one is lost, the printed one included, must not lose the others.
    let mut status = Status::of(settings.mode, &summary);
    // The proof by Terraform itself: whatever code or an ignore comment says, the plan has the last word.
    let fails = |evidence: &Evidence| evidence.left().next().is_some();
    let is_left = match settings.mode {
        Mode::Check => outcome.evidence.iter().any(fails) || outcome.reported.iter().any(ReportedFile::is_left),
        Mode::Write | Mode::Interactive => outcome.reported.iter().any(ReportedFile::is_left),
        Mode::Preview | Mode::Filter => false,
    };
    if is_left && status == Status::Clean {
        status = Status::Left;
    }
    for ReportFile { format, path } in &settings.reports {
        if let Err(error) = report::save(&report, *format, &options, path) {
            status = Status::Error;
            let message = format!("the report is not written: {error}");
            let problem = Problem { file: path.to_string(), position: None, message };
            unless_closed(report::print_problem(&problem, err)).context("cannot print what went wrong")?;
        }
    }
    if settings.exit_zero && status == Status::Left {
        status = Status::Clean;
    }
    printed.context("cannot print the report")?;
    told.context("cannot print what was not looked at")?;
    Ok(status)
}

/// Reads the plans, states and findings of other tools that are given.
fn read_evidence(settings: &Settings, context: &mut RunContext<'_>, problems: &mut Vec<Problem>) {
    for file in &settings.plans {
        match file.read() {
            Ok(plan) => context.plans.push((file.clone(), plan)),
            Err(message) => {
                problems.push(Problem { file: file.path.to_string(), position: None, message });
            }
        }
    }
    for path in &settings.from {
        let reported = read_findings(path).map_err(|message| {
            problems.push(Problem { file: path.to_string(), position: None, message });
        });
        // Where it cannot be read, the run stays limited to what was asked for, which is nothing.
        context.reported.push((path.clone(), reported.ok()));
    }
}

/// Who owns the files of a repository; nobody where nothing says so.
fn owners(top: &Utf8Path, context: &RunContext<'_>) -> Owners {
    let mut texts = owners::PLACES.iter().filter_map(|place| {
        let bytes = context.scope.fence.read_up_to(&top.join(place), owners::LONGEST).ok()?;
        String::from_utf8(bytes).ok()
    });
    texts.next().as_deref().map_or_else(Owners::default, Owners::parse)
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

/// Says which temporary files of killed runs there are, or were.
fn tell_left_over(settings: &Settings, files: &BTreeSet<LeftOver>, err: &mut Stream<'_>) -> std::io::Result<()> {
    let is_quiet = settings.verbosity == Verbosity::Quiet;
    for LeftOver { path, removed } in files.iter().filter(|_| !is_quiet) {
        let message = if *removed {
            "a temporary file that a killed run had left; it is gone now"
        } else if writes(settings.mode) {
            "a temporary file that a killed run has left; it stays, since it lies outside the paths or a run is at work there"
        } else {
            "a temporary file that a killed run has left; the next `--write` over this folder removes it"
        };
        report::print_note(path.as_str(), message, err)?;
    }
    Ok(())
}

/// Whether a run writes to the code.
const fn writes(mode: Mode) -> bool {
    matches!(mode, Mode::Write | Mode::Interactive)
}

/// Lists the files that mention a notebook and were not looked at, where the run is verbose.
fn tell_passed_over(
    settings: &Settings,
    files: &[PassedOver],
    left_out: &[LeftOut],
    err: &mut Stream<'_>,
) -> std::io::Result<()> {
    if settings.verbosity < Verbosity::Verbose {
        return Ok(());
    }
    let mut told: BTreeMap<&str, &str> = files.iter().map(|one| (one.file.as_str(), one.why)).collect();
    for one in left_out {
        // Those outside the paths, which a walk of these does not meet.
        told.entry(one.file.as_str()).or_insert("left out, though the paths reach it");
    }
    for (file, why) in told {
        report::print_note(file, &format!("mentions a notebook, but is not looked at: {why}"), err)?;
    }
    Ok(())
}

/// Names the links to folders outside of the repository: one of them, or in a verbose run each.
fn tell_outside(settings: &Settings, links: &[String], err: &mut Stream<'_>) -> std::io::Result<()> {
    let told = match settings.verbosity {
        Verbosity::Quiet => 0,
        Verbosity::Verbose => links.len(),
        Verbosity::Normal => 1,
    };
    for (place, link) in links.iter().enumerate().take(told) {
        let more = match links.len() - told {
            rest @ 1.. if place == 0 => format!("; so do {rest} more links, which --verbose names"),
            _ => String::new(),
        };
        let message = format!("leads out of the repository, so what is behind it is not looked at{more}");
        report::print_note(link, &message, err)?;
    }
    Ok(())
}

/// Names the files of other tools among the paths.
fn tell_foreign(settings: &Settings, files: &[(String, &str)], err: &mut Stream<'_>) -> std::io::Result<()> {
    for (file, what) in files.iter().filter(|_| settings.verbosity > Verbosity::Quiet) {
        report::print_note(file, &format!("{what}, and no Terraform code: it is not judged"), err)?;
    }
    Ok(())
}

/// Analyses the Terraform code below some paths, as a preview does; see [`crate::analyse`].
pub(crate) fn analyse(paths: &[Utf8PathBuf], options: &crate::options::Options) -> Result<Outcome, BadGlob> {
    // Parsing is recursive, and nobody knows how little stack the caller has left.
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(program::STACK);
        match worker.spawn_scoped(scope, || analyse_here(paths, options)) {
            Ok(worker) => worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => analyse_here(paths, options),
        }
    })
}

fn analyse_here(paths: &[Utf8PathBuf], options: &crate::options::Options) -> Result<Outcome, BadGlob> {
    let mut found = discover(paths, &options.walk, &|_| ())?;
    let input = Input::Paths(paths.to_vec());
    let context = RunContext::new(&input, options, std::mem::take(&mut found.calls))?;
    found.problems.extend(context.problems_of_values());
    if let Input::Paths(paths) = &input {
        select::complete(&context, paths, &mut found)?;
    }
    Ok(apply(&context, found, false))
}

/// What there is to say about the code as it is at the end of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The files that were read, with the text that they had at first, or in an interactive run have in the end.
    pub sources: Sources,
    /// How many Terraform files were seen.
    pub files: usize,
    /// How many different lifecycle scripts were analysed.
    pub scripts: usize,
    /// The findings: those on notebooks by file and place, then those on scripts by path and place.
    pub findings: Vec<Finding>,
    /// The new text of every file that changes, sorted by path.
    pub patches: Vec<Patch>,
    /// What could not be read, parsed, judged or written, sorted.
    pub problems: Vec<Problem>,
    /// What is worth telling besides, by file and place.
    pub notes: Vec<Note>,
    /// Terraform files that can hold a notebook and are not judged, sorted.
    pub left_out: Vec<LeftOut>,
    /// The plans and states that were given.
    pub evidence: Vec<Evidence>,
    /// What other tools have reported, where the run is about that.
    pub reported: Vec<ReportedFile>,
}

/// Judges, chooses and proves the fixes, and writes them if asked to.
fn apply(context: &RunContext<'_>, discovery: Discovery, writes: bool) -> Outcome {
    let Discovery { hits, files, mut problems, left_out, .. } = discovery;
    let code = Snapshot::read(context, hits);
    let Verdicts { mut findings, problems: wrong, notes, scripts, evidence, reported } = code.judge_all();
    problems.extend(wrong);
    let mut plan = code.with_prover(|prover| plan(prover, &findings, context.threshold()));
    problems.append(&mut plan.problems);
    if writes {
        problems.extend(write(code.sources(), &mut plan).iter().map(problem));
    }
    let patches = std::mem::take(&mut plan.patches);
    plan.settle(&mut findings, |file| writes && patches.iter().any(|patch| patch.file == file));
    limit(&mut findings, &reported);
    problems.sort();
    problems.dedup();
    Outcome {
        sources: code.into_sources(),
        files,
        scripts,
        findings,
        patches,
        problems,
        notes,
        left_out,
        evidence,
        reported,
    }
}

/// Asks about each fix, and writes what is accepted.
fn ask(
    context: &RunContext<'_>,
    Discovery { hits, files, problems, left_out, .. }: Discovery,
    options: &Options,
    out: &mut Stream<'_>,
) -> anyhow::Result<Outcome> {
    let mut session = Session::new(context, hits, options.clone());
    context.clear_progress();
    let mut keyboard = Keyboard::open().context("cannot read keys from the terminal")?;
    unless_closed(converse(&mut session, &mut keyboard, out)).context("cannot use the terminal")?;
    let mut outcome = Outcome { files, left_out, ..session.finish() };
    outcome.problems.extend(problems);
    outcome.problems.sort();
    outcome.problems.dedup();
    Ok(outcome)
}

/// The files that can hold a notebook.
fn input(settings: &Settings, progress: &Progress) -> anyhow::Result<Discovery> {
    match &settings.input {
        Input::Paths(paths) => Ok(discover(paths, &settings.options.walk, &|files| progress.add(files))?),
        Input::Stdin(path) => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
            let calls = vec![path.clone()];
            Ok(Discovery { hits: vec![Found { path: path.clone(), bytes }], files: 1, calls, ..Discovery::default() })
        }
    }
}

fn working_folder() -> Option<Utf8PathBuf> {
    std::env::current_dir().ok().and_then(|folder| Utf8Path::from_path(&folder).map(Utf8Path::to_owned))
}
