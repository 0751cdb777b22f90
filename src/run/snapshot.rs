//! The code a run looks at, as it lies on the disk at one moment, and what can be asked about it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::context::RunContext;
use super::scope::OpenTop;
use crate::check::{Absent, Changed, Checked, Editing, Listing, Scope, absent, bystanders, check, generated};
use crate::discover::{Found, may_hold_a_notebook};
use crate::evidence::{matched, settle_changed, tell_suppressed};
use crate::finding::{Evidence, Finding, Note, Problem, ReportedFile};
use crate::lifecycle;
use crate::model::{Exceptions, Programs, Store, View, Workspace};
use crate::options::{Options, Scripts};
use crate::rules::Rule;
use crate::source::{FileId, Location, SourceFile, Sources};
use crate::suppress::{Excepting, Judged, OnCall, suppress};
use crate::syntax::Unreadable;
use crate::value::most_in_all;
use crate::verify::Prover;

/// All tries to prove fixes take no more work than this many that each take as much as one may.
const MOST_TRIES: usize = 5;

/// More faults of one file than this are counted, if no notebook is in them.
const MOST_FAULTS: usize = 20;

/// The files of a run, as they lie on the disk at one moment.
pub(super) struct Snapshot<'r> {
    context: &'r RunContext<'r>,
    pub(super) store: Store,
    pub(super) hits: Vec<FileId>,
    /// Files that are not valid UTF-8.
    unread: Vec<Problem>,
}

/// What is said about the code, all of it sorted by file and place.
pub(super) struct Verdicts {
    pub(super) findings: Vec<Finding>,
    pub(super) problems: Vec<Problem>,
    pub(super) notes: Vec<Note>,
    /// How many different scripts were judged.
    pub(super) scripts: usize,
    /// The plans and states that were given.
    pub(super) evidence: Vec<Evidence>,
    /// What other tools have reported, where the run is about that.
    pub(super) reported: Vec<ReportedFile>,
}

impl<'r> Snapshot<'r> {
    /// Turns bytes into text. A file that is not valid UTF-8 is a problem.
    pub(super) fn read(context: &'r RunContext<'r>, found: Vec<Found>) -> Self {
        let mut code =
            Self { context, store: Store::within(context.scope.fence.clone()), hits: Vec::new(), unread: Vec::new() };
        for Found { path, bytes } in found {
            match SourceFile::from_bytes(path.clone(), bytes) {
                Ok(file) => code.hits.push(code.store.insert(file)),
                Err(error) => code.unread.push(Problem {
                    file: path.into_string(),
                    position: Some(error.position),
                    message: error.to_string(),
                }),
            }
        }
        if let (Some((path, text)), true) = (context.exempt.source(), context.today.is_some()) {
            code.store.insert(SourceFile::new(path, text));
        }
        code
    }

    /// The files with their text.
    pub(super) fn into_sources(self) -> Sources {
        self.store.into_sources()
    }

    pub(super) fn sources(&self) -> &Sources {
        self.store.sources()
    }

