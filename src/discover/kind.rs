//! Which files are Terraform code, by name.

use std::ffi::OsStr;

use camino::Utf8Path;

/// The syntax a Terraform file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// The native syntax: `*.tf`, `*.tofu`.
    Native,
    /// The JSON syntax: `*.tf.json`, `*.tofu.json`.
    Json,
}

impl FileKind {
    /// The kind of a file that a walk comes across; `None` where the name is not Terraform's.
    ///
    /// Case matters, as it does to Terraform.
    #[must_use]
    pub fn of_name(name: &OsStr) -> Option<Self> {
        let name = name.as_encoded_bytes();
        if let Some(stem) = name.strip_suffix(b".json") {
            return (stem.ends_with(b".tf") || stem.ends_with(b".tofu")).then_some(Self::Json);
        }
        (name.ends_with(b".tf") || name.ends_with(b".tofu")).then_some(Self::Native)
    }

    /// The kind of a file that is read whatever its name: JSON if it says so, native otherwise.
    #[must_use]
    pub fn of_path(path: &Utf8Path) -> Self {
        if path.extension() == Some("json") { Self::Json } else { Self::Native }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide() {
        let of = |name: &str| FileKind::of_name(OsStr::new(name));
        assert_eq!(of("main.tf"), Some(FileKind::Native));
        assert_eq!(of("main.tofu"), Some(FileKind::Native));
        assert_eq!(of("main.tf.json"), Some(FileKind::Json));
        assert_eq!(of("main.tofu.json"), Some(FileKind::Json));
        let others = [
            "main.json",
            "main.tfvars",
            "main.tfvars.json",
            "main.tf~",
            "main.tf.bak",
            "maintf",
            "main.TF",
            "x.tftest.hcl",
            "terraform.tfstate",
        ];
        for name in others {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
