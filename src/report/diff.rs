//! The `diff` format: a unified diff and nothing else, exact to the byte.

use std::io::{self, Write};

use super::hunks::{Change, hunks};
use super::names::{Name, is_reachable};
use super::palette::{ADDED, HUNK, REMOVED, TITLE};
use super::sensitive::Sensitive;
use super::{Options, Report, left_out, problems};
use crate::fix::Patch;
use crate::secrets;
use crate::source::{FileKind, Role, SourceFile};
use crate::terminal::{Stream, escape_line};

/// Who reads a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader<'s> {
    /// A program: every byte counts.
    Program,
    /// A person: active characters are spelled out, secrets are hidden, and the carriage returns of a file that has them
    /// on every line are left out.
    Person(&'s Sensitive),
}

/// Prints the patches.
pub(super) fn print(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    let sensitive = Sensitive::of(report);
    let reader = if out.is_terminal() { Reader::Person(&sensitive) } else { Reader::Program };
    for patch in report.patches {
        print_patch(patch, report, options, reader, out)?;
    }
    Ok(())
}

/// Prints what a patch cannot say: what was left out, and which files `git apply` does not reach from here.
pub(super) fn print_notes(report: &Report<'_>, options: &Options, err: &mut Stream<'_>) -> io::Result<()> {
    if let Some((first, sentence)) = report.left_out.first().zip(left_out::sentence(report, options))
        && options.tells()
    {
        problems::print_note(first.file.as_str(), &sentence, err)?;
    }
    let folder = options.folder.as_deref();
    for path in report.patches.iter().map(|patch| report.sources[patch.file].path()) {
        if options.tells() && !is_reachable(path, folder) {
            let hint =
                "lies outside the working folder, where `git apply` does not reach: run both from a folder above";
            problems::print_note(path.as_str(), hint, err)?;
        }
    }
    Ok(())
}

/// Prints the head and the hunks of one file.
pub(super) fn print_patch(
    patch: &Patch,
    report: &Report<'_>,
    options: &Options,
    reader: Reader<'_>,
    out: &mut Stream<'_>,
) -> io::Result<()> {
    let file = &report.sources[patch.file];
    // Secrets stand beside a value, also in the inputs of a Terragrunt unit. `git apply` needs the lines around it, a person
    // does not.
    let is_shown_alone = reader != Reader::Program && FileKind::of(file.path()).role != Role::Configuration;
    let hunks = hunks(file.text(), &patch.after, if is_shown_alone { 0 } else { options.context });
    if hunks.is_empty() {
        return Ok(());
    }
    let title = out.style(TITLE);
    // What makes a name safe for `git apply` would only puzzle a person.
    let folder = options.folder.as_deref().filter(|_| reader == Reader::Program);
    for line in Name::new(file.path(), folder).head(patch.is_new).lines() {
        let line = if reader == Reader::Program { line.into() } else { escape_line(line) };
        writeln!(out, "{title}{line}{title:#}")?;
    }
    let returns = reader == Reader::Program || !ends_every_line_with_return(file);
    for hunk in hunks {
        let style = out.style(HUNK);
        writeln!(out, "{style}@@ {} @@{style:#}", hunk.ranges())?;
        let mut at = hunk.start;
        for (change, line) in hunk.lines {
            let style = out.style(match change {
                Change::Context => anstyle::Style::new(),
                Change::Removed => REMOVED,
                Change::Added => ADDED,
            });
            let (text, ended) = line.strip_suffix('\n').map_or((line, false), |text| (text, true));
            let text = if returns { text } else { text.strip_suffix('\r').unwrap_or(text) };
            let mark = change.mark();
            let shown = match reader {
                Reader::Person(sensitive) if change != Change::Added => sensitive.hide(patch.file, at, text),
                _ => text.into(),
            };
            match reader {
                Reader::Program => writeln!(out, "{style}{mark}{shown}{style:#}")?,
                Reader::Person(_) => writeln!(out, "{style}{mark}{}{style:#}", escape_line(&secrets::hide(&shown)))?,
            }
            at += if change == Change::Added { 0 } else { line.len() };
            if !ended {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}

/// Whether every line of a file ends with `\r\n`, so that showing it on each tells a person nothing.
fn ends_every_line_with_return(file: &SourceFile) -> bool {
    file.text().split_inclusive('\n').filter(|line| line.ends_with('\n')).all(|line| line.ends_with("\r\n"))
}
