//! What the name of a file, folder or link tells of it, before it is opened.

use std::ffi::OsStr;

use ignore::DirEntry;

use super::commands;
use super::paths::NEVER_ENTERED;
use crate::source::FileKind;

/// How the names of configurations end that run modules: of Terragrunt, and of the components of Terraform Stacks (the
/// second is the older name).
///
/// Sources: Terragrunt's documentation, "HCL"; Terraform language, "Component configuration files".
const RUNNERS: [&str; 5] =
    [".tfcomponent.hcl", ".tfcomponent.json", ".tfstack.hcl", ".tfstack.json", "terragrunt.stack.hcl"];
const TERRAGRUNT: [&str; 2] = ["terragrunt.hcl", "terragrunt.hcl.json"];

/// Whether something can call a module, or say how one is run.
pub(super) fn is_wanted(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    match entry.file_type() {
        Some(kind) if kind.is_dir() => !NEVER_ENTERED.iter().any(|never| name == *never),
        // A link may lead to a folder with units.
        Some(kind) if kind.is_symlink() => true,
        Some(kind) if kind.is_file() => {
            FileKind::is_configuration(name)
                || runs_modules(name)
                || is_hcl(name)
                || is_values(name)
                || commands::may_stand_in(name)
        }
        _ => false,
    }
}

/// Whether a file says which modules are run, and with which inputs.
pub(super) fn runs_modules(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    TERRAGRUNT.iter().any(|own| name == own.as_bytes()) || RUNNERS.iter().any(|end| name.ends_with(end.as_bytes()))
}

/// Whether a file may hold Terragrunt configuration, whatever its name.
pub(super) fn is_hcl(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.ends_with(b".hcl") || name.ends_with(b".hcl.json")
}

/// Whether a file is one of variable values.
pub(super) fn is_values(name: &OsStr) -> bool {
    [".tfvars", ".tfvars.json"].iter().any(|end| name.as_encoded_bytes().ends_with(end.as_bytes()))
}

/// Whether a name starts with a dot.
pub(super) fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Whether something has a name that Terraform code can have, or the folders and links on the way to it.
pub(super) fn is_read(entry: &DirEntry) -> bool {
    let Some(kind) = entry.file_type() else { return false };
    if kind.is_dir() || kind.is_symlink() {
        // Where a link leads to is found out later, once for each.
        !NEVER_ENTERED.iter().any(|never| entry.file_name() == *never)
    } else {
        FileKind::is_configuration(entry.file_name())
            || runs_modules(entry.file_name())
            || may_generate(entry.file_name())
    }
}

/// Whether a file may hold Terragrunt configuration, and so write Terraform code.
fn may_generate(name: &OsStr) -> bool {
    /// Ends of the names of files with other contents.
    const OTHERS: [&str; 6] =
        [".lock.hcl", ".tftest.hcl", ".tofutest.hcl", ".policytest.hcl", ".pkr.hcl", ".nomad.hcl"];
    let name = name.as_encoded_bytes();
    name.ends_with(b".hcl") && !OTHERS.iter().any(|end| name.ends_with(end.as_bytes()))
}
