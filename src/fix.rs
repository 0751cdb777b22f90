//! Edits as data: [`Edit`], [`Fix`], [`Applicability`]. Applying them is `apply`'s work, writing them `write`'s.

use crate::source::{FileId, Splice};

/// A [`Splice`] in one of the files of a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// The file to change.
    pub file: FileId,
    /// What changes in it.
    pub splice: Splice,
}

/// How far a fix may be trusted, in order: a run applies every fix at or above its threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// Only ever shown.
    DisplayOnly,
    /// May change what the author meant; needs `--unsafe-fixes`.
    Unsafe,
    /// The value is known and the result is proved.
    Safe,
}

impl Applicability {
    /// The name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DisplayOnly => "display-only",
            Self::Unsafe => "unsafe",
            Self::Safe => "safe",
        }
    }
}

/// A repair: edits that stand or fall together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// One line that says what the fix does.
    pub title: String,
    /// Whether it may be applied unasked.
    pub applicability: Applicability,
    /// The edits, sorted by file and place, none overlapping another.
    pub edits: Vec<Edit>,
}

/// The whole new text of one file after the chosen fixes, proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// The file; its text in the run's sources is the old one.
    pub file: FileId,
    /// The new text.
    pub after: String,
}
