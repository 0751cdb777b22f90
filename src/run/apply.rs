//! Writes the chosen fixes to disk, and clears what killed runs have left there.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::scope::RunScope;
use crate::finding::Problem;
use crate::plan::Plan;
use crate::source::{FileId, RealPaths, Sources};
use crate::temporary;
use crate::write::{self, Change, WriteError};

/// Writes the new texts, those of one fix together. What cannot be written is no patch any more and comes back as an
/// error.
pub(super) fn write(sources: &Sources, plan: &mut Plan) -> Vec<WriteError> {
    let mut failed = BTreeSet::new();
    let mut errors = Vec::new();
    for group in groups(plan) {
        let changes = plan.in_steps(&group).into_iter().map(|patch| {
            let file = &sources[patch.file];
            Change { path: file.path(), before: file.text().as_bytes(), after: patch.after.as_bytes() }
        });
        if let Err(error) = write::write(&changes.collect::<Vec<_>>()) {
            errors.push(error);
            failed.extend(group);
        }
    }
    plan.patches.retain(|patch| !failed.contains(&patch.file));
    errors
}

/// What could not be written, as a report has it.
pub(super) fn problem(error: &WriteError) -> Problem {
    Problem { file: error.path.to_string(), position: None, message: error.to_string() }
}

/// A temporary file that a killed run has left.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LeftOver {
    pub(super) path: Utf8PathBuf,
    /// Whether this run has removed it.
    pub(super) removed: bool,
}

/// Looks for temporary files of killed runs beside the files of this one and in the folders of its reports, and removes
/// those that it may: what lies under its paths, if the run is one that writes, and what lies where it writes a report.
pub(super) fn left_over(
    sources: &Sources,
    reports: &[&Utf8Path],
    scope: &RunScope,
    writes: bool,
) -> BTreeSet<LeftOver> {
    let shown = |folder: &Utf8Path| if folder.as_str().is_empty() { ".".into() } else { folder.to_owned() };
    let real_paths = RealPaths::default();
    let mut folders: BTreeMap<Utf8PathBuf, (Utf8PathBuf, bool)> = BTreeMap::new();
    for (path, is_report) in
        sources.iter().map(|(_, file)| (file.path(), false)).chain(reports.iter().map(|path| (*path, true)))
    {
        // A link is replaced where it leads to, a report where it stands.
        let real = if is_report { None } else { Some(real_paths.of(path)) };
        for folder in [Some(path), real.as_deref()].into_iter().flatten().filter_map(Utf8Path::parent) {
            let real = real_paths.of(&shown(folder));
            let may_clear = is_report || writes && scope.holds(&real);
            folders.entry(real).or_insert_with(|| (folder.to_owned(), false)).1 |= may_clear;
        }
    }
    let mut found = BTreeSet::new();
    for (real, (folder, may_clear)) in &folders {
        let names = temporary::left_over(real.as_std_path());
        let gone = if *may_clear && !names.is_empty() { temporary::clear(real.as_std_path()) } else { BTreeSet::new() };
        found.extend(names.iter().map(|name| LeftOver { path: folder.join(name), removed: gone.contains(name) }));
    }
    found
}

/// The files of the patches, in sets that share no fix.
fn groups(plan: &Plan) -> Vec<BTreeSet<FileId>> {
    let mut home: BTreeMap<FileId, usize> = plan.patches.iter().zip(0..).map(|(patch, at)| (patch.file, at)).collect();
    for edits in plan.chosen.values() {
        let touched: BTreeSet<FileId> = edits.iter().map(|edit| edit.file).collect();
        let homes: BTreeSet<usize> = touched.iter().filter_map(|file| home.get(file)).copied().collect();
        let (Some(&first), true) = (homes.first(), homes.len() > 1) else { continue };
        for at in home.values_mut().filter(|at| homes.contains(at)) {
            *at = first;
        }
    }
    let mut groups: BTreeMap<usize, BTreeSet<FileId>> = BTreeMap::new();
    for (file, at) in home {
        groups.entry(at).or_default().insert(file);
    }
    groups.into_values().collect()
}
