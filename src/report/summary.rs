//! The end of the `text` format: what was found, what was done, what to do next.

use std::io::{self, Write};

use super::counts::{Counts, counted};
use super::palette::{ERROR, GOOD, TITLE};
use super::rollout::{Rollout, listed};
use super::{InScripts, Mode, Options, Report, Summary, left_out, reported};
use crate::control;
use crate::finding::Status;
use crate::fix::Applicability;
use crate::terminal::{Stream, escape};

/// More scripts with errors than this are counted, not named.
const MOST_SCRIPTS: usize = 12;

/// Prints two or three lines, the scripts with errors by name, and the order of a rollout.
pub(super) fn print(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    print_counts(report, options, out)?;
    if changes(&report.summary) {
        order(report, options, out)?;
    }
    print_next_apply(report, out)
}

/// As [`print()`] for the log of a job, where paths count from the top of the repository and nobody types commands.
pub(super) fn print_in_log(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    print_counts(report, options, out)?;
    print_next_apply(report, out)
}

const fn changes(summary: &Summary) -> bool {
    summary.fixable + summary.fixed + summary.in_part > 0
}

fn print_next_apply(report: &Report<'_>, out: &mut Stream<'_>) -> io::Result<()> {
    if changes(&report.summary) {
        writeln!(out, "{}", control::NEXT_APPLY)?;
    }
    Ok(())
}

fn print_counts(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    let summary = &report.summary;
    let all_well = summary.fixable + summary.fixed + summary.review + summary.errors == 0;
    let style = out.style(match summary {
        _ if summary.errors > 0 => ERROR,
        _ if all_well && summary.notebooks > 0 => GOOD,
        _ => TITLE,
    });
    let found = if report.reported.is_empty() || summary.notebooks > 0 {
        found(report, options)
    } else if reported::complies(report) {
        format!("The instances here that are among the findings given comply in code{}.", errors(summary))
    } else {
        format!("No SageMaker notebook here is among the findings given{}.", errors(summary))
    };
    writeln!(out, "{style}{found}{style:#}")?;
    if let Some(left_out) = left_out::sentence(report, options) {
        writeln!(out, "{left_out}")?;
    }
    if let Some(scripts) = scripts(summary) {
        writeln!(out, "{scripts}")?;
        let errors = super::scripts::errors(report);
        for named in errors.iter().take(MOST_SCRIPTS) {
            writeln!(out, "  {}", escape(named))?;
        }
        if errors.len() > MOST_SCRIPTS {
            writeln!(out, "  … and {} more", errors.len() - MOST_SCRIPTS)?;
        }
    }
    if let Some(next) = next(report, options) {
        writeln!(out, "{next}")?;
    }
    Ok(())
}

/// Prints in which order the change should reach environments, with the command for each where one can be typed.
fn order(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    let Some(rollout) = Rollout::of(report, options) else { return Ok(()) };
    let is_written = matches!(options.mode, Mode::Write | Mode::Interactive);
    writeln!(out, "{}", if is_written { "Apply in this order:" } else { "Roll out in this order:" })?;
    for (number, (environment, step)) in rollout.steps.iter().enumerate() {
        let files =
            if step.files.is_empty() { String::new() } else { format!(", {}", counted(step.files.len(), "file")) };
        writeln!(out, "  {}. {environment}: {}{files}", number + 1, counted(step.instances, "instance"))?;
        if let Some(paths) = rollout.paths(step, report).filter(|_| !is_written) {
            let paths = paths.iter().filter_map(|path| shlex::try_quote(path.as_str()).ok());
            let paths = paths.fold(String::new(), |line, path| line + " " + &path);
            let flag = if options.unsafe_fixes { " --unsafe-fixes" } else { "" };
            writeln!(out, "     unroot{flag} --write{}{}", escape(&options.flags), escape(&paths))?;
        }
    }
    for (file, environments) in rollout.shared.iter().take(MOST_SHARED) {
        let path = report.sources[*file].path().as_str();
        writeln!(out, "  {} changes several of them at once: {}", escape(path), listed(environments))?;
    }
    if rollout.shared.len() > MOST_SHARED {
        let more = counted(rollout.shared.len() - MOST_SHARED, "more file");
        writeln!(out, "  … and so do {more}")?;
    }
    Ok(())
}

