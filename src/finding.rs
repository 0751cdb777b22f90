//! What is said about a notebook: [`Finding`], its [`Rule`] and [`Status`], and where the value came from.

mod any_rule;
mod remark;
mod rules;

use std::fmt;

use crate::fix::{Applicability, Fix};
use crate::source::{FileId, Location, Position};

pub use any_rule::AnyRule;
pub use remark::{Hook, Instead, Remark, Use};
pub use rules::{Explanation, Level};

/// What is wrong. The codes are part of the contract: reports and suppressions name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// No `root_access` at all.
    Missing,
    /// The literal `"Enabled"`.
    Enabled,
    /// The literal `null`.
    Null,
    /// A literal that is neither of the two values.
    Invalid,
    /// A known bad value arrives from elsewhere.
    ViaReference,
    /// The value cannot be known.
    Undetermined,
    /// `lifecycle.ignore_changes` keeps a change of the argument from existing instances.
    ChangeIgnored,
}

impl Rule {
    /// Every rule, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::Missing,
        Self::Enabled,
        Self::Null,
        Self::Invalid,
        Self::ViaReference,
        Self::Undetermined,
        Self::ChangeIgnored,
    ];

    /// The name in reports and suppressions.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "root-access-missing",
            Self::Enabled => "root-access-enabled",
            Self::Null => "root-access-null",
            Self::Invalid => "root-access-invalid",
            Self::ViaReference => "root-access-via-reference",
            Self::Undetermined => "root-access-undetermined",
            Self::ChangeIgnored => "root-access-change-ignored",
        }
    }

    /// One sentence that says when the rule fires.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Missing => "`root_access` is not set, and the provider's default is `\"Enabled\"`.",
            Self::Enabled => "`root_access` is set to `\"Enabled\"`.",
            Self::Null => "`root_access` is `null`, which means the provider's default, `\"Enabled\"`.",
            Self::Invalid => "`root_access` is neither `\"Enabled\"` nor `\"Disabled\"`.",
            Self::ViaReference => "`root_access` gets a value other than `\"Disabled\"` from elsewhere.",
            Self::Undetermined => "The value of `root_access` cannot be determined from the code.",
            Self::ChangeIgnored => {
                "`lifecycle.ignore_changes` covers `root_access`, so a fix does not reach existing instances."
            }
        }
    }
}

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
