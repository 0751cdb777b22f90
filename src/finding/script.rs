//! Lifecycle scripts, and who runs them.

use std::sync::Arc;

use crate::secrets::Secrets;
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
    /// Where they go.
    pub side: Side,
    /// The line that `side` is about.
    pub at: Location,
}

/// Where lines go, relative to one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In front of it.
    InFront,
    /// Behind it.
    Behind,
    /// In place of the command on it.
    Instead,
}

impl Side {
    /// The words for a person, before "line 12".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::InFront => "in front of",
            Self::Behind => "behind",
            Self::Instead => "instead of the command on",
        }
    }
}

/// A lifecycle script that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Who runs it, sorted; never empty.
    pub uses: Vec<Use>,
    /// The text to write instead.
    pub help: Option<String>,
    /// The program or folder that equal findings go together by; empty where there is none.
    pub about: String,
    /// The rewritten lines.
    pub instead: Option<Instead>,
    /// What of the script is not to be shown. The texts of the finding and the rewritten lines are without it.
    pub secrets: Arc<Secrets>,
    /// The script among those of the run; `None` where the finding is on the argument that holds it.
    pub text: Option<usize>,
    /// The lines concerned, 0-based, each once: of that text, or of the file with the argument.
    pub lines: Vec<usize>,
}

impl Script {
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
}
