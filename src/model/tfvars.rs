//! Files of variable values, and which of them a root module is run with.
//!
//! Source: Terraform, "Variable Definitions (.tfvars) Files" and the order of precedence there: `terraform.tfvars`, then
//! `terraform.tfvars.json`, then `*.auto.tfvars` and `*.auto.tfvars.json` in the order of their names; a `-var-file` wins
//! over all of them. Values from the environment and the command line are not in the tree.

use std::collections::HashMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::files::ConfigName;
use super::module::Module;
use super::overrides::Placed;
use super::store::{Store, join};
use super::{View, Workspace};
use crate::discover::NEVER_ENTERED;
use crate::syntax::tree::Attribute;

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
    /// Whether commands name more than are looked for.
    pub has_more: bool,
}

impl ValueFiles {
    /// All of them, in any order.
    pub fn all(&self) -> impl Iterator<Item = &Utf8PathBuf> {
        self.automatic.iter().chain(&self.alternatives).chain(&self.given)
    }
}

/// The assignments of value files that are given together.
#[derive(Debug, Default)]
pub struct Assignments<'a> {
    /// The files, the last of which wins.
    pub files: Vec<Utf8PathBuf>,
    /// Each variable's last value, by name.
    pub values: HashMap<&'a str, Placed<'a, Attribute>>,
}

impl Assignments<'_> {
    /// Whether they set a variable.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Whether they set nothing but what a module has no variables for, as settings of a backend do.
    #[must_use]
    pub fn is_of_no_concern(&self, module: &Module<'_>) -> bool {
        !self.values.is_empty() && !self.values.keys().any(|name| module.variables().contains_key(name))
    }
}

/// The assignments of a root module's value files.
#[derive(Debug)]
pub struct Assigned<'a> {
    /// By those that Terraform reads by itself, each variable's last.
    pub automatic: Assignments<'a>,
    /// By each of the others.
    pub alternatives: Vec<Assignments<'a>>,
    /// By those that the command line gives.
    pub given: Assignments<'a>,
    /// Whether one of the others sets a variable that has no default and that the automatic ones leave out, so that the
    /// module is not run without one.
    pub is_completed: bool,
}

impl<'a> Workspace<'a> {
    /// The assignments of a root module's value files.
    pub fn assigned(&self, module: &Module<'a>) -> &Assigned<'a> {
        if let Some(known) = self.assigned.get(&module.id) {
            return known;
        }
        let files = self.value_files(&module.folder);
        let automatic = assignments(self.view(), &files.automatic);
        let alternatives = files.alternatives.iter().map(std::slice::from_ref);
        let alternatives: Vec<_> = alternatives.map(|file| assignments(self.view(), file)).collect();
        let given = assignments(self.view(), &files.given);
        let completes = |name: &str| module.requires(name) && !automatic.contains_key(name);
        let is_completed =
            alternatives.iter().chain([&given]).any(|given| given.values.keys().any(|name| completes(name)));
        self.assigned.insert(module.id.clone(), Box::new(Assigned { automatic, alternatives, given, is_completed }))
    }
}

/// The assignments of files; of each variable the last one counts.
fn assignments<'a>(view: &'a View<'a>, paths: &[Utf8PathBuf]) -> Assignments<'a> {
    let files = paths.iter().filter_map(|path| view.store().load(path));
    let attributes = |file| view.syntax(file).body.attributes().map(move |node| Placed { file, node });
    let values = files.flat_map(attributes).map(|placed| (placed.node.key.text.as_str(), placed)).collect();
    Assignments { files: paths.to_vec(), values }
}

/// How deep folders of values may be nested.
const DEPTH: usize = 16;

impl ValueFiles {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

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
        let is_file = ConfigName::new(name).is_some() || is_values(name);
        if depth == 0 || is_file || NEVER_ENTERED.contains(&name.as_str()) || !path.is_dir() {
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
