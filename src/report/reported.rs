//! The findings of other tools, one by one: where each lives in the code, and what becomes of it.

use std::io::{self, Write};

use super::Report;
use super::lines::place;
use super::palette::TITLE;
use crate::finding::{Finding, FixState, Found, Match, Reported, ReportedFile, Status};
use crate::terminal::{Stream, escape};

/// More findings of a file than this are counted, not shown, in `text`.
const MOST_FINDINGS: usize = 50;

/// What there is to say of an instance that has root and of code that takes it away.
const COMPLIANT: &str = "compliant in code: the instance changes with the next apply, or has drifted";

/// Prints a paragraph for each file of findings.
pub(super) fn print(report: &Report<'_>, out: &mut Stream<'_>) -> io::Result<()> {
    for file in report.reported {
        let style = out.style(TITLE);
        writeln!(out, "{style}{}{style:#}", escape(&heading(file)))?;
        for (reported, found) in file.findings.iter().take(MOST_FINDINGS) {
            writeln!(out, "  {}", escape(&line(reported, found, report)))?;
            if matches!(found, Match::Nowhere { .. }) {
                for command in commands(reported) {
                    writeln!(out, "    {}", escape(&command))?;
                }
            }
        }
        if let Some(more) = file.findings.len().checked_sub(MOST_FINDINGS).filter(|more| *more > 0) {
            writeln!(out, "  and {more} more; --report markdown=FILE lists them all")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Which file it is, and how many of its findings live in code here.
pub(super) fn heading(file: &ReportedFile) -> String {
    let tools: Vec<&str> = file.findings.iter().map(|(reported, _)| reported.tool).collect();
    let tool = tools.first().map_or_else(String::new, |tool| format!(" of {tool}"));
    let count = |is: fn(&Match) -> bool| file.findings.iter().filter(|(_, found)| is(found)).count();
    let parts = [
        (count(|found| matches!(found, Match::Found(_))), "in code here"),
        (count(|found| matches!(found, Match::Candidates(_))), "with several candidates"),
        (count(|found| matches!(found, Match::Nowhere { .. })), "that no code here creates"),
        (count(|found| matches!(found, Match::Accepted)), "accepted there"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}")).collect();
    let name = if file.file == "-" { "standard input" } else { file.file.as_str() };
    match file.findings.len() {
        0 if !file.is_read => format!("{name}: not read"),
        0 => format!("{name}: no failed finding on root access"),
        1 => format!("1 finding{tool} in {name}: {}", parts.join(", ")),
        number => format!("{number} findings{tool} in {name}: {}", parts.join(", ")),
    }
}

/// Whether something is reported of instances here, all of which comply.
pub(super) fn complies(report: &Report<'_>) -> bool {
    report
        .reported
        .iter()
        .flat_map(|file| &file.findings)
        .any(|(_, found)| matches!(found, Match::Found(it) if it.complies))
}

/// Where a finding lives, and what becomes of it.
pub(super) fn line(reported: &Reported, found: &Match, report: &Report<'_>) -> String {
    let subject = format!("{} {}", reported.id, reported.subject());
    let told = |Found { notebook, instances, complies }: &Found| {
        let only = if let [only] = instances.as_slice() { Some(only) } else { None };
        let instance = only.filter(|(_, address)| reported.address.as_ref() != Some(address));
        let instance = instance.map_or_else(String::new, |(folder, address)| match folder.as_str() {
            "" | "." => format!(" ({address})"),
            folder => format!(" ({address} of {folder})"),
        });
        let about = report.findings.iter().find(|it| it.notebook().is_some_and(|it| it.location == *notebook));
        let state = match about {
            _ if *complies => format!(": {COMPLIANT}"),
            Some(finding) => format!(": {}", state(finding)),
            None => String::new(),
        };
        format!("{}{instance}{state}", place(*notebook, report))
    };
    match found {
        Match::Found(found) => format!("{subject}: {}", told(found)),
        Match::Candidates(all) => {
            let all: Vec<String> = all.iter().map(|&location| place(location, report)).collect();
            format!("{subject}: one of {}: name the one with its path", all.join(", "))
        }
        Match::Accepted => format!("{subject}: muted or suppressed in {}, and so left as it is", reported.tool),
        Match::Nowhere { .. } if reported.file.is_some() => {
            format!("{subject}: no notebook of this run stands there (another repository, or the code has changed)")
        }
        Match::Nowhere { unnamed: 0 } => {
            format!("{subject}: no code here creates it (made by hand, in another repository, or renamed)")
        }
        Match::Nowhere { unnamed } => {
            let notebooks = if *unnamed == 1 { "notebook, whose name is" } else { "notebooks, whose names are" };
            format!(
                "{subject}: no code here creates it, unless it is one of {unnamed} {notebooks} not known; a state (--plan) tells"
            )
        }
    }
}

fn state(finding: &Finding) -> String {
    let status = finding.status();
    match &finding.fix {
        Some(fix) if matches!(status, Status::Fixable | Status::Fixed) => format!("{}: {}", status.name(), fix.title),
        Some(fix) if finding.is_fixed_in_part() => {
            let done = if finding.fix_state == FixState::Written { Status::Fixed } else { Status::Fixable };
            format!("{} in part: {}", done.name(), fix.title)
        }
        _ if status == Status::Compliant => COMPLIANT.to_owned(),
        _ => format!("{}: {}", status.name(), finding.message),
    }
}

/// The commands that take root away from an instance outside of Terraform.
pub(super) fn commands(reported: &Reported) -> Vec<String> {
    let Some(name) = reported.instance_name() else { return Vec::new() };
    let Ok(name) = shlex::try_quote(name) else { return Vec::new() };
    let region = reported.region.as_deref().and_then(|region| shlex::try_quote(region).ok());
    let region = region.map(|region| format!(" --region {region}")).unwrap_or_default();
    let steps = [
        ("stop-notebook-instance", ""),
        ("wait notebook-instance-stopped", ""),
        ("update-notebook-instance", " --root-access Disabled"),
        ("wait notebook-instance-stopped", ""),
        ("start-notebook-instance", ""),
    ];
    let command =
        |(verb, more): (&str, &str)| format!("aws sagemaker {verb} --notebook-instance-name {name}{more}{region}");
    steps.into_iter().map(command).collect()
}
