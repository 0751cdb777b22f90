//! Puts the chosen fixes on the disk.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Problem, Status};
use crate::fix::Patch;
use crate::source::{FileId, Sources};
use crate::write::{self, Change, WriteError};

/// Writes the new texts, those of one fix together. What cannot be written keeps its old text and comes back as an
/// error; the rest is fixed.
pub(super) fn write(sources: &Sources, patches: &mut Vec<Patch>, findings: &mut [Finding]) -> Vec<WriteError> {
    let fixes = findings.iter().filter(|finding| finding.status == Status::Fixable);
    let mut failed = BTreeSet::new();
    let mut errors = Vec::new();
    for group in groups(patches, fixes) {
        let members = patches.iter().filter(|patch| group.contains(&patch.file));
        let changes = members.map(|patch| {
            let file = &sources[patch.file];
            Change { path: file.path(), before: file.text().as_bytes(), after: patch.after.as_bytes() }
        });
        if let Err(error) = write::write(&changes.collect::<Vec<_>>()) {
            errors.push(error);
            failed.extend(group);
        }
    }
    patches.retain(|patch| !failed.contains(&patch.file));
    for finding in findings.iter_mut().filter(|finding| finding.status == Status::Fixable) {
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        if edits.into_iter().all(|edit| !failed.contains(&edit.file)) {
            finding.status = Status::Fixed;
        }
    }
    errors
}

/// What could not be written, as a report has it.
pub(super) fn problem(error: &WriteError) -> Problem {
    Problem { file: error.path.to_string(), position: None, message: error.to_string() }
}

/// The files of the patches, in sets that share no fix.
fn groups<'f>(patches: &[Patch], fixes: impl Iterator<Item = &'f Finding>) -> Vec<BTreeSet<FileId>> {
    let mut home: BTreeMap<FileId, usize> = patches.iter().zip(0..).map(|(patch, at)| (patch.file, at)).collect();
    for finding in fixes {
        let touched: BTreeSet<FileId> = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.file).collect();
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
