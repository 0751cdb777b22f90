//! Plans held against verdicts: what code leaves unknown a plan settles, and where the two disagree both are shown.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Plan, PlanFile};
use crate::finding::{Evidence, Finding, Instance, Live, Notebook, Problem, Program, ProgramKind, Value, ValueTrace};
use crate::fix::Applicability;
use crate::rules::Rule;

/// Holds plans and states against the verdicts of notebooks, before ignore comments count. Says what each of them has to
/// say, and what keeps one from being of use.
#[must_use]
pub fn settle(plans: &[(PlanFile, Plan)], findings: &mut [Finding]) -> (Vec<Evidence>, Vec<Problem>) {
    held_against(plans, findings, Code::Planned)
}

/// As [`settle`], for code that has been changed since the plans were made: what is still unknown is settled, and that the
/// rest disagrees is no wonder.
pub fn settle_changed(plans: &[(PlanFile, Plan)], findings: &mut [Finding]) {
    _ = held_against(plans, findings, Code::Changed);
}

/// Whether the code is that which was planned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    Planned,
    Changed,
}

fn held_against(plans: &[(PlanFile, Plan)], findings: &mut [Finding], code: Code) -> (Vec<Evidence>, Vec<Problem>) {
    let mut all = Vec::new();
    let mut problems = Vec::new();
    for (file, plan) in plans {
        let folder = match folder_of(file, plan, findings) {
            Ok(folder) => folder,
            Err(message) => {
                problems.push(Problem { file: file.path.to_string(), position: None, message });
                None
            }
        };
        let found = |live: &Live| folder.as_deref().is_some_and(|folder| creates(findings, folder, &live.address));
        let instances = plan.instances.iter().map(|live| (live.clone(), found(live))).collect();
        all.push(Evidence { file: file.path.clone(), folder, is_plan: plan.tells_after, instances });
    }
    for finding in findings.iter_mut().filter(|finding| is_on_value(finding)) {
        judge(finding, &all, code);
    }
    (all, problems)
}

/// Whether a finding is about the value of a notebook's argument.
fn is_on_value(finding: &Finding) -> bool {
    finding.notebook().is_some() && !matches!(finding.rule, Some(Rule::ChangeIgnored | Rule::ProviderTooOld))
}

fn instances(findings: &[Finding]) -> impl Iterator<Item = &Instance> {
    findings.iter().filter_map(Finding::notebook).flat_map(|notebook| &notebook.instances.listed)
}

/// Whether code of a root module's folder creates an instance.
fn creates(findings: &[Finding], folder: &Utf8Path, address: &str) -> bool {
    instances(findings).any(|instance| instance.program.folder == folder && fits(&instance.address, address))
}

/// The folder of the root module whose plan it is; `None` where the plan has no notebook.
fn folder_of(file: &PlanFile, plan: &Plan, findings: &[Finding]) -> Result<Option<Utf8PathBuf>, String> {
    let is_root = |program: &Program| program.kind != ProgramKind::Unknown;
    let programs = instances(findings).map(|instance| &*instance.program).filter(|program| is_root(program));
    let folders: BTreeSet<&Utf8PathBuf> = programs.map(|program| &program.folder).collect();
    if let Some(named) = &file.folder {
        let real = |path: &Utf8Path| {
            let path = if path.as_str().is_empty() { Utf8Path::new(".") } else { path };
            path.canonicalize_utf8().ok()
        };
        let wanted = real(named).ok_or_else(|| format!("is said to be the plan of {named}, which is no folder"))?;
        let folder = folders.into_iter().find(|folder| real(folder).as_ref() == Some(&wanted));
        return match folder {
            Some(folder) => Ok(Some(folder.clone())),
            None if plan.instances.is_empty() => Ok(None),
            None => Err(format!("is said to be the plan of {named}, and no notebook here belongs to that root module")),
        };
    }
    let staying: Vec<&Live> = plan.instances.iter().filter(|live| live.action.leaves_one()).collect();
    if staying.is_empty() {
        return Ok(None);
    }
    let score = |folder: &Utf8PathBuf| {
        let found = staying.iter().filter(|live| creates(findings, folder, &live.address)).count();
        // Of those that create as many, the ones that create nothing else.
        let own = instances(findings).filter(|it| it.exists && it.program.folder == *folder);
        let addresses: BTreeSet<&str> = own.map(|it| it.address.as_str()).collect();
        let missing = addresses.iter().filter(|code| !staying.iter().any(|live| fits(code, &live.address))).count();
        (found, usize::MAX - missing)
    };
    let scored: Vec<_> = folders.into_iter().map(|folder| (score(folder), folder)).collect();
    let best = scored.iter().map(|(score, _)| *score).max().unwrap_or_default();
    let fitting: Vec<&Utf8PathBuf> = scored.iter().filter(|(score, _)| *score == best).map(|(_, it)| *it).collect();
    let shown = |folder: &Utf8Path| if folder.as_str().is_empty() { ".".to_owned() } else { folder.to_string() };
    match fitting.as_slice() {
        _ if best.0 == 0 => {
            let first = &staying[0].address;
            Err(format!("does not fit the code: no root module here creates {first}"))
        }
        [folder] => Ok(Some((*folder).clone())),
        [first, second, ..] => Err(format!(
            "fits the root modules in {} and {} alike; say whose it is with --plan FOLDER={}",
            shown(first),
            shown(second),
            file.path
        )),
        [] => Err("does not fit the code: there is no root module with a notebook here".to_owned()),
    }
}

