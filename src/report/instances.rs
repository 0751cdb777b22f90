//! The instances of notebooks, one by one: the unit that people count in, that restarts, and that has an owner.

use std::collections::BTreeMap;
use std::rc::Rc;

use camino::Utf8Path;

use super::names::in_repository;
use super::{Options, Report};
use crate::control;
use crate::finding::{Finding, Instance, Live, Notebook, Program, ProgramKind, Standing, Status, Value, ValueTrace};
use crate::rules::Rule;
use crate::source::Location;

/// One instance with all that is said of it; or a notebook of which no instance is told apart.
#[derive(Debug, Clone)]
pub(super) struct Row<'r> {
    /// The findings on its notebook, that on the value first; never empty.
    pub(super) findings: Rc<[Standing<'r>]>,
    /// The notebook.
    pub(super) notebook: &'r Notebook,
    /// The instance.
    pub(super) instance: Option<&'r Instance>,
}

/// A row for each instance, and one for each notebook without any, by the notebook's file and place.
pub(super) fn rows<'r>(report: &Report<'r>) -> Vec<Row<'r>> {
    let mut notebooks: BTreeMap<(&Utf8Path, Location), Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings {
        if let Some(notebook) = finding.notebook() {
            let file = report.sources[notebook.location.file].path();
            notebooks.entry((file, notebook.location)).or_default().push(finding);
        }
    }
    let mut rows = Vec::new();
    for findings in notebooks.into_values() {
        let Some(notebook) = findings[0].notebook() else { continue };
        let findings: Rc<[Standing<'r>]> = findings.into_iter().map(Finding::standing).collect();
        let row = |instance| Row { findings: Rc::clone(&findings), notebook, instance };
        rows.extend(notebook.instances.listed.iter().map(|instance| row(Some(instance))));
        if notebook.instances.listed.is_empty() {
            rows.push(row(None));
        }
    }
    rows
}

impl<'r> Row<'r> {
    /// How the instance stands: by the worst that is said of it.
    pub(super) fn status(&self) -> Status {
        let rank = |status: &Status| match status {
            Status::Compliant => 0,
            Status::Fixed => 1,
            Status::Suppressed => 2,
            Status::Fixable => 3,
            Status::Review => 4,
        };
        self.findings.iter().map(|finding| self.status_in(finding)).max_by_key(rank).unwrap_or(Status::Compliant)
    }

    /// The findings on the instance; none where it complies.
    pub(super) fn open(&self) -> impl Iterator<Item = &'r Finding> {
        self.standings().map(|standing| standing.finding)
    }

    /// As [`Row::open`], with how the instances of each stand.
    pub(super) fn standings(&self) -> impl Iterator<Item = &Standing<'r>> {
        self.findings.iter().filter(|finding| self.status_in(finding) != Status::Compliant)
    }

    /// How the instance stands in one finding.
    fn status_in(&self, finding: &Standing<'_>) -> Status {
        self.instance.map_or_else(|| finding.finding.status(), |instance| finding.of(instance))
    }

    /// The value that decides: of several that it can have the worst.
    pub(super) fn value(&self) -> Option<&'r ValueTrace> {
        let worst = || self.notebook.values.iter().find(|trace| !trace.value.complies());
        match self.instance {
            Some(instance) => self.notebook.values.get(*instance.values.first()?),
            None => worst().or(self.notebook.values.first()),
        }
    }

    /// The message of a finding for this instance: where several places give root, that which gives it here.
    pub(super) fn message(&self, finding: &Finding, report: &Report<'_>, options: &Options) -> String {
        let own = self.value().filter(|_| finding.rule == Some(Rule::ViaReference));
        // One that complies is for review for the sake of others.
        let own = own.filter(|trace| !trace.value.complies());
        match own.filter(|trace| matches!(trace.value, Value::Known(_) | Value::Null)) {
            Some(trace) => {
                let origin = place(trace.origin, report, options);
                format!("{} gets {} from {origin}", control::ATTRIBUTE, trace.value)
            }
            None => finding.message.clone(),
        }
    }

    /// The address in the program, or in its module where no program is known.
    pub(super) fn address(&self) -> &'r str {
        self.instance.map_or(&self.notebook.address, |instance| &instance.address)
    }

    /// The owners: of the file of values that has the last word, else of the program's folder, else of the notebook's file.
    pub(super) fn owners(&self, report: &Report<'r>, options: &Options) -> Vec<&'r str> {
        owners(self.instance, self.notebook, report, options)
    }

    /// The first two folders on the way to the program.
    pub(super) fn area(&self, options: &Options) -> String {
        let Some(instance) = self.instance else { return "not told apart".to_owned() };
        let folder = folder(&instance.program, options);
        folder.splitn(3, '/').take(2).collect::<Vec<_>>().join("/")
    }

    /// The instance in a plan or state; the worst of several.
    pub(super) fn live(&self) -> Option<&'r Live> {
        self.instance?.live.iter().max_by_key(|live| live.action)
    }
}

/// As [`Row::owners`].
pub(super) fn owners<'r>(
    instance: Option<&Instance>,
    notebook: &Notebook,
    report: &Report<'r>,
    options: &Options,
) -> Vec<&'r str> {
    let own = report.sources[notebook.location.file].path();
    let of = |path: &Utf8Path| report.owners.of(&in_repository(path, options));
    let Some(Program { folder, kind, value_files, .. }) = instance.map(|instance| &*instance.program) else {
        return of(own);
    };
    let by_values = value_files.iter().rev().map(|file| of(file)).find(|owners| !owners.is_empty());
    let in_folder = || {
        let is_own = own.parent().is_some_and(|above| above == folder);
        // Patterns match files, so a folder stands for the one it is sure to have.
        let file = match kind {
            ProgramKind::Terragrunt => "terragrunt.hcl",
            ProgramKind::Root | ProgramKind::Stack | ProgramKind::Unknown => "main.tf",
        };
        if is_own { of(own) } else { of(&folder.join(file)) }
    };
    by_values.unwrap_or_else(in_folder)
}

/// `file:line`, from the top of the repository.
pub(super) fn place(Location { file, span }: Location, report: &Report<'_>, options: &Options) -> String {
    let file = &report.sources[file];
    format!("{}:{}", in_repository(file.path(), options), file.line_of(span.start))
}

/// A program for people and tables: its folder, from the top of the repository.
pub(super) fn folder(program: &Program, options: &Options) -> String {
    let folder = in_repository(&program.folder, options);
    if folder.is_empty() { ".".to_owned() } else { folder }
}

/// A program by its folder and files of values, those in the folder by their names alone. `shown` says how a path is shown.
pub(super) fn program(program: &Program, shown: &dyn Fn(&Utf8Path) -> String) -> String {
    let folder = shown(&program.folder);
    let folder = if folder.is_empty() { "." } else { &folder };
    let named = |file: &Utf8Path| file.strip_prefix(&program.folder).map_or_else(|_| shown(file), ToString::to_string);
    let files: Vec<String> = program.value_files.iter().map(|file| named(file)).collect();
    let with = if files.is_empty() { String::new() } else { format!(" with {}", files.join(" ")) };
    let deployment = program.deployment.as_deref().map_or_else(String::new, |name| format!(", deployment {name}"));
    format!("{folder}{with}{deployment}")
}
