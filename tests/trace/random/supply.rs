//! What gives the variables of a root their values.

use fastrand::Rng;

use super::module::{Kind, Module, Variable};
use super::values::{json, literal};

/// A root module.
pub(super) struct Root {
    pub(super) folder: String,
    /// The ways to plan it: for each, the files that supply values, from the tree's root, the last one first.
    pub(super) ways: Vec<Vec<String>>,
}

/// Path from the tree's root and text.
pub(super) type File = (String, String);

/// A file that supplies values.
struct Supplier {
    name: String,
    entries: Vec<(String, String)>,
}

impl Supplier {
    fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), entries: Vec::new() }
    }

    fn give(&mut self, rng: &mut Rng, variable: &Variable, kind: Kind) {
        self.entries.push((variable.name.clone(), literal(rng, kind)));
    }

    fn tfvars(&self) -> File {
        let lines = |show: &dyn Fn(&str, &str) -> String| -> Vec<String> {
            self.entries.iter().map(|(name, value)| show(name, value)).collect()
        };
        let text = if self.name.ends_with("json") {
            let lines = lines(&|name, value| format!("  \"{name}\": {}", json(value)));
            format!("{{\n{}\n}}\n", lines.join(",\n"))
        } else {
            lines(&|name, value| format!("{name} = {value}\n")).concat()
        };
        (self.name.clone(), text)
    }

    fn terragrunt(&self, head: &str) -> File {
        let lines: Vec<_> = self.entries.iter().map(|(name, value)| format!("  {name} = {value}\n")).collect();
        (self.name.clone(), format!("{head}inputs = {{\n{}}}\n", lines.concat()))
    }
}

/// Gives the variables of a root their values: defaults, automatic files, and files that are alternatives.
pub(super) fn by_tfvars(rng: &mut Rng, root: &mut Module) -> (Root, Vec<File>) {
    let at = |name: &&str| Supplier::new(format!("{}/{name}", root.folder));
    let automatic = ["terraform.tfvars", "a.auto.tfvars", "b.auto.tfvars.json", "c.auto.tfvars"];
    let mut automatic: Vec<_> = automatic.iter().filter(|_| rng.bool()).map(at).collect();
    let alternatives: &[&str] = if rng.u8(..3) == 0 { &["vars/dev.tfvars", "prod.tfvars"] } else { &[] };
    let mut alternatives: Vec<_> = alternatives.iter().map(at).collect();
    let mut needs_alternative = false;
    for variable in &mut root.variables {
        let kind = if variable.nullable || variable.is_optional() { variable.kind } else { Kind::Plain };
        let mut supplied = variable.is_optional();
        for file in &mut automatic {
            if rng.u8(..3) == 0 {
                file.give(rng, variable, kind);
                supplied = true;
            }
        }
        if !supplied && (alternatives.is_empty() || rng.bool()) {
            variable.default = Some(literal(rng, variable.kind));
            supplied = true;
        }
        for file in &mut alternatives {
            if !supplied || rng.u8(..3) == 0 {
                file.give(rng, variable, kind);
            }
        }
        needs_alternative |= !supplied;
    }
    let always: Vec<_> = automatic.iter().rev().map(|file| file.name.clone()).collect();
    let with = |file: &Supplier| [vec![file.name.clone()], always.clone()].concat();
    let mut ways: Vec<_> = alternatives.iter().map(with).collect();
    if !needs_alternative {
        ways.push(always);
    }
    let files = automatic.iter().chain(&alternatives).map(Supplier::tfvars).collect();
    (Root { folder: root.folder.clone(), ways }, files)
}

/// Gives the variables of a root their values by two units of Terragrunt, which may include a file above them.
pub(super) fn by_terragrunt(rng: &mut Rng, root: &Module, number: usize) -> (Root, Vec<File>) {
    let mut above = Supplier::new(format!("live/root{number}/terragrunt.hcl"));
    let includes = rng.bool();
    for variable in root.variables.iter().filter(|_| includes) {
        if rng.u8(..3) == 0 {
            above.give(rng, variable, without_null(variable.kind));
        }
    }
    let include = if includes { "include \"root\" {\n  path = find_in_parent_folders()\n}\n\n" } else { "" };
    let head = format!("{include}terraform {{\n  source = \"../../../{}\"\n}}\n\n", root.folder);
    let mut files = vec![];
    let mut ways = vec![];
    for name in ["dev", "prod"] {
        let mut unit = Supplier::new(format!("live/root{number}/{name}/terragrunt.hcl"));
        for variable in &root.variables {
            let is_given = above.entries.iter().any(|(name, _)| *name == variable.name) || variable.is_optional();
            if !is_given || rng.u8(..3) == 0 {
                unit.give(rng, variable, without_null(variable.kind));
            }
        }
        files.push(unit.terragrunt(&head));
        let inherited = includes.then(|| above.name.clone());
        ways.push([unit.name].into_iter().chain(inherited).collect());
    }
    files.extend(includes.then(|| above.terragrunt("")));
    (Root { folder: root.folder.clone(), ways }, files)
}

/// Terragrunt passes inputs in the environment, where there is no null.
fn without_null(kind: Kind) -> Kind {
    if kind == Kind::Text { Kind::Plain } else { kind }
}
