//! The shell as far as the analysis needs it: statements, words, redirects. Independent of the parser behind it.

use std::ops::Range;
use std::rc::Rc;

use crate::script::shell::mapped::Text;

/// A place in the text of one [`Unit`], in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    pub start: usize,
    pub end: usize,
}

impl Place {
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The smallest place that covers both.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One script text that was parsed as a whole: the hook itself, a heredoc, a `-c` string, a written file.
#[derive(Debug)]
pub struct Unit {
    pub text: Text,
    pub body: Vec<Statement>,
    /// The first syntax error, if any.
    pub problem: Option<Place>,
}

#[derive(Debug)]
pub struct Statement {
    pub command: Command,
    pub redirects: Vec<Redirect>,
    /// Preceded by `!`.
    pub negated: bool,
    /// Followed by `&`.
    pub background: bool,
    /// From the first word to the last word or redirect.
    pub place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    And,
    Or,
}

#[derive(Debug)]
pub enum Command {
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
pub struct Assignment {
    pub name: String,
    pub append: bool,
    pub value: AssignedValue,
}

#[derive(Debug)]
pub enum AssignedValue {
    Scalar(Word),
    List(Vec<Word>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectKind {
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
pub struct Redirect {
    pub kind: RedirectKind,
    pub descriptor: Option<i32>,
    pub word: Word,
}

#[derive(Debug, Default)]
pub struct Word {
    pub parts: Vec<Part>,
    pub place: Place,
}

impl Word {
    /// The text of a word that is nothing else.
    pub fn literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Literal { text, .. }] => Some(text),
            _ => None,
        }
    }
}

impl Statement {
    /// The name of a simple command, as it is written.
    pub fn program(&self) -> Option<&str> {
        match &self.command {
            Command::Simple { words, .. } => words.first().and_then(Word::literal),
            _ => None,
        }
    }
}

/// The operation of `${name…}` on the value.
#[derive(Debug)]
pub enum Operation {
    /// `$name`, `${name}`.
    Plain,
    /// `${name:-word}` and `${name-word}`; with `=`, which sets the variable as well.
    Default { word: Word, sets: bool },
    /// `${name:+word}` and `${name+word}`.
    Instead(Word),
    /// `${name%word}`, `${name##word}` and the two like them: takes the word off one end.
    Trim { end: bool, longest: bool, word: Word },
    /// `${name/pattern/with}`; `${name//pattern/with}` replaces all.
    Replace { all: bool, pattern: Word, with: Word },
    /// `${name:start}` and `${name:start:length}`, in characters.
    Slice { start: Word, length: Option<Word> },
    /// `${name^^}` and `${name,,}`.
    Case { upper: bool },
    /// Anything else: the value is not computed, the words in it are still walked.
    Other(Vec<Part>),
}

/// What of a parameter is meant.
#[derive(Debug)]
pub enum Subscript {
    /// `$name`: the first where it is a list.
    None,
    /// `$@`, `$*`, `${name[@]}`.
    All,
    /// `${name[word]}`.
    One(Word),
    /// `${!name}`: the parameter that the value names.
    Indirect,
}

#[derive(Debug)]
pub enum Part {
    /// Decoded text. Split so that a part is as long as its source, or a single escape.
    Literal { text: String, place: Place, quoted: bool },
    /// A parameter.
    Parameter { name: String, subscript: Subscript, operation: Operation, place: Place, quoted: bool },
    /// `$(…)` and backticks: the script in it as decoded pieces.
    Commands { script: Vec<(String, Place)>, place: Place, quoted: bool },
    /// `<(…)` and `>(…)`.
    Process { script: Place, place: Place },
    /// A value that is not computed, with the parts inside that may run something.
    Opaque { parts: Vec<Part>, place: Place },
}
