//! Applies the fixes that are accepted, and says what became of them.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::groups::is_safe;
use super::{Applied, Outcome, Session};

impl Session<'_> {
    /// Writes the current fix.
    pub(super) fn accept_current(&mut self) -> Outcome {
        let is_part = self.parts.is_cut();
        let applied = self.settle(self.current.clone(), |_| is_part);
        match (applied.files.is_empty(), applied.changed.is_empty()) {
            (_, false) => Outcome::Again(changed(&applied)),
            (false, true) => Outcome::Settled(format!("Wrote {}.", applied.files.join(", "))),
            (true, true) => Outcome::Settled(format!("Nothing was written. {}", applied.failed.join("; "))),
        }
    }

    /// Writes all safe fixes that are left and change nothing but wanted files; of a fix that is made in parts, those that do.
    pub(super) fn accept_safe(&mut self, is_wanted: &dyn Fn(&Utf8Path) -> bool) -> Outcome {
        self.make_whole();
        let mut chosen: Vec<usize> = Vec::new();
        let mut parts: BTreeSet<usize> = BTreeSet::new();
        for group in self.open() {
            if !is_safe(&self.verdicts.findings, &group) {
                continue;
            }
            let sources = self.code.sources();
            let is_within = |index: &usize| {
                let mut edits = self.verdicts.findings[*index].fix.iter().flat_map(|fix| &fix.edits);
                edits.all(|edit| is_wanted(sources[edit.file].path()))
            };
            if group.iter().all(is_within) {
                chosen.extend(group);
            } else if !self.parts_left(&group).is_empty() {
                for index in group {
                    let fix = &mut self.verdicts.findings[index].fix;
                    let part = fix.as_ref().and_then(|fix| fix.within(|file| is_wanted(sources[file].path())));
                    if part.is_some() {
                        *fix = part;
                        parts.insert(index);
                        chosen.push(index);
                    }
                }
            }
        }
        self.leave_declined(&mut chosen);
        if chosen.is_empty() {
            self.read_again();
            return Outcome::Again("There is no safe fix left to apply.".to_owned());
        }
        chosen.sort_unstable();
        let applied = self.settle(chosen, |index| parts.contains(&index));
        let mut said = format!("Applied {} in {}.", count(applied.fixes, "fix"), count(applied.files.len(), "file"));
        if !applied.failed.is_empty() {
            said = format!("{said} Not written: {}.", applied.failed.join("; "));
        }
        if applied.changed.is_empty() {
            return Outcome::Settled(said);
        }
        Outcome::Again(format!("{said} {}", changed(&applied)))
    }
}

/// The sentence on files that somebody else has changed.
pub(super) fn changed(applied: &Applied) -> String {
    format!("{} has changed meanwhile and was read again; nothing was written to it.", applied.changed.join(", "))
}

/// `1 fix`, `2 fixes`.
fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ if what.ends_with('x') => format!("{number} {what}es"),
        _ => format!("{number} {what}s"),
    }
}
