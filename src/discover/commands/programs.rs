//! Variables that are set by no option of Terraform's: in maps of programs that run it through a library, in settings of
//! tools that run it, and in code that sets them in a service which does.
//!
//! Sources: the documents of Terratest (`terraform.Options`: `Vars`, `TerraformDir`), tftest and python-terraform (`tf_vars`,
//! `var`), Atmos ("Stacks": `components.terraform.NAME.vars`), the operators for Kubernetes of Flux and of Terraform Cloud (`vars`,
//! `terraformVariables`), Ansible's module `terraform` (`variables`); of the providers tfe (`tfe_variable.key`), scalr
//! (`scalr_variable.key`) and env0 (`env0_configuration_variable.name`).

use std::ffi::OsStr;
use std::sync::LazyLock;

use memchr::memmem;
use regex::bytes::{Captures, Regex};

use super::words::word;

/// Words of programs that run Terraform through a library, or in a test.
const LIBRARIES: [&str; 4] = ["terraform.Options", "tftest", "python_terraform", "tfexec"];

/// Words of settings in YAML, of which one entry has to be there whole.
const SETTINGS: [&[&str]; 4] = [
    &["components:", "terraform:", "vars:"],
    &["kind: Terraform", "vars:"],
    &["app.terraform.io", "terraformVariables:"],
    &["terraform:", "project_path:", "variables:"],
];

/// Resources that set a variable in a service.
const RESOURCES: [&str; 3] = ["tfe_variable", "scalr_variable", "env0_configuration_variable"];

/// The variables that a program or a file of settings may set, with the folder where it names one. All names of its maps
/// count: which of them reach Terraform is not followed.
pub(super) fn variables(name: &OsStr, bytes: &[u8]) -> Vec<(String, Option<String>)> {
    static KEYS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?:["']([\w-]+)["']\s*[:\]])|(?:\bVar\(\s*"([\w-]+)=)"#).ok());
    static SETTING: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?m)^[ \t-]*(?:(?:name|key):[ \t]*)?["']?([\w-]+)["']?[ \t]*(?::|\r?$)"#).ok());
    let has = |word: &&str| memmem::find(bytes, word.as_bytes()).is_some();
    let is_yaml = [".yaml", ".yml"].iter().any(|end| name.as_encoded_bytes().ends_with(end.as_bytes()));
    let names = if LIBRARIES.iter().any(&has) {
        &KEYS
    } else if is_yaml && SETTINGS.iter().any(|words| words.iter().all(&has)) {
        &SETTING
    } else {
        return Vec::new();
    };
    let folder = folder(bytes);
    first_groups(names, bytes).map(|name| (name, folder.clone())).collect()
}

/// The folder that a program using Terratest names; `None` where it names none, or more than one.
fn folder(bytes: &[u8]) -> Option<String> {
    let option = b"TerraformDir";
    let mut folders = memmem::find_iter(bytes, option).map(|at| word(&bytes[at + option.len()..], b""));
    let folder = folders.next()?;
    folder.filter(|_| folders.next().is_none())
}

/// The variables that code sets in a service which runs Terraform.
pub(super) fn of_workspaces(bytes: &[u8]) -> impl Iterator<Item = String> {
    static NAMES: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"\b(?:key|name)"?\s*[=:]\s*"([\w-]+)""#).ok());
    let sets = RESOURCES.iter().any(|word| memmem::find(bytes, word.as_bytes()).is_some());
    first_groups(&NAMES, if sets { bytes } else { &[] })
}

fn first_groups(pattern: &'static LazyLock<Option<Regex>>, bytes: &[u8]) -> impl Iterator<Item = String> {
    let found = pattern.iter().flat_map(move |pattern| pattern.captures_iter(bytes));
    let first = |found: &Captures<'_>| found.iter().skip(1).flatten().next().map(|group| group.as_bytes().to_vec());
    found.filter_map(move |found| String::from_utf8(first(&found)?).ok())
}
