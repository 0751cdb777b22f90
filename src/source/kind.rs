//! The kind of a file by its path, decided once.

use std::ffi::OsStr;

use camino::Utf8Path;

/// The kind of a file: its dialect and its role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileKind {
    /// How it is written.
    pub dialect: Dialect,
    /// Its role.
    pub role: Role,
}

/// The syntax of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The native syntax, and whatever has no other.
    Native,
    /// JSON.
    Json,
}

/// The role of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Terraform or `OpenTofu` code: `*.tf`, `*.tofu` and their JSON forms.
    Configuration,
    /// Values of variables: `*.tfvars`, `*.tfvars.json`.
    Values,
    /// A Terragrunt unit or a file that one includes: `*.hcl`, `*.hcl.json`.
    Terragrunt,
    /// Anything else: a script, a template, or a file that was named on the command line.
    Other,
}

impl FileKind {
    /// The kind of the file at a path. Case matters, as it does to Terraform.
    #[must_use]
    pub fn of(path: &Utf8Path) -> Self {
        Self::of_name(path.file_name().unwrap_or_default().as_bytes())
    }

    fn of_name(name: &[u8]) -> Self {
        let (stem, dialect) = match name.strip_suffix(b".json") {
            Some(stem) => (stem, Dialect::Json),
            None => (name, Dialect::Native),
        };
        let extension = stem.iter().rposition(|&byte| byte == b'.').map(|dot| &stem[dot + 1..]);
        let role = match extension {
            Some(b"tf" | b"tofu") => Role::Configuration,
            Some(b"tfvars") => Role::Values,
            Some(b"hcl") => Role::Terragrunt,
            _ => Role::Other,
        };
        Self { dialect, role }
    }

    /// Whether a name is one of Terraform or `OpenTofu` code.
    #[must_use]
    pub fn is_configuration(name: &OsStr) -> bool {
        Self::of_name(name.as_encoded_bytes()).role == Role::Configuration
    }

    /// Whether it is JSON.
    #[must_use]
    pub fn is_json(self) -> bool {
        self.dialect == Dialect::Json
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide() {
        use Dialect::{Json, Native};
        for (name, dialect, role) in [
            ("main.tf", Native, Role::Configuration),
            ("a/main.tofu", Native, Role::Configuration),
            ("main.tf.json", Json, Role::Configuration),
            ("main.tofu.json", Json, Role::Configuration),
            ("prod.tfvars", Native, Role::Values),
            ("prod.auto.tfvars.json", Json, Role::Values),
            ("terragrunt.hcl", Native, Role::Terragrunt),
            ("main.json", Json, Role::Other),
            ("main.TF", Native, Role::Other),
            ("main.tf~", Native, Role::Other),
            ("main.tf.bak", Native, Role::Other),
            ("maintf", Native, Role::Other),
            ("terraform.tfstate", Native, Role::Other),
            ("setup.sh", Native, Role::Other),
        ] {
            assert_eq!(FileKind::of(name.into()), FileKind { dialect, role }, "{name}");
        }
    }
}
