//! Conditions that ask who runs the script, or whether sudo works.

use std::rc::Rc;

use crate::script::interpret::Walker;
use crate::script::shell::mapped::Text;
use crate::script::shell::tree::{Command, Operation, Part, Statement, Unit, Word};
use crate::script::state::context::Context;
use crate::script::state::process::State;

/// Whether the statement calls `sudo` plainly, as a test of whether it works.
pub fn probes_sudo(statement: &Statement) -> bool {
    match &statement.command {
        Command::Simple { words, .. } => {
            let name = words.first().and_then(Word::literal);
            matches!(name, Some("sudo" | "/usr/bin/sudo" | "doas"))
                && words[1..]
                    .iter()
                    .filter_map(Word::literal)
                    .any(|word| matches!(word, "true" | "-v" | "-nv" | "-l" | "-nl" | "id" | ":"))
        }
        Command::Chain(links) => links.iter().any(|(_, statement)| probes_sudo(statement)),
        Command::Pipeline(parts) => parts.iter().any(probes_sudo),
        _ => false,
    }
}

/// Whether the statement decides by the status of the command before it.
pub fn asks_status(text: &Text, statement: &Statement) -> bool {
    let Command::If { branches, .. } = &statement.command else { return false };
    let asks = |condition: &Statement| text.as_str().get(condition.place.range()).is_some_and(|it| it.contains("$?"));
    branches.iter().any(|(condition, _)| condition.iter().any(asks))
}

/// Whether the statement ends the shell or function for sure.
pub fn gives_up(statement: &Statement) -> bool {
    match &statement.command {
        Command::Simple { words, .. } => matches!(words.first().and_then(Word::literal), Some("exit" | "return")),
        Command::Group(body) => body.iter().any(gives_up),
        _ => false,
    }
}

/// Whether the word asks for the current user.
fn asks_identity(word: &Word) -> bool {
    word.parts.iter().any(|part| match part {
        Part::Parameter { name, operation: Operation::Plain, .. } => {
            matches!(name.as_str(), "EUID" | "UID" | "USER" | "LOGNAME")
        }
        Part::Commands { script, .. } => {
            let script: String = script.iter().map(|(text, _)| text.as_str()).collect();
            matches!(script.trim(), "id -u" | "id -un" | "whoami" | "/usr/bin/id -u" | "/usr/bin/whoami")
        }
        _ => false,
    })
}

impl Walker<'_> {
    /// The outcome of a condition that compares the current user with a constant, if it is that plain.
    pub fn identity_test(
        &mut self,
        unit: &Rc<Unit>,
        condition: &[Statement],
        state: &mut State,
        context: &Context,
    ) -> Option<bool> {
        let [statement] = condition else { return None };
        let words: &[Word] = match &statement.command {
            Command::Simple { words, .. } => match words.as_slice() {
                [open, middle @ .., _] if open.literal() == Some("[") => middle,
                [test, rest @ ..] if test.literal() == Some("test") => rest,
                _ => return None,
            },
            Command::Test(words) => words,
            _ => return None,
        };
        let [left, operator, right] = words else { return None };
        if !asks_identity(left) && !asks_identity(right) {
            return None;
        }
        let equal = match operator.literal()? {
            "=" | "==" | "-eq" => true,
            "!=" | "-ne" => false,
            _ => return None,
        };
        let left = self.joined(unit, left, state, context);
        let right = self.joined(unit, right, state, context);
        (left.is_known() && right.is_known()).then(|| ((left.as_str() == right.as_str()) == equal) != statement.negated)
    }
}
