//! Which fixes are applied: those that may be trusted far enough, do not get in each other's way, and are proved.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, FixState, Problem, Status, Subject};
use crate::fix::{Applicability, Edit, Patch};
use crate::model::View;
use crate::source::{FileId, Splice};
use crate::syntax::layout;
use crate::verify::{Change, Edits, Prover, Unproved};

/// The chosen fixes.
#[derive(Debug, Default)]
pub struct Plan {
    /// Which findings' fixes are applied, by index, each with its part of the edits that were laid out together: the
    /// edits of all of them are the patches.
    pub chosen: BTreeMap<usize, Vec<Edit>>,
    /// The new text of every file that changes, by file.
    pub patches: Vec<Patch>,
    /// The order in which files that belong to one fix may be put in place one by one; any will do for the others.
    steps: Vec<FileId>,
    /// Fixes that were dropped because their proof failed.
    pub problems: Vec<Problem>,
    /// Fixes that would change a suppressed notebook, by index, each with that notebook's address.
    withheld: BTreeMap<usize, String>,
    /// The findings whose fix did not hold, so that the one on the resource took its place.
    fallen_back: BTreeSet<usize>,
}

impl Plan {
    /// The patches of some files, in an order in which each of them may be put in place before the next.
    pub fn in_steps(&self, files: &BTreeSet<FileId>) -> Vec<&Patch> {
        let mut patches: Vec<&Patch> = self.patches.iter().filter(|patch| files.contains(&patch.file)).collect();
        patches.sort_by_cached_key(|patch| self.steps.iter().position(|file| *file == patch.file));
        patches
    }

    /// Puts down in the findings what was decided. Of the chosen fixes those that only change files for which `written`
    /// says so count as written.
    pub fn settle(self, findings: &mut [Finding], written: impl Fn(FileId) -> bool) {
        self.amend(findings);
        for (index, edits) in self.chosen {
            let is_written = edits.iter().all(|edit| written(edit.file));
            let finding = &mut findings[index];
            finding.fix_state = if is_written { FixState::Written } else { FixState::Chosen };
            if let Some(fix) = &mut finding.fix {
                fix.edits = edits;
            }
        }
    }

    /// Puts the fixes on the resource where they took the place of others, and marks those that would change a suppressed
    /// notebook as ones that are only shown.
    pub fn amend(&self, findings: &mut [Finding]) {
        for &index in &self.fallen_back {
            fall_back(&mut findings[index]);
            findings[index].message.push_str("; it is set here, since the fix where it comes from could not be proved");
        }
        for (&index, suppressed) in &self.withheld {
            findings[index].withhold(&format!("{suppressed}, which is suppressed"));
        }
    }
}

/// Chooses every fix at or above `threshold`, and proves the result.
///
/// All fixes are proved together, once; only if that fails is the one at fault looked for.
#[must_use]
pub fn plan(prover: &Prover<'_>, findings: &[Finding], threshold: Applicability) -> Plan {
    plan_some(prover, findings, applicable(findings, threshold))
}

/// The findings whose fixes are at or above `threshold`, by index.
#[must_use]
pub fn applicable(findings: &[Finding], threshold: Applicability) -> Vec<usize> {
    (0..findings.len())
        .filter(|&index| findings[index].status() == Status::Review)
        .filter(|&index| findings[index].fix.as_ref().is_some_and(|fix| fix.applicability >= threshold))
        .collect()
}

/// As [`plan()`], for the fixes of the findings in `chosen`, sorted indices.
#[must_use]
pub fn plan_some(prover: &Prover<'_>, findings: &[Finding], chosen: Vec<usize>) -> Plan {
    let mut plan = Plan::default();
    if let Ok(patches) = prove(prover, findings, &chosen) {
        plan.patches = patches;
        plan.steps = steps(findings, &chosen);
        plan.chosen = share_out(together(prover, findings, &chosen), findings, &chosen);
        return plan;
    }
    let mut findings = findings.to_vec();
    let held = as_many_as_hold(prover, &mut findings, chosen, &mut plan);
    plan.steps = steps(&findings, &held);
    plan.chosen = share_out(together(prover, &findings, &held), &findings, &held);
    plan
}

