//! Writes an ignore comment in place of a fix.

use std::collections::{BTreeMap, BTreeSet};

use super::super::snapshot::Snapshot;
use super::names::{Name, names};
use super::{Finding, Outcome, Patch, Session};
use crate::finding::Status;
use crate::fix::Intent;
use crate::rules::Rule;
use crate::source::Location;
use crate::suppress::Directive;
use crate::syntax::layout::insert_comment;
use crate::verify::{Edits, Unproved};
use crate::write::{self, Change};

impl Session<'_> {
    /// Puts a comment on every notebook of the current fix, if that suppresses its findings and nothing else.
    ///
    /// # Errors
    /// Why nothing was written.
    pub(super) fn comment(&mut self, reason: &str) -> Result<Outcome, String> {
        let today = self.context.today.ok_or("Ignore comments do not count with --no-suppressions.")?;
        let mut edits = Edits::new();
        for (location, rules) in self.notebooks() {
            let text = format!("unroot:ignore[{}] {reason}", rules.into_iter().collect::<Vec<_>>().join(", "));
            match Directive::parse(&text) {
                Some(Ok(directive)) if directive.is_expired(today) => {
                    return Err("The `until` date is in the past.".to_owned());
                }
                Some(Ok(directive)) if directive.reason.is_empty() => return Err("The reason is missing.".to_owned()),
                Some(Ok(_)) => {}
                Some(Err(why)) => return Err(format!("The comment would not be understood: {why}.")),
                None => return Err("The comment would not be understood.".to_owned()),
            }
            let splices = self.splices(location, &text).ok_or("There is no place for a comment here.")?;
            let change = edits.entry(location.file).or_default();
            change.splices.extend(splices);
            change.intents.insert(Intent::Comment { block: location.span, text });
        }
        for change in edits.values_mut() {
            change.splices.sort();
        }
        let findings: Vec<&Finding> = self.verdicts.findings.iter().collect();
        let proved = self.code.with_prover(|prover| prover.prove(&edits, &[], &findings));
        let patches = proved.map_err(|why: Unproved| format!("The comment could not be proved ({why})."))?;
        self.try_out(&patches)?;
        Ok(self.write_comments(patches))
    }

    /// The blocks of the current findings, with the rules to name.
    fn notebooks(&self) -> BTreeMap<Location, BTreeSet<&'static str>> {
        let mut notebooks: BTreeMap<Location, BTreeSet<&str>> = BTreeMap::new();
        for &index in &self.current {
            let finding = &self.verdicts.findings[index];
            let Some(notebook) = finding.notebook() else { continue };
            notebooks.entry(notebook.location).or_default().extend(finding.rule.map(Rule::code));
        }
        notebooks
    }

    fn splices(&self, location: Location, text: &str) -> Option<Vec<crate::source::Splice>> {
        let file = &self.code.sources()[location.file];
        let syntax = crate::syntax::parse(file);
        let block = syntax.body.blocks().find(|block| block.span == location.span)?;
        Some(insert_comment(file, block, text)).filter(|splices| !splices.is_empty())
    }

    /// Judges the code with the comments in it: the current findings have to be suppressed, all others as they were.
    fn try_out(&self, patches: &[Patch]) -> Result<(), String> {
        let mut found = self.found.clone();
        for patch in patches {
            let path = self.code.sources()[patch.file].path();
            let file = found.iter_mut().find(|found| found.path == path);
            let file = file.ok_or_else(|| format!("{path} is not among the files of this run."))?;
            file.bytes = patch.after.clone().into_bytes();
        }
        let code = Snapshot::read(self.context, found);
        let after: BTreeMap<Name, Status> = statuses(&code, &code.judge().findings).collect();
        let expected = statuses(&self.code, &self.verdicts.findings).zip(0..).map(|((name, status), index)| {
            (name, if self.current.contains(&index) { Status::Suppressed } else { status })
        });
        if expected.collect::<BTreeMap<_, _>>() == after {
            Ok(())
        } else {
            Err("The comment would not cover this fix alone.".to_owned())
        }
    }

    fn write_comments(&mut self, patches: Vec<Patch>) -> Outcome {
        let sources = self.code.sources();
        let changes: Vec<Change<'_>> = patches
            .iter()
            .map(|patch| {
                let file = &sources[patch.file];
                Change { path: file.path(), before: file.text().as_bytes(), after: patch.after.as_bytes() }
            })
            .collect();
        let written = write::write(&changes);
        let outcome = match written {
            Ok(()) => {
                let paths: Vec<_> = patches.iter().map(|patch| sources[patch.file].path().to_owned()).collect();
                let texts = patches.iter().map(|patch| sources[patch.file].text().as_bytes().to_vec());
                let before: Vec<Vec<u8>> = texts.collect();
                for ((path, before), patch) in paths.iter().zip(before).zip(patches) {
                    self.write_down(path, before, patch.after.into_bytes());
                }
                let names: Vec<&str> = paths.iter().map(|path| path.as_str()).collect();
                let said = format!("Wrote the comment to {}.", names.join(", "));
                self.written.extend(paths);
                Outcome::Settled(said)
            }
            Err(error) => {
                let mut applied = super::Applied::default();
                self.take_error(&error, &mut applied);
                if applied.changed.is_empty() {
                    let current = self.current.clone();
                    self.decide(&current);
                    Outcome::Settled(format!("Nothing was written. {}", applied.failed.join("; ")))
                } else {
                    Outcome::Again(super::accept::changed(&applied))
                }
            }
        };
        self.read_again();
        outcome
    }
}

fn statuses<'c>(code: &'c Snapshot<'_>, findings: &'c [Finding]) -> impl Iterator<Item = (Name, Status)> + 'c {
    names(code, findings).into_iter().zip(findings.iter().map(Finding::status))
}
