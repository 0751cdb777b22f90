//! Many trees in one plan.
//!
//! The roots of the trees are modules of one more root, which passes what the tfvars files say as arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;

use tempfile::TempDir;

use super::arguments::arguments;
use super::tree::{Tree, tree};
use crate::instances;
use crate::reported::{Program, Reported, Run};
use crate::twin::{self, Planned, Terraform, UNKNOWN};

/// Trees with their seeds, on disk.
pub(super) struct Batch {
    folder: TempDir,
    trees: Vec<(u64, Tree)>,
}

/// A notebook of a tree: file and address.
type Name = (String, String);

/// What is planned for a tree.
#[derive(Default)]
struct Values {
    /// The values of each notebook.
    notebooks: BTreeMap<Name, BTreeSet<String>>,
    /// The addresses of all instances, and the inputs of those that are no notebooks.
    instances: BTreeMap<String, Option<serde_json::Value>>,
    /// The notebook instances of each root and way, with their addresses in it.
    programs: BTreeMap<(usize, usize), Vec<Planned>>,
}

/// How many notebooks have each status.
pub(super) type Counts = BTreeMap<String, usize>;

impl Batch {
    pub(super) fn new(seeds: Range<u64>) -> Self {
        let batch = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            trees: seeds.map(|seed| (seed, tree(seed))).collect(),
        };
        for (seed, tree) in &batch.trees {
            for (path, text) in &tree.files {
                twin::put(&batch.tree(*seed).join(path), text.as_bytes());
            }
            twin::put(&batch.tree(*seed).join(".git/HEAD"), b"ref: refs/heads/main\n");
        }
        batch
    }

    fn tree(&self, seed: u64) -> PathBuf {
        self.folder.path().join(format!("t{seed}"))
    }

    /// What is wrong with each tree that is. Counts the notebooks by status.
    ///
    /// # Errors
    /// Terraform refuses the trees.
    pub(super) fn judge(&self, terraform: &Terraform, counts: &mut Counts) -> Result<Vec<String>, String> {
        let before = self.plan(terraform)?;
        let reports: Vec<_> = self.trees.iter().map(|(seed, _)| self.write(*seed)).collect();
        let after = self.plan(terraform)?;
        let mut wrong = Vec::new();
        for ((seed, tree), report) in self.trees.iter().zip(reports) {
            for notebook in report.iter().flatten() {
                *counts.entry(notebook.status.clone()).or_default() += 1;
            }
            let verdict = report.and_then(|found| {
                compare(&found, &before[seed], &after[seed])?;
                listed(tree, &found, &before[seed])
            });
            if let Err(error) = verdict {
                let files = tree.files.iter().map(|(path, text)| format!("# {path}\n{text}"));
                wrong.push(format!("==== seed {seed}: {error}\n{}", files.collect::<Vec<_>>().concat()));
            }
        }
        Ok(wrong)
    }

    /// What unroot reports before it writes; writes twice, the second time without a change.
    fn write(&self, seed: u64) -> Result<Vec<Reported>, String> {
        let tree = self.tree(seed);
        let report = Run::new(&tree).report()?;
        if !report.errors.is_empty() {
            return Err(format!("{:?}", report.errors));
        }
        Run::new(&tree).mode("--write").report()?;
        let written = twin::files(&tree);
        Run::new(&tree).mode("--write").report()?;
        if twin::files(&tree) == written {
            Ok(report.notebooks)
        } else {
            Err("a second --write changes more".to_owned())
        }
    }

    /// Plans the trees as they are on disk: values by seed.
    fn plan(&self, terraform: &Terraform) -> Result<BTreeMap<u64, Values>, String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut calls = Vec::new();
        for (seed, tree) in &self.trees {
            twin::make(&self.tree(*seed), &folder.path().join(format!("t{seed}")));
            for (at, root) in tree.roots.iter().enumerate() {
                for (way, files) in root.ways.iter().enumerate() {
                    let arguments = arguments(&self.tree(*seed), files);
                    let source = format!("./t{seed}/{}", root.folder);
                    calls.push(format!("module \"t{seed}_{at}_{way}\" {{\n  source = \"{source}\"\n{arguments}}}\n"));
                }
            }
        }
        twin::put(&folder.path().join("main.tf"), calls.concat().as_bytes());
        let planned = terraform.plan(folder.path(), "", &[]).map_err(|error| {
            let kept = folder.keep();
            format!("{error}\nkept in {}", kept.display())
        })?;
        let mut values: BTreeMap<u64, Values> = self.trees.iter().map(|(seed, _)| (*seed, Values::default())).collect();
        for instance in planned.notebooks {
            let values = values.get_mut(&seed_of(&instance.address)).expect("every tree was put there");
            let name = (instance.file.clone(), instance.resource.to_string());
            values.notebooks.entry(name).or_default().insert(instance.value.clone());
            values.instances.insert(instance.address.clone(), None);
            let (call, address) =
                instance.address.split_once('.').and_then(|(_, rest)| rest.split_once('.')).expect("it is called");
            let mut numbers = call.split('_').skip(1).map(|number| number.parse().expect("called by numbers"));
            let program = (numbers.next().expect("a root"), numbers.next().expect("a way"));
            let address = address.to_owned();
            values.programs.entry(program).or_default().push(Planned { address, ..instance });
        }
        for (address, input) in planned.others {
            let values = values.get_mut(&seed_of(&address)).expect("every tree was put there");
            values.instances.insert(address, input);
        }
        Ok(values)
    }
}

