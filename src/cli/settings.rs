//! What a run does, resolved once from the command line.

use camino::Utf8PathBuf;

use crate::discover::Walk;

/// What happens with the fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Show findings and diff.
    Preview,
    /// One line a finding, and the diff on request; an exit code for CI.
    Check {
        /// Whether the diff is shown too.
        diff: bool,
    },
    /// Apply every applicable fix.
    Write,
}

/// How the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// A unified diff and nothing else.
    Diff,
    /// The frozen JSON format, version 1.
    Json,
}

/// Where the Terraform code comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Files and folders.
    Paths(Vec<Utf8PathBuf>),
    /// Standard input, shown under this name.
    Stdin(Utf8PathBuf),
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// `-q`: only errors and what the format itself demands.
    Quiet,
    /// The default.
    Normal,
    /// `-v`: also what was looked at and left alone.
    Verbose,
}

/// Everything a run needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where the code comes from.
    pub input: Input,
    /// What happens with the fixes.
    pub mode: Mode,
    /// How the result is printed.
    pub format: Format,
    /// Whether unsafe fixes are applicable.
    pub unsafe_fixes: bool,
    /// Unchanged lines shown around a change.
    pub context: usize,
    /// Which files are looked at.
    pub walk: Walk,
    /// How much is said.
    pub verbosity: Verbosity,
}
