//! A module in the making.

use fastrand::Rng;

use super::block::{Block, json_file};

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
    pub(super) blocks: Vec<Block>,
    pub(super) has_parameter: bool,
    /// Whether its files are in the JSON syntax.
    pub(super) is_json: bool,
    /// References to the outputs of called modules.
    pub(super) outputs: Vec<String>,
    /// Whether the module has an output `state`.
    pub(super) has_output: bool,
    names: usize,
}

const NAMES: [&str; 6] = ["root_access", "notebook_root", "access", "allow", "mode", "settings"];

impl Module {
    pub(super) fn new(rng: &mut Rng, folder: String) -> Self {
        Self { folder, is_json: rng.u8(..6) == 0, ..Self::default() }
    }

    /// A name that nothing in the module has yet.
    pub(super) fn name(&mut self, rng: &mut Rng) -> String {
        self.names += 1;
        format!("{}_{}", NAMES[rng.usize(..NAMES.len())], self.names)
    }

    /// The files of the module, by their paths from the tree's root.
    pub(super) fn files(&self) -> Vec<(String, String)> {
        let mut main = self.blocks.clone();
        if self.has_parameter {
            main.push(Block::new(&["data", "aws_ssm_parameter", "root"]).with("name", "\"/notebooks/root\""));
        }
        if !self.locals.is_empty() {
            let values = self.locals.iter().map(|(name, _, value)| (name.clone(), value.clone()));
            main.push(Block::new(&["locals"]).with_all(values.collect()));
        }
        let variables: Vec<Block> = self.variables.iter().map(Variable::block).collect();
        let overrides: Vec<Block> = self.variables.iter().filter_map(Variable::override_block).collect();
        let native = |blocks: &[Block]| blocks.iter().map(Block::native).collect::<Vec<_>>().join("\n");
        let file = |name: &str, blocks: &[Block]| {
            let path = format!("{}/{name}", self.folder);
            if self.is_json { (format!("{path}.json"), json_file(blocks)) } else { (path, native(blocks)) }
        };
        let mut files = vec![file("main.tf", &main)];
        files.extend((!variables.is_empty()).then(|| file("variables.tf", &variables)));
        files.extend((!overrides.is_empty()).then(|| file("variables_override.tf", &overrides)));
        files
    }
}

impl Variable {
    fn block(&self) -> Block {
        let mut block = Block::new(&["variable", &self.name]).with("type", &self.ty);
        if let Some(default) = &self.default {
            block = block.with("default", default);
        }
        let block = if self.nullable { block } else { block.with("nullable", "false") };
        block.around(self.validation())
    }

    fn override_block(&self) -> Option<Block> {
        let default = self.override_default.as_ref()?;
        Some(Block::new(&["variable", &self.name]).with("default", default))
    }

    fn validation(&self) -> Option<Block> {
        let condition = format!("contains([\"enabled\", \"disabled\"], lower(var.{}))", self.name);
        let block = Block::new(&["validation"]).with("condition", condition);
        self.is_validated.then(|| block.with("error_message", "\"Enabled or Disabled.\""))
    }
}
