//! What the dialogue asks about, and what it can have done.

use std::io;

use crate::terminal::Stream;

/// A fix to be decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// One line that says what the fix does.
    pub title: String,
    /// Whether it may be applied with all others.
    pub is_safe: bool,
    /// How many fixes are left to be decided on, this one included.
    pub left: usize,
    /// How many files it writes.
    pub files: usize,
    /// How many folders they lie in.
    pub folders: usize,
}

/// The result of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The question is settled. The text, which may be empty, says how.
    Settled(String),
    /// It is not, for the reason given, and is to be asked again.
    Again(String),
}

/// The fixes, and what can be done with them.
pub trait Work {
    /// The fix to ask about now: the first one that nobody has decided on.
    fn next(&mut self) -> Option<Question>;

    /// Prints the reason and the diff of the current fix.
    fn show(&self, width: usize, out: &mut Stream<'_>) -> io::Result<()>;

    /// The explanation of the rules of the current fix.
    fn explain(&self) -> String;

    /// Writes the current fix.
    fn accept(&mut self) -> Outcome;

    /// Writes the current fix if it is safe, and all safe ones that are left.
    fn accept_all(&mut self) -> Outcome;

    /// Writes the current fix if it is safe, and all safe ones that are left and change files of its folder alone.
    fn accept_folder(&mut self) -> Outcome;

    /// Takes the last answer back, with all that it wrote.
    fn undo(&mut self) -> Outcome;

    /// Writes an ignore comment with this reason in place of the current fix.
    fn suppress(&mut self, reason: &str) -> Outcome;

    /// Leaves the current fix.
    fn skip(&mut self);
}