/// Puts the fix on the resource in the place of a finding's fix; whether there is one.
fn fall_back(finding: &mut Finding) -> bool {
    let Subject::Notebook(notebook) = &mut finding.subject else { return false };
    // Nobody has asked for an unsafe fix by choosing a safe one.
    let allowed = finding.fix.as_ref().map(|fix| fix.applicability);
    let fallback = notebook.fallback.take_if(|fix| allowed.is_some_and(|allowed| fix.applicability >= allowed));
    let is_there = fallback.is_some();
    finding.fix = fallback.or(finding.fix.take());
    is_there
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

/// Takes in as many fixes as can be proved together, halving what fails until the fix at fault stands alone, which then
/// gives way to the one on the resource. Those that would change a suppressed notebook all the same are withheld.
fn as_many_as_hold(prover: &Prover<'_>, findings: &mut [Finding], chosen: Vec<usize>, plan: &mut Plan) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    let mut open = vec![chosen];
    while let Some(part) = open.pop() {
        let mut tried = kept.clone();
        tried.extend(&part);
        tried.sort_unstable();
        let mut outcome = prove(prover, findings, &tried);
        if let (Err(_), &[index]) = (&outcome, part.as_slice()) {
            let whole = findings[index].clone();
            if fall_back(&mut findings[index])
                && let Ok(patches) = prove(prover, findings, &tried)
            {
                plan.fallen_back.insert(index);
                outcome = Ok(patches);
            } else {
                findings[index] = whole;
            }
        }
        match outcome {
            Ok(patches) => {
                plan.patches = patches;
                kept = tried;
            }
            Err(Unproved::Suppressed(address)) if part.len() == 1 => _ = plan.withheld.insert(part[0], address),
            // It is for review either way, and the part was a gain that has not come.
            Err(_) if part.len() == 1 && findings[part[0]].fix.as_ref().is_some_and(|fix| fix.is_partial) => {}
            // Halves would take as much.
            Err(Unproved::Work) => {
                let all = part.iter().map(|&index| dropped(prover, &findings[index], &Unproved::Work));
                plan.problems.extend(all);
            }
            Err(error) if part.len() == 1 => plan.problems.push(dropped(prover, &findings[part[0]], &error)),
            Err(_) => {
                let (left, right) = part.split_at(part.len() / 2);
                open.extend([right.to_vec(), left.to_vec()]);
            }
        }
    }
    kept
}

/// The edits of the fixes of the findings in `members`, laid out together.
fn together(prover: &Prover<'_>, findings: &[Finding], members: &[usize]) -> Edits {
    edits(prover, &members.iter().map(|&index| &findings[index]).collect::<Vec<_>>())
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

/// The order that the fixes in `held` ask for, the earlier ones first where they differ.
fn steps(findings: &[Finding], held: &[usize]) -> Vec<FileId> {
    let fixes = held.iter().filter_map(|&index| findings[index].fix.as_ref()).filter(|fix| fix.steps.len() > 1);
    let mut known = BTreeSet::new();
    fixes.flat_map(|fix| &fix.steps).map(|(file, _)| *file).filter(|file| known.insert(*file)).collect()
}

/// Gives each of the fixes in `held` its part of the edits that were laid out together.
fn share_out(together: Edits, findings: &[Finding], held: &[usize]) -> BTreeMap<usize, Vec<Edit>> {
    let edits = together
        .into_iter()
        .flat_map(|(file, change)| change.splices.into_iter().map(move |splice| Edit { file, splice }));
    let together: BTreeSet<Edit> = edits.collect();
    let mut claimed = BTreeSet::new();
    let mut shares = BTreeMap::new();
    for &index in held {
        let own = findings[index].fix.iter().flat_map(|fix| &fix.edits);
        let share: Vec<Edit> = own.filter_map(|edit| laid_out(edit, &together)).cloned().collect();
        claimed.extend(share.iter().cloned());
        shares.insert(index, share);
    }
    // Padding that only all of them together need goes to the first that changes the file.
    let mut first_in: BTreeMap<FileId, usize> = BTreeMap::new();
    for (&index, share) in shares.iter().rev() {
        first_in.extend(share.iter().map(|edit: &Edit| (edit.file, index)));
    }
    for edit in together.difference(&claimed) {
        if let Some(share) = first_in.get(&edit.file).and_then(|index| shares.get_mut(index)) {
            share.push(edit.clone());
        }
    }
    for share in shares.values_mut() {
        share.sort();
    }
    shares
}

/// What became of an edit when it was laid out with others: it stayed, or another one has taken its place, or it is not
/// needed.
fn laid_out<'t>(edit: &Edit, together: &'t BTreeSet<Edit>) -> Option<&'t Edit> {
    if let Some(same) = together.get(edit) {
        return Some(same);
    }
    // The empty replacement sorts before every other one at the same place.
    let first = Edit { file: edit.file, splice: Splice::new(edit.splice.span, "") };
    let same_place = |other: &&Edit| (other.file, other.splice.span) == (edit.file, edit.splice.span);
    together.range(first..).next().filter(same_place)
}

fn dropped(prover: &Prover<'_>, finding: &Finding, error: &Unproved) -> Problem {
    let file = &prover.store.sources()[finding.anchor.file];
    let bug = if *error == Unproved::Work { "" } else { "; this is a bug in unroot, please report it" };
    Problem {
        file: file.path().to_string(),
        position: Some(file.position(finding.anchor.span.start)),
        message: format!(
            "the fix for {} was dropped because it could not be proved ({error}){bug}",
            finding.notebook().map_or("", |notebook| &*notebook.address)
        ),
    }
}

#[cfg(test)]
mod tests;
