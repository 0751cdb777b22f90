//! Instances in plans and states.

use std::fmt;

use camino::Utf8PathBuf;

use super::Value;

/// The action of an apply on an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It stays as it is.
    Nothing,
    /// It is updated in place, and so stopped, and started again if it was in service.
    Update,
    /// It is created.
    Create,
    /// It is deleted and created anew: what is on its volume is lost.
    Replace,
    /// It is deleted.
    Delete,
    /// Terraform forgets it, and leaves it running.
    Forget,
}

impl Action {
    /// By the actions of a change in a plan.
    #[must_use]
    pub fn of(actions: &[String]) -> Self {
        let has = |action: &str| actions.iter().any(|it| it == action);
        match () {
            () if has("create") && has("delete") => Self::Replace,
            () if has("create") => Self::Create,
            () if has("update") => Self::Update,
            () if has("delete") => Self::Delete,
            () if has("forget") => Self::Forget,
            () => Self::Nothing,
        }
    }

    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "no-op",
            Self::Update => "update",
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Forget => "forget",
        }
    }

    /// Whether there is an instance after the apply that Terraform manages.
    #[must_use]
    pub const fn leaves_one(self) -> bool {
        !matches!(self, Self::Delete | Self::Forget)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A notebook instance in a plan, or in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// The address, such as `module.team["a"].aws_sagemaker_notebook_instance.this[0]`.
    pub address: String,
    /// The address that it had before `moved` blocks gave it this one.
    pub previous: Option<String>,
    /// The source of the first module on its way that is not a folder beside its caller, where that is known.
    pub source: Option<String>,
    /// The action of the apply.
    pub action: Action,
    /// `root_access` after the apply; `None` where the instance goes away, and for a state.
    pub after: Option<Value>,
    /// `root_access` now; `None` where there is no instance yet.
    pub before: Option<Value>,
    /// The arguments besides `root_access` that the apply changes, sorted.
    pub others: Vec<String>,
    /// The instance's ARN, where there is one already.
    pub arn: Option<String>,
    /// The instance's name, where it is known.
    pub name: Option<String>,
    /// Whether it is `InService`, `Stopped` and so on, where that is known.
    pub status: Option<String>,
}

/// A plan or state, and how its instances are found in the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The file.
    pub file: Utf8PathBuf,
    /// The folder of the root module whose plan or state it is, where one was found.
    pub folder: Option<Utf8PathBuf>,
    /// Whether it is a plan; a state has nothing to say about what will be.
    pub is_plan: bool,
    /// The instances, each with whether code here creates it.
    pub instances: Vec<(Live, bool)>,
}

impl Evidence {
    /// The instances that have root after the apply, or may have.
    pub fn left(&self) -> impl Iterator<Item = &(Live, bool)> {
        self.instances.iter().filter(|(live, _)| live.after.as_ref().is_some_and(|after| !after.complies()))
    }
}
