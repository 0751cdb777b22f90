//! What is said about a lifecycle script: [`Remark`].

use super::Suppression;
use crate::rules::{Rule, Severity};
use crate::source::Location;

/// A lifecycle hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hook {
    /// Runs at every start of the instance, so also after a change of `root_access`.
    OnStart,
    /// Runs once, when the instance is made.
    OnCreate,
}

impl Hook {
    /// Both hooks.
    pub const ALL: [Self; 2] = [Self::OnStart, Self::OnCreate];

    /// The name of the argument.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OnStart => "on_start",
            Self::OnCreate => "on_create",
        }
    }
}

/// Who runs a script.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Use {
    /// The hook.
    pub hook: Hook,
    /// The address of the lifecycle configuration.
    pub configuration: String,
    /// The addresses of the notebooks that name the configuration, sorted.
    pub notebooks: Vec<String>,
}

/// Lines that say the same without what is found fault with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instead {
    /// The lines.
    pub lines: String,
    /// The line in front of which they go.
    pub before: Location,
}

/// Something to say about a lifecycle script. It changes no notebook's verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The rule that speaks.
    pub rule: Rule,
    /// How much it matters: a note where no notebook uses the script.
    pub severity: Severity,
    /// What happens, and as which user, in one sentence without a full stop.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The rewritten lines.
    pub instead: Option<Instead>,
    /// The command in question, in the script's own file or in the Terraform code.
    pub location: Location,
    /// Who runs the script, sorted; never empty.
    pub uses: Vec<Use>,
    /// The ignore comment that covers it.
    pub suppression: Option<Suppression>,
}

impl Remark {
    /// The addresses of the notebooks that run the script, sorted, each once.
    #[must_use]
    pub fn notebooks(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.uses.iter().flat_map(|one| &one.notebooks).map(String::as_str).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The hook to name where there is room for one: that which runs again after the change, if it is one of them.
    #[must_use]
    pub fn hook(&self) -> Hook {
        self.uses.iter().map(|one| one.hook).min().unwrap_or(Hook::OnStart)
    }

    /// Whether it is an error that no comment covers.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error && self.suppression.is_none()
    }
}