    /// The files as they are.
    pub(super) fn view(&self) -> View<'_> {
        View::new(&self.store, &[])
    }

    /// The verdict of every notebook, and what ignore comments make of it.
    pub(super) fn judge(&self) -> Verdicts {
        self.judge_with(false)
    }

    /// As [`Snapshot::judge`], with what there is to say about lifecycle scripts. Their files become part of the sources.
    pub(super) fn judge_all(&self) -> Verdicts {
        let judged = self.context.options.scripts != Scripts::Off;
        self.judge_with(judged)
    }

    fn judge_with(&self, with_scripts: bool) -> Verdicts {
        let mut problems = self.unread.clone();
        let mut notes = Vec::new();
        self.unreadable(&mut problems, &mut notes);
        let view = self.view();
        let excepting = self.excepting();
        let programs = self.programs(&view, excepting.as_ref());
        let scripts = with_scripts.then(|| {
            self.context.stage("lifecycle scripts judged");
            lifecycle::scripts(&programs, &|| self.context.count())
        });
        self.context.stage("modules traced");
        let Checked { mut findings, problems: wrong, notes: told, fed_by_callers } =
            self.check(&programs, self.context.listing);
        problems.extend(wrong);
        notes.extend(told);
        let (evidence, unfit) = self.context.held_against(&mut findings, &programs);
        problems.extend(unfit);
        let complying = findings.iter().filter(|finding| finding.rule.is_none()).filter_map(Finding::notebook);
        let complying: BTreeSet<Location> = complying.map(|notebook| notebook.location).collect();
        let fed: Vec<Location> = fed_by_callers.into_iter().filter(|notebook| complying.contains(notebook)).collect();
        notes.extend(self.without_repository(&fed));
        let calls = self.calls_that_lead_nowhere(&programs.open_tofu);
        problems.extend(generated(&programs.open_tofu, &self.context.calls));
        // What a verdict turned out to rest on is an error.
        let sources = self.sources();
        notes.retain(|note| {
            let path = sources[note.file].path().as_str();
            !problems.iter().any(|problem| problem.file == path && problem.position == Some(note.position))
        });
        let texts = scripts.map(|scripts| {
            findings.extend(scripts.findings);
            scripts.texts
        });
        if let Some(today) = self.context.today {
            let scripts = texts.as_deref();
            let judged = Judged {
                sources: self.sources(),
                hits: &self.hits,
                scripts,
                exceptions: excepting.as_deref(),
                is_whole: self.context.scope.contains(&self.context.exempt.folder),
                calls: &calls,
            };
            notes.extend(suppress(&judged, &mut findings, today));
            tell_suppressed(&mut findings);
        } else {
            notes.extend(calls.into_iter().map(|call| call.note));
        }
        notes.sort_by(|a, b| (a.file, a.position, &a.message).cmp(&(b.file, b.position, &b.message)));
        notes.dedup();
        let reported = matched(&self.context.reported, &mut findings, &evidence, sources);
        Verdicts { findings, problems, notes, scripts: texts.map_or(0, |texts| texts.len()), evidence, reported }
    }

    /// What tells the excepted instances in a view; `None` if ignore comments and exemptions do not count.
    fn excepting(&self) -> Option<Rc<Excepting>> {
        let (exempt, found) = (Rc::clone(&self.context.exempt), Rc::clone(&self.context.excepts));
        self.context.today.map(|today| Rc::new(Excepting::new(today, exempt, found)))
    }

    fn programs<'a>(&'a self, view: &'a View<'a>, excepting: Option<&Rc<Excepting>>) -> Programs<'a> {
        let exceptions = excepting.map(|excepting| -> Rc<dyn Exceptions> { Rc::<Excepting>::clone(excepting) });
        Programs::new(view, &self.context.callers, &self.hits).excepting(exceptions)
    }

    /// What is said of the calls whose modules are not in the tree.
    fn calls_that_lead_nowhere(&self, workspace: &Workspace<'_>) -> Vec<OnCall> {
        let found = absent(workspace, &self.context.calls);
        let rule = Rule::ModuleNotInTree;
        let said = found.into_iter().map(|Absent { location, block, message }| {
            let position = self.sources()[location.file].position(location.span.start);
            let note = Note { file: location.file, position, message: format!("{rule}: {message}") };
            OnCall { rule, block, note }
        });
        said.collect()
    }

    /// Where no repository bounds the search, or only a submodule: that callers further out are not known, at the first of the notebooks that
    /// they could feed.
    fn without_repository(&self, notebooks: &[Location]) -> Vec<Note> {
        let mut by_top: BTreeMap<&OpenTop, Vec<Location>> = BTreeMap::new();
        for &notebook in notebooks {
            if let Some(top) = self.context.scope.open_top(self.sources()[notebook.file].path()) {
                by_top.entry(top).or_default().push(notebook);
            }
        }
        let notes = by_top.into_iter().filter_map(|(top, notebooks)| {
            let (first, more) = notebooks.split_first()?;
            let others = match more.len() {
                0 => String::new(),
                1 => ", nor those of 1 more notebook".to_owned(),
                more => format!(", nor those of {more} more notebooks"),
            };
            let folder = if top.shown == "." { "the working folder" } else { top.shown.as_str() };
            let position = self.sources()[first.file].position(first.span.start);
            let why = if top.is_submodule {
                "it is a git submodule: name the repository around it"
            } else {
                "no `.git` says where the repository ends"
            };
            let message = format!("callers of this module outside of {folder} are not known{others}: {why}");
            Some(Note { file: first.file, position, message })
        });
        notes.collect()
    }

    /// What proves changes of this code.
    pub(super) fn with_prover<T>(&self, use_it: impl FnOnce(&Prover<'_>) -> T) -> T {
        self.context.stage("modules traced again to prove the fixes");
        let plans = &self.context.plans;
        let listing = if plans.is_empty() { Listing::Nothing } else { Listing::Instances };
        let judged = |view: &View<'_>| {
            let excepting = self.excepting();
            self.check(&self.programs(view, excepting.as_ref()), listing).findings
        };
        if !plans.is_empty() {
            let (view, excepting) = (self.view(), self.excepting());
            let programs = self.programs(&view, excepting.as_ref());
            self.context.held_against(&mut self.check(&programs, listing).findings, &programs);
        }
        let judge = |view: &View<'_>| {
            let mut findings = judged(view);
            if let Some(memory) = self.context.memory.get() {
                settle_changed(plans, &mut findings, memory);
            }
            findings
        };
        let spent = Cell::new(0);
        let others = |before: &View<'_>, after: &View<'_>, changed: &Changed| {
            let programs = |view| Programs::new(view, &self.context.callers, &self.hits);
            // Each try has a budget of its own.
            spent.set(spent.get() + self.store.work().replace(0));
            bystanders(&programs(before), &programs(after), changed)
        };
        let most = || most_in_all(&self.store);
        // Judging has had a budget of its own. What it could not finish within that, judging again could not either.
        let was_cut_short = self.store.work().replace(0) > most();
        let is_spent =
            || was_cut_short || self.store.work().get() > most() || spent.get() > MOST_TRIES.saturating_mul(most());
        use_it(&Prover { store: &self.store, judge: &judge, others: &others, is_spent: &is_spent })
    }

    /// The verdicts of the notebooks in some of the files.
    pub(super) fn check_files(&self, hits: &[FileId]) -> Checked {
        self.check(&Programs::new(&self.view(), &self.context.callers, hits), Listing::Nothing)
    }

    fn check(&self, programs: &Programs<'_>, listing: Listing) -> Checked {
        let scope = &self.context.scope;
        let current = self.view();
        let known: RefCell<BTreeMap<FileId, Editing>> = RefCell::default();
        let find = |file: FileId| {
            let source = &self.sources()[file];
            let path = source.path();
            match () {
                () if current.syntax(file).generated => Editing::Generated,
                () if !scope.may_edit(path) => Editing::OutOfScope,
                () if scope.is_git_ignored(path) => Editing::GitIgnored,
                () if !source.foreign_bytes().is_empty() => Editing::NotUtf8,
                () => Editing::Allowed,
            }
        };
        let editing = |file: FileId| *known.borrow_mut().entry(file).or_insert_with(|| find(file));
        let Options { fix_at, unsafe_fixes, .. } = *self.context.options;
        let judged = || self.context.count();
        check(programs, &Scope { editing: &editing, fix_at, unsafe_fixes, listing, judged: &judged })
    }

    /// Reports what cannot be parsed: as a problem if it could hide a notebook, else as a note.
    fn unreadable(&self, problems: &mut Vec<Problem>, notes: &mut Vec<Note>) {
        let view = self.view();
        for &id in &self.hits {
            let file = view.source(id);
            let hides = |part: &Unreadable| may_hold_a_notebook(file.slice(part.span));
            let (hiding, harmless): (Vec<_>, Vec<_>) = view.syntax(id).unreadable.iter().partition(|part| hides(part));
            problems.extend(hiding.into_iter().map(|part| Problem {
                file: file.path().to_string(),
                position: Some(file.position(part.at)),
                message: part.message.clone(),
            }));
            let mut note = |part: &Unreadable, message| {
                notes.push(Note { file: id, position: file.position(part.at), message });
            };
            for part in harmless.iter().take(MOST_FAULTS) {
                note(part, format!("not read; no notebook is in it: {}", part.message));
            }
            if let Some(part) = harmless.get(MOST_FAULTS) {
                let more = harmless.len() - MOST_FAULTS;
                note(part, format!("{more} more parts of this file are not read"));
            }
        }
    }
}
