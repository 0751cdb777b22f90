//! What a case says about itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// `case.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    #[serde(skip)]
    pub(crate) folder: PathBuf,
    /// What the case shows, in a sentence.
    pub(crate) about: String,
    /// What is missing in unroot, where the case is ahead of it.
    #[serde(default)]
    pub(crate) pending: Option<String>,
    /// The paths that unroot is given, from the tree's root; the whole tree if there are none.
    #[serde(default)]
    pub(crate) paths: Vec<String>,
    /// More arguments for unroot.
    #[serde(default)]
    pub(crate) args: Vec<String>,
    /// The exit code of `--check`, where it does not follow from the notebooks.
    pub(crate) check: Option<i32>,
    /// The exit code of `--write`, where it does not follow from the notebooks.
    pub(crate) write: Option<i32>,
    /// Each way to plan the tree.
    #[serde(rename = "plan")]
    pub(crate) plans: Vec<Plan>,
    /// Each notebook of the tree.
    #[serde(rename = "notebook")]
    pub(crate) notebooks: Vec<Notebook>,
}

/// A root module with its variables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    /// The folder of the root module, from the tree's root.
    #[serde(default)]
    pub(crate) root: String,
    /// What `-var-file` would name, from the root module's folder.
    pub(crate) var_file: Option<PathBuf>,
    /// What Terragrunt would pass in.
    #[serde(default)]
    pub(crate) inputs: BTreeMap<String, toml::Value>,
    /// What Terragrunt would pass in after `--write`.
    #[serde(default)]
    pub(crate) inputs_after: BTreeMap<String, toml::Value>,
    /// The planned value of each instance, before.
    #[serde(default)]
    pub(crate) before: BTreeMap<String, String>,
    /// The planned value of each instance after `--write`, where it is not `Disabled`.
    #[serde(default)]
    pub(crate) after: BTreeMap<String, String>,
}

/// A notebook and what is said of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notebook {
    /// The address in its module.
    pub(crate) address: String,
    /// The file, from the tree's root.
    pub(crate) file: String,
    /// `compliant`, `fixable`, `review` or `suppressed`.
    pub(crate) status: String,
    /// The rule, where there is one.
    pub(crate) rule: Option<String>,
    /// The values that unroot reports, where they are not those that Terraform plans: no root can be planned, or a
    /// condition that is not known leaves both branches possible.
    pub(crate) values: Option<BTreeSet<String>>,
    /// What the message or the reasons name: the link that could not be followed, the file that a fix would need.
    #[serde(default)]
    pub(crate) link: Vec<String>,
    /// The hops of one of the values, from the attribute on.
    #[serde(default)]
    pub(crate) through: Vec<String>,
}

impl Case {
    fn all() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trace/cases")
    }

    /// The names of all cases, sorted.
    pub(crate) fn names() -> Vec<String> {
        let entries = Self::all().read_dir().expect("the folder of cases is there");
        let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"));
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    pub(crate) fn load(name: &str) -> Result<Self, String> {
        let folder = Self::all().join(name);
        let text = std::fs::read_to_string(folder.join("case.toml")).map_err(|error| error.to_string())?;
        let case: Self = toml::from_str(&text).map_err(|error| error.to_string())?;
        Ok(Self { folder, ..case })
    }

    pub(crate) fn input(&self) -> PathBuf {
        self.folder.join("input")
    }

    /// The tree after `--write`: the input itself where nothing can be fixed.
    pub(crate) fn expected(&self) -> PathBuf {
        let expected = self.folder.join("expected");
        if expected.exists() { expected } else { self.input() }
    }
}
