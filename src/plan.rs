//! Which fixes are applied: those that may be trusted far enough, do not get in each other's way, and are proved.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Problem, Status};
use crate::fix::{Applicability, Patch};
use crate::source::FileId;
use crate::verify::{Edits, Prover, Unproved};

/// The chosen fixes.
#[derive(Debug, Default)]
pub struct Plan {
    /// The new text of every file that changes, by file.
    pub patches: Vec<Patch>,
    /// Fixes that were dropped because their proof failed.
    pub problems: Vec<Problem>,
}

/// Chooses every fix at or above `threshold`, proves the result, and marks the findings as [`Status::Fixable`].
///
/// Fixes of one file are proved together, once; only if that fails is each tried alone to find the one at fault.
pub fn plan(prover: &Prover<'_>, findings: &mut [Finding], threshold: Applicability) -> Plan {
    let mut plan = Plan::default();
    let chosen: Vec<usize> = (0..findings.len())
        .filter(|&index| findings[index].status == Status::Review)
        .filter(|&index| findings[index].fix.as_ref().is_some_and(|fix| fix.applicability >= threshold))
        .collect();
    let mut by_file: BTreeMap<FileId, Vec<usize>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        by_file.entry(finding.location.file).or_default().push(index);
    }
    for (files, batch) in batches(findings, chosen) {
        let near: Vec<usize> = files.iter().filter_map(|file| by_file.get(file)).flatten().copied().collect();
        let (proved, patches) = prove_batch(prover, findings, batch, &near, &mut plan.problems);
        plan.patches.extend(patches);
        for index in proved {
            findings[index].status = Status::Fixable;
        }
    }
    plan.patches.sort_by_key(|patch| patch.file);
    plan
}

/// Splits findings into sets whose fixes share no file; each with its files.
fn batches(findings: &[Finding], chosen: Vec<usize>) -> Vec<(BTreeSet<FileId>, Vec<usize>)> {
    let mut batches: Vec<(BTreeSet<FileId>, Vec<usize>)> = Vec::new();
    let mut batch_of: BTreeMap<FileId, usize> = BTreeMap::new();
    for index in chosen {
        let edits = findings[index].fix.iter().flat_map(|fix| &fix.edits);
        let files: BTreeSet<FileId> = edits.map(|edit| edit.file).collect();
        let mut touched = files.iter().filter_map(|file| batch_of.get(file)).copied().collect::<BTreeSet<usize>>();
        let home = touched.pop_first().unwrap_or_else(|| {
            batches.push(Default::default());
            batches.len() - 1
        });
        batches[home].0.extend(files);
        batches[home].1.push(index);
        for other in touched {
            let (files, members) = std::mem::take(&mut batches[other]);
            batches[home].0.extend(files);
            batches[home].1.extend(members);
        }
        batch_of.extend(batches[home].0.iter().map(|&file| (file, home)));
    }
    batches.retain(|(_, members)| !members.is_empty());
    for (_, members) in &mut batches {
        members.sort_unstable();
    }
    batches
}

/// Proves a batch as a whole, or as much of it as holds. `near` holds every finding in the batch's files.
fn prove_batch(
    prover: &Prover<'_>,
    findings: &[Finding],
    batch: Vec<usize>,
    near: &[usize],
    problems: &mut Vec<Problem>,
) -> (Vec<usize>, Vec<Patch>) {
    let prove = |members: &[usize]| {
        let (resolved, others): (Vec<usize>, Vec<usize>) =
            near.iter().partition(|index| members.binary_search(index).is_ok());
        let [resolved, others] =
            [resolved, others].map(|indices| indices.into_iter().map(|index| &findings[index]).collect::<Vec<_>>());
        prover.prove(&edits(&resolved), &resolved, &others)
    };
    match prove(&batch) {
        Ok(patches) => (batch, patches),
        Err(_) => {
            let mut kept: Vec<usize> = Vec::new();
            let mut patches = Vec::new();
            for index in batch {
                kept.push(index);
                match prove(&kept) {
                    Ok(proved) => patches = proved,
                    Err(error) => {
                        kept.pop();
                        problems.push(dropped(prover, &findings[index], &error));
                    }
                }
            }
            (kept, patches)
        }
    }
}

fn edits(findings: &[&Finding]) -> Edits {
    let mut edits = Edits::new();
    for edit in findings.iter().filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits) {
        edits.entry(edit.file).or_default().push(edit.splice.clone());
    }
    for splices in edits.values_mut() {
        splices.sort();
        splices.dedup();
    }
    edits
}

fn dropped(prover: &Prover<'_>, finding: &Finding, error: &Unproved) -> Problem {
    let file = &prover.sources[finding.anchor.file];
    Problem {
        file: file.path().to_string(),
        position: Some(file.position(finding.anchor.span.start)),
        message: format!(
            "the fix for {} was dropped because it could not be proved ({error}); this is a bug in unroot, please report it",
            finding.address
        ),
    }
}
