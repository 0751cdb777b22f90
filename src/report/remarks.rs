//! What is said about lifecycle scripts, for people.

use std::collections::HashMap;
use std::io::{self, Write};

use anstyle::Style;

use super::lines::{place, suppressed};
use super::names::relative;
use super::palette::{ERROR, FAINT, NOTE, RULE, TITLE};
use super::{Options, Report};
use crate::finding::Remark;
use crate::rules::Severity;
use crate::terminal::{Stream, escape};

/// The remarks to tell: none if the run is quiet.
pub(super) fn shown<'r>(report: &Report<'r>, options: &Options) -> impl Iterator<Item = &'r Remark> + use<'r> {
    let tells = options.tells();
    report.remarks.iter().filter(move |_| tells)
}

/// Prints a remark on one line.
pub(super) fn print_line(remark: &Remark, report: &Report<'_>, out: &mut Stream<'_>) -> io::Result<()> {
    print_head(remark, report, out)?;
    let faint = out.style(FAINT);
    let state = remark.suppression.as_ref().map_or_else(|| remark.severity.name().to_owned(), suppressed);
    writeln!(out, "{} {faint}[{}]{faint:#}", escape(&remark.message), escape(&state))
}

/// Prints a remark with who runs the script and what to write instead.
pub(super) fn print(remark: &Remark, report: &Report<'_>, out: &mut Stream<'_>) -> io::Result<()> {
    print_head(remark, report, out)?;
    writeln!(out, "{}", escape(&remark.message))?;
    let state = remark.suppression.as_ref().map_or_else(|| remark.severity.name().to_owned(), suppressed);
    writeln!(out, "  {}: {}", escape(&users(remark)), escape(&state))?;
    if remark.suppression.is_some() {
        return Ok(());
    }
    let faint = out.style(FAINT);
    if let Some(help) = &remark.help {
        writeln!(out, "  {faint}{}{faint:#}", escape(help))?;
    }
    if let Some(instead) = &remark.instead {
        let line = report.sources[instead.before.file].line_of(instead.before.span.start);
        writeln!(out, "  {faint}in front of line {line}, as root:{faint:#}")?;
        for words in instead.lines.lines() {
            writeln!(out, "    {}", escape(words))?;
        }
    }
    Ok(())
}

fn print_head(remark: &Remark, report: &Report<'_>, out: &mut Stream<'_>) -> io::Result<()> {
    let title = out.style(TITLE);
    write!(out, "{title}{}{title:#}: ", place(remark.location, report))?;
    let style = out.style(style(remark));
    write!(out, "{style}{}{style:#}: ", remark.rule)
}

const fn style(remark: &Remark) -> Style {
    match (remark.severity, &remark.suppression) {
        (_, Some(_)) => FAINT,
        (Severity::Error, None) => ERROR,
        (Severity::Warning, None) => RULE,
        (Severity::Note, None) => NOTE,
    }
}

/// Who runs the script: `on_start of a.b, used by c.d and c.e`.
pub(super) fn users(remark: &Remark) -> String {
    let mut hooks: Vec<String> =
        remark.uses.iter().map(|one| format!("{} of {}", one.hook.name(), one.configuration)).collect();
    hooks.dedup();
    let notebooks = remark.notebooks();
    let by = if notebooks.is_empty() {
        "which no notebook in the code uses".to_owned()
    } else {
        format!("used by {}", notebooks.join(", "))
    };
    format!("{}, {by}", hooks.join(" and "))
}

/// What happens and what to write instead, for formats with one text.
pub(super) fn full_message(remark: &Remark) -> String {
    match &remark.help {
        Some(help) => format!("{}. {help}", remark.message),
        None => remark.message.clone(),
    }
}

/// One name for each remark that outlives a change of lines: rule, file, the words in question, and a number from the
/// second on that would be named the same.
pub(super) fn fingerprints(report: &Report<'_>, options: &Options) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let name = |remark: &Remark| {
        let file = &report.sources[remark.location.file];
        let path = relative(file.path(), options.folder.as_deref());
        let words: String = file.slice(remark.location.span).chars().take(120).collect();
        let words: Vec<&str> = words.split_whitespace().collect();
        let name = format!("{}:{path}:{}", remark.rule, words.join(" "));
        let times = seen.entry(name.clone()).and_modify(|times| *times += 1).or_insert(1);
        if *times == 1 { name } else { format!("{name}:{times}") }
    };
    report.remarks.iter().map(name).collect()
}
