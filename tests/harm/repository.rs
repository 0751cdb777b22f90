//! A repository that is fixed, and that Terraform plans before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::folder::{self, put};
use crate::support::program::{Ended, run, unroot};
use crate::support::terraform;

/// The start of a notebook's block, and of the block that stands in for it in a plan.
const NOTEBOOK: [&str; 2] = ["resource \"aws_sagemaker_notebook_instance\" \"", "resource \"terraform_data\" \"nb_"];
/// Its argument, likewise.
const ARGUMENT: [&str; 2] = ["root_access = ", "input = "];

/// Files, links and roots.
#[derive(Debug, Default)]
pub(crate) struct Repository {
    /// By path.
    pub(crate) files: BTreeMap<String, String>,
    /// The path of each link and what it says.
    pub(crate) links: BTreeMap<String, String>,
    /// The folder of each root, and the value files it is planned with.
    pub(crate) roots: Vec<(String, Vec<String>)>,
}

/// What `--write` said of each notebook: its file and name, with the status.
pub(crate) type Said = BTreeSet<(String, String, String)>;

/// What a root plans: by root and address, the input of every instance; by `output.` and name, every output.
type Planned = BTreeMap<String, Value>;

impl Repository {
    /// Adds to a file.
    pub(crate) fn add(&mut self, path: impl Into<String>, text: &str) {
        self.files.entry(path.into()).or_default().push_str(text);
    }

    /// Writes the repository to a folder.
    pub(crate) fn make(&self) -> TempDir {
        let folder = folder::empty();
        put(&folder.path().join(".git/HEAD"), b"ref: refs/heads/main\n");
        for (path, text) in &self.files {
            put(&folder.path().join(path), text.as_bytes());
        }
        self.link(folder.path());
        folder
    }

    fn link(&self, folder: &Path) {
        for (path, target) in &self.links {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().expect("a link lies in a folder")).expect("a folder can be made");
            symlink(target, path).expect("a link can be made");
        }
    }

    /// Fixes what lies in a folder.
    pub(crate) fn fix(folder: &Path) -> Said {
        let Ended { out, err, .. } = run(unroot(folder).args(["--write", "--format", "json"]));
        let report: Value = serde_json::from_slice(&out).unwrap_or_else(|error| panic!("{error}: {err}"));
        assert_eq!(report["errors"], Value::Array(Vec::new()), "{err}");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let notebooks = report["notebooks"].as_array().expect("an array").iter();
        notebooks.map(|one| (text(&one["file"]), text(&one["address"]), text(&one["status"]))).collect()
    }

    /// What Terraform plans for the files that lie in a folder.
    ///
    /// # Errors
    /// What Terraform said when it refused a root.
    pub(crate) fn plan(&self, fixed: &Path) -> Result<Planned, String> {
        let twin = folder::empty();
        for path in self.files.keys() {
            let text = std::fs::read_to_string(fixed.join(path)).expect("a readable file");
            let text = text.replace(NOTEBOOK[0], NOTEBOOK[1]).replace(ARGUMENT[0], ARGUMENT[1]);
            put(&twin.path().join(path), text.as_bytes());
        }
        self.link(twin.path());
        let mut planned = Planned::new();
        for (root, files) in &self.roots {
            let files: Vec<String> = files.iter().map(|file| format!("-var-file={file}")).collect();
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            let plan = terraform::plan(&twin.path().join(root), &files)?;
            let plan: Value = serde_json::from_slice(&plan).expect("the plan is JSON");
            for change in plan["resource_changes"].as_array().into_iter().flatten() {
                let address = change["address"].as_str().unwrap_or_default();
                planned.insert(format!("{root}: {address}"), change["change"]["after"]["input"].clone());
            }
            for (name, output) in plan["planned_values"]["outputs"].as_object().into_iter().flatten() {
                planned.insert(format!("{root}: output.{name}"), output["value"].clone());
            }
        }
        Ok(planned)
    }

    /// Fixes the repository and compares the plans; `None` where Terraform refuses it as it is.
    ///
    /// # Errors
    /// What is not as it should be, with the repository.
    pub(crate) fn judge(&self) -> Result<Option<Said>, String> {
        let folder = self.make();
        let Ok(before) = self.plan(folder.path()) else { return Ok(None) };
        let said = Self::fix(folder.path());
        let complain = |what: &str| Err(format!("{what}\n{said:?}\n{}", self.shown(folder.path())));
        let after = match self.plan(folder.path()) {
            Ok(after) => after,
            Err(error) => return complain(&error),
        };
        if before.keys().ne(after.keys()) {
            return complain("other instances or outputs are planned");
        }
        for (address, value) in &before {
            let now = &after[address];
            let Some((_, name)) = address.split_once("terraform_data.nb_") else {
                if value != now {
                    return complain(&format!("{address}: {value} became {now}"));
                }
                continue;
            };
            let name = name.split('[').next().unwrap_or(name);
            let own = |(_, address, _): &&(String, String, String)| address.ends_with(&format!(".{name}"));
            let status = |wanted: &str| said.iter().filter(own).any(|(_, _, status)| status == wanted);
            let must = !said.iter().filter(own).any(|(_, _, status)| status == "review");
            if now != "Disabled" && (must || now != value) {
                return complain(&format!("{address} is {now}, and fixed: {}", status("fixed")));
            }
        }
        if Self::fix(folder.path()).iter().any(|(_, _, status)| status == "fixed") {
            return complain("a second run finds something to fix");
        }
        Ok(Some(said))
    }

    /// Every file, as it was and as it is.
    fn shown(&self, folder: &Path) -> String {
        let mut shown = String::new();
        for (path, text) in &self.files {
            let after = std::fs::read_to_string(folder.join(path)).unwrap_or_default();
            let after = if after == *text { String::new() } else { format!("--- after\n{after}") };
            _ = write!(shown, "--- {path}\n{text}{after}");
        }
        format!("{shown}links: {:?}\nroots: {:?}", self.links, self.roots)
    }
}
