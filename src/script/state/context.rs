//! The surroundings of a command: where its failure goes, and what feeds it.

use std::rc::Rc;

use crate::script::shell::mapped::Text;

/// Where the failure of a command ends up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// In the exit status of the hook.
    Reaches,
    /// Nowhere: the script goes on.
    Lost,
    /// In a condition or before `||`.
    Guarded,
}

/// The surroundings of a command: where its failure goes, and what feeds it.
#[derive(Debug, Clone)]
pub struct Context {
    /// Where the failure of this command goes.
    pub fate: Fate,
    /// Where it goes without `errexit`: the status of a list is that of its last command.
    pub tail: Fate,
    /// Where the failure of the shell goes that runs it.
    pub shell: Fate,
    /// Whether `errexit` has no effect here, as in a condition.
    pub suppressed: bool,
    /// Standard input, where the script itself supplies it.
    pub input: Option<Rc<Content>>,
    /// The pipeline around the command, in the text of its unit.
    pub pipeline: Option<(usize, usize)>,
}

impl Context {
    /// For the statements of a new shell whose failure goes to `fate`.
    pub fn of_shell(fate: Fate) -> Self {
        Self { fate, tail: fate, shell: fate, suppressed: false, input: None, pipeline: None }
    }

    /// The same surroundings with another fate.
    pub fn with_fate(&self, fate: Fate) -> Self {
        Self { fate, tail: fate, ..self.clone() }
    }
}

/// The content of a file or stream.
#[derive(Debug, Clone, Default)]
pub struct Content {
    pub text: Text,
    /// The file it was read from, where the script only names it.
    pub from: Option<String>,
}

impl From<Text> for Content {
    fn from(text: Text) -> Self {
        Self { text, from: None }
    }
}
