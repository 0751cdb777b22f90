//! The answers of the dialogue, carried out.

use std::collections::BTreeSet;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::Session;
use super::groups::is_safe;
use super::scripts;
use crate::finding::Finding;
use crate::interactive::{Outcome, Question, Work};
use crate::owners::Owners;
use crate::plan::Plan;
use crate::report::{Report, Summary, explain, proposal};
use crate::terminal::Stream;

impl Work for Session<'_> {
    fn next(&mut self) -> Option<Question> {
        loop {
            self.make_whole();
            let open = self.open();
            let group = open.first()?.clone();
            let left = open.iter().map(|group| self.parts_left(group).len().max(1)).sum();
            let group = self.cut(group);
            let Plan { chosen, patches, .. } = self.prove(group.clone());
            if self.parts.is_cut() && chosen.len() < group.len() {
                self.ask_as_a_whole(&group);
                continue;
            }
            let (proved, dropped): (Vec<usize>, Vec<usize>) =
                group.into_iter().partition(|index| chosen.contains_key(index));
            self.decide(&dropped);
            if proved.is_empty() {
                continue;
            }
            let paths: Vec<&Utf8Path> = patches.iter().map(|patch| self.code.sources()[patch.file].path()).collect();
            let folders: BTreeSet<Option<&Utf8Path>> = paths.iter().map(|path| path.parent()).collect();
            let (files, folders) = (paths.len(), folders.len());
            (self.current, self.patches) = (proved, patches);
            let findings = self.current.iter().map(|&index| &self.verdicts.findings[index]);
            let mut titles: Vec<&str> =
                findings.filter_map(|finding| finding.fix.as_ref()).map(|fix| &*fix.title).collect();
            titles.dedup();
            return Some(Question {
                title: titles.join("; "),
                is_safe: is_safe(&self.verdicts.findings, &self.current),
                left,
                files,
                folders,
            });
        }
    }

    fn show(&self, width: usize, out: &mut Stream<'_>) -> io::Result<()> {
        let findings: Vec<Finding> = self.current.iter().map(|&index| self.verdicts.findings[index].clone()).collect();
        let report = Report {
            sources: self.code.sources(),
            findings: &findings,
            patches: &self.patches,
            problems: &[],
            notes: &[],
            left_out: &[],
            evidence: &[],
            reported: &[],
            owners: &Owners::default(),
            commit: None,
            summary: Summary::default(),
        };
        let scripts = scripts::of(&self.scripts, &findings);
        proposal::print(&report, &scripts, &self.options, width, out)
    }

    fn explain(&self) -> String {
        let rules: BTreeSet<_> = self.current.iter().filter_map(|&index| self.verdicts.findings[index].rule).collect();
        rules.into_iter().map(explain::rule).collect::<Vec<_>>().join("\n")
    }

    fn accept(&mut self) -> Outcome {
        self.remembering(Self::accept_current)
    }

    fn accept_all(&mut self) -> Outcome {
        self.remembering(|session| session.accept_safe(&|_| true))
    }

    fn accept_folder(&mut self) -> Outcome {
        let files = self.patches.iter().map(|patch| &self.code.sources()[patch.file]);
        let folders: BTreeSet<Utf8PathBuf> = files.map(|file| file.folder().to_owned()).collect();
        self.remembering(|session| session.accept_safe(&|path| path.parent().is_some_and(|it| folders.contains(it))))
    }

    fn undo(&mut self) -> Outcome {
        self.take_back()
    }

    fn suppress(&mut self, reason: &str) -> Outcome {
        self.remembering(|session| session.comment(reason).unwrap_or_else(Outcome::Again))
    }

    fn skip(&mut self) {
        self.remember();
        let current = std::mem::take(&mut self.current);
        if !self.decline(&current) {
            self.decide(&current);
        }
    }
}