/// More files than this that change several environments are counted, not named.
const MOST_SHARED: usize = 4;

/// How many errors there are, as the end of a sentence.
fn errors(summary: &Summary) -> String {
    match summary.errors {
        0 => String::new(),
        errors => format!("; {}, see above", counted(errors, "error")),
    }
}

/// The counts in one line.
fn found(report: &Report<'_>, options: &Options) -> String {
    let summary = &report.summary;
    let errors = errors(summary);
    if summary.files == 0 {
        // A hint at what the walk leaves out would lead astray where a path was wrong.
        let hint = if options.leaves_out && summary.errors == 0 { LEFT_OUT } else { "" };
        return format!("No Terraform files found{hint}{errors}.");
    }
    let files = counted(summary.files, "Terraform file");
    if summary.notebooks == 0 {
        return format!("No SageMaker notebook in {files}{errors}.");
    }
    let counts = Counts::of(report);
    let notebooks = counted(summary.notebooks, "notebook");
    let instances = match counts.all {
        all if all == summary.notebooks || all == 0 => String::new(),
        all => format!("{} of ", counted(all, "instance")),
    };
    format!("{instances}{notebooks} in {files}: {}{errors}.", counts.told())
}

/// The findings in lifecycle scripts, counted in one line; `None` where there is none.
fn scripts(summary: &Summary) -> Option<String> {
    let InScripts { errors, warnings, notes, suppressed, denied } = summary.in_scripts;
    if summary.scripts + errors + warnings + notes + suppressed == 0 {
        return None;
    }
    let parts: Vec<String> = [(errors, "error"), (warnings, "warning"), (notes, "note")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| counted(number, what))
        .chain((suppressed > 0).then(|| format!("{suppressed} suppressed")))
        .collect();
    let parts = if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") };
    let effect = if errors > 0 && denied { " Script errors fail the run (--scripts deny)." } else { "" };
    // What is said of an argument that holds a script may be about none that can be read.
    let scripts = match summary.scripts {
        0 => "Lifecycle scripts".to_owned(),
        scripts => counted(scripts, "lifecycle script"),
    };
    Some(format!("{scripts}: {parts}.{effect}"))
}

/// Why nothing may have been seen.
const LEFT_OUT: &str = " (hidden and git-ignored ones are left out: --hidden, --no-ignore)";

/// The outcome of the run, and the one command to run next.
fn next(report: &Report<'_>, options: &Options) -> Option<String> {
    let summary = &report.summary;
    let selection = options.selection();
    let selection = escape(&selection);
    let flag = if options.unsafe_fixes { " --unsafe-fixes" } else { "" };
    let unsafe_left = report.findings.iter().filter(|finding| {
        finding.status() == Status::Review
            && finding.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Unsafe)
    });
    let unsafe_left = if options.unsafe_fixes { 0 } else { unsafe_left.count() };
    match options.mode {
        Mode::Filter => None,
        Mode::Interactive if summary.fixed + summary.in_part == 0 && !report.patches.is_empty() => {
            let files = counted(report.patches.len(), "file");
            Some(format!("Wrote ignore comments to {files}, and nothing else."))
        }
        Mode::Write | Mode::Interactive if summary.fixed > 0 || summary.in_part > 0 && !report.patches.is_empty() => {
            let files = counted(report.patches.len(), "file");
            Some(format!("Wrote {files}. Run `terraform plan` next: it should show `root_access` and nothing else."))
        }
        Mode::Preview | Mode::Check | Mode::Interactive if summary.fixable + summary.in_part > 0 => {
            Some(format!("Nothing was written. Run `unroot{flag} --write{selection}` to apply the fixes."))
        }
        _ if unsafe_left > 0 => {
            let them = if unsafe_left == 1 { "the unsafe fix" } else { "the unsafe fixes" };
            Some(format!("Nothing was written. Run `unroot --unsafe-fixes{selection}` to see {them} proposed above."))
        }
        _ if summary.review > 0 => {
            Some("Nothing was written. No fix can be applied to what is for review: the reasons are above.".to_owned())
        }
        _ => None,
    }
}
