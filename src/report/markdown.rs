//! The `markdown` format: the text of a pull request, in GitHub's and GitLab's flavour.

mod escape;
mod table;
mod within;

use std::io::{self, Write};

use super::counts::counted;
use super::instances::place;
use super::lines;
use super::names::in_repository;
use super::origins::ways;
use super::{Mode, Options, Report, evidence, left_out, reported, scripts};
use crate::control;
use crate::finding::{Finding, Notebook, Status};
use crate::fix::Applicability;
use crate::terminal::Stream;

use escape::{code, prose};
use within::{short, within};

/// Prints the whole text.
pub(super) fn print(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    writeln!(out, "# Take root access away from SageMaker notebooks\n")?;
    writeln!(out, "{}\n", opening(report, options))?;
    writeln!(out, "{}\n", control::WHY)?;
    table::print(report, options, out)?;
    within(6_000, out, |out| files(report, options, out))?;
    within(8_000, out, |out| review(report, options, out))?;
    within(4_000, out, |out| suppressed(report, options, out))?;
    within(5_000, out, |out| given(report, out))?;
    within(6_000, out, |out| scripts(report, options, out))?;
    within(5_000, out, |out| problems(report, options, out))?;
    if report.summary.fixable + report.summary.fixed + report.summary.in_part > 0 {
        next_apply(out)?;
    }
    identifiers(out)?;
    commands(out)
}

/// The findings of other tools, one by one, and the plans and states.
fn given(report: &Report<'_>, out: &mut Stream<'_>) -> io::Result<()> {
    for file in report.reported {
        writeln!(out, "## {}\n", prose(&reported::heading(file)))?;
        for (finding, found) in &file.findings {
            writeln!(out, "- {}", prose(&reported::line(finding, found, report)))?;
        }
        writeln!(out)?;
    }
    for said in report.evidence {
        writeln!(out, "## {}\n", prose(&evidence::heading(said)))?;
        for line in said.instances.iter().filter_map(|(live, found)| evidence::line(live, *found)) {
            writeln!(out, "- {}", prose(&line))?;
        }
        writeln!(out, "- {}\n", evidence::conclusion(said))?;
    }
    Ok(())
}

/// The effect of the change, in one sentence.
fn opening(report: &Report<'_>, options: &Options) -> String {
    let summary = &report.summary;
    let files = match report.patches.len() {
        0 => String::new(),
        files => format!(", in {}", counted(files, "file")),
    };
    let changing = || format!("{}{files}", table::changing(report));
    match (summary.notebooks, summary.fixed, summary.fixable + summary.in_part) {
        (0, ..) => format!("No SageMaker notebook in {} Terraform file{}.", summary.files, plural(summary.files)),
        (_, 0, 0) if summary.review == 0 && summary.errors == 0 => {
            "Nothing changes: every SageMaker notebook complies or is suppressed.".to_owned()
        }
        (_, 0, 0) => "Nothing changes: what is left needs a decision.".to_owned(),
        (_, 0, _) if options.mode != Mode::Write => {
            format!("`unroot --write` would set `root_access = \"Disabled\"` on {}.", changing())
        }
        _ => format!("Sets `root_access = \"Disabled\"` on {}.", changing()),
    }
}

/// The files that change.
fn files(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    if report.patches.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Files changed\n\n{}:\n", counted(report.patches.len(), "file"))?;
    for patch in report.patches {
        writeln!(out, "- {}", code(&in_repository(report.sources[patch.file].path(), options)))?;
    }
    writeln!(out)
}

/// The findings on notebooks.
fn on_notebooks<'r>(report: &Report<'r>) -> impl Iterator<Item = (&'r Finding, &'r Notebook)> + use<'r> {
    report.findings.iter().filter_map(|finding| Some((finding, finding.notebook()?)))
}

/// The findings that a person has to review.
fn review(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    let mut left = on_notebooks(report).filter(|(finding, _)| finding.status() == Status::Review).peekable();
    if left.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "## For review\n")?;
    for (finding, notebook) in left {
        let at = place(finding.anchor, report, options);
        writeln!(out, "- {} ({}): {}", code(&notebook.address), code(&at), prose(&short(&finding.message)))?;
        if let Some(fix) = &finding.fix {
            let how = match fix.applicability {
                Applicability::Unsafe if !options.unsafe_fixes => "`--unsafe-fixes` would",
                _ => "By hand",
            };
            writeln!(out, "  - {how}: {}", prose(&short(&fix.title)))?;
        }
        for way in ways(notebook, &|location| place(location, report, options)) {
            writeln!(out, "  - {}", code(&short(&way)))?;
        }
    }
    writeln!(out)
}

