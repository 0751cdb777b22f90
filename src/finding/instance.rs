//! The instances of a notebook: one for each address in each program that creates it.

use std::sync::Arc;

use camino::Utf8PathBuf;

use super::Live;

/// The kind of a program, which is the code that one plan loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProgramKind {
    /// A root module with its files of values.
    Root,
    /// A Terragrunt unit.
    Terragrunt,
    /// A component of Terraform Stacks.
    Stack,
    /// Code that may create the instance, but cannot be read or followed.
    Unknown,
}

impl ProgramKind {
    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Terragrunt => "terragrunt",
            Self::Stack => "stack",
            Self::Unknown => "unknown",
        }
    }
}

/// The code that one plan loads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Program {
    /// The folder that Terraform, Terragrunt or the component is run in, as it is shown.
    pub folder: Utf8PathBuf,
    /// Its kind.
    pub kind: ProgramKind,
    /// The deployment of a configuration of Terraform Stacks.
    pub deployment: Option<String>,
    /// The files of values, in the order in which Terraform takes them: a later one wins.
    pub value_files: Vec<Utf8PathBuf>,
}

/// One notebook as one program creates it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// The address in the program, such as `module.team["a"].aws_sagemaker_notebook_instance.this[0]`; a key that is not
    /// known is `*`.
    pub address: String,
    /// The program.
    pub program: Arc<Program>,
    /// The values it can have, as places in [`super::Notebook::values`]; the worst first, never empty.
    pub values: Vec<usize>,
    /// Whether the program creates it as the code stands: `false` where a `count` of 0 or an empty `for_each` leaves it
    /// out. Then it is judged as if it were there.
    pub exists: bool,
    /// The instance in plans and states, where there are any.
    pub live: Vec<Live>,
}

/// The instances of a notebook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Instances {
    /// Those that are told apart, by program, then in the order of their keys.
    pub listed: Vec<Instance>,
    /// How many more there are.
    pub more: usize,
}

impl Instances {
    /// How many there are that the code as it stands creates.
    #[must_use]
    pub fn count(&self) -> usize {
        self.listed.iter().filter(|instance| instance.exists).count().saturating_add(self.more)
    }
}
