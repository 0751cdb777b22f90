//! Notebooks, with the values that their `root_access` can have.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use camino::Utf8PathBuf;

use super::{Exception, Instances};
use crate::control;
use crate::fix::Fix;
use crate::rules::Rule;
use crate::source::Location;

/// A value that `root_access` can have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A string, number or boolean, as the string Terraform converts it to.
    Known(String),
    /// `null`, or no argument: the provider's default.
    Null,
    /// A value that Terraform would not show, and whether it is the compliant one.
    Sensitive(bool),
    /// Not known, and why.
    Unknown(String),
}

impl Value {
    /// Whether it is known to take root away.
    #[must_use]
    pub fn complies(&self) -> bool {
        matches!(self, Self::Known(text) if text == control::COMPLIANT) || *self == Self::Sensitive(true)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => write!(f, "\"{value}\""),
            Self::Sensitive(_) => f.write_str("(sensitive)"),
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
    /// What lets the instances that have it keep it.
    pub exception: Option<Arc<Exception>>,
}

/// A notebook with the values that its `root_access` can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notebook {
    /// The address inside its module, such as `aws_sagemaker_notebook_instance.main`.
    pub address: String,
    /// The resource block.
    pub location: Location,
    /// The possible values with their origins.
    pub values: Vec<ValueTrace>,
    /// Its instances.
    pub instances: Instances,
    /// The names that these have; not told unless asked for.
    pub names: Names,
    /// The fix on the resource itself, for where the other one must not be made.
    pub fallback: Option<Fix>,
}

/// The names that the instances of a notebook have in the account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// Those that are known, each with the instances that have it: the folders of their programs, and their addresses.
    /// None where instances are not told apart.
    pub known: BTreeMap<String, BTreeSet<(Utf8PathBuf, String)>>,
    /// Whether there are others.
    pub is_open: bool,
}

impl Notebook {
    /// What lets all the instances that do not comply keep root, where a rule finds fault with them; where all comply, all
    /// instances. `None` if that is not so of one of them.
    #[must_use]
    pub fn excepted(&self, rule: Rule) -> Option<&Exception> {
        let bad: Vec<&ValueTrace> = self.values.iter().filter(|trace| !trace.value.complies()).collect();
        let concerned = if bad.is_empty() { self.values.iter().collect() } else { bad };
        let by = concerned.into_iter().map(|trace| trace.exception.as_deref().filter(|by| by.covers(rule)));
        by.collect::<Option<Vec<&Exception>>>()?.first().copied()
    }
}
