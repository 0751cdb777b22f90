//! The programs that are known, as data: their options, and what they start, trust and write.
//!
//! A row of `programs.txt` begins with names, and goes on with fields: `leads`, `assigns`, `takes`, `takes-two`, `attached` and
//! `last` with options for [`Grammar`], the others as [`Does`] says. Lines that are indented belong to the row above.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::command_line::{Args, Grammar, lists};
use crate::script::effect::Use;
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;

const ROWS: &str = include_str!("programs.txt");

static TABLE: LazyLock<HashMap<&str, Program>> = LazyLock::new(|| {
    let mut table = HashMap::new();
    for (names, fields) in rows(ROWS) {
        let mut program = Program::default();
        for field in fields {
            program.read(field);
        }
        table.extend(names.split_ascii_whitespace().map(|name| (name, program.clone())));
    }
    table
});

/// An entry of the table.
#[derive(Debug, Clone, Default)]
pub struct Program {
    pub grammar: Grammar,
    pub does: Vec<Does>,
}

/// What a program does with its words. `verbs` are those of which the first operand has to be one; `-` stands for none,
/// and an empty list for any or none.
#[derive(Debug, Clone, Copy)]
pub enum Does {
    /// Starts the command that stands after so many operands: `starts N`.
    Starts(usize),
    /// Runs the words there as one shell command: `evaluates VERBS @ AT`.
    Evaluates { verbs: &'static str, at: At },
    /// Trusts what stands there: `runs VERBS @ AT`, and so on.
    Trusts { how: Use, verbs: &'static str, at: At },
    /// Runs the program text in its first operand, unless one of these options gives it text or makes it only talk:
    /// `interprets OPTIONS`.
    Interprets { unless: &'static str },
    /// Writes there what is not known: `writes @ AT`.
    Writes(At),
    /// Changes in place what stands there: `edits @ AT`.
    Edits(At),
    /// Makes there what is empty: `files @ AT`, which are left alone where they exist, or `folders @ AT`.
    Creates { files: bool, at: At },
    /// Does what only root may, with one of the verbs as operand `place`, or with one of the options:
    /// `root WHAT: VERBS + OPTIONS`, or `root-second` for verbs in the second place.
    NeedsRoot { place: usize, verbs: &'static str, options: &'static str, what: &'static str },
}

/// Where a path stands on a command line.
#[derive(Debug, Clone, Copy)]
pub enum At {
    /// In all operands from this one on: `N..`.
    From(usize),
    /// `last`
    Last,
    /// In the value of an option: `of OPTIONS`.
    Option(&'static str),
    /// The same, or else the working folder: `of OPTIONS or here`.
    OptionOrHere(&'static str),
}

/// The names and fields of each row.
fn rows(text: &'static str) -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    let ends = text.match_indices('\n').map(|(at, _)| at + 1);
    let mut start = 0;
    let whole =
        move |end: usize| (!text[end..].starts_with(' ')).then(|| &text[std::mem::replace(&mut start, end)..end]);
    ends.filter_map(whole).filter(|row| !row.starts_with('#')).map(|row| {
        let (names, fields) = row.split_once('|').unwrap_or((row, ""));
        (names, fields.split('|').map(str::trim).filter(|field| !field.is_empty()))
    })
}

impl Program {
    /// Takes up one field of a row. `None` if that is not understood.
    fn read(&mut self, field: &'static str) -> Option<()> {
        let (word, rest) = field.split_once(|letter: char| letter.is_ascii_whitespace()).unwrap_or((field, ""));
        let (verbs, at) = rest.split_once('@').map_or((rest, None), |(verbs, at)| (verbs.trim(), At::read(at.trim())));
        let grammar = &mut self.grammar;
        let does = match word {
            "leads" | "assigns" => {
                *(if word == "leads" { &mut grammar.leads } else { &mut grammar.assigns }) = true;
                return Some(());
            }
            "takes" | "takes-two" | "attached" | "last" => {
                *(match word {
                    "takes" => &mut grammar.valued,
                    "takes-two" => &mut grammar.pairs,
                    "attached" => &mut grammar.attached,
                    _ => &mut grammar.last,
                }) = rest;
                return Some(());
            }
            "starts" => Does::Starts(rest.parse().ok()?),
            "evaluates" => Does::Evaluates { verbs, at: at? },
            "interprets" => Does::Interprets { unless: rest },
            "writes" => Does::Writes(at?),
            "edits" => Does::Edits(at?),
            "files" | "folders" => Does::Creates { files: word == "files", at: at? },
            "root" | "root-second" => {
                let (what, lists) = rest.split_once(':')?;
                let (verbs, options) = lists.split_once('+').unwrap_or((lists, ""));
                Does::NeedsRoot {
                    place: usize::from(word != "root"),
                    verbs: verbs.trim(),
                    options: options.trim(),
                    what,
                }
            }
            how => Does::Trusts { how: Use::named(how)?, verbs, at: at? },
        };
        self.does.push(does);
        Some(())
    }
}

/// The entry of a program, by its name without its folder.
pub fn find(name: &str) -> Option<&'static Program> {
    let versioned = |base: &str| {
        name.strip_prefix(base).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
    };
    TABLE.get(["python", "pip"].into_iter().find(|base| versioned(base)).unwrap_or(name))
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
    fn read(text: &'static str) -> Option<Self> {
        if let Some(options) = text.strip_prefix("of ") {
            let here = options.strip_suffix(" or here");
            return Some(here.map_or(Self::Option(options), Self::OptionOrHere));
        }
        if text == "last" { Some(Self::Last) } else { Some(Self::From(text.strip_suffix("..")?.parse().ok()?)) }
    }

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
