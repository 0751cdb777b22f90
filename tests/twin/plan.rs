//! Planning a twin with the `terraform` program.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Resource, files};
use crate::support::terraform;

/// What stands for a value that Terraform does not know before apply.
pub(crate) const UNKNOWN: &str = "(unknown)";

/// One notebook instance in a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Planned {
    /// The address in the plan, with the notebook's own type: `module.a["x"].aws_sagemaker_notebook_instance.b[0]`.
    pub(crate) address: String,
    /// The resource in its module.
    pub(crate) resource: Resource,
    /// The file of the resource block, by its path from the tree's root.
    pub(crate) file: String,
    /// `root_access` as a string; `Enabled` where it is null, which is the provider's default; or [`UNKNOWN`].
    pub(crate) value: String,
}

/// What Terraform plans for a root module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Planning {
    /// The notebook instances, sorted.
    pub(crate) notebooks: Vec<Planned>,
    /// The input of every other instance by its address: null for what the twin replaces, and as it is for a
    /// `terraform_data` of the tree's own.
    pub(crate) others: BTreeMap<String, Option<serde_json::Value>>,
}

/// The `terraform` program, which is there, and the plans that it has made.
pub(crate) struct Terraform {
    plans: PathBuf,
}

impl Terraform {
    /// `None`, once it has said so, where there is no such program; unless the environment requires it.
    pub(crate) fn find() -> Option<Self> {
        terraform::is_there().then(|| Self { plans: Path::new(env!("CARGO_TARGET_TMPDIR")).join("twin-plans-2") })
    }

    /// Plans the root module in the folder `root` of a twin. Plans are kept in the target folder by the content of the
    /// tree, so that an unchanged tree costs nothing.
    ///
    /// # Errors
    /// What Terraform said when it refused.
    pub(crate) fn plan(&self, tree: &Path, root: &str, var_files: &[PathBuf]) -> Result<Planning, String> {
        let kept = self.plans.join(name(tree, root, var_files));
        if let Ok(text) = std::fs::read(&kept) {
            return Ok(serde_json::from_slice(&text).expect("a kept plan is as it was written"));
        }
        let planned = plan_now(&tree.join(root), var_files)?;
        // Tests that run side by side ask for the same plan: it is there whole, or not at all.
        std::fs::create_dir_all(&self.plans).expect("a folder can be made");
        let mut file = tempfile::NamedTempFile::new_in(&self.plans).expect("a file can be made");
        serde_json::to_writer(&mut file, &planned).expect("a plan can be written");
        file.persist(&kept).expect("a file can be renamed");
        Ok(planned)
    }
}

fn plan_now(root: &Path, var_files: &[PathBuf]) -> Result<Planning, String> {
    let var_files: Vec<_> = var_files.iter().map(|file| format!("-var-file={}", file.display())).collect();
    let shown = terraform::plan(root, &var_files.iter().map(String::as_str).collect::<Vec<_>>())?;
    let plan: Plan = serde_json::from_slice(&shown).expect("the plan is JSON");
    let mut planning = Planning::default();
    for change in plan.resource_changes {
        match Resource::of_twin(&change.name) {
            Some(resource) => planning.notebooks.extend(change.planned(resource)),
            None => _ = planning.others.insert(change.address, change.states.after.input),
        }
    }
    planning.notebooks.sort();
    Ok(planning)
}

/// The name of the file that keeps the plan of this very tree.
fn name(tree: &Path, root: &str, var_files: &[PathBuf]) -> String {
    let mut hasher = DefaultHasher::new();
    let own = |path: &Path| path.ends_with(".terraform.lock.hcl") || path.ends_with("plan.bin");
    let files = files(tree).into_iter().filter(|(path, _)| !own(path));
    files.collect::<Vec<_>>().hash(&mut hasher);
    (root, var_files).hash(&mut hasher);
    format!("{:016x}.json", hasher.finish())
}

#[derive(Deserialize)]
struct Plan {
    #[serde(default)]
    resource_changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    address: String,
    name: String,
    #[serde(rename = "change")]
    states: States,
}

#[derive(Deserialize)]
struct States {
    after: Values,
    after_unknown: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize)]
struct Values {
    input: Option<serde_json::Value>,
    triggers_replace: Option<serde_json::Value>,
}

impl Change {
    /// The notebook instance that this is the twin of.
    fn planned(self, resource: Resource) -> Option<Planned> {
        let value = match self.states.after.input {
            _ if self.states.after_unknown.contains_key("input") => UNKNOWN.to_owned(),
            None => "Enabled".to_owned(),
            Some(serde_json::Value::String(value)) => value,
            Some(other) => other.to_string(),
        };
        let twin = format!("terraform_data.{}", self.name);
        Some(Planned {
            address: self.address.replace(&twin, &resource.to_string()),
            file: self.states.after.triggers_replace?.as_str()?.to_owned(),
            resource,
            value,
        })
    }
}
