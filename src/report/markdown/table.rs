//! Who is hit: the instances by owner, and by the program that creates them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::super::counts::{Counts, counted};
use super::super::environment::Environment;
use super::super::instances::{Row, place, program, rows};
use super::super::names::in_repository;
use super::super::rollout::{Rollout, listed};
use super::super::{Options, Report};
use super::escape::{code, prose};
use super::within::{short, within};
use crate::control;
use crate::finding::Status;
use crate::terminal::Stream;

/// Bytes of the table by owner, of the order, and of the table by program.
const BY_OWNER: usize = 6_000;
const BY_ENVIRONMENT: usize = 4_000;
const BY_PROGRAM: usize = 18_000;

/// More folders or files of an environment than this are counted, not named.
const MOST_NAMED: usize = 5;

/// Instances that are one line: by how they stand, owner, environment, program and notebook.
type Group = (u8, String, Environment, String, String, Status);

/// How the instances of an owner stand.
#[derive(Default)]
struct Standing {
    changing: usize,
    review: usize,
    suppressed: usize,
    compliant: usize,
}

impl Standing {
    fn add(&mut self, status: Status) {
        *match status {
            Status::Fixable | Status::Fixed => &mut self.changing,
            Status::Review => &mut self.review,
            Status::Suppressed => &mut self.suppressed,
            Status::Compliant => &mut self.compliant,
        } += 1;
    }
}

/// Prints both tables.
pub(super) fn print(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    let rows: Vec<Row<'_>> = rows(report).into_iter().filter(|row| row.instance.is_none_or(|it| it.exists)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let is_owned = rows.iter().any(|row| !row.owners(report, options).is_empty());
    let whose = |row: &Row<'_>| if is_owned { owner(row, report, options) } else { row.area(options) };
    let title = if is_owned { "owner" } else { "folder" };
    within(BY_OWNER, out, |out| by_owner(&rows, &whose, title, out))?;
    within(BY_ENVIRONMENT, out, |out| by_environment(report, options, out))?;
    within(BY_PROGRAM, out, |out| by_program(&rows, (&whose, title), report, options, out))
}

/// In which order the change should reach environments.
fn by_environment(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    let Some(rollout) = Rollout::of(report, options) else { return Ok(()) };
    writeln!(out, "## In what order\n\nBy the names of folders and files of values; production comes last.\n")?;
    writeln!(
        out,
        "| | environment | instances that restart | programs | files changed for it alone |\n|---|---|---|---|---|"
    )?;
    for (number, (environment, step)) in rollout.steps.iter().enumerate() {
        let files = step.files.iter().map(|file| in_repository(report.sources[*file].path(), options)).collect();
        let (programs, files) = (few(&step.programs), few(&files));
        writeln!(out, "| {} | {environment} | {} | {programs} | {files} |", number + 1, step.instances)?;
    }
    if !rollout.shared.is_empty() {
        writeln!(out, "\nWhat changes several of them at once:\n")?;
    }
    for (file, environments) in &rollout.shared {
        let file = code(&in_repository(report.sources[*file].path(), options));
        writeln!(out, "- {file}: {}", listed(environments))?;
    }
    writeln!(out)
}

/// The first of some paths, and how many more there are.
fn few(paths: &BTreeSet<String>) -> String {
    let named: Vec<String> = paths.iter().take(MOST_NAMED).map(|path| code(path).replace('|', "\\|")).collect();
    match paths.len().saturating_sub(MOST_NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

fn by_owner(rows: &[Row<'_>], whose: &dyn Fn(&Row<'_>) -> String, title: &str, out: &mut Stream<'_>) -> io::Result<()> {
    let mut owners: BTreeMap<String, Standing> = BTreeMap::new();
    for row in rows {
        owners.entry(whose(row)).or_default().add(row.status());
    }
    let mut owners: Vec<(String, Standing)> = owners.into_iter().collect();
    owners.sort_by_key(|(_, standing)| std::cmp::Reverse(standing.changing + standing.review));
    writeln!(out, "## Who is hit\n")?;
    writeln!(out, "| {title} | instances that change and restart | for review | suppressed | compliant |")?;
    writeln!(out, "|---|---|---|---|---|")?;
    for (owner, Standing { changing, review, suppressed, compliant }) in owners {
        writeln!(out, "| {} | {changing} | {review} | {suppressed} | {compliant} |", prose(&owner))?;
    }
    writeln!(out)
}

fn by_program(
    rows: &[Row<'_>],
    (whose, title): (&dyn Fn(&Row<'_>) -> String, &str),
    report: &Report<'_>,
    options: &Options,
    out: &mut Stream<'_>,
) -> io::Result<()> {
    let mut groups: BTreeMap<Group, (usize, BTreeSet<String>)> = BTreeMap::new();
    for row in rows {
        let program = row
            .instance
            .map_or_else(String::new, |instance| program(&instance.program, &|path| in_repository(path, options)));
        let notebook =
            format!("{} ({})", code(&row.notebook.address), code(&place(row.notebook.location, report, options)));
        let status = row.status();
        let order = match status {
            Status::Fixable | Status::Fixed => 0,
            Status::Review => 1,
            Status::Suppressed => 2,
            Status::Compliant => 3,
        };
        let environment = Environment::of_row(row, report, options);
        let group = groups.entry((order, whose(row), environment, program, notebook, status)).or_default();
        group.0 += 1;
        group.1.insert(row.value().map_or_else(String::new, |trace| trace.value.to_string()));
    }
    writeln!(out, "## Instances\n")?;
    writeln!(out, "| {title} | environment | program | notebook | instances | now | after | status |")?;
    writeln!(out, "|---|---|---|---|---|---|---|---|")?;
    for ((_, owner, environment, program, notebook, status), (instances, values)) in groups {
        let after = match status {
            Status::Fixable | Status::Fixed => code(control::COMPLIANT_LITERAL),
            Status::Compliant | Status::Review | Status::Suppressed => "unchanged".to_owned(),
        };
        let values: Vec<String> = values.iter().map(|value| code(&short(value))).collect();
        let cells = [
            prose(&owner),
            if environment == Environment::Unnamed { String::new() } else { environment.to_string() },
            prose(&program),
            notebook.replace('|', "\\|"),
            instances.to_string(),
            values.join(", ").replace('|', "\\|"),
            after,
            status.name().to_owned(),
        ];
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    writeln!(out)
}

fn owner(row: &Row<'_>, report: &Report<'_>, options: &Options) -> String {
    let owners = row.owners(report, options);
    if owners.is_empty() { "no owner".to_owned() } else { owners.join(" ") }
}

/// `22 of 85 notebook instances`, of a change that is proposed or written.
pub(super) fn changing(report: &Report<'_>) -> String {
    let counts = Counts::of(report);
    let changing = counts.with(Status::Fixable) + counts.with(Status::Fixed);
    if changing == 0 {
        return counted(report.summary.fixable.max(report.summary.fixed), "notebook");
    }
    format!("{changing} of {}", counted(counts.all, "notebook instance"))
}
