//! Fixes of several files of values, which are asked about file by file: that is how people roll a change out, one
//! environment after the other.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;

use super::Session;
use super::names::{Name, names};
use crate::fix::Fix;
use crate::source::{FileId, Role};

/// What was decided on parts of fixes.
#[derive(Default)]
pub(super) struct Parts {
    /// The files that somebody has decided to leave as they are for a notebook.
    declined: BTreeSet<(Name, Utf8PathBuf)>,
    /// Fixes whose parts cannot be made one by one.
    whole: BTreeSet<Name>,
    /// The whole of the fixes of which the current question is a part, by index, and the files of that part.
    cut: Vec<(usize, Option<Fix>)>,
    current: BTreeSet<FileId>,
}

impl Parts {
    /// Whether the current question is about a part.
    pub(super) fn is_cut(&self) -> bool {
        !self.cut.is_empty()
    }

    /// What has been decided, without the current question.
    pub(super) fn decisions(&self) -> Self {
        Self { declined: self.declined.clone(), whole: self.whole.clone(), ..Self::default() }
    }

    /// Forgets the current question: the findings are others.
    pub(super) fn forget(&mut self) {
        self.cut.clear();
    }
}

impl Session<'_> {
    /// The parts of a group's fixes that nobody has declined; none if they are one question.
    pub(super) fn parts_left(&self, group: &[usize]) -> Vec<BTreeSet<FileId>> {
        let names = names(&self.code, &self.verdicts.findings);
        let proposed = || group.iter().filter_map(|&index| self.verdicts.findings[index].fix.as_ref());
        let sources = self.code.sources();
        let is_divisible = proposed().all(|fix| !fix.steps.is_empty())
            && !group.iter().any(|&index| self.parts.whole.contains(&names[index]));
        if !is_divisible {
            return Vec::new();
        }
        let files: BTreeSet<FileId> = proposed().flat_map(|fix| &fix.edits).map(|edit| edit.file).collect();
        let holds_values = |file: &FileId| matches!(sources[*file].kind().role, Role::Values | Role::Terragrunt);
        let (values, code): (BTreeSet<FileId>, BTreeSet<FileId>) = files.into_iter().partition(holds_values);
        let mut parts: Vec<BTreeSet<FileId>> = values.into_iter().map(|file| BTreeSet::from([file])).collect();
        if !code.is_empty() {
            parts.push(code);
        }
        if parts.len() < 2 {
            return Vec::new();
        }
        parts.retain(|part| !self.is_declined(group, part));
        parts
    }

    /// Whether all that the fixes of a group do in some files has been declined.
    fn is_declined(&self, group: &[usize], files: &BTreeSet<FileId>) -> bool {
        let names = names(&self.code, &self.verdicts.findings);
        let sources = self.code.sources();
        group.iter().all(|&index| {
            let edits = self.verdicts.findings[index].fix.iter().flat_map(|fix| &fix.edits);
            let mut own = edits.map(|edit| edit.file).filter(|file| files.contains(file));
            own.all(|file| self.parts.declined.contains(&(names[index].clone(), sources[file].path().to_owned())))
        })
    }

    /// Whether all that the fixes of a group do has been declined, part by part.
    pub(super) fn is_left_alone(&self, group: &[usize]) -> bool {
        let edits =
            group.iter().filter_map(|&index| self.verdicts.findings[index].fix.as_ref()).flat_map(|it| &it.edits);
        let files: BTreeSet<FileId> = edits.map(|edit| edit.file).collect();
        !files.is_empty() && self.is_declined(group, &files)
    }

    /// Cuts the fixes of a group down to their first part that nobody has declined, if there are any: the findings that the
    /// question is about.
    pub(super) fn cut(&mut self, group: Vec<usize>) -> Vec<usize> {
        let Some(part) = self.parts_left(&group).into_iter().next() else { return group };
        for &index in &group {
            let fix = &mut self.verdicts.findings[index].fix;
            let own = fix.as_ref().and_then(|fix| fix.within(|file| part.contains(&file)));
            self.parts.cut.push((index, std::mem::replace(fix, own)));
        }
        self.parts.current = part;
        group.into_iter().filter(|&index| self.verdicts.findings[index].fix.is_some()).collect()
    }

    /// Gives the findings their whole fixes back.
    pub(super) fn make_whole(&mut self) {
        for (index, fix) in std::mem::take(&mut self.parts.cut) {
            self.verdicts.findings[index].fix = fix;
        }
    }

    /// Asks about a group's fixes as a whole from now on.
    pub(super) fn ask_as_a_whole(&mut self, group: &[usize]) {
        let names = names(&self.code, &self.verdicts.findings);
        self.parts.whole.extend(group.iter().map(|&index| names[index].clone()));
    }

    /// Leaves the current part; `false` if the question is not about one.
    pub(super) fn decline(&mut self, group: &[usize]) -> bool {
        if !self.parts.is_cut() {
            return false;
        }
        let whole: Vec<usize> = self.parts.cut.iter().map(|(index, _)| *index).collect();
        self.make_whole();
        let names = names(&self.code, &self.verdicts.findings);
        for &index in group {
            let paths = self.parts.current.iter().map(|&file| self.code.sources()[file].path().to_owned());
            self.parts.declined.extend(paths.map(|path| (names[index].clone(), path)));
        }
        if self.parts_left(&whole).is_empty() {
            self.decide(&whole);
        }
        true
    }

    /// Takes what was declined out of the fixes of some findings, and those out of which nothing is left.
    pub(super) fn leave_declined(&mut self, chosen: &mut Vec<usize>) {
        let names = names(&self.code, &self.verdicts.findings);
        let (declined, sources) = (&self.parts.declined, self.code.sources());
        let is_open = |name: &Name, file: FileId| !declined.contains(&(name.clone(), sources[file].path().to_owned()));
        chosen.retain(|&index| {
            let finding = &mut self.verdicts.findings[index];
            finding.fix = finding.fix.as_ref().and_then(|fix| fix.within(|file| is_open(&names[index], file)));
            finding.fix.is_some()
        });
    }
}