/// Makes of a finding what plans make of it.
fn judge(finding: &mut Finding, all: &[Evidence], code: Code) {
    let Some(notebook) = finding.notebook_mut() else { return };
    let anchor = notebook.location;
    let mut settled: BTreeSet<&Utf8Path> = BTreeSet::new();
    let mut disputed: Vec<String> = Vec::new();
    for place in 0..notebook.instances.listed.len() {
        let instance = &notebook.instances.listed[place];
        let here = |evidence: &&Evidence| evidence.folder.as_ref() == Some(&instance.program.folder);
        let said: Vec<(&Evidence, &Live)> = all
            .iter()
            .filter(here)
            .flat_map(|evidence| evidence.instances.iter().map(move |(live, _)| (evidence, live)))
            .filter(|(_, live)| fits(&instance.address, &live.address))
            .collect();
        let live = said.iter().map(|(_, live)| (*live).clone()).collect();
        let afters: Vec<(&Evidence, &Live, &Value)> =
            said.iter().filter_map(|(evidence, live)| Some((*evidence, *live, live.after.as_ref()?))).collect();
        let unknown = instance.values.iter().any(|&value| matches!(notebook.values[value].value, Value::Unknown(_)));
        let programs = programs_of(notebook, instance);
        let speaks_for_all = programs <= afters.iter().map(|(it, ..)| &it.file).collect::<BTreeSet<_>>().len();
        let worst = afters.iter().find(|(.., after)| !after.complies()).or(afters.first());
        if let Some((evidence, planned, after)) = worst {
            let is_known = !matches!(after, Value::Unknown(_));
            let agrees = || {
                let rivals = notebook.instances.listed.iter().filter(|other| same_folder(other, instance));
                rivals
                    .flat_map(|other| &other.values)
                    .any(|&it| notebook.values[it].value.complies() == after.complies())
            };
            if unknown && is_known && (speaks_for_all || !after.complies()) {
                settled.insert(&evidence.file);
                let value =
                    ValueTrace { value: (*after).clone(), origin: anchor, hops: Vec::new(), path: String::new() };
                let known = notebook.values.iter().position(|it| *it == value);
                let value = known.unwrap_or_else(|| {
                    notebook.values.push(value);
                    notebook.values.len() - 1
                });
                notebook.instances.listed[place].values = vec![value];
            } else if code == Code::Planned && !unknown && !agrees() {
                disputed.push(format!("{} has {} for {}", evidence.file, shown(after), planned.address));
            }
        }
        notebook.instances.listed[place].live = live;
    }
    let settled: Vec<&str> = settled.into_iter().map(Utf8Path::as_str).collect();
    if !settled.is_empty() {
        conclude(finding, &settled.join(", "));
    }
    if let Some(first) = disputed.first() {
        dispute(finding, first, disputed.len() - 1);
    }
}

fn same_folder(other: &Instance, instance: &Instance) -> bool {
    other.program.folder == instance.program.folder && other.address == instance.address
}

/// How many programs of the folder create the instance: one for each way to give files of values.
fn programs_of(notebook: &Notebook, instance: &Instance) -> usize {
    notebook.instances.listed.iter().filter(|other| same_folder(other, instance)).count()
}

