//! A module in the making.

use fastrand::Rng;

/// What a variable or an expression holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string or null.
    Text,
    /// A string.
    Plain,
    /// A boolean.
    Flag,
    /// A boolean that is always known.
    Switch,
    /// An object whose optional attribute `root_access` has a default.
    Entry,
    /// A map of strings, perhaps with `root_access`.
    Map,
    /// A list of two strings.
    List,
    /// A map of entries.
    Entries,
    /// A list of entries with a name.
    Rows,
    /// An object with an entry in it.
    Config,
    /// An object of any type, perhaps with `root_access`.
    Any,
}

/// A variable block.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The text of the type, which for entries holds a default.
    pub(super) ty: String,
    pub(super) default: Option<String>,
    pub(super) nullable: bool,
    /// A default in an override file.
    pub(super) override_default: Option<String>,
    /// Whether a validation lists what is allowed.
    pub(super) is_validated: bool,
}

impl Variable {
    /// Whether a caller may leave it out.
    pub(super) fn is_optional(&self) -> bool {
        self.default.is_some() || self.override_default.is_some()
    }
}

/// A folder with Terraform code.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) folder: String,
    pub(super) variables: Vec<Variable>,
    pub(super) locals: Vec<(String, Kind, String)>,
    pub(super) blocks: Vec<String>,
    pub(super) has_parameter: bool,
    /// References to the outputs of called modules.
    pub(super) outputs: Vec<String>,
    /// Whether the module has an output `state`.
    pub(super) has_output: bool,
    names: usize,
}

const NAMES: [&str; 6] = ["root_access", "notebook_root", "access", "allow", "mode", "settings"];

impl Module {
    pub(super) fn new(folder: String) -> Self {
        Self { folder, ..Self::default() }
    }

    /// A name that nothing in the module has yet.
    pub(super) fn name(&mut self, rng: &mut Rng) -> String {
        self.names += 1;
        format!("{}_{}", NAMES[rng.usize(..NAMES.len())], self.names)
    }

    /// The files of the module, by their paths from the tree's root.
    pub(super) fn files(&self) -> Vec<(String, String)> {
        let mut main = self.blocks.join("\n");
        if self.has_parameter {
            main.push_str("\ndata \"aws_ssm_parameter\" \"root\" {\n  name = \"/notebooks/root\"\n}\n");
        }
        if !self.locals.is_empty() {
            let lines = self.locals.iter().map(|(name, _, value)| format!("  {name} = {value}\n"));
            main = [main, "\nlocals {\n".to_owned(), lines.collect::<Vec<_>>().concat(), "}\n".to_owned()].concat();
        }
        let variables: String = self.variables.iter().map(block).collect();
        let overrides: String = self.variables.iter().filter_map(override_block).collect();
        let files = [("main.tf", main), ("variables.tf", variables), ("variables_override.tf", overrides)];
        let files = files.into_iter().filter(|(_, text)| !text.is_empty());
        files.map(|(name, text)| (format!("{}/{name}", self.folder), text)).collect()
    }
}

fn block(variable: &Variable) -> String {
    let Variable { name, ty, default, nullable, is_validated, .. } = variable;
    let default = default.as_ref().map(|default| format!("  default = {default}\n")).unwrap_or_default();
    let nullable = if *nullable { "" } else { "  nullable = false\n" };
    let validation = if *is_validated { validation(name) } else { String::new() };
    format!("variable \"{name}\" {{\n  type = {ty}\n{default}{nullable}{validation}}}\n")
}

fn validation(name: &str) -> String {
    let condition = format!("contains([\"enabled\", \"disabled\"], lower(var.{name}))");
    format!("  validation {{\n    condition = {condition}\n    error_message = \"Enabled or Disabled.\"\n  }}\n")
}

fn override_block(variable: &Variable) -> Option<String> {
    let default = variable.override_default.as_ref()?;
    Some(format!("variable \"{}\" {{\n  default = {default}\n}}\n", variable.name))
}
