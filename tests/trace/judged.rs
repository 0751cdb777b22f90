//! The cases against Terraform: what they say is planned, before and after.

use std::collections::BTreeMap;
use std::path::Path;

use crate::case::{Case, Plan};
use crate::twin::{self, Planned, Terraform, UNKNOWN};

/// Both trees of a case plan what it says.
pub(crate) fn planned(case: &Case) -> Result<(), String> {
    let Some(terraform) = Terraform::find() else { return Ok(()) };
    if case.about.is_empty() || case.notebooks.is_empty() {
        return Err("the case says nothing about itself, or names no notebook".to_owned());
    }
    let unplanned = case.notebooks.iter().filter(|notebook| notebook.values.is_none());
    if let (true, Some(notebook)) = (case.plans.is_empty(), { unplanned }.next()) {
        return Err(format!("nothing says what the values of {} are", notebook.address));
    }
    let before = plans(&terraform, case, When::Before)?;
    for (plan, planned) in case.plans.iter().zip(&before) {
        same("before", plan, &plan.before, planned)?;
        known_notebooks(case, planned)?;
    }
    let after = plans(&terraform, case, When::After)?;
    for (plan, planned) in case.plans.iter().zip(&after) {
        let disabled = plan.before.keys().map(|address| (address.clone(), "Disabled".to_owned()));
        let mut wanted: BTreeMap<_, _> = disabled.collect();
        wanted.extend(plan.after.clone());
        same("after", plan, &wanted, planned)?;
        fixed_notebooks(case, planned)?;
    }
    Ok(())
}

/// Before `--write` or after it.
#[derive(Clone, Copy)]
pub(crate) enum When {
    Before,
    After,
}

/// What Terraform plans in each way that the case names.
pub(crate) fn plans(terraform: &Terraform, case: &Case, when: When) -> Result<Vec<Vec<Planned>>, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tree = match when {
        When::Before => case.input(),
        When::After => case.expected(),
    };
    twin::make(&tree, folder.path());
    case.plans.iter().map(|plan| run(terraform, folder.path(), plan, when)).collect()
}

fn run(terraform: &Terraform, tree: &Path, plan: &Plan, when: When) -> Result<Vec<Planned>, String> {
    let mut var_files: Vec<_> = plan.var_file.iter().cloned().collect();
    let inputs = match when {
        When::Before => &plan.inputs,
        When::After => &plan.inputs_after,
    };
    if !inputs.is_empty() {
        let inputs = serde_json::to_vec(inputs).expect("inputs are plain values");
        twin::put(&tree.join(&plan.root).join("inputs.tfvars.json"), &inputs);
        var_files.push("inputs.tfvars.json".into());
    }
    Ok(terraform.plan(tree, &plan.root, &var_files)?.notebooks)
}

fn same(when: &str, plan: &Plan, wanted: &BTreeMap<String, String>, planned: &[Planned]) -> Result<(), String> {
    let planned = planned.iter().map(|planned| (planned.address.clone(), planned.value.clone())).collect();
    if *wanted == planned {
        return Ok(());
    }
    let (root, file) = (&plan.root, &plan.var_file);
    Err(format!("{when}, in {root:?} with {file:?}:\n  the case says {wanted:?}\n  terraform plans {planned:?}"))
}

/// Every planned notebook is one that the case names.
fn known_notebooks(case: &Case, planned: &[Planned]) -> Result<(), String> {
    let named = |planned: &Planned| {
        let address = planned.resource.to_string();
        case.notebooks.iter().any(|notebook| notebook.address == address && notebook.file == planned.file)
    };
    match planned.iter().find(|planned| !named(planned)) {
        Some(planned) => Err(format!("{} in {} is no notebook of the case", planned.resource, planned.file)),
        None => Ok(()),
    }
}

/// A notebook that can be fixed is fixed in every instance. Where a condition is not known, Terraform cannot show it.
fn fixed_notebooks(case: &Case, planned: &[Planned]) -> Result<(), String> {
    for notebook in
        case.notebooks.iter().filter(|notebook| ["fixable", "compliant"].contains(&notebook.status.as_str()))
    {
        let own =
            |planned: &&Planned| planned.file == notebook.file && planned.resource.to_string() == notebook.address;
        if let Some(planned) = planned
            .iter()
            .filter(own)
            .find(|planned| planned.value != "Disabled" && !(planned.value == UNKNOWN && notebook.values.is_some()))
        {
            return Err(format!("{} is {} and {}", planned.address, planned.value, notebook.status));
        }
    }
    Ok(())
}
