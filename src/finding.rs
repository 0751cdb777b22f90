//! What is said about a notebook: [`Finding`], its [`Status`], and where the value came from.

mod remark;

use std::fmt;

use crate::fix::{Applicability, Fix};
use crate::rules::Rule;
use crate::source::{FileId, Location, Position};

pub use remark::{Hook, Instead, Remark, Use};

/// How a notebook stands.
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

/// A value that `root_access` can have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A string, number or boolean, as the string Terraform converts it to.
    Known(String),
    /// `null`, or no argument: the provider's default.
    Null,
    /// Not known, and why.
    Unknown(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => write!(f, "\"{value}\""),
            Self::Null => f.write_str("null"),
            Self::Unknown(why) => write!(f, "unknown: {why}"),
        }
    }
}

/// One step on the way from `root_access` to the literal that decides it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hop {
    /// The expression or argument passed through.
    pub location: Location,
    /// How it is named, such as `var.root_access`.
    pub text: String,
}

/// One value with the way it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueTrace {
    /// The value.
    pub value: Value,
    /// The literal it stems from; the resource block where there is no argument.
    pub origin: Location,
    /// The steps in between, from the argument outwards; empty where the argument is the literal.
    pub hops: Vec<Hop>,
    /// The module path it holds for, such as `module.a.module.b`; empty for a root module.
    pub path: String,
}

/// An ignore comment that covers a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// `unroot` or `checkov`.
    pub kind: &'static str,
    /// The reason given, which may be empty.
    pub reason: String,
    /// Where the comment stands.
    pub location: Location,
}

/// What is said about one notebook.
///
/// A notebook has one finding on its value. A second one, with [`Rule::ChangeIgnored`], follows where
/// `ignore_changes` covers the argument; it takes the place of the first where the value complies, so that
/// [`Status::Compliant`] always means that nothing at all is left to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The address inside its module, such as `aws_sagemaker_notebook_instance.main`.
    pub address: String,
    /// The resource block.
    pub location: Location,
    /// The narrowest place that shows the problem: the value, or the block's header where there is none.
    pub anchor: Location,
    /// How it stands.
    pub status: Status,
    /// What is wrong; `None` when compliant.
    pub rule: Option<Rule>,
    /// One sentence for a person.
    pub message: String,
    /// The possible values with their origins.
    pub values: Vec<ValueTrace>,
    /// The repair, where there is one. It is applied only if applicable and proved.
    pub fix: Option<Fix>,
    /// The ignore comment that covers the finding.
    pub suppression: Option<Suppression>,
}

impl Finding {
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
    /// What happened, in one sentence.
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
    /// Whether it says that an ignore comment stands there in vain. Another stage may have found it of use.
    pub unused_comment: bool,
}
