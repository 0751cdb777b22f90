//! The pipeline, top to bottom: the only file that knows every stage.
//!
//! [`run`] finds the files, makes the [`RunContext`], and either applies the fixes ([`apply`]) or asks about each ([`ask`]);
//! then it prints one report, writes those named on the command line, and says how the run ended. Where the stages' own
//! decisions stand:
//!
//! | decision | file |
//! |---|---|
//! | arguments, stack size, exit code | `program`, `cli/` |
//! | standard input, plans, findings of other tools, owners | `inputs` |
//! | the files that can hold a notebook | `discover/` |
//! | the notebooks outside the paths that the paths have a part in | `affected` |
//! | callers, plans and options that all stages share | `context` |
//! | which files may be read and edited | `scope` |
//! | the order of judging, ignore comments, evidence and scripts | `snapshot` (`judge_all`) |
//! | the verdict of a notebook and its fix | `check/`, `repair/` |
//! | which findings an ignore comment or an exemption covers | `suppress/` |
//! | which fixes are applied, and their proof | `plan`, `verify` |
//! | writing them; a file that somebody changed meanwhile | `apply`, `write` |
//! | the keys and questions of `--interactive` | `interactive/`; what an answer does, `session/` |
//! | a change in parts (`--split-by`), new exemptions (`--exempt`) | `split`, `exempt` |
//! | the printed formats; reports as files | `report/`; `reports` |
//! | what is said on standard error besides | `notices` |

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};

use crate::check::Listing;
use crate::cli::exit::Status;
use crate::cli::settings::{Input, Settings};
use crate::discover::{BadGlob, Discovery, Found, commit, discover, passed_over};
use crate::evidence::limit;
use crate::finding::{Evidence, Finding, LeftOut, Note, Problem, ReportedFile};
use crate::fix::Patch;
use crate::interactive::converse;
use crate::options::Scripts;
use crate::owners::Owners;
use crate::plan::plan;
use crate::report::{self, Format, Mode, Options, Report, Summary, Verbosity};
use crate::source::Sources;
use crate::terminal::{Keyboard, Progress, Stream, unless_closed};

mod affected;
mod apply;
mod context;
mod exempt;
mod inputs;
mod notices;
mod program;
mod reports;
mod scope;
mod session;
mod snapshot;
mod split;

use apply::{left_over, problem, write};
use context::RunContext;
use inputs::{input, owners, read_evidence};
use notices::{tell_foreign, tell_left_over, tell_outside, tell_passed_over, tell_settings};
pub(crate) use program::program;
use session::Session;
use snapshot::{Snapshot, Verdicts};
use split::{Part, Split};

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
    let context = RunContext::new(&settings.input, &settings.options, &mut found)?;
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
        affected::complete(&context, paths, &mut found)?;
    }
    let options = settings.report_options(working_folder());
    let names_owners = settings.formats().any(Format::lists_instances) || settings.split_by.is_some();
    let repository = options.top.as_deref().filter(|_| names_owners);
    let owners = repository.map_or_else(Owners::default, |top| owners(top, &context));
    let outcome = match settings.mode {
        Mode::Interactive => ask(&context, found, &options, out)?,
        mode => {
            let split = settings.split_by.map(|by| Split { by, owners: &owners, options: &options });
            apply(&context, found, mode == Mode::Write && settings.exempt.is_none(), split.as_ref())
        }
    };
    context.clear_progress();
    if let Some(wanted) = &settings.exempt {
        return exempt::exempt(wanted, &outcome, settings, &options, (out, err));
    }

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
    // The settings of a repository cannot hide what they leave out or let be.
    let is_hiding = settings.is_quieted && (!report.left_out.is_empty() || report.summary.suppressed > 0);
    let verbosity = if is_hiding { Verbosity::Normal } else { options.verbosity };
    let options = Options { verbosity, ..options };
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
    for file in &settings.reports {
        for problem in reports::save(file, &report, &outcome.parts, &options) {
            status = Status::Error;
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

/// Whether a run writes to the code.
const fn writes(mode: Mode) -> bool {
    matches!(mode, Mode::Write | Mode::Interactive)
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
    let context = RunContext::new(&input, options, &mut found)?;
    found.problems.extend(context.problems_of_values());
    if let Input::Paths(paths) = &input {
        affected::complete(&context, paths, &mut found)?;
    }
    Ok(apply(&context, found, false, None))
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
    /// The parts of the change, where it is split.
    pub parts: Vec<Part>,
}

/// Judges, chooses and proves the fixes, and writes them if asked to.
fn apply(context: &RunContext<'_>, discovery: Discovery, writes: bool, split: Option<&Split<'_>>) -> Outcome {
    let Discovery { hits, files, mut problems, left_out, .. } = discovery;
    let code = Snapshot::read(context, hits);
    let Verdicts { mut findings, problems: wrong, notes, scripts, evidence, reported } = code.judge_all();
    problems.extend(wrong);
    let mut plan = code.with_prover(|prover| plan(prover, &findings, context.threshold()));
    problems.append(&mut plan.problems);
    let parts = split.map_or(Ok(Vec::new()), |split| split.parts(context, &code, &plan, &findings));
    let parts = parts.unwrap_or_else(|error| {
        problems.push(Problem { file: "--split-by".to_owned(), position: None, message: error.to_string() });
        Vec::new()
    });
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
        parts,
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

fn working_folder() -> Option<Utf8PathBuf> {
    std::env::current_dir().ok().and_then(|folder| Utf8Path::from_path(&folder).map(Utf8Path::to_owned))
}
