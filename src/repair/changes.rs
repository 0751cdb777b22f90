//! Changes of literals, as data.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{FileId, Location};

/// One change of a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// A literal becomes the compliant value.
    Literal,
    /// A boolean literal becomes its opposite.
    Flip,
    /// `optional(type)` gets the compliant value as its default.
    OptionalDefault,
}

/// The changes for one notebook.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Changes {
    /// Literals and `optional` calls, by place.
    pub literals: BTreeMap<Location, ChangeKind>,
    /// Arguments to add to module calls: the call's block and the variable.
    pub arguments: BTreeSet<(Location, String)>,
    /// The files in the order in which their changes were found to do no harm, each with all before it.
    pub steps: Vec<FileId>,
}

/// One thing to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Candidate {
    Change(Location, ChangeKind),
    Argument(Location, String),
}

impl Candidate {
    /// The literal, or the call.
    pub(super) fn location(&self) -> Location {
        match self {
            Self::Change(location, _) | Self::Argument(location, _) => *location,
        }
    }
}

impl Changes {
    /// The files that change.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        self.literals.keys().map(|literal| literal.file).chain(self.arguments.iter().map(|(call, _)| call.file))
    }

    /// Those of them that lie in some files.
    pub fn within(&self, files: impl Fn(FileId) -> bool) -> Self {
        let mut part = self.clone();
        part.literals.retain(|literal, _| files(literal.file));
        part.arguments.retain(|(call, _)| files(call.file));
        part.steps.retain(|&file| files(file));
        part
    }

    /// Those of each file by themselves, without steps.
    pub fn by_file(&self) -> BTreeMap<FileId, Self> {
        let mut parts: BTreeMap<FileId, Self> = BTreeMap::new();
        for (&literal, &kind) in &self.literals {
            parts.entry(literal.file).or_default().literals.insert(literal, kind);
        }
        for argument in &self.arguments {
            parts.entry(argument.0.file).or_default().arguments.insert(argument.clone());
        }
        parts
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.literals.is_empty() && self.arguments.is_empty()
    }

    /// Each of them by itself.
    pub(super) fn candidates(&self) -> Vec<Candidate> {
        let literals = self.literals.iter().map(|(location, kind)| Candidate::Change(*location, *kind));
        let arguments = self.arguments.iter().map(|(call, variable)| Candidate::Argument(*call, variable.clone()));
        literals.chain(arguments).collect()
    }

    /// Adds one more.
    pub(super) fn add(&mut self, candidate: &Candidate) {
        match candidate {
            Candidate::Change(location, kind) => _ = self.literals.insert(*location, *kind),
            Candidate::Argument(call, variable) => _ = self.arguments.insert((*call, variable.clone())),
        }
        let file = candidate.location().file;
        if !self.steps.contains(&file) {
            self.steps.push(file);
        }
    }

    /// These and one more.
    pub(super) fn with(&self, candidate: &Candidate) -> Self {
        let mut changes = self.clone();
        changes.add(candidate);
        changes
    }
}
