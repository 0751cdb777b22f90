//! Repairs as data: an [`Edit`] changes bytes, an [`Intent`] says what that does to the tree, and a [`Fix`] holds both.
//! `verify` compares the one with the other; `write` is what puts the bytes on the disk.

use crate::source::{FileId, Span, Splice};

/// A [`Splice`] in one of the files of a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// The file to change.
    pub file: FileId,
    /// The change of its text.
    pub splice: Splice,
}

/// One thing that a fix does to the tree of a file, with the places it has before the fix. The proof refuses whatever
/// differs beyond this.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Intent {
    /// A block gets one more argument.
    Insert {
        /// The block.
        block: Span,
        /// The name of the argument.
        key: String,
        /// Its value, as it is written.
        value: String,
    },
    /// An expression gives way to another.
    Replace {
        /// The expression that goes.
        expression: Span,
        /// The text that replaces it, as it is written there.
        text: String,
    },
    /// An element goes from a list.
    Remove {
        /// The element.
        element: Span,
    },
    /// A block gets one more comment; nothing else of the file changes.
    Comment {
        /// The block.
        block: Span,
        /// Its text, without the marks of a comment.
        text: String,
    },
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
    /// Its intended effects, sorted, each with the file concerned.
    pub intents: Vec<(FileId, Intent)>,
    /// The edits that do it, sorted by file and place, none overlapping another.
    pub edits: Vec<Edit>,
    /// The files of the edits, in an order in which each of them may change before the next one does, each with what is
    /// done there; any order will do for those that are left out.
    pub steps: Vec<(FileId, String)>,
    /// Whether it leaves some of the notebook's instances as they are, so that more is to be done.
    pub is_partial: bool,
}

impl Fix {
    /// A fix of parts in any order, none of which need be there only once.
    #[must_use]
    pub fn new(
        title: impl Into<String>,
        applicability: Applicability,
        mut intents: Vec<(FileId, Intent)>,
        mut edits: Vec<Edit>,
    ) -> Self {
        intents.sort();
        intents.dedup();
        edits.sort();
        edits.dedup();
        Self { title: title.into(), applicability, intents, edits, steps: Vec::new(), is_partial: false }
    }

    /// The same fix, whose files change in this order.
    #[must_use]
    pub fn in_steps(self, steps: Vec<(FileId, String)>) -> Self {
        Self { steps, ..self }
    }

    /// The same fix, known to leave some instances as they are.
    #[must_use]
    pub fn in_part(self) -> Self {
        Self { is_partial: true, ..self }
    }

    /// The part of the fix that lies in some files; `None` if there is none.
    #[must_use]
    pub fn within(&self, files: impl Fn(FileId) -> bool) -> Option<Self> {
        let mut part = self.clone();
        part.edits.retain(|edit| files(edit.file));
        part.intents.retain(|(file, _)| files(*file));
        part.steps.retain(|(file, _)| files(*file));
        if part.edits.len() < self.edits.len() {
            part.is_partial = true;
            part.title = part.steps.iter().map(|(_, title)| title.as_str()).collect::<Vec<_>>().join(", ");
        }
        (!part.edits.is_empty()).then_some(part)
    }

    /// Both of two fixes as one, as far to be trusted as the lesser of them.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let title = if self.title == other.title { self.title } else { format!("{}, {}", self.title, other.title) };
        let applicability = self.applicability.min(other.applicability);
        let is_partial = self.is_partial || other.is_partial;
        let both =
            Self::new(title, applicability, [self.intents, other.intents].concat(), [self.edits, other.edits].concat());
        Self { is_partial, ..both.in_steps([self.steps, other.steps].concat()) }
    }
}

/// The whole new text of one file after the chosen fixes, proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// The file; its text in the run's sources is the old one.
    pub file: FileId,
    /// The new text.
    pub after: String,
    /// Whether there is no such file yet.
    pub is_new: bool,
}

impl Patch {
    /// The new text of a file that is there.
    #[must_use]
    pub const fn new(file: FileId, after: String) -> Self {
        Self { file, after, is_new: false }
    }
}
