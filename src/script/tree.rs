//! The shell as far as the analysis needs it: statements, words, redirects. Independent of the parser behind it.

use std::ops::Range;
use std::rc::Rc;

use super::text::Text;

/// A place in the text of one [`Unit`], in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Place {
    pub(super) fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The smallest place that covers both.
    pub(super) fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One script text that was parsed as a whole: the hook itself, a heredoc, a `-c` string, a written file.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) text: Text,
    pub(super) body: Vec<Statement>,
    /// The first syntax error, if any.
    pub(super) problem: Option<Place>,
}

#[derive(Debug)]
pub(super) struct Statement {
    pub(super) command: Command,
    pub(super) redirects: Vec<Redirect>,
    /// Preceded by `!`.
    pub(super) negated: bool,
    /// Followed by `&`.
    pub(super) background: bool,
    /// From the first word to the last word or redirect.
    pub(super) place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    And,
    Or,
}

#[derive(Debug)]
pub(super) enum Command {
    Simple {
        assignments: Vec<Assignment>,
        words: Vec<Word>,
    },
    /// `a && b || c`: the first link is always `And` and means nothing.
    Chain(Vec<(Link, Statement)>),
    Pipeline(Vec<Statement>),
    Group(Vec<Statement>),
    Subshell(Vec<Statement>),
    If {
        branches: Vec<(Vec<Statement>, Vec<Statement>)>,
        otherwise: Option<Vec<Statement>>,
    },
    /// `while` and `until`.
    Loop {
        condition: Vec<Statement>,
        body: Vec<Statement>,
    },
    For {
        name: Option<String>,
        words: Option<Vec<Word>>,
        body: Vec<Statement>,
    },
    Case {
        word: Word,
        arms: Vec<Vec<Statement>>,
    },
    Function {
        names: Vec<String>,
        body: Rc<Statement>,
    },
    /// `[[ … ]]`: operands and operators in order.
    Test(Vec<Word>),
    /// Something without commands in it, such as `(( … ))`.
    Nothing,
}

#[derive(Debug)]
pub(super) struct Assignment {
    pub(super) name: String,
    pub(super) append: bool,
    pub(super) value: AssignedValue,
}

#[derive(Debug)]
pub(super) enum AssignedValue {
    Scalar(Word),
    List(Vec<Word>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RedirectKind {
    Output,
    Append,
    Input,
    HereString,
    /// The word is the body; the flag says whether it was expanded, that is, the delimiter is unquoted.
    HereDoc {
        expanded: bool,
    },
    /// Copies or closes a descriptor.
    Other,
}

#[derive(Debug)]
pub(super) struct Redirect {
    pub(super) kind: RedirectKind,
    pub(super) descriptor: Option<i32>,
    pub(super) word: Word,
}

#[derive(Debug, Default)]
pub(super) struct Word {
    pub(super) parts: Vec<Part>,
    pub(super) place: Place,
}

/// What `${name…}` does with the value.
#[derive(Debug)]
pub(super) enum Operation {
    /// `$name`, `${name}`.
    Plain,
    /// `${name:-word}` and its relatives.
    Default(Word),
    /// Anything else: the value is not computed, the words in it are still walked.
    Other(Vec<Part>),
}

#[derive(Debug)]
pub(super) enum Part {
    /// Decoded text. Split so that a part is as long as its source, or a single escape.
    Literal { text: String, place: Place, quoted: bool },
    /// A parameter; `list` for `$@`, `$*`, `${name[@]}`.
    Parameter { name: String, list: bool, operation: Operation, place: Place, quoted: bool },
    /// `$(…)` and backticks: the script in it as decoded pieces.
    Commands { script: Vec<(String, Place)>, place: Place, quoted: bool },
    /// `<(…)` and `>(…)`.
    Process { script: Place, place: Place },
    /// A value that is not computed, with the parts inside that may run something.
    Opaque { parts: Vec<Part>, place: Place },
}
