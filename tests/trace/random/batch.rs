//! Many trees in one plan.
//!
//! The roots of the trees are modules of one more root, which passes what the tfvars files say as arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use hcl_edit::Span as _;
use tempfile::TempDir;

use super::tree::{Root, Tree, tree};
use crate::reported::{Reported, Run};
use crate::twin::{self, Planned, Terraform, UNKNOWN};

/// Trees with their seeds, on disk.
pub(super) struct Batch {
    folder: TempDir,
    trees: Vec<(u64, Tree)>,
}

/// A notebook of a tree: file and address.
type Name = (String, String);

/// The values planned for each notebook of a tree.
type Values = BTreeMap<Name, BTreeSet<String>>;

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

    /// What is wrong with each tree that is.
    ///
    /// # Errors
    /// Terraform refuses the trees.
    pub(super) fn judge(&self, terraform: &Terraform) -> Result<Vec<String>, String> {
        let before = self.plan(terraform)?;
        let reports: Vec<_> = self.trees.iter().map(|(seed, _)| self.write(*seed)).collect();
        let after = self.plan(terraform)?;
        let mut wrong = Vec::new();
        for ((seed, tree), report) in self.trees.iter().zip(reports) {
            let nothing = Values::new();
            let planned = |plan: &BTreeMap<u64, Values>| plan.get(seed).unwrap_or(&nothing).clone();
            let verdict = report.and_then(|found| compare(&found, &planned(&before), &planned(&after)));
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
                for (way, alternative) in root.alternatives.iter().enumerate() {
                    let arguments = arguments(&self.tree(*seed), root, alternative);
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
        let mut values: BTreeMap<u64, Values> = BTreeMap::new();
        for instance in planned {
            let name = (instance.file.clone(), instance.resource.to_string());
            values.entry(seed_of(&instance)).or_default().entry(name).or_default().insert(instance.value);
        }
        Ok(values)
    }
}

fn seed_of(planned: &Planned) -> u64 {
    let seed = planned.address.strip_prefix("module.t").and_then(|rest| rest.split('_').next());
    seed.and_then(|seed| seed.parse().ok()).expect("every tree is called by its seed")
}

/// What the tfvars files give the root, as arguments; the last one wins.
fn arguments(tree: &Path, root: &Root, alternative: &str) -> String {
    let files = root.automatic.iter().map(String::as_str).chain([alternative]).filter(|name| !name.is_empty());
    let mut values = BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(tree.join(&root.folder).join(file)).expect("the file was generated");
        if file.ends_with("json") {
            let body: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text).expect("generated as JSON");
            // JSON without template markers is an expression of the native syntax too.
            values.extend(body.into_iter().map(|(name, value)| (name, value.to_string())));
            continue;
        }
        let body = hcl_edit::parser::parse_body(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        for attribute in body.attributes() {
            let value = attribute.value.span().expect("parsed text has spans");
            values.insert(attribute.key.as_str().to_owned(), text[value].to_owned());
        }
    }
    values.into_iter().map(|(name, value)| format!("  {name} = {value}\n")).collect::<Vec<_>>().concat()
}

/// Holds the report against both plans.
fn compare(found: &[Reported], before: &Values, after: &Values) -> Result<(), String> {
    let name = |notebook: &Reported| (notebook.file.clone(), notebook.address.clone());
    let reported: BTreeMap<Name, &Reported> = found.iter().map(|notebook| (name(notebook), notebook)).collect();
    for (name, planned) in before {
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
        let left: BTreeSet<_> = after.get(name).into_iter().flatten().filter(|value| *value != UNKNOWN).collect();
        if status != "review" && left.iter().any(|value| *value != "Disabled") {
            return Err(format!("{name:?} was {status}, and after --write {left:?} are planned: {message}"));
        }
    }
    Ok(())
}
