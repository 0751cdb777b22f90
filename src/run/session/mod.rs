//! The fixes of an interactive run. After each change the code is read and checked again, since places have moved and
//! other fixes may no longer be needed; only the callers stay the same.

mod accept;
mod comment;
mod groups;
mod names;
mod parts;
mod scripts;
mod undo;
mod work;

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::apply::{problem, write};
use super::context::RunContext;
use super::snapshot::{Snapshot, Verdicts};
use super::{Found, Outcome as RunOutcome};
use crate::evidence::limit;
use crate::finding::{Finding, Match, Problem, ReportedFile};
use crate::fix::{Applicability, Patch};
use crate::interactive::Outcome;
use crate::plan::{Plan, plan, plan_some};
use crate::report::Options;
use crate::source;
use crate::write::{Reason, WriteError};
use groups::groups;
use names::{Name, names};
use parts::Parts;
use scripts::Beside;
use undo::Past;

/// The state of an interactive run.
pub(super) struct Session<'r> {
    context: &'r RunContext<'r>,
    options: Options,
    /// The files of the run with their bytes as they are now.
    found: Vec<Found>,
    code: Snapshot<'r>,
    verdicts: Verdicts,
    /// What somebody has decided to leave, or what cannot be done.
    decided: BTreeSet<Name>,
    /// What was fixed, as it was found.
    fixed: Vec<(Name, Finding)>,
    written: BTreeSet<Utf8PathBuf>,
    problems: Vec<Problem>,
    /// The findings that the current fix settles, by index, sorted.
    current: Vec<usize>,
    patches: Vec<Patch>,
    parts: Parts,
    /// What each answer that has taken effect found, the last one last.
    past: Vec<Past>,
    /// What other tools have reported, as it was found.
    reported: Vec<ReportedFile>,
    /// The findings on lifecycle scripts.
    scripts: Vec<Beside>,
}

/// What became of some fixes.
#[derive(Default)]
struct Applied {
    fixes: usize,
    files: Vec<String>,
    /// Files that somebody else has changed; they have been read again.
    changed: Vec<String>,
    /// Why others were not written.
    failed: Vec<String>,
}

impl<'r> Session<'r> {
    pub(super) fn new(context: &'r RunContext<'r>, found: Vec<Found>, options: Options) -> Self {
        let code = Snapshot::read(context, found.clone());
        let verdicts = code.judge();
        let scripts = scripts::beside(&code, context);
        Self {
            context,
            options,
            found,
            code,
            reported: verdicts.reported.clone(),
            verdicts,
            decided: BTreeSet::new(),
            fixed: Vec::new(),
            written: BTreeSet::new(),
            problems: Vec::new(),
            current: Vec::new(),
            patches: Vec::new(),
            parts: Parts::default(),
            past: Vec::new(),
            scripts,
        }
    }

    /// What was done, and the verdicts on the code as it is now.
    pub(super) fn finish(mut self) -> RunOutcome {
        let threshold = self.context.threshold();
        let Verdicts { mut findings, mut problems, notes, scripts, evidence, mut reported } = self.code.judge_all();
        // What complies now may have been fixed here.
        let then = self.reported.iter().flat_map(|file| &file.findings);
        for ((_, now), (_, then)) in reported.iter_mut().flat_map(|file| &mut file.findings).zip(then) {
            if let (Match::Found(now), Match::Found(then)) = (now, then) {
                now.complies = then.complies;
            }
        }
        let mut plan = self.code.with_prover(|prover| plan(prover, &findings, threshold));
        problems.append(&mut plan.problems);
        plan.settle(&mut findings, |_| false);
        problems.append(&mut self.problems);
        names::restore(&self.code, &mut findings, self.fixed);
        limit(&mut findings, &reported);
        let sources = self.code.into_sources();
        let patches = self.written.iter().filter_map(|path| {
            let file = sources.find(path)?;
            Some(Patch::new(file, sources[file].text().to_owned()))
        });
        let patches = patches.collect();
        RunOutcome {
            sources,
            files: 0,
            scripts,
            findings,
            patches,
            problems,
            notes,
            left_out: Vec::new(),
            evidence,
            reported,
            parts: Vec::new(),
        }
    }

    /// The fixes nobody has decided on.
    fn open(&self) -> Vec<Vec<usize>> {
        let names = names(&self.code, &self.verdicts.findings);
        let mut groups = groups(&self.verdicts.findings);
        groups.retain(|group| {
            group.iter().any(|&index| !self.decided.contains(&names[index])) && !self.is_left_alone(group)
        });
        groups
    }

    fn decide(&mut self, indices: &[usize]) {
        let names = names(&self.code, &self.verdicts.findings);
        self.decided.extend(indices.iter().map(|&index| names[index].clone()));
    }

    /// Proves some fixes together.
    fn prove(&mut self, chosen: Vec<usize>) -> Plan {
        let findings = &mut self.verdicts.findings;
        let mut plan = self.code.with_prover(|prover| plan_some(prover, findings, chosen));
        plan.amend(findings);
        self.problems.append(&mut plan.problems);
        plan
    }

    /// Proves and writes some fixes.
    fn apply(&mut self, chosen: Vec<usize>) -> Applied {
        let mut plan = self.prove(chosen);
        let errors = write(self.code.sources(), &mut plan);
        let mut applied = Applied::default();
        let names = names(&self.code, &self.verdicts.findings);
        let patches = std::mem::take(&mut plan.patches);
        for (&index, edits) in &plan.chosen {
            if edits.iter().all(|edit| patches.iter().any(|patch| patch.file == edit.file)) {
                applied.fixes += 1;
                self.fixed.push((names[index].clone(), self.verdicts.findings[index].clone()));
            }
        }
        for Patch { file, after, .. } in patches {
            let path = self.code.sources()[file].path().to_owned();
            applied.files.push(path.to_string());
            let before = self.code.sources()[file].text().as_bytes().to_vec();
            self.write_down(&path, before, after.into_bytes());
            self.written.insert(path);
        }
        for error in &errors {
            self.take_error(error, &mut applied);
        }
        self.read_again();
        applied
    }

    /// A file that somebody else has changed is read again; any other error is a problem.
    fn take_error(&mut self, error: &WriteError, applied: &mut Applied) {
        match source::read(error.path.as_std_path()) {
            Ok(bytes) if matches!(error.reason, Reason::Changed) && error.stuck.is_empty() => {
                self.now_holds(&error.path, bytes);
                applied.changed.push(error.path.to_string());
            }
            _ => {
                applied.failed.push(format!("{}: {error}", error.path));
                self.problems.push(problem(error));
            }
        }
    }

    fn now_holds(&mut self, path: &Utf8Path, bytes: Vec<u8>) {
        if let Some(found) = self.found.iter_mut().find(|found| found.path == path) {
            found.bytes = bytes;
        }
    }

    fn read_again(&mut self) {
        self.code = Snapshot::read(self.context, self.found.clone());
        self.verdicts = self.code.judge();
        self.current.clear();
        self.patches.clear();
        self.parts.forget();
    }

    /// Applies some fixes and tells what became of them. Those that failed are not asked about again.
    fn settle(&mut self, chosen: Vec<usize>, is_part: impl Fn(usize) -> bool) -> Applied {
        let names = names(&self.code, &self.verdicts.findings);
        // What is left of a fix of which a part was made is another question.
        let whole = chosen.iter().filter(|&&index| !is_part(index));
        let settled: Vec<Name> = whole.map(|&index| names[index].clone()).collect();
        let applied = self.apply(chosen);
        if applied.changed.is_empty() {
            self.decided.extend(settled);
        }
        applied
    }
}
