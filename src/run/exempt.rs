//! `--exempt`: exemptions in `unroot.toml` for every notebook with root today, so that a check passes and stops new ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};

use super::{Outcome, analyse_here, working_folder};
use crate::cli::config::{Config, FILE_NAME};
use crate::cli::exit::Status as Ended;
use crate::cli::settings::{Input, Settings};
use crate::finding::Status;
use crate::fix::Patch;
use crate::options::{self, NewExemptions};
use crate::owners::Owners;
use crate::report::{self, Format, Mode, Options, Report, Summary};
use crate::source::{SourceFile, Sources, World, read, real_folder};
use crate::terminal::{Stream, unless_closed};
use crate::write::{Change, create, write};

/// Shows the addition, or writes it, and says what it leaves.
///
/// # Errors
/// The settings file cannot be read or written, or the output cannot be used.
pub(super) fn exempt(
    wanted: &NewExemptions,
    outcome: &Outcome,
    settings: &Settings,
    options: &Options,
    (out, err): (&mut Stream<'_>, &mut Stream<'_>),
) -> anyhow::Result<Ended> {
    let Input::Paths(paths) = &settings.input else { anyhow::bail!("--exempt looks at files and folders") };
    let file = place(settings, paths)?;
    let folder = file.parent().and_then(real_folder).context("the folder of unroot.toml cannot be found")?;
    let is_new = file.symlink_metadata().is_err();
    let old = if is_new { String::new() } else { text_of(&file)? };
    let new = match entries(outcome, &folder, wanted) {
        added if added.is_empty() => old.clone(),
        added if old.is_empty() => added.trim_start().to_owned(),
        added => format!("{}\n{added}", old.trim_end_matches('\n')),
    };
    let exemptions = Config::exemptions(&file, &folder, &new)?;
    // What counts is what a check with them says.
    let judged = analyse_here(paths, &options::Options { exemptions, ..settings.options.clone() })?;
    let summary = Summary::count(judged.files, &judged.findings, &outcome.problems);
    let left = summary.fixable + summary.review;

    let sources = Sources::default();
    let before = sources.add(SourceFile::new(file.clone(), old.clone()));
    let patches = [Patch { is_new, ..Patch::new(before, new.clone()) }];
    let report = Report {
        sources: &sources,
        findings: &[],
        patches: &patches,
        problems: &outcome.problems,
        notes: &[],
        left_out: &[],
        evidence: &[],
        reported: &[],
        owners: &Owners::default(),
        commit: None,
        summary,
    };
    unless_closed(report::print(&report, Format::Diff, options, out, err)).context("cannot print the addition")?;
    let writes = settings.mode == Mode::Write;
    if writes && new != old {
        let change = Change { path: &file, before: old.as_bytes(), after: new.as_bytes() };
        let written = if is_new { create(&file, new.as_bytes()) } else { write(&[change]) };
        written.with_context(|| format!("{file} is not written"))?;
    }
    let until = wanted.until;
    let said = match (new == old, left) {
        (true, 0) => "nothing is to be exempted: no notebook has root".to_owned(),
        (_, 0) => format!("`--check` passes with these exemptions, until {until}"),
        (_, left) => {
            format!("`--check` fails with these exemptions, too: {left} verdicts are left, which it names")
        }
    };
    unless_closed(report::print_note(file.as_str(), &said, err)).context("cannot print what is left")?;
    if !writes && new != old {
        let said = "nothing was written; --write writes the addition";
        unless_closed(report::print_note(file.as_str(), said, err)).context("cannot print what is left")?;
    }
    Ok(match (summary.errors, writes && left > 0) {
        (0, false) => Ended::Clean,
        (0, true) => Ended::Left,
        _ => Ended::Error,
    })
}

/// The settings file: the one of this run, else a new one at the top of the repository.
fn place(settings: &Settings, paths: &[Utf8PathBuf]) -> anyhow::Result<Utf8PathBuf> {
    if let Some(file) = &settings.config.file {
        return Ok(file.clone());
    }
    let top =
        paths.first().and_then(|path| World::of(path)).context("the repository of the paths cannot be found")?.top;
    let file = top.join(FILE_NAME);
    let shown = working_folder().and_then(|here| file.strip_prefix(here).ok().map(Utf8Path::to_owned));
    Ok(shown.unwrap_or(file))
}

fn text_of(file: &Utf8Path) -> anyhow::Result<String> {
    let bytes = read(file.as_std_path()).with_context(|| format!("{file} cannot be read"))?;
    String::from_utf8(bytes).with_context(|| format!("{file} is not valid UTF-8"))
}

/// An exemption for each folder that creates instances with root.
fn entries(outcome: &Outcome, folder: &Utf8Path, wanted: &NewExemptions) -> String {
    let mut addresses: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let has_root = |status| matches!(status, Status::Fixable | Status::Review);
    for finding in outcome.findings.iter().filter(|finding| has_root(finding.status())) {
        let Some(notebook) = finding.notebook() else { continue };
        let standing = finding.standing();
        let open = notebook.instances.listed.iter().filter(|instance| has_root(standing.of(instance)));
        for instance in open {
            let Some(program) = real_folder(&instance.program.folder) else { continue };
            let Some(below) = program.strip_prefix(folder).ok() else { continue };
            // The folder of the settings has no name in them: there it is the notebook's file.
            let glob = if below.as_str().is_empty() {
                let own = outcome.sources[notebook.location.file].path().canonicalize_utf8().ok();
                let Some(own) = own.and_then(|own| own.strip_prefix(folder).ok().map(literal)) else { continue };
                format!("/{own}")
            } else {
                format!("/{}", literal(below))
            };
            addresses.entry(glob).or_default().insert(&instance.address);
        }
    }
    let mut text = String::new();
    for (glob, addresses) in addresses {
        _ = writeln!(text, "\n[[exempt]]\npaths = [{}]\ninstances = [", quoted(&glob));
        for address in addresses {
            _ = writeln!(text, "    {},", quoted(address));
        }
        _ = writeln!(text, "]\nreason = {}\nuntil = {}", quoted(&wanted.reason), wanted.until);
    }
    text
}

/// A path as a glob that matches it alone.
fn literal(path: &Utf8Path) -> String {
    let special = |c| matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | '!' | '#' | '\\' | ' ');
    path.as_str().chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => _ = write!(quoted, "\\u{:04X}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}
