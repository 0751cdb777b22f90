//! Plans held against verdicts: what code leaves unknown a plan settles, and where the two disagree both are shown.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::address::Planned;
use super::owner::{coded, current, folder_of, is_of};
use super::{Plan, PlanFile};
use crate::finding::{Evidence, Finding, Instance, Live, Problem, Value, ValueTrace};
use crate::model::Programs;
use crate::rules::Rule;

mod verdict;

use verdict::{conclude, dispute, shown};

/// An instance: the folder of its root module, its address, and the values that it could have by the code alone.
type Known = (Utf8PathBuf, String, BTreeSet<Value>);

/// The results of holding plans and states against the code that they were made from, for judging changed code.
#[derive(Debug, Default)]
pub struct Memory {
    /// The root module of each plan, and its instances by the addresses that the code gives.
    plans: Vec<(Option<Utf8PathBuf>, Vec<Live>)>,
    problems: Vec<Problem>,
    settled: BTreeSet<Known>,
    disputed: BTreeSet<Known>,
}

/// The result of holding plans and states against verdicts.
#[derive(Debug, Default)]
pub struct Held {
    /// The instances in each of them.
    pub evidence: Vec<Evidence>,
    /// The reasons why one is of no use.
    pub problems: Vec<Problem>,
    /// The results by which changed code is judged.
    pub memory: Memory,
}

/// Holds plans and states against the verdicts of notebooks, before ignore comments count.
pub fn settle(plans: &[(PlanFile, Plan)], findings: &mut [Finding], programs: &Programs<'_>) -> Held {
    let mut memory = Memory::default();
    for (file, plan) in plans {
        let folder = folder_of(file, plan, findings, programs).unwrap_or_else(|message| {
            memory.problems.push(Problem { file: file.path.to_string(), position: None, message });
            None
        });
        let instances = current(plan, folder.as_deref(), programs);
        memory.plans.push((folder, instances));
    }
    let evidence = evidence(plans, &memory, findings);
    let indexed = indexed(plans, &evidence);
    for finding in findings.iter_mut().filter(|finding| is_on_value(finding)) {
        judge(finding, &indexed, &mut Code::Planned(&mut memory));
    }
    drop(indexed);
    Held { evidence, problems: memory.problems.clone(), memory }
}

/// As [`settle`], for code that has been changed since the plans were made. What they settled before is settled still, if
/// the code leaves the same open as it did; a plan has nothing to say about the rest, nor is it a wonder that it disagrees.
pub fn settle_changed(
    plans: &[(PlanFile, Plan)],
    findings: &mut [Finding],
    before: &Memory,
) -> (Vec<Evidence>, Vec<Problem>) {
    let evidence = evidence(plans, before, findings);
    let indexed = indexed(plans, &evidence);
    for finding in findings.iter_mut().filter(|finding| is_on_value(finding)) {
        judge(finding, &indexed, &mut Code::Changed(before));
    }
    drop(indexed);
    (evidence, before.problems.clone())
}

/// Tells of suppressed notebooks that a plan leaves root to some of their instances: a check heeds that all the same.
pub fn tell_suppressed(findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.suppression.is_some()) {
        let Some(notebook) = finding.notebook() else { continue };
        let keeps_root = |live: &Live| live.after.as_ref().is_some_and(|after| !after.complies());
        if notebook.instances.listed.iter().flat_map(|instance| &instance.live).any(keeps_root) {
            finding.message.push_str("; the plan leaves root on, which fails a check all the same");
        }
    }
}

/// The instances of each plan and state, and whether the code creates them.
fn evidence(plans: &[(PlanFile, Plan)], memory: &Memory, findings: &[Finding]) -> Vec<Evidence> {
    let all = plans.iter().zip(&memory.plans).map(|((file, plan), (folder, instances))| {
        let coded = folder.as_deref().map(|folder| coded(findings, folder));
        let found = |live: &Live| coded.as_ref().is_some_and(|coded| coded.stand_for(&live.address));
        let instances = instances.iter().map(|live| (live.clone(), found(live))).collect();
        Evidence { file: file.path.clone(), folder: folder.clone(), is_plan: plan.tells_after, instances }
    });
    all.collect()
}

/// What a plan or state has, by address.
struct Indexed<'e> {
    evidence: &'e Evidence,
    /// The places of its instances.
    by_address: Planned<usize>,
    /// Tells it apart from plans that were made with other variables.
    inputs: u64,
}

fn indexed<'e>(plans: &[(PlanFile, Plan)], all: &'e [Evidence]) -> Vec<Indexed<'e>> {
    let one = |((_, plan), evidence): (&(PlanFile, Plan), &'e Evidence)| Indexed {
        evidence,
        by_address: Planned::new(evidence.instances.iter().map(|(live, _)| live.address.as_str()).zip(0..)),
        inputs: plan.inputs,
    };
    plans.iter().zip(all).map(one).collect()
}

