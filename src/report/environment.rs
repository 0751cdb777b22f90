//! The environment of a program, as far as its name tells: changes go to the least important ones first.

use std::fmt;

use camino::Utf8Path;

use super::instances::Row;
use super::names::in_repository;
use super::{Options, Report};
use crate::finding::Program;

/// A kind of environment, in the order in which a change should reach them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Environment {
    /// Where things are tried out.
    Sandbox,
    /// Where things are made.
    Dev,
    /// Where things are tested.
    Test,
    /// What is like production.
    Staging,
    /// No name tells. It may be production, so whatever is known to be less goes first.
    Unnamed,
    /// What the business runs on.
    Prod,
}

/// The words in names, one kind a line.
const WORDS: [(Environment, &[&str]); 5] = [
    (Environment::Sandbox, &["sandbox", "sandboxes", "sbx", "playground", "poc"]),
    (Environment::Dev, &["dev", "devel", "develop", "development"]),
    (Environment::Test, &["test", "tst", "testing", "qa", "sit", "integration"]),
    (
        Environment::Staging,
        &["staging", "stage", "stg", "uat", "acc", "acceptance", "preprod", "nonprod", "preproduction"],
    ),
    (Environment::Prod, &["prod", "prd", "production"]),
];

impl Environment {
    /// The environment of a program: by the last of its files of values whose name tells one, else by its deployment, else by its
    /// folders, the innermost one first.
    pub(super) fn of(program: &Program, options: &Options) -> Self {
        let by_file = || program.value_files.iter().rev().find_map(|file| Self::in_name(file.file_name()?));
        let by_deployment = || Self::in_name(program.deployment.as_deref()?);
        let folder = in_repository(&program.folder, options);
        let by_folder = || Self::in_folders(Utf8Path::new(&folder));
        // A file of values in `prod/` may have any name.
        let by_its_folder = || {
            let mut folders = program.value_files.iter().rev().filter_map(|file| file.parent());
            folders.find_map(|folder| Self::in_folders(Utf8Path::new(&in_repository(folder, options))))
        };
        by_file().or_else(by_deployment).or_else(by_its_folder).or_else(by_folder).unwrap_or(Self::Unnamed)
    }

    fn in_folders(folder: &Utf8Path) -> Option<Self> {
        let names: Vec<&str> = folder.components().map(|name| name.as_str()).collect();
        // `prod/dev-tools` is production: a whole name tells more than a part of one.
        let whole = names.iter().rev().find_map(|name| Self::word(&name.to_ascii_lowercase()));
        whole.or_else(|| names.iter().rev().find_map(|name| Self::in_name(name)))
    }

    /// The environment that words in a name tell; of several the last in the order.
    fn in_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let mut found = None;
        let mut before = "";
        for word in name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let environment = match Self::word(word.trim_end_matches(|c: char| c.is_ascii_digit())) {
                Some(Self::Prod) if matches!(before, "pre" | "non" | "not") => Some(Self::Staging),
                environment => environment,
            };
            found = found.max(environment);
            before = word;
        }
        found
    }

    fn word(word: &str) -> Option<Self> {
        WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(environment, _)| *environment)
    }

    /// The environment of an instance, or of the code where no instance is told apart.
    pub(super) fn of_row(row: &Row<'_>, report: &Report<'_>, options: &Options) -> Self {
        let own = || {
            let folder = in_repository(report.sources[row.notebook.location.file].folder(), options);
            Self::in_folders(Utf8Path::new(&folder)).unwrap_or(Self::Unnamed)
        };
        row.instance.map_or_else(own, |instance| Self::of(&instance.program, options))
    }

    /// A folder with a star for the parts of its path that are nothing but the name of an environment, and the environment: sorts
    /// the environments of one module side by side, in their order.
    pub(super) fn order_of(folder: &Utf8Path) -> (String, Option<Self>) {
        let star = |name: &'_ str| Self::word(&name.to_ascii_lowercase()).is_some();
        let names = folder.components().map(|name| name.as_str()).map(|name| if star(name) { "*" } else { name });
        (names.collect::<Vec<_>>().join("/"), Self::in_folders(folder))
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sandbox => "sandbox",
            Self::Dev => "dev",
            Self::Test => "test",
            Self::Staging => "staging",
            Self::Unnamed => "no environment in the name",
            Self::Prod => "production",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_environments() {
        for (folder, expected) in [
            ("live/dev/ads", Some(Environment::Dev)),
            ("live/prod-eu1/ads", Some(Environment::Prod)),
            ("prod/dev-tools", Some(Environment::Prod)),
            ("teams/Test2", Some(Environment::Test)),
            ("teams/pre-prod", Some(Environment::Staging)),
            ("teams/non_prod/x", Some(Environment::Staging)),
            ("envs/nonprod", Some(Environment::Staging)),
            ("dev/prod", Some(Environment::Prod)),
            ("products/latest/devices", None),
            ("", None),
        ] {
            assert_eq!(Environment::in_folders(folder.into()), expected, "{folder}");
        }
        assert_eq!(Environment::in_name("prod.eu-dev.tfvars"), Some(Environment::Prod));
        assert!(Environment::Dev < Environment::Unnamed && Environment::Unnamed < Environment::Prod);
    }

    #[test]
    fn the_environments_of_a_module_stand_side_by_side() {
        let mut folders = ["envs/prod/b", "envs/dev/b", "envs/prod/a", "envs/test/a", "envs/dev/a", "modules/x"];
        folders.sort_by_key(|folder| Environment::order_of(Utf8Path::new(folder)));
        assert_eq!(folders, ["envs/dev/a", "envs/test/a", "envs/prod/a", "envs/dev/b", "envs/prod/b", "modules/x"]);
    }
}
