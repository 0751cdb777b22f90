//! The cases against unroot: the values it reports are the values that Terraform plans, and the fix is the one that
//! the case expects.

use std::path::Path;

use crate::case::{Case, Notebook, Plan};
use crate::instances;
use crate::judged::{self, When};
use crate::reported::{Program, Report, Reported, Run};
use crate::twin::{self, Planned, Terraform};

/// The values, verdicts and edits of a case.
pub(crate) fn traced(case: &Case) -> Result<(), String> {
    let plans = match Terraform::find() {
        Some(terraform) => Some(judged::plans(&terraform, case, When::Before)?),
        None => None,
    };
    let planned = plans.as_ref().map(|plans| plans.concat());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tree = folder.path().join("tree");
    for (path, bytes) in twin::files(&case.input()) {
        twin::put(&tree.join(path), &bytes);
    }
    // The search for callers goes up to the root of the repository and must not leave the tree.
    twin::put(&tree.join(".git/HEAD"), b"ref: refs/heads/main\n");

    let none_bad =
        case.notebooks.iter().all(|notebook| ["compliant", "suppressed"].contains(&notebook.status.as_str()));
    let none_left = case.notebooks.iter().all(|notebook| notebook.status != "review");
    let check = case.check.unwrap_or(i32::from(!none_bad));
    let write = case.write.unwrap_or(i32::from(!none_left));

    let report = run(case, &tree, "--check", check)?;
    verdicts(case, &report, planned.as_deref())?;
    // What a unit of Terragrunt hands over, a plan of the module alone does not say.
    let has_units = twin::files(&tree).keys().any(|path| path.ends_with("terragrunt.hcl"));
    for (plan, planned) in case.plans.iter().zip(plans.iter().flatten()).filter(|_| !has_units) {
        instances::compare(&report.notebooks, |program| is_program(program, plan), planned)?;
    }
    run(case, &tree, "--write", write)?;
    as_expected(case, &tree, "after --write")?;
    run(case, &tree, "--write", write)?;
    as_expected(case, &tree, "after a second --write")
}

fn run(case: &Case, tree: &Path, mode: &str, wanted: i32) -> Result<Report, String> {
    let report = Run::new(tree).mode(mode).args(&case.args).args(&case.paths).report()?;
    let said = || report.notebooks.iter().map(|notebook| notebook.message.as_str()).collect::<Vec<_>>().join("\n  ");
    if report.code != Some(wanted) {
        return Err(format!(
            "{mode}: {:?} where {wanted} was expected: {:?}\n  {}",
            report.code,
            report.errors,
            said()
        ));
    }
    if wanted != 2 && !report.errors.is_empty() {
        return Err(format!("{mode}: {:?}", report.errors));
    }
    Ok(report)
}

/// Whether a program is the one that a plan loads.
fn is_program(program: &Program, plan: &Plan) -> bool {
    let is_automatic = |file: &&String| {
        let name = file.rsplit('/').next().unwrap_or_default();
        name.contains(".auto.tfvars") || name.starts_with("terraform.tfvars")
    };
    let root = plan.root.trim_end_matches('/');
    let given: Vec<&str> = program.value_files.iter().filter(|file| !is_automatic(file)).map(String::as_str).collect();
    let wanted = plan.var_file.as_ref().map(|file| twin::normal(&Path::new(root).join(file)));
    let folder = if root.is_empty() { "." } else { root };
    program.kind == "root" && program.folder == folder && given == Vec::from_iter(wanted.as_deref())
}

fn verdicts(case: &Case, report: &Report, planned: Option<&[Planned]>) -> Result<(), String> {
    let mut wrong = Vec::new();
    for notebook in &case.notebooks {
        let own = |found: &&Reported| found.address == notebook.address && found.file == notebook.file;
        match report.notebooks.iter().find(own) {
            Some(found) => wrong.extend(differences(notebook, found, planned)),
            None => wrong.push(format!("{} in {} is not reported", notebook.address, notebook.file)),
        }
    }
    if report.notebooks.len() != case.notebooks.len() {
        wrong.push(format!("{} notebooks are reported, not {}", report.notebooks.len(), case.notebooks.len()));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

fn differences(notebook: &Notebook, found: &Reported, planned: Option<&[Planned]>) -> Vec<String> {
    let mut wrong = Vec::new();
    let address = &notebook.address;
    if found.status != notebook.status || found.rule != notebook.rule {
        let (was, wanted) = ((&found.status, &found.rule), (&notebook.status, &notebook.rule));
        wrong.push(format!("{address} is {was:?}, not {wanted:?}: {}", found.message));
    }
    let own = |planned: &&Planned| planned.file == notebook.file && planned.resource.to_string() == *address;
    let values = |planned: &[Planned]| planned.iter().filter(own).map(|planned| planned.value.clone()).collect();
    if let Some(wanted) = notebook.values.clone().or_else(|| planned.map(values)) {
        let reported = found.values();
        if reported != wanted {
            wrong.push(format!("{address} has the values {reported:?}, not {wanted:?}: {}", found.message));
        }
    }
    for link in notebook.link.iter().filter(|link| !found.says(link)) {
        wrong.push(format!("{address} does not name {link}: {}", found.message));
    }
    if !notebook.through.is_empty() && !found.comes_through(&notebook.through) {
        wrong.push(format!("no value of {address} comes through {:?}: {:?}", notebook.through, found.hops()));
    }
    wrong
}

fn as_expected(case: &Case, tree: &Path, when: &str) -> Result<(), String> {
    let wanted = twin::files(&case.expected());
    let found = twin::files(tree);
    if found == wanted {
        return Ok(());
    }
    let differs = found.iter().filter(|(path, bytes)| wanted.get(*path) != Some(*bytes));
    let shown =
        differs.map(|(path, bytes)| format!("{}:\n{}", path.display(), bytes.escape_ascii()).replace("\\n", "\n"));
    Err(format!("{when} the tree is not as expected\n{}", shown.collect::<Vec<_>>().join("\n")))
}