/// The verdict once a plan has settled the value of some instances.
fn conclude(finding: &mut Finding, files: &str) {
    let Some(notebook) = finding.notebook() else { return };
    let told = &notebook.instances;
    let used: BTreeSet<usize> = told.listed.iter().flat_map(|instance| instance.values.iter().copied()).collect();
    let was_known = |place: &usize| !matches!(notebook.values[*place].value, Value::Unknown(_));
    let is_open = told.more > 0 || !used.iter().all(&was_known);
    let bad = used.iter().filter(|place| was_known(place)).find(|place| !notebook.values[**place].value.complies());
    match bad {
        Some(&place) => {
            let bad = shown(&notebook.values[place].value);
            finding.rule = Some(Rule::ViaReference);
            finding.severity = Rule::ViaReference.severity();
            finding.message = if is_open {
                format!("{}; {files} has {bad}", finding.message)
            } else {
                format!("root_access is {bad}: what code leaves unknown, {files} has")
            };
            if !is_open
                && let Some(fix) = &mut finding.fix
                && fix.applicability == Applicability::Unsafe
            {
                fix.applicability = Applicability::Safe;
            }
        }
        None if is_open => finding.message = format!("{}; part of it is known from {files}", finding.message),
        None => {
            finding.rule = None;
            finding.severity = crate::rules::Severity::Note;
            finding.message = format!("root_access is \"Disabled\": what code leaves unknown, {files} has");
            finding.fix = None;
        }
    }
    // What no instance has any more is not shown.
    if !is_open && let Some(notebook) = finding.notebook_mut() {
        let mut place = 0;
        let moved: Vec<Option<usize>> = (0..notebook.values.len())
            .map(|old| {
                used.contains(&old).then(|| {
                    place += 1;
                    place - 1
                })
            })
            .collect();
        let mut old = 0;
        notebook.values.retain(|_| {
            old += 1;
            used.contains(&(old - 1))
        });
        for instance in &mut notebook.instances.listed {
            instance.values = instance.values.iter().filter_map(|&value| moved[value]).collect();
        }
        if finding.rule.is_none() {
            notebook_fallback(finding);
        }
    }
}

fn notebook_fallback(finding: &mut Finding) {
    if let Some(notebook) = finding.notebook_mut() {
        notebook.fallback = None;
    }
}

/// The verdict where code and plan disagree: for review, with both.
fn dispute(finding: &mut Finding, first: &str, more: usize) {
    let rest = if more > 0 { format!(", and so it is for {more} more") } else { String::new() };
    finding.message = format!("{}; but {first}{rest}, so plan and code disagree", finding.message);
    if finding.rule.is_none() {
        finding.rule = Some(Rule::Undetermined);
        finding.severity = Rule::Undetermined.severity();
    }
    if let Some(fix) = &mut finding.fix {
        fix.applicability = Applicability::DisplayOnly;
    }
    notebook_fallback(finding);
}

fn shown(value: &Value) -> String {
    match value {
        Value::Unknown(why) => format!("a value that is {why}"),
        value => value.to_string(),
    }
}

/// Whether an address in a plan is one that an address in code stands for, whose unknown keys are `[*]`.
pub(super) fn fits(code: &str, planned: &str) -> bool {
    let Some((before, after)) = code.split_once("[*]") else { return code == planned };
    let Some(rest) = planned.strip_prefix(before).filter(|rest| rest.starts_with('[')) else { return false };
    key_end(rest).is_some_and(|end| fits(after, &rest[end..]))
}

/// Where the key at the start of a text ends: behind its bracket.
fn key_end(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_unknown_keys_stands_for_any() {
        let code = "module.team[*].aws_sagemaker_notebook_instance.n[*]";
        assert!(fits(code, "module.team[\"a]b\\\"\"].aws_sagemaker_notebook_instance.n[0]"));
        for other in [
            "module.team.aws_sagemaker_notebook_instance.n[0]",
            "module.team[0].aws_sagemaker_notebook_instance.n",
            "module.other[0].aws_sagemaker_notebook_instance.n[0]",
            "module.team[\"a.aws_sagemaker_notebook_instance.n[0]",
        ] {
            assert!(!fits(code, other), "{other}");
        }
    }
}
