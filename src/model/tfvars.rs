//! Files of variable values, and which of them a root module is run with.
//!
//! Source: Terraform, "Variable Definitions (.tfvars) Files" and the order of precedence there: `terraform.tfvars`, then
//! `terraform.tfvars.json`, then `*.auto.tfvars` and `*.auto.tfvars.json` in the order of their names; a `-var-file` wins
//! over all of them. Values from the environment and the command line are not in the tree.

use camino::{Utf8Path, Utf8PathBuf};

use super::files::ConfigName;
use super::module::join;
use super::store::Store;

/// The files of values of a root module.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ValueFiles {
    /// Those Terraform reads by itself, in the order of precedence: a later one wins.
    pub automatic: Vec<Utf8PathBuf>,
    /// Those that can be named with `-var-file`: the others in the folder, and those in folders below it that hold no
    /// Terraform code.
    pub alternatives: Vec<Utf8PathBuf>,
    /// Those that the command line gives, together and in this order: a later one wins.
    pub given: Vec<Utf8PathBuf>,
}

impl ValueFiles {
    /// All of them, in any order.
    pub fn all(&self) -> impl Iterator<Item = &Utf8PathBuf> {
        self.automatic.iter().chain(&self.alternatives).chain(&self.given)
    }
}

/// How deep folders of values may be nested.
const DEPTH: usize = 16;

impl ValueFiles {
    /// The files of values of the root module in a folder.
    #[must_use]
    pub fn of(store: &Store, folder: &Utf8Path) -> Self {
        let mut files = Self::default();
        let names = store.names(folder);
        let is_automatic = |name: &&String| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json");
        let standard = ["terraform.tfvars", "terraform.tfvars.json"];
        files.automatic.extend(
            standard.into_iter().filter(|name| names.iter().any(|other| other == name)).map(|name| join(folder, name)),
        );
        files.automatic.extend(names.iter().filter(is_automatic).map(|name| join(folder, name)));
        let rest = names.iter().filter(|name| is_values(name) && !is_automatic(name));
        let rest = rest.filter(|name| !standard.contains(&name.as_str()));
        files.alternatives.extend(rest.map(|name| join(folder, name)));
        below(store, folder, DEPTH, &mut files.alternatives);
        files
    }
}

/// Adds the files of values in folders below that hold no Terraform code.
fn below(store: &Store, folder: &Utf8Path, depth: usize, found: &mut Vec<Utf8PathBuf>) {
    for name in store.names(folder) {
        let path = join(folder, name);
        if depth == 0 || name.starts_with('.') || name.contains(".tf") || !path.is_dir() {
            continue;
        }
        let names = store.names(&path);
        if names.iter().any(|name| ConfigName::new(name).is_some() || name == "terragrunt.hcl") {
            continue;
        }
        found.extend(names.iter().filter(|name| is_values(name)).map(|name| join(&path, name)));
        below(store, &path, depth - 1, found);
    }
}

pub(super) fn is_values(name: &str) -> bool {
    name.ends_with(".tfvars") || name.ends_with(".tfvars.json")
}
