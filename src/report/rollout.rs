//! In which order a change should reach the environments of a repository, and what changes with each of them.

use std::collections::{BTreeMap, BTreeSet};
use std::ptr;

use camino::Utf8Path;

use super::environment::Environment;
use super::instances::{program, rows};
use super::names::in_repository;
use super::{Options, Report};
use crate::finding::{Finding, Status};
use crate::source::FileId;

/// A command with more paths than this is not written out.
const MOST_PATHS: usize = 12;

/// Of more files than this their folders are named instead, where these hold nothing else that changes.
const MOST_FILES: usize = 4;

/// What changes in one environment.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// The instances that change.
    pub(super) instances: usize,
    /// Their programs.
    pub(super) programs: BTreeSet<String>,
    /// The files that change for them and for no other environment.
    pub(super) files: BTreeSet<FileId>,
}

/// The order of a change.
#[derive(Debug)]
pub(super) struct Rollout {
    /// What changes in each environment, the one to begin with first; there are at least two.
    pub(super) steps: BTreeMap<Environment, Step>,
    /// The files whose change reaches several environments at once.
    pub(super) shared: BTreeMap<FileId, BTreeSet<Environment>>,
}

impl Rollout {
    /// The order in which the fixes that are applied, or would be, reach environments; `None` if they reach one alone.
    pub(super) fn of(report: &Report<'_>, options: &Options) -> Option<Self> {
        let mut steps: BTreeMap<Environment, Step> = BTreeMap::new();
        let mut reached: BTreeMap<FileId, BTreeSet<Environment>> = BTreeMap::new();
        // The findings of which all files are known to reach an environment: they may have as many files as instances.
        let mut whole: BTreeSet<(Environment, *const Finding)> = BTreeSet::new();
        for row in rows(report) {
            let exists = row.instance.is_none_or(|instance| instance.exists);
            if !exists || !matches!(row.status(), Status::Fixable | Status::Fixed) {
                continue;
            }
            let environment = Environment::of_row(&row, report, options);
            let step = steps.entry(environment).or_default();
            step.instances += 1;
            let shown = |path: &Utf8Path| in_repository(path, options);
            step.programs.extend(row.instance.map(|instance| program(&instance.program, &shown)));
            // The file in which the value stands changes for an instance, or all of the fix where that stays as it is.
            let origin = row.value().map(|trace| trace.origin.file);
            if let Some(origin) = origin.filter(|file| row.standings().any(|standing| standing.changes(*file))) {
                reached.entry(origin).or_default().insert(environment);
                continue;
            }
            for standing in row.standings() {
                if whole.insert((environment, ptr::from_ref(standing.finding))) {
                    for &file in standing.files() {
                        reached.entry(file).or_default().insert(environment);
                    }
                }
            }
        }
        if steps.len() < 2 {
            return None;
        }
        let mut shared = BTreeMap::new();
        for (file, environments) in reached {
            match environments.first() {
                Some(only) if environments.len() == 1 => _ = steps.entry(*only).or_default().files.insert(file),
                _ => _ = shared.insert(file, environments),
            }
        }
        Some(Self { steps, shared })
    }

    /// Files and folders that hold what changes in one environment and nothing else that changes; `None` if they are too many to
    /// type, or if there are none.
    pub(super) fn paths<'r>(&self, step: &Step, report: &Report<'r>) -> Option<Vec<&'r Utf8Path>> {
        let path = |file: &FileId| report.sources[*file].path();
        let own: BTreeSet<&Utf8Path> = step.files.iter().map(path).collect();
        if own.len() <= MOST_FILES {
            return (!own.is_empty()).then(|| own.into_iter().collect());
        }
        let mut changing: BTreeMap<&Utf8Path, usize> = BTreeMap::new();
        let mut of_step = changing.clone();
        for (file, count) in self.files().map(|file| (file, 1)) {
            for above in path(file).ancestors().skip(1) {
                *changing.entry(above).or_default() += count;
                *of_step.entry(above).or_default() += usize::from(step.files.contains(file));
            }
        }
        let is_own = |folder: &&Utf8Path| !folder.as_str().is_empty() && changing.get(folder) == of_step.get(folder);
        let widest = |path: &'r Utf8Path| path.ancestors().skip(1).take_while(is_own).last().unwrap_or(path);
        let paths: BTreeSet<&Utf8Path> = own.into_iter().map(widest).collect();
        (paths.len() <= MOST_PATHS).then(|| paths.into_iter().collect())
    }

    /// All files that change for an instance.
    fn files(&self) -> impl Iterator<Item = &FileId> {
        self.steps.values().flat_map(|step| &step.files).chain(self.shared.keys())
    }
}

/// Environments by their names.
pub(super) fn listed(environments: &BTreeSet<Environment>) -> String {
    environments.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
