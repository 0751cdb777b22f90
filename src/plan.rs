//! Which fixes are applied: those that may be trusted far enough, do not get in each other's way, and are proved.

use std::collections::BTreeSet;

use crate::finding::{Finding, Problem, Status};
use crate::fix::{Applicability, Edit, Patch};
use crate::model::View;
use crate::source::Splice;
use crate::syntax::layout;
use crate::verify::{Change, Edits, Prover, Unproved};

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
/// All fixes are proved together, once; only if that fails is the one at fault looked for.
pub fn plan(prover: &Prover<'_>, findings: &mut [Finding], threshold: Applicability) -> Plan {
    let chosen = applicable(findings, threshold);
    plan_some(prover, findings, chosen)
}

/// The findings whose fixes are at or above `threshold`, by index.
#[must_use]
pub fn applicable(findings: &[Finding], threshold: Applicability) -> Vec<usize> {
    (0..findings.len())
        .filter(|&index| findings[index].status == Status::Review)
        .filter(|&index| findings[index].fix.as_ref().is_some_and(|fix| fix.applicability >= threshold))
        .collect()
}

/// As [`plan()`], for the fixes of the findings in `chosen`, sorted indices.
pub fn plan_some(prover: &Prover<'_>, findings: &mut [Finding], chosen: Vec<usize>) -> Plan {
    let mut plan = Plan::default();
    let mut withheld = Vec::new();
    let held = match prove(prover, findings, &chosen) {
        Ok(patches) => {
            plan.patches = patches;
            chosen
        }
        Err(_) => as_many_as_hold(prover, findings, chosen, &mut plan, &mut withheld),
    };
    let chosen: Vec<&Finding> = held.iter().map(|&index| &findings[index]).collect();
    let together = edits(prover, &chosen);
    share_out(together, findings, &held);
    for index in held {
        findings[index].status = Status::Fixable;
    }
    for (index, suppressed) in withheld {
        findings[index].withhold(&format!("{suppressed}, which is suppressed"));
    }
    plan
}

/// Proves some fixes; `members` is sorted.
fn prove(prover: &Prover<'_>, findings: &[Finding], members: &[usize]) -> Result<Vec<Patch>, Unproved> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let (resolved, others): (Vec<_>, Vec<_>) =
        findings.iter().enumerate().partition(|(index, _)| members.binary_search(index).is_ok());
    let [resolved, others] =
        [resolved, others].map(|side| side.into_iter().map(|(_, finding)| finding).collect::<Vec<&Finding>>());
    prover.prove(&edits(prover, &resolved), &resolved, &others)
}

/// Takes in as many fixes as can be proved together, halving what fails until the fix at fault stands alone. Those that
/// would change a suppressed notebook are `withheld`, each with that notebook's address.
fn as_many_as_hold(
    prover: &Prover<'_>,
    findings: &[Finding],
    chosen: Vec<usize>,
    plan: &mut Plan,
    withheld: &mut Vec<(usize, String)>,
) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    let mut open = vec![chosen];
    while let Some(part) = open.pop() {
        let mut tried = kept.clone();
        tried.extend(&part);
        tried.sort_unstable();
        match prove(prover, findings, &tried) {
            Ok(patches) => {
                plan.patches = patches;
                kept = tried;
            }
            Err(Unproved::Suppressed(address)) if part.len() == 1 => withheld.push((part[0], address)),
            Err(error) if part.len() == 1 => plan.problems.push(dropped(prover, &findings[part[0]], &error)),
            Err(_) => {
                let (left, right) = part.split_at(part.len() / 2);
                open.extend([right.to_vec(), left.to_vec()]);
            }
        }
    }
    kept
}

/// The edits of some fixes, laid out together.
fn edits(prover: &Prover<'_>, findings: &[&Finding]) -> Edits {
    let mut edits = Edits::new();
    for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        for edit in &fix.edits {
            edits.entry(edit.file).or_default().splices.push(edit.splice.clone());
        }
        for (file, intent) in &fix.intents {
            edits.entry(*file).or_default().intents.insert(intent.clone());
        }
    }
    let view = View::new(prover.store, &[]);
    for (&file, Change { splices, .. }) in &mut edits {
        splices.sort();
        splices.dedup();
        *splices = layout::lay_out(view.source(file), &view.syntax(file).body, std::mem::take(splices));
    }
    edits
}

/// Gives each of the fixes in `held` its part of the edits that were laid out together, so that the edits of all of
/// them are the patch.
fn share_out(together: Edits, findings: &mut [Finding], held: &[usize]) {
    let edits = together
        .into_iter()
        .flat_map(|(file, change)| change.splices.into_iter().map(move |splice| Edit { file, splice }));
    let together: BTreeSet<Edit> = edits.collect();
    let mut claimed = BTreeSet::new();
    for &index in held {
        let Some(fix) = &mut findings[index].fix else { continue };
        fix.edits.retain_mut(|edit| {
            if !together.contains(edit) {
                let narrowest = Edit { file: edit.file, splice: Splice::new(edit.splice.span, "") };
                let same_place = |other: &&Edit| (other.file, other.splice.span) == (edit.file, edit.splice.span);
                let Some(padding) = together.range(narrowest..).next().filter(same_place) else { return false };
                *edit = padding.clone();
            }
            claimed.insert(edit.clone());
            true
        });
    }
    // Padding that only all of them together need goes to the first that changes the file.
    for edit in together.difference(&claimed) {
        let changes_the_file = |index: &&usize| {
            findings[**index].fix.as_ref().is_some_and(|fix| fix.edits.iter().any(|other| other.file == edit.file))
        };
        if let Some(fix) = held.iter().find(changes_the_file).and_then(|&index| findings[index].fix.as_mut()) {
            fix.edits.push(edit.clone());
            fix.edits.sort();
        }
    }
}

fn dropped(prover: &Prover<'_>, finding: &Finding, error: &Unproved) -> Problem {
    let file = &prover.store.sources()[finding.anchor.file];
    Problem {
        file: file.path().to_string(),
        position: Some(file.position(finding.anchor.span.start)),
        message: format!(
            "the fix for {} was dropped because it could not be proved ({error}); this is a bug in unroot, please report it",
            finding.address
        ),
    }
}
