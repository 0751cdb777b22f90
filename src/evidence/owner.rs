//! The root module that a plan or state belongs to.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::address::{Coded, Planned};
use super::fitting::difference;
use super::moves::Moves;
use super::{Plan, PlanFile};
use crate::finding::{Finding, Instance, Live, ProgramKind};
use crate::model::Programs;

/// The instances of a plan or state by the addresses that the code of a root module has for them.
pub(super) fn current(plan: &Plan, folder: Option<&Utf8Path>, programs: &Programs<'_>) -> Vec<Live> {
    let mut instances = plan.instances.clone();
    // A plan has the addresses that its code gives.
    if let (false, Some(folder)) = (plan.tells_after, folder) {
        let moves = Moves::of(folder, programs);
        for live in &mut instances {
            if let Some(address) = moves.current(&live.address) {
                live.previous = Some(std::mem::replace(&mut live.address, address));
            }
        }
    }
    instances
}

fn instances(findings: &[Finding]) -> impl Iterator<Item = &Instance> {
    findings.iter().filter_map(Finding::notebook).flat_map(|notebook| &notebook.instances.listed)
}

/// The instances that code of a root module's folder creates.
pub(super) fn coded<'f>(findings: &'f [Finding], folder: &Utf8Path) -> Coded<'f> {
    Coded::new(instances(findings).filter(|instance| is_of(instance, folder)).map(|instance| instance.address.as_str()))
}

/// Whether an instance belongs to the root module in a folder. Code that is not followed belongs to none: what a plan says
/// of the module that it calls need not be what it creates.
pub(super) fn is_of(instance: &Instance, folder: &Utf8Path) -> bool {
    instance.program.kind != ProgramKind::Unknown && instance.program.folder == folder
}

/// The folder of the root module whose plan it is; `None` where the plan has no notebook.
///
/// # Errors
/// In one sentence: why it fits no root module, or several.
pub(super) fn folder_of(
    file: &PlanFile,
    plan: &Plan,
    findings: &[Finding],
    programs: &Programs<'_>,
) -> Result<Option<Utf8PathBuf>, String> {
    let other = |folder: &Utf8Path| {
        let difference = difference(plan.code.as_ref()?, folder, programs)?;
        Some(format!("is not a plan of the code in {}: {difference}; make it anew", shown(folder)))
    };
    let owners = instances(findings).map(|instance| &*instance.program);
    let folders: BTreeSet<&Utf8PathBuf> =
        owners.filter(|program| program.kind != ProgramKind::Unknown).map(|program| &program.folder).collect();
    if let Some(named) = &file.folder {
        let real = |path: &Utf8Path| {
            let path = if path.as_str().is_empty() { Utf8Path::new(".") } else { path };
            path.canonicalize_utf8().ok()
        };
        let wanted = real(named).ok_or_else(|| format!("is said to be the plan of {named}, which is no folder"))?;
        let folder = folders.into_iter().find(|folder| real(folder).as_ref() == Some(&wanted));
        return match folder {
            Some(folder) => other(folder).map_or_else(|| Ok(Some(folder.clone())), Err),
            None if plan.instances.is_empty() => Ok(None),
            None => Err(format!("is said to be the plan of {named}, and no notebook here belongs to that root module")),
        };
    }
    let Some(first) = plan.instances.iter().find(|live| live.action.leaves_one()) else { return Ok(None) };
    let score = |folder: &Utf8PathBuf| {
        let mut staying = current(plan, Some(folder), programs);
        staying.retain(|live| live.action.leaves_one());
        let created = coded(findings, folder);
        let found = staying.iter().filter(|live| created.stand_for(&live.address)).count();
        // Of those that create as many, the ones that create nothing else.
        let own = instances(findings).filter(|it| it.exists && is_of(it, folder));
        let addresses: BTreeSet<&str> = own.map(|it| it.address.as_str()).collect();
        let planned = Planned::new(staying.iter().map(|live| (live.address.as_str(), ())));
        let missing = addresses.iter().filter(|code| planned.fitting(code).is_empty()).count();
        (found, usize::MAX - missing)
    };
    let scored: Vec<_> = folders.into_iter().map(|folder| (score(folder), folder)).collect();
    let best = scored.iter().map(|(score, _)| *score).max().unwrap_or_default();
    if best.0 == 0 {
        return Err(format!("does not fit the code: no root module here creates {}", first.address));
    }
    let alike: Vec<&Utf8PathBuf> = scored.iter().filter(|(score, _)| *score == best).map(|(_, it)| *it).collect();
    let (others, fitting): (Vec<_>, Vec<_>) =
        alike.into_iter().map(|it| (it, other(it))).partition(|(_, it)| it.is_some());
    let fitting: Vec<&Utf8PathBuf> = fitting.into_iter().map(|(folder, _)| folder).collect();
    match fitting.as_slice() {
        [folder] => Ok(Some((*folder).clone())),
        [first, second, ..] => Err(format!(
            "fits the root modules in {} and {} alike; say whose it is with --plan FOLDER={}",
            shown(first),
            shown(second),
            file.path
        )),
        [] => Err(others.into_iter().find_map(|(_, other)| other).unwrap_or_default()),
    }
}

fn shown(folder: &Utf8Path) -> &str {
    if folder.as_str().is_empty() { "." } else { folder.as_str() }
}
