//! Writes the chosen fixes to disk.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Problem;
use crate::plan::Plan;
use crate::source::{FileId, Sources};
use crate::write::{self, Change, WriteError};

/// Writes the new texts, those of one fix together. What cannot be written is no patch any more and comes back as an
/// error.
pub(super) fn write(sources: &Sources, plan: &mut Plan) -> Vec<WriteError> {
    let mut failed = BTreeSet::new();
    let mut errors = Vec::new();
    for group in groups(plan) {
        let members = plan.patches.iter().filter(|patch| group.contains(&patch.file));
        let changes = members.map(|patch| {
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
