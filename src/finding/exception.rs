//! What is said about some instances of a notebook: they keep what they have.

use super::Suppression;
use crate::rules::Rule;

/// An ignore comment on a module call or a unit, or an exemption of a settings file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Who says so, why and where.
    pub by: Suppression,
    /// The rules that it names; `None` covers every rule.
    pub rules: Option<Vec<String>>,
}

impl Exception {
    /// Whether a rule is covered.
    #[must_use]
    pub fn covers(&self, rule: Rule) -> bool {
        self.rules.as_ref().is_none_or(|rules| rules.iter().any(|name| name == rule.code()))
    }
}
