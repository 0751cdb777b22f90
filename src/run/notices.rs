//! What a run says beside its report: the settings that count, and what was not looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::apply::LeftOver;
use super::writes;
use crate::cli::settings::Settings;
use crate::discover::PassedOver;
use crate::finding::LeftOut;
use crate::report::{self, Verbosity};
use crate::terminal::Stream;

/// Names the settings file that counts, where the run is verbose, and those that do not.
pub(super) fn tell_settings(settings: &Settings, err: &mut Stream<'_>) -> io::Result<()> {
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
pub(super) fn tell_left_over(settings: &Settings, files: &BTreeSet<LeftOver>, err: &mut Stream<'_>) -> io::Result<()> {
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

/// Lists the files that mention a notebook and were not looked at, where the run is verbose.
pub(super) fn tell_passed_over(
    settings: &Settings,
    files: &[PassedOver],
    left_out: &[LeftOut],
    err: &mut Stream<'_>,
) -> io::Result<()> {
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
pub(super) fn tell_outside(settings: &Settings, links: &[String], err: &mut Stream<'_>) -> io::Result<()> {
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
pub(super) fn tell_foreign(settings: &Settings, files: &[(String, &str)], err: &mut Stream<'_>) -> io::Result<()> {
    for (file, what) in files.iter().filter(|_| settings.verbosity > Verbosity::Quiet) {
        report::print_note(file, &format!("{what}, and no Terraform code: it is not judged"), err)?;
    }
    Ok(())
}
