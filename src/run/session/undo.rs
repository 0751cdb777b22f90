//! Answers can be taken back, the last one first.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::names::Name;
use super::{Finding, Outcome, Parts, Session};
use crate::write::{self, Change};

/// How things stood before an answer, and what the answer has written.
pub(super) struct Past {
    decided: BTreeSet<Name>,
    fixed: Vec<(Name, Finding)>,
    written: BTreeSet<Utf8PathBuf>,
    parts: Parts,
    files: Vec<Written>,
}

/// A file that an answer has written.
struct Written {
    path: Utf8PathBuf,
    before: Vec<u8>,
    after: Vec<u8>,
}

impl Session<'_> {
    /// Keeps how things stand, before an answer takes effect.
    pub(super) fn remember(&mut self) {
        self.past.push(Past {
            decided: self.decided.clone(),
            fixed: self.fixed.clone(),
            written: self.written.clone(),
            parts: self.parts.decisions(),
            files: Vec::new(),
        });
    }

    /// Lets an answer take effect. One that neither settles nor writes anything cannot be taken back.
    pub(super) fn remembering(&mut self, answer: impl FnOnce(&mut Self) -> Outcome) -> Outcome {
        self.remember();
        let outcome = answer(self);
        let wrote = self.past.last().is_some_and(|past| !past.files.is_empty());
        if matches!(outcome, Outcome::Again(_)) && !wrote {
            self.past.pop();
        }
        outcome
    }

    /// Takes note of a file that an answer has written.
    pub(super) fn write_down(&mut self, path: &Utf8Path, before: Vec<u8>, after: Vec<u8>) {
        if let Some(past) = self.past.last_mut() {
            past.files.push(Written { path: path.to_owned(), before, after: after.clone() });
        }
        self.now_holds(path, after);
    }

    /// Takes the last answer back. A file is restored only if it holds, byte for byte, what the answer has written to it;
    /// else none is.
    pub(super) fn take_back(&mut self) -> Outcome {
        let Some(past) = self.past.pop() else {
            return Outcome::Again("There is no answer to undo.".to_owned());
        };
        let back = |file| {
            let Written { path, before, after }: &Written = file;
            Change { path, before: after, after: before }
        };
        // The order in which each step alone was right, backwards.
        let changes: Vec<Change<'_>> = past.files.iter().rev().map(back).collect();
        if let Err(error) = write::write(&changes) {
            let said = format!("Nothing was undone: {}: {error}", error.path);
            self.past.push(past);
            return Outcome::Again(said);
        }
        for Written { path, before, .. } in &past.files {
            self.now_holds(path, before.clone());
        }
        let Past { decided, fixed, written, parts, files } = past;
        (self.decided, self.fixed, self.written, self.parts) = (decided, fixed, written, parts);
        self.read_again();
        let names: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        Outcome::Again(match names.as_slice() {
            [] => "The last answer is undone.".to_owned(),
            names => format!("The last answer is undone; restored {}.", names.join(", ")),
        })
    }
}