fn seed_of(address: &str) -> u64 {
    let seed = address.strip_prefix("module.t").and_then(|rest| rest.split('_').next());
    seed.and_then(|seed| seed.parse().ok()).expect("every tree is called by its seed")
}

/// Holds the instances against the plan of each root and way.
fn listed(tree: &Tree, found: &[Reported], planned: &Values) -> Result<(), String> {
    for (at, root) in tree.roots.iter().enumerate() {
        for (way, files) in root.ways.iter().enumerate() {
            let unit = files.first().and_then(|file| file.strip_suffix("/terragrunt.hcl"));
            let is_program = |program: &Program| match unit {
                Some(unit) => program.kind == "terragrunt" && program.folder == unit,
                None => {
                    program.kind == "root"
                        && program.folder == root.folder
                        && program.value_files.iter().rev().eq(files)
                }
            };
            let planned = planned.programs.get(&(at, way)).map_or(&[][..], Vec::as_slice);
            instances::compare(found, is_program, planned)
                .map_err(|error| format!("{} with {files:?}: {error}", root.folder))?;
        }
    }
    Ok(())
}

/// Holds the report against both plans.
fn compare(found: &[Reported], before: &Values, after: &Values) -> Result<(), String> {
    let name = |notebook: &Reported| (notebook.file.clone(), notebook.address.clone());
    let reported: BTreeMap<Name, &Reported> = found.iter().map(|notebook| (name(notebook), notebook)).collect();
    for (name, planned) in &before.notebooks {
        let Some(notebook) = reported.get(name) else { return Err(format!("{name:?} is not reported")) };
        let values = notebook.values();
        let (status, message) = (&notebook.status, &notebook.message);
        // A condition that is not known may leave both branches or either.
        let is_known = !planned.contains(UNKNOWN);
        let missed = planned.iter().any(|value| value != UNKNOWN && !values.contains(value));
        if missed || is_known && *planned != values {
            return Err(format!("{name:?} has the values {values:?}, planned are {planned:?}: {message}"));
        }
        let disabled = BTreeSet::from(["Disabled".to_owned()]);
        let wanted = if *planned == disabled { "compliant" } else { "fixable" };
        if is_known && status != wanted {
            return Err(format!("{name:?} is {status}, not {wanted}: {message}"));
        }
        let left: BTreeSet<_> =
            after.notebooks.get(name).into_iter().flatten().filter(|value| *value != UNKNOWN).collect();
        if status != "review" && left.iter().any(|value| *value != "Disabled") {
            return Err(format!("{name:?} was {status}, and after --write {left:?} are planned: {message}"));
        }
    }
    if before.instances != after.instances {
        let changed = before.instances.iter().find(|(address, input)| after.instances.get(*address) != Some(input));
        return Err(format!("more than root_access changed: {changed:?} is gone or different"));
    }
    Ok(())
}