/// The suppressed findings.
fn suppressed(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    let mut suppressed = on_notebooks(report).filter(|(finding, _)| finding.status() == Status::Suppressed).peekable();
    if suppressed.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "## Suppressed\n")?;
    for (finding, notebook) in suppressed {
        let by = finding.suppression.as_ref().map_or("suppressed".to_owned(), lines::suppressed);
        writeln!(
            out,
            "- {} ({}): {}",
            code(&notebook.address),
            code(&place(finding.anchor, report, options)),
            prose(&by)
        )?;
    }
    writeln!(out)
}

/// The script lines that stop working or hand root back; the worst first.
fn scripts(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    let blocks = scripts::blocks(report, options);
    if blocks.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Lifecycle scripts\n")?;
    for block in blocks {
        let path = block
            .groups
            .first()
            .map_or_else(String::new, |group| in_repository(report.sources[group.first().anchor.file].path(), options));
        writeln!(out, "{}: {}\n", code(&path), prose(&block.users))?;
        for group in &block.groups {
            let finding = group.first();
            let state =
                finding.suppression.as_ref().map_or_else(|| finding.severity.name().to_owned(), lines::suppressed);
            let (state, place) = (prose(&state), code(&place(finding.anchor, report, options)));
            writeln!(out, "- **{state}** {} ({place}): {}", code(finding.code()), prose(&group.message(report)))?;
            if finding.suppression.is_some() {
                continue;
            }
            writeln!(out, "  - {}", code(&scripts::line(finding, report).1))?;
            if let Some(help) = group.help() {
                writeln!(out, "  - {}", prose(help))?;
            }
        }
        for rewritten in block.rewritten(report) {
            writeln!(out, "- {}", rewritten.heading())?;
            for words in rewritten.lines {
                writeln!(out, "  - {}", code(&words))?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The files that were not looked at, and the notes.
fn problems(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    if !report.problems.is_empty() {
        writeln!(out, "## Not judged\n")?;
        for problem in report.problems {
            let line = problem.position.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
            writeln!(
                out,
                "- {}: {}",
                code(&format!("{}{line}", in_repository(problem.file.as_str().into(), options))),
                prose(&short(&problem.message))
            )?;
        }
        writeln!(out)?;
    }
    if let Some(sentence) = left_out::sentence(report, options) {
        writeln!(out, "## Left out\n\n{}\n", prose(&sentence))?;
        let (named, more) = left_out::named(report);
        for one in named {
            writeln!(
                out,
                "- {}: {}",
                code(&in_repository(&one.file, options)),
                prose(left_out::reason(one.why, options))
            )?;
        }
        if more > 0 {
            writeln!(out, "- … and {more} more")?;
        }
        writeln!(out)?;
    }
    if options.tells() && !report.notes.is_empty() {
        writeln!(out, "## Notes\n")?;
        for note in report.notes {
            let path = in_repository(report.sources[note.file].path(), options);
            let place = format!("{path}:{}:{}", note.position.line, note.position.column);
            writeln!(out, "- {}: {}", code(&place), prose(&short(&note.message)))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn next_apply(out: &mut Stream<'_>) -> io::Result<()> {
    writeln!(out, "## What the next apply does\n\n{}\n", control::NEXT_APPLY)?;
    for detail in control::APPLY_DETAILS {
        writeln!(out, "- {detail}")?;
    }
    writeln!(out, "\n{}\n", control::SCRIPTS)
}

fn identifiers(out: &mut Stream<'_>) -> io::Result<()> {
    writeln!(out, "## The control in other systems\n\n| system | identifier | how it judges |\n|---|---|---|")?;
    for one in control::IDENTIFIERS {
        writeln!(out, "| {} | {} | {} |", one.system, code(one.id), one.judges)?;
    }
    writeln!(out)
}

fn commands(out: &mut Stream<'_>) -> io::Result<()> {
    writeln!(out, "## Evidence for an audit\n")?;
    for evidence in control::EVIDENCE {
        writeln!(out, "- {}:\n  ```sh\n  {}\n  ```", evidence.shows, evidence.command)?;
    }
    Ok(())
}

const fn plural(number: usize) -> &'static str {
    if number == 1 { "" } else { "s" }
}
