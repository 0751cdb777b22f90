//! Every rule there is: of notebooks and of their scripts.

use super::Rule;
use crate::script::ScriptRule;

/// A rule, whatever it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnyRule {
    /// On the value of `root_access`.
    Notebook(Rule),
    /// On a lifecycle script.
    Script(ScriptRule),
}

impl AnyRule {
    /// Every rule, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = Self> {
        let notebooks = Rule::ALL.into_iter().map(Self::Notebook);
        notebooks.chain(ScriptRule::ALL.iter().copied().map(Self::Script))
    }

    /// The rule of that code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|rule| rule.code() == code)
    }

    /// The name in reports and suppressions.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Notebook(rule) => rule.code(),
            Self::Script(rule) => rule.code(),
        }
    }

    /// One sentence that says when the rule fires.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Notebook(rule) => rule.summary(),
            Self::Script(rule) => rule.description(),
        }
    }
}
