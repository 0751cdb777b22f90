//! Which files of a folder make up its module, by name: what each is, and the order in which they are loaded.
//!
//! | fact | source |
//! |---|---|
//! | Terraform loads `*.tf` and `*.tf.json`; `OpenTofu` also `*.tofu` and `*.tofu.json`. Case matters | `fileExt` in `internal/configs/parser_config_dir.go` of hashicorp/terraform and of opentofu/opentofu, August 2026 |
//! | Names that start with `.`, end with `~`, or start and end with `#` are not loaded | `IsIgnoredFile` there |
//! | A file whose name before the extension is `override` or ends with `_override` is an override file, `_override.tf` too | `dirFiles` there; `moduleFiles.isOverride` in `parser_file_matcher.go`; tried with Terraform 1.11.4 |
//! | All primary files come before all override files; each kind in the order of the bytes of the names, whatever the syntax (`B_override.tf`, `a_override.tf`, `override.tf`, `override.tf.json`, `z_override.tf`) | `LoadConfigDir` there, with the sorted `ReadDir`; tried |
//! | To `OpenTofu`, `x.tofu` takes the place of `x.tf`, and `x.tofu.json` that of `x.tf.json`; `x.tofu` and `x.tf.json` are both loaded. The same among override files. To Terraform, neither `.tofu` file exists | `filterTfPathsWithTofuAlternatives` in `OpenTofu`'s file |
//!
//! The order matters for override files alone: a later one wins. Two primary files never say the same thing twice.

use std::collections::HashSet;

/// Whether a file stands for itself or changes what others say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Declares.
    Primary,
    /// Changes declarations of the primary files.
    Override,
}

/// The programs that read modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// Terraform.
    Terraform,
    /// `OpenTofu`.
    OpenTofu,
}

impl Tool {
    /// The name as people know it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Terraform => "Terraform",
            Self::OpenTofu => "OpenTofu",
        }
    }
}

/// The properties that a configuration file has by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfigName<'n> {
    /// The name before the extension.
    pub stem: &'n str,
    /// The extension: `.tf`, `.tf.json`, `.tofu` or `.tofu.json`.
    pub extension: &'n str,
}

impl<'n> ConfigName<'n> {
    /// Takes a file's name, without its folder. `None` if neither program loads a file of that name.
    #[must_use]
    pub fn new(name: &'n str) -> Option<Self> {
        const EXTENSIONS: [&str; 4] = [".tf", ".tf.json", ".tofu", ".tofu.json"];
        let ignored = name.starts_with('.') || name.ends_with('~') || name.starts_with('#') && name.ends_with('#');
        let extension = EXTENSIONS.into_iter().find(|extension| name.ends_with(extension)).filter(|_| !ignored)?;
        let (stem, extension) = name.split_at(name.len() - extension.len());
        Some(Self { stem, extension })
    }

    /// Whether the file overrides others.
    #[must_use]
    pub fn role(self) -> Role {
        if self.stem == "override" || self.stem.ends_with("_override") { Role::Override } else { Role::Primary }
    }

    /// Whether only `OpenTofu` loads the file.
    #[must_use]
    pub fn is_tofu_only(self) -> bool {
        self.extension.starts_with(".tofu")
    }

    /// The name of the file that `OpenTofu` loads in this one's place, if there is such a file.
    #[must_use]
    pub fn shadow(self) -> Option<String> {
        let rest = self.extension.strip_prefix(".tf")?;
        Some(format!("{}.tofu{rest}", self.stem))
    }
}

/// The files of a folder as one program loads them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModuleFiles<'n> {
    /// The primary files in loading order.
    pub primary: Vec<&'n str>,
    /// The override files in loading order: each wins over those before it.
    pub overrides: Vec<&'n str>,
    /// Files with Terraform's extensions that `OpenTofu` passes over, in order. Empty for Terraform.
    pub shadowed: Vec<&'n str>,
}

impl<'n> ModuleFiles<'n> {
    /// Sorts out the names of the files in one folder, given in any order. Names that `tool` does not load are left
    /// out.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = &'n str>, tool: Tool) -> Self {
        let all: HashSet<&str> = names.into_iter().collect();
        let mut sorted: Vec<&str> = all.iter().copied().collect();
        sorted.sort_unstable();
        let mut files = Self::default();
        for name in sorted {
            let Some(config) = ConfigName::new(name) else { continue };
            let is_shadowed = config.shadow().is_some_and(|shadow| all.contains(shadow.as_str()));
            match (tool, config.role()) {
                (Tool::Terraform, _) if config.is_tofu_only() => {}
                (Tool::OpenTofu, _) if is_shadowed => files.shadowed.push(name),
                (_, Role::Primary) => files.primary.push(name),
                (_, Role::Override) => files.overrides.push(name),
            }
        }
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_file_is() {
        use Role::{Override, Primary};
        for (name, role, tofu) in [
            ("main.tf", Primary, false),
            ("main.tf.json", Primary, false),
            ("main.tofu", Primary, true),
            ("main.tofu.json", Primary, true),
            ("override.tf", Override, false),
            ("override.tf.json", Override, false),
            ("a_override.tofu", Override, true),
            ("_override.tofu.json", Override, true),
            ("myoverride.tf", Primary, false),
            ("a-override.tf", Primary, false),
            ("override_a.tf", Primary, false),
            ("Override.tf", Primary, false),
            ("cdk.tf.tf.json", Primary, false),
            ("#a.tf", Primary, false),
        ] {
            let config = ConfigName::new(name).expect(name);
            assert_eq!((config.role(), config.is_tofu_only()), (role, tofu), "{name}");
        }
    }

    #[test]
    fn other_names_are_no_configuration() {
        for name in [
            ".tf",
            ".hidden.tf",
            "main.tf~",
            "#main.tf#",
            "main.TF",
            "main.tf.bak",
            "main.tfvars",
            "a.tfvars.json",
            "a.tftest.hcl",
            "a.tftest.json",
            "a.tofutest.hcl",
            "main.tf.tpl",
            "tf",
            "maintf",
            "package.json",
        ] {
            assert_eq!(ConfigName::new(name), None, "{name}");
        }
    }

    #[test]
    fn files_load_in_the_order_of_their_bytes_and_overrides_last() {
        let names = [
            "z.tf",
            "override.tf.json",
            "b_override.tf",
            "a.tf.json",
            "override.tf",
            "B_override.tf",
            "é.tf",
            "x.tofu",
        ];
        let files = ModuleFiles::new(names, Tool::Terraform);
        assert_eq!(files.primary, ["a.tf.json", "z.tf", "é.tf"]);
        assert_eq!(files.overrides, ["B_override.tf", "b_override.tf", "override.tf", "override.tf.json"]);
        assert_eq!(files.shadowed, [""; 0]);
    }

    #[test]
    fn tofu_files_shadow_their_namesakes_for_opentofu_alone() {
        let names =
            ["x.tf", "x.tofu", "x.tf.json", "y.tf.json", "y.tofu.json", "override.tf", "override.tofu", "z.tofu"];
        let files = ModuleFiles::new(names, Tool::OpenTofu);
        assert_eq!(files.primary, ["x.tf.json", "x.tofu", "y.tofu.json", "z.tofu"]);
        assert_eq!(files.overrides, ["override.tofu"]);
        assert_eq!(files.shadowed, ["override.tf", "x.tf", "y.tf.json"]);
        let files = ModuleFiles::new(names, Tool::Terraform);
        assert_eq!(files.primary, ["x.tf", "x.tf.json", "y.tf.json"]);
        assert_eq!(files.overrides, ["override.tf"]);
    }
}