/// The code that plans are held against.
enum Code<'m> {
    /// It is the one that they were made from; what they say of it is kept.
    Planned(&'m mut Memory),
    /// It has been changed since.
    Changed(&'m Memory),
}

impl Code<'_> {
    /// Whether a plan settles an instance.
    fn settles(&mut self, known: Known) -> bool {
        match self {
            Self::Planned(memory) => {
                memory.settled.insert(known);
                true
            }
            Self::Changed(before) => before.settled.contains(&known),
        }
    }

    /// Whether a plan that has another value than the code is one that disagrees with it.
    fn disputes(&mut self, known: Known) -> bool {
        match self {
            Self::Planned(memory) => {
                memory.disputed.insert(known);
                true
            }
            Self::Changed(before) => before.disputed.contains(&known),
        }
    }
}

/// Whether a finding is about the value of a notebook's argument.
fn is_on_value(finding: &Finding) -> bool {
    finding.notebook().is_some() && !matches!(finding.rule, Some(Rule::ChangeIgnored | Rule::ProviderTooOld))
}

/// Makes of a finding what plans make of it.
fn judge(finding: &mut Finding, all: &[Indexed<'_>], code: &mut Code<'_>) {
    let Some(notebook) = finding.notebook_mut().filter(|_| !all.is_empty()) else { return };
    let listed: BTreeSet<usize> = notebook.instances.listed.iter().flat_map(|it| it.values.iter().copied()).collect();
    let is_unknown = |value: &Value| matches!(value, Value::Unknown(_));
    let unlisted = (0..notebook.values.len()).filter(|place| !listed.contains(place));
    let is_open = unlisted.into_iter().any(|place| is_unknown(&notebook.values[place].value));

    let mut files: BTreeSet<&Utf8Path> = BTreeSet::new();
    let mut disputed: Vec<String> = Vec::new();
    for (place, rivals) in rivals(&notebook.instances.listed).into_iter().enumerate() {
        let instance = &notebook.instances.listed[place];
        let said: Vec<(u64, &Evidence, &Live)> = all
            .iter()
            .filter(|plan| plan.evidence.folder.as_deref().is_some_and(|folder| is_of(instance, folder)))
            .flat_map(|plan| {
                let fitting = plan.by_address.fitting(&instance.address).into_iter();
                fitting.map(|place| (plan.inputs, plan.evidence, &plan.evidence.instances[place].0))
            })
            .collect();
        let live = said.iter().map(|(.., live)| (*live).clone()).collect();
        let possible: BTreeSet<Value> =
            instance.values.iter().map(|&value| notebook.values[value].value.clone()).collect();
        let is_settled_by_code = possible.len() == 1 && !possible.iter().any(is_unknown);
        let afters =
            said.iter().filter_map(|(inputs, evidence, live)| Some((*inputs, evidence, live, live.after.as_ref()?)));
        let afters: Vec<_> = afters.collect();
        let worst = afters.iter().find(|(.., after)| !after.complies()).or(afters.first());
        if let Some((_, evidence, planned, after)) = worst {
            // One plan speaks for one way to give files of values.
            let ways: BTreeSet<u64> = afters.iter().map(|(inputs, ..)| *inputs).collect();
            let speaks = !is_unknown(after) && (rivals.len() <= ways.len() || !after.complies());
            let key = (instance.program.folder.clone(), instance.address.clone(), possible);
            if !is_settled_by_code && speaks && code.settles(key.clone()) {
                files.insert(&evidence.file);
                let value = (*after).clone();
                let origin = notebook.location;
                let value = ValueTrace { value, origin, hops: Vec::new(), path: String::new(), exception: None };
                let known = notebook.values.iter().position(|it| *it == value);
                let value = known.unwrap_or_else(|| {
                    notebook.values.push(value);
                    notebook.values.len() - 1
                });
                notebook.instances.listed[place].values = vec![value];
            } else if is_settled_by_code {
                let mut values = rivals
                    .iter()
                    .flat_map(|&other| &notebook.instances.listed[other].values)
                    .map(|&it| &notebook.values[it].value);
                if !values.any(|value| value.complies() == after.complies()) && code.disputes(key) {
                    disputed.push(format!("{} has {} for {}", evidence.file, shown(after), planned.address));
                }
            }
        }
        notebook.instances.listed[place].live = live;
    }
    let files: Vec<&str> = files.into_iter().map(Utf8Path::as_str).collect();
    if !files.is_empty() {
        conclude(finding, is_open, &files.join(", "));
    }
    if let Some(first) = disputed.first() {
        dispute(finding, first, disputed.len() - 1);
    }
}

/// For each instance the places of those that are the same one of a root module, with other files of values: itself among
/// them.
fn rivals(listed: &[Instance]) -> Vec<Rc<[usize]>> {
    let key = |instance: &Instance| (instance.program.kind, instance.program.folder.clone(), instance.address.clone());
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, instance) in listed.iter().enumerate() {
        groups.entry(key(instance)).or_default().push(place);
    }
    let groups: BTreeMap<_, Rc<[usize]>> = groups.into_iter().map(|(key, places)| (key, places.into())).collect();
    listed.iter().filter_map(|instance| groups.get(&key(instance)).cloned()).collect()
}

#[cfg(test)]
mod tests;
