//! The programs that are known, as data: their options, and what they start, trust and write.
//!
//! Source of the options: the manual page of each program.

mod running;
mod system;
#[cfg(test)]
mod tests;

use super::options::{Args, Grammar, lists};
use crate::script::effect::Use;
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;

/// An entry of the table: a program, or several alike.
#[derive(Debug)]
pub struct Program {
    /// Separated by blanks.
    pub names: &'static str,
    pub grammar: Grammar,
    pub does: &'static [Does],
}

/// What a program does with its words. `verbs` are those of which the first operand has to be one; `-` stands for none,
/// and an empty list for any or none.
#[derive(Debug, Clone, Copy)]
pub enum Does {
    /// Starts the command that stands after so many operands.
    Starts(usize),
    /// Runs the words there as one shell command.
    Evaluates { verbs: &'static str, at: At },
    /// Trusts what stands there.
    Trusts { how: Use, verbs: &'static str, at: At },
    /// Runs the program text in its first operand, unless one of these options gives it text or makes it only talk.
    Interprets { how: Use, unless: &'static str },
    /// Writes there what is not known.
    Writes(At),
    /// Changes in place what stands there.
    Edits(At),
    /// Makes there what is empty: files (`true`), which are left alone where they exist, or folders.
    Creates { files: bool, at: At },
    /// Does what only root may: with one of the verbs as operand `place`, or with one of the options.
    NeedsRoot { place: usize, verbs: &'static str, options: &'static str, what: &'static str },
}

/// Where a path stands on a command line.
#[derive(Debug, Clone, Copy)]
pub enum At {
    /// In all operands from this one on.
    From(usize),
    Last,
    /// In the value of an option.
    Option(&'static str),
    /// The same, or else the working folder.
    OptionOrHere(&'static str),
}

const fn program(names: &'static str, valued: &'static str, does: &'static [Does]) -> Program {
    Program { names, grammar: Grammar { valued, ..Grammar::PLAIN }, does }
}

/// A program whose options end where the command or script begins that it starts.
const fn starter(names: &'static str, valued: &'static str, does: &'static [Does]) -> Program {
    Program { names, grammar: Grammar { valued, leads: true, ..Grammar::PLAIN }, does }
}

const fn needs_root(verbs: &'static str, options: &'static str, what: &'static str) -> Does {
    Does::NeedsRoot { place: 0, verbs, options, what }
}

const fn evaluates(verbs: &'static str, at: At) -> Does {
    Does::Evaluates { verbs, at }
}

const fn trusts(how: Use, verbs: &'static str, at: At) -> Does {
    Does::Trusts { how, verbs, at }
}
/// All rows.
fn programs() -> impl Iterator<Item = &'static Program> {
    running::RUNNING.iter().chain(system::SYSTEM_PROGRAMS)
}

/// The entry of a program, by its name without its folder.
pub fn find(name: &str) -> Option<&'static Program> {
    let versioned = |base: &str| {
        name.strip_prefix(base).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
    };
    let name = if versioned("python") {
        "python"
    } else if versioned("pip") {
        "pip"
    } else {
        name
    };
    programs().find(|program| lists(program.names, name))
}

/// The words of a call, taken apart by the grammar of its program.
pub fn args(call: &Call) -> Args<'_> {
    args_of(call.name(), call.arguments())
}

/// The same for the words behind a program's name.
pub fn args_of<'a>(name: &str, words: &'a [Text]) -> Args<'a> {
    Args::parse(words, find(name).map(|program| program.grammar).unwrap_or_default())
}

impl At {
    /// The words of a command line that stand there.
    pub fn words<'a>(self, args: &'a Args<'_>) -> Vec<&'a Text> {
        match self {
            Self::From(from) => args.operands().skip(from).collect(),
            Self::Last => args.operands().next_back().into_iter().collect(),
            Self::Option(names) => args.values(names).collect(),
            Self::OptionOrHere(names) => args.value(names).into_iter().collect(),
        }
    }
}

/// Whether the verbs of a row fit.
pub fn fits(verbs: &str, verb: &str) -> bool {
    verbs.is_empty() || if verb.is_empty() { lists(verbs, "-") } else { lists(verbs, verb) }
}
