//! One [`Finding`] on a notebook or a lifecycle script: its [`Status`], and where the value came from.

mod exception;
mod instance;
mod left_out;
mod live;
mod notebook;
mod reported;
mod script;
mod standing;

use crate::fix::{Applicability, Fix};
use crate::rules::{Rule, Severity};
use crate::source::{FileId, Location, Position};

pub use exception::Exception;
pub use instance::{Instance, Instances, Program, ProgramKind};
pub use left_out::{LeftOut, Why};
pub use live::{Action, Evidence, Live};
pub use notebook::{Hop, Names, Notebook, Value, ValueTrace};
pub use reported::{Found, Match, Reported, ReportedFile};
pub use script::{Hook, Instead, Script, Side, Use};
pub use standing::Standing;

/// How a notebook or script stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// `"Disabled"` on every path.
    Compliant,
    /// Not compliant, and an applicable fix exists.
    Fixable,
    /// Was fixable, and the fix has been written.
    Fixed,
    /// Not compliant and nothing to apply: a person has to look.
    Review,
    /// Not compliant, and an ignore comment covers it.
    Suppressed,
}

impl Status {
    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compliant => "compliant",
            Self::Fixable => "fixable",
            Self::Fixed => "fixed",
            Self::Review => "review",
            Self::Suppressed => "suppressed",
        }
    }
}

/// An ignore comment or an exemption that covers a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// `unroot`, `checkov` or `unroot.toml`.
    pub kind: &'static str,
    /// The reason given, which may be empty.
    pub reason: String,
    /// Where the comment stands.
    pub location: Location,
}

/// The state of a finding's fix, once it has been decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FixState {
    /// It is not applied.
    #[default]
    Left,
    /// It is applied by a run that writes.
    Chosen,
    /// It has been written.
    Written,
}

/// One finding, on a notebook or on a lifecycle script.
///
/// A notebook has one finding on its value. Others, with [`Rule::ChangeIgnored`] and
/// [`Rule::ProviderTooOld`], follow; they take the place of the first where the value complies, so that
/// [`Status::Compliant`] always means that nothing at all is left to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is broken; `None` for a notebook that complies.
    pub rule: Option<Rule>,
    /// How much it matters here, which need not be the rule's usual severity.
    pub severity: Severity,
    /// One sentence for a person; on a script without a full stop.
    pub message: String,
    /// The narrowest place that shows the problem: the value, or the block's header where there is none; the command in
    /// question, in the script's own file or in the Terraform code.
    pub anchor: Location,
    /// Its subject.
    pub subject: Subject,
    /// The repair, where there is one. It is applied only if applicable and proved.
    pub fix: Option<Fix>,
    /// The state of the fix.
    pub fix_state: FixState,
    /// The ignore comment that covers the finding.
    pub suppression: Option<Suppression>,
}

/// The subject of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A notebook.
    Notebook(Notebook),
    /// A lifecycle script. It changes no notebook's verdict.
    Script(Script),
}

impl Finding {
    /// How the notebook or script stands.
    #[must_use]
    pub const fn status(&self) -> Status {
        match (self.fix_state, &self.rule, &self.suppression) {
            (FixState::Written, ..) if !self.is_fixed_in_part() => Status::Fixed,
            (_, None, _) => Status::Compliant,
            (_, _, Some(_)) => Status::Suppressed,
            (FixState::Chosen, ..) if !self.is_fixed_in_part() => Status::Fixable,
            _ => Status::Review,
        }
    }

    /// Whether its fix is applied, or would be, and leaves some instances as they are.
    #[must_use]
    pub const fn is_fixed_in_part(&self) -> bool {
        matches!(self.fix_state, FixState::Written | FixState::Chosen)
            && matches!(self.fix, Some(Fix { is_partial: true, .. }))
    }

    /// The notebook, if it is about one.
    #[must_use]
    pub const fn notebook(&self) -> Option<&Notebook> {
        match &self.subject {
            Subject::Notebook(notebook) => Some(notebook),
            Subject::Script(_) => None,
        }
    }

    /// As [`Finding::notebook`], to be changed.
    pub(crate) const fn notebook_mut(&mut self) -> Option<&mut Notebook> {
        match &mut self.subject {
            Subject::Notebook(notebook) => Some(notebook),
            Subject::Script(_) => None,
        }
    }

    /// The script, if it is about one.
    #[must_use]
    pub const fn script(&self) -> Option<&Script> {
        match &self.subject {
            Subject::Script(script) => Some(script),
            Subject::Notebook(_) => None,
        }
    }

    /// The code of the rule; `compliant` where nothing is wrong.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.rule.map_or("compliant", Rule::code)
    }

    /// How an instance of the notebook stands. For many of one finding, [`Finding::standing`] looks at the values once.
    #[must_use]
    pub fn status_of(&self, instance: &Instance) -> Status {
        self.standing().of(instance)
    }

    /// How the instances of the notebook stand.
    #[must_use]
    pub fn standing(&self) -> Standing<'_> {
        Standing::new(self)
    }

    /// Makes its fix one that is only ever shown, since it would change what is suppressed: another notebook's value.
    pub fn withhold(&mut self, suppressed: &str) {
        self.message.push_str("; its fix would also change ");
        self.message.push_str(suppressed);
        if let Some(fix) = &mut self.fix {
            fix.applicability = Applicability::DisplayOnly;
        }
    }
}

/// Something that kept a file or a part of it from being read, judged or written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The path as shown to the user.
    pub file: String,
    /// Where, if a place in the file is known.
    pub position: Option<Position>,
    /// The problem, in one sentence.
    pub message: String,
}

/// Something worth telling that changes no verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The file it is about.
    pub file: FileId,
    /// Where in it.
    pub position: Position,
    /// One sentence.
    pub message: String,
}
