//! What a whole run shares: the options, and who calls whom.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};
use time::Date;

use super::scope::RunScope;
use crate::check::Listing;
use crate::cli::settings::Input;
use crate::discover::{BadGlob, Discovery, Handed, Texts};
use crate::evidence::{Held, Memory, Plan, PlanFile, settle, settle_changed};
use crate::finding::{Evidence, Finding, Problem, Reported};
use crate::fix::Applicability;
use crate::model::{Callers, GivenValues, Index, Programs, Search};
use crate::options::Options;
use crate::source::{FileKind, Role};
use crate::suppress::{Exempt, today};
use crate::terminal::Progress;

/// State shared by the whole run, which no fix changes: the options, and who calls whom.
pub(super) struct RunContext<'s> {
    pub(super) options: &'s Options,
    /// The day by which ignore comments count; `None` if they do not.
    pub(super) today: Option<Date>,
    pub(super) scope: Rc<RunScope>,
    pub(super) callers: Callers,
    /// Files whose calls may lead to no module of the tree.
    pub(super) calls: Vec<Utf8PathBuf>,
    /// The plans and states that verdicts are held against.
    pub(super) plans: Vec<(PlanFile, Plan)>,
    /// What they had to say of the code before the run changed it.
    pub(super) memory: OnceCell<Memory>,
    /// The findings of other tools that the run is about, by file; if there are none, it is about everything.
    pub(super) reported: Vec<(Utf8PathBuf, Option<Vec<Reported>>)>,
    /// What is told of instances.
    pub(super) listing: Listing,
    /// The line that says what the run is doing.
    progress: Rc<RefCell<Progress>>,
    pub(super) exempt: Rc<Exempt>,
    /// Whether an ignore comment on a call or a unit was found.
    pub(super) excepts: Rc<Cell<bool>>,
}

impl<'s> RunContext<'s> {
    /// # Errors
    /// If a glob is malformed.
    pub(super) fn new(input: &Input, options: &'s Options, found: &mut Discovery) -> Result<Self, BadGlob> {
        let scope = Rc::new(RunScope::new(input, &options.walk, &options.var_files)?);
        scope.saw(std::mem::take(&mut found.sightings), !found.hits.is_empty());
        let calls = std::mem::take(&mut found.calls);
        let today = options.suppressions.then(today);
        let given = scope.given_values(&options.var_files);
        let progress = Rc::new(RefCell::new(Progress::hidden()));
        let callers = Callers::new(Searching { scope: Rc::clone(&scope), progress: Rc::clone(&progress) }, given);
        let exempt = Rc::new(Exempt::new(&options.exemptions)?);
        Ok(Self {
            options,
            today,
            scope,
            callers,
            calls,
            plans: Vec::new(),
            memory: OnceCell::new(),
            reported: Vec::new(),
            listing: Listing::Instances,
            progress,
            exempt,
            excepts: Rc::default(),
        })
    }

    /// The same run, which says what it is doing.
    pub(super) fn telling(self, progress: Progress) -> Self {
        drop(self.progress.replace(progress));
        self
    }

    /// Begins to count something else.
    pub(super) fn stage(&self, counted: &'static str) {
        self.progress.borrow().stage(counted);
    }

    /// Counts one more.
    pub(super) fn count(&self) {
        self.progress.borrow().add(1);
    }

    /// Takes the line away, before anything is printed.
    pub(super) fn clear_progress(&self) {
        drop(self.progress.replace(Progress::hidden()));
    }

    /// What is wrong with the files of values that the command line gives.
    pub(super) fn problems_of_values(&self) -> Vec<Problem> {
        let GivenValues { files, roots } = self.scope.given_values(&self.options.var_files);
        let problem = |file: &Utf8PathBuf, message: String| Problem { file: file.to_string(), position: None, message };
        let unread = |file: &Utf8PathBuf| Some(problem(file, self.scope.fence.read(file).err()?.to_string()));
        let mut problems: Vec<Problem> = files.iter().filter_map(unread).collect();
        let has_code = |folder: &Utf8PathBuf| {
            let names = folder.read_dir_utf8().into_iter().flatten().flatten();
            names.into_iter().any(|entry| FileKind::of(entry.path()).role == Role::Configuration)
        };
        if let Some(file) = files.first().filter(|_| !roots.iter().any(has_code)) {
            let message = "given to no root module: none of the paths is a folder with Terraform code".to_owned();
            problems.push(problem(file, message));
        }
        problems
    }

    /// Holds the plans against verdicts: those of the code that they were made from at first, and of changed code after.
    pub(super) fn held_against(
        &self,
        findings: &mut [Finding],
        programs: &Programs<'_>,
    ) -> (Vec<Evidence>, Vec<Problem>) {
        if let Some(memory) = self.memory.get() {
            return settle_changed(&self.plans, findings, memory);
        }
        let Held { evidence, problems, memory } = settle(&self.plans, findings, programs);
        _ = self.memory.set(memory);
        (evidence, problems)
    }

    /// How far a fix must be trusted to be applied unasked.
    pub(super) const fn threshold(&self) -> Applicability {
        if self.options.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe }
    }
}

/// A search of the scope of a run, which says what it is doing.
struct Searching {
    scope: Rc<RunScope>,
    progress: Rc<RefCell<Progress>>,
}

impl Search for Searching {
    fn calls(&self) -> Index {
        let progress = self.progress.borrow();
        let counted = progress.counting();
        progress.during("files searched for callers", || self.scope.calls(&|files| counted.add(files)))
    }

    fn handed(&self, texts: &Texts) -> Handed {
        let progress = self.progress.borrow();
        let counted = progress.counting();
        progress.during("files searched for values", || self.scope.handed(texts, &|files| counted.add(files)))
    }

    fn written(&self, texts: &Texts) -> Vec<(Utf8PathBuf, String)> {
        let progress = self.progress.borrow();
        let counted = progress.counting();
        progress.during("files searched for documents", || self.scope.written(texts, &|files| counted.add(files)))
    }

    fn is_git_ignored(&self, path: &Utf8Path) -> bool {
        self.scope.is_git_ignored(path)
    }
}
