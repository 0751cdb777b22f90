//! Which literals to change so that nothing but the compliant value arrives.
//!
//! Candidates come from the traces of the bad values; each is tried by evaluating again with other literals supposed
//! in their place. What proves wins; nothing is changed that also feeds something else.

mod candidates;
mod changes;
mod demands;
mod objection;
mod together;
mod uses;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use changes::Candidate;
pub use changes::{ChangeKind, Changes};
pub use demands::demand;
use together::Asked;
use uses::Effects;

use crate::control;
use crate::model::overrides::{Layered, Placed};
use crate::model::{Module, Workspace};
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::Attribute;
use crate::value::{Arrival, Data, Evaluator, Planned};

/// More values than this are settled together if that holds: one by one, each of them costs a search of its own.
const MANY: usize = 8;

/// Attempts to settle values cost as much as there are values. No more than this are looked at in all for one notebook.
const MOST_LOOKED_AT: usize = 100_000;

/// The repair at the origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// These changes, and nothing else is touched by them.
    ///
    /// With the reason why another place was not taken, if one was thought of.
    Origin(Changes, Option<String>),
    /// The literal on the resource, and why not at the origin.
    Resource(String),
    /// These files, which the run may not edit, would have to change.
    OutOfScope(BTreeSet<FileId>),
    /// These changes for some of the values, without touching the others.
    Part {
        /// The changes.
        changes: Changes,
        /// The values that do not comply after that, or are not known.
        left: Vec<Arrival>,
        /// The files that would have to change too and that the run may not edit.
        out_of_scope: BTreeSet<FileId>,
    },
    /// Some values are not known, and nothing can be done for the others alone.
    Nothing,
}

/// How far the search for changes has come.
#[derive(Default)]
struct Search {
    changes: Changes,
    /// The values that the changes do not settle yet.
    left: Vec<Arrival>,
    /// Those that have to be as they are after every change.
    stays: Vec<Arrival>,
    /// Why a place was not taken.
    why: Option<String>,
}

/// The uses of literals, by the changes that were supposed and the literals that were followed: many notebooks
/// may have their value from the same place.
#[derive(Default)]
pub struct Memory<'w, 'a> {
    effects: RefCell<BTreeMap<Supposed, Rc<Effects>>>,
    /// By file, the literals that are one branch of a conditional that has a literal as its other branch too.
    branches: RefCell<BTreeMap<FileId, BTreeSet<Span>>>,
    /// The changes that were tried last, and the code with them: many notebooks may have their value from one place.
    latest: RefCell<Option<(Changes, Rc<Evaluator<'w, 'a>>)>>,
    /// By attribute, the literals in it that are tried together.
    together: RefCell<BTreeMap<Location, Asked<'w, 'a>>>,
}

/// Changes, and the literals that are followed once they are made.
type Supposed = (Changes, BTreeSet<Location>);

/// A notebook whose attribute gets values from elsewhere.
pub struct Patient<'s, 'w, 'a> {
    /// The results for other notebooks.
    pub memory: &'s Memory<'w, 'a>,
    /// The modules.
    pub workspace: &'w Workspace<'a>,
    /// The notebook's module.
    pub module: &'w Module<'a>,
    /// The notebook.
    pub resource: &'w Layered<'a>,
    /// The attribute that decides.
    pub attribute: Placed<'a, Attribute>,
    /// Whether a file may be edited.
    pub editable: &'s dyn Fn(FileId) -> bool,
    /// Whether git ignores a file: what is changed there reaches no commit, so that the fix belongs elsewhere.
    pub is_git_ignored: &'s dyn Fn(FileId) -> bool,
}

impl<'w, 'a> Patient<'_, 'w, 'a> {
    /// Finds the changes that make all known values comply. Those that are not known, and those that are kept, stay as
    /// they are; where there are any, the literal on the resource is no way out.
    #[must_use]
    pub fn repair(&self, arrivals: &[Arrival], kept: &[Arrival]) -> Repair {
        let (known, unknown): (Vec<_>, Vec<_>) = arrivals
            .iter()
            .filter(|arrival| !complies(arrival))
            .cloned()
            .partition(|arrival| arrival.known().is_some());
        let kept = kept.iter().filter(|arrival| !complies(arrival)).cloned();
        let stays: Vec<Arrival> = unknown.into_iter().chain(kept).collect();
        let bad: Vec<Arrival> = known.iter().chain(&stays).cloned().collect();
        let mut search = Search { left: known, stays, ..Search::default() };
        // How many values are settled at once: fewer where that does not hold, more again where it does.
        let mut together = if search.left.len() > MANY { search.left.len() } else { 1 };
        let mut looked_at = 0;
        while let Some(first) = search.left.first().cloned() {
            looked_at += search.left.len();
            if looked_at > MOST_LOOKED_AT {
                search.why = Some("more literals decide the value than are tried".to_owned());
                if !search.stays.is_empty() {
                    search.stays.append(&mut search.left);
                    continue;
                }
            } else if together > 1 {
                let size = together.min(search.left.len());
                together = if self.settle_together(size, &mut search) { 2 * size } else { size / 2 };
                continue;
            } else if self.settle(&first, &mut search) {
                together = if search.left.len() > MANY { 2 } else { 1 };
                continue;
            }
            if search.stays.is_empty() {
                let why = search.why.unwrap_or_else(|| "no single literal decides the value".to_owned());
                return Repair::Resource(why);
            }
            search.left.retain(|arrival| *arrival != first);
            search.stays.push(first);
        }
        let files: BTreeSet<FileId> = search.changes.files().collect();
        let out_of_scope: BTreeSet<FileId> = files.into_iter().filter(|&file| !(self.editable)(file)).collect();
        if out_of_scope.is_empty() && search.stays.is_empty() {
            return Repair::Origin(search.changes, search.why);
        }
        match self.part(&search.changes, &bad) {
            Some((changes, left)) => Repair::Part { changes, left, out_of_scope },
            None if out_of_scope.is_empty() => Repair::Nothing,
            None => Repair::OutOfScope(out_of_scope),
        }
    }

    /// Finds a change that settles a value, and what others it settles besides; whether there is one.
    fn settle(&self, first: &Arrival, search: &mut Search) -> bool {
        for candidate in self.candidates(&first.value) {
            let file = candidate.location().file;
            if (self.is_git_ignored)(file) {
                let path = self.workspace.view().source(file).path();
                search.why = Some(format!("git ignores {path}, so that a change there would reach no commit"));
                continue;
            }
            let tried = search.changes.with(&candidate);
            let after = self.bad(&tried);
            let Some(after) = remaining(&after, &search.left, &search.stays) else { continue };
            if after.len() >= search.left.len() || after.contains(first) {
                continue;
            }
            if let Some(reason) = self.objection(&[&candidate], &tried, &[first]) {
                search.why = Some(reason);
                continue;
            }
            (search.changes, search.left) = (tried, after);
            return true;
        }
        false
    }

    /// Settles the first values with the best candidate of each, if together they hold; whether they do.
    fn settle_together(&self, size: usize, search: &mut Search) -> bool {
        let group: Vec<&Arrival> = search.left.iter().take(size).collect();
        let candidates = group.iter().map(|arrival| self.candidates(&arrival.value).into_iter().next());
        let Some(candidates) = candidates.collect::<Option<Vec<Candidate>>>() else { return false };
        let files: BTreeSet<FileId> = candidates.iter().map(|candidate| candidate.location().file).collect();
        if files.iter().any(|file| (self.is_git_ignored)(*file)) {
            return false;
        }
        let mut tried = search.changes.clone();
        for candidate in &candidates {
            tried.add(candidate);
        }
        // A rule about several variables may refuse what lies between two files, so that the order matters.
        if files.len() > 1 && self.validated_on_the_way(&group).iter().any(|it| self.compares_variables(it)) {
            return false;
        }
        let after = self.bad(&tried);
        let Some(after) = remaining(&after, &search.left, &search.stays) else { return false };
        let settled: BTreeSet<&Arrival> = group.iter().copied().collect();
        let are_settled = !after.iter().any(|arrival| settled.contains(arrival));
        let holds = are_settled
            && after.len() + group.len() <= search.left.len()
            && self.objection(&candidates.iter().collect::<Vec<_>>(), &tried, &group).is_none();
        if holds {
            (search.changes, search.left) = (tried, after);
        }
        holds
    }

    /// The part of some changes that may be made in this run, if it does good and no harm by itself, with the values that
    /// do not comply then; `bad` are those of now.
    fn part(&self, changes: &Changes, bad: &[Arrival]) -> Option<(Changes, Vec<Arrival>)> {
        let own = changes.within(self.editable);
        if own.is_empty() {
            return None;
        }
        let after = self.bad(&own);
        let known: BTreeSet<_> = bad.iter().map(identity).collect();
        if after.len() >= bad.len() || !after.iter().all(|arrival| known.contains(&identity(arrival))) {
            return None;
        }
        let candidates = own.candidates();
        let still: BTreeSet<&Arrival> = after.iter().collect();
        let settled: Vec<&Arrival> = bad.iter().filter(|arrival| !still.contains(arrival)).collect();
        let objection = self.objection(&candidates.iter().collect::<Vec<_>>(), &own, &settled);
        objection.is_none().then_some((own, after))
    }

    /// The values that do not comply after some changes, or are not known.
    fn bad(&self, changes: &Changes) -> Vec<Arrival> {
        if let Some(known) = self.bad_together(changes) {
            return known;
        }
        let mut latest = self.memory.latest.borrow_mut();
        let world = match latest.take() {
            Some((known, world)) if known == *changes => world,
            _ => Rc::new(self.supposing(changes)),
        };
        let arrivals = world.arrivals(self.module, self.resource, self.attribute);
        *latest = Some((changes.clone(), world));
        arrivals.into_iter().filter(|arrival| !complies(arrival)).collect()
    }

    fn supposing(&self, changes: &Changes) -> Evaluator<'w, 'a> {
        let mut evaluator = evaluator(self.workspace);
        let compliant = || Data::String(control::COMPLIANT.to_owned());
        for (&location, kind) in &changes.literals {
            let data = match kind {
                ChangeKind::Literal | ChangeKind::OptionalDefault => compliant(),
                ChangeKind::Flip => match self.literal_text(location) {
                    text if text.contains("true") => Data::Bool(false),
                    _ => Data::Bool(true),
                },
            };
            evaluator.substitutes.insert(location, data);
        }
        evaluator.arguments = changes.arguments.iter().map(|argument| (argument.clone(), compliant())).collect();
        evaluator.followed = changes.literals.keys().copied().collect();
        evaluator
    }

    fn literal_text(&self, location: Location) -> &str {
        self.workspace.view().source(location.file).slice(location.span)
    }
}

/// An evaluator that knows what whoever refers to a notebook gets.
#[must_use]
pub fn evaluator<'w, 'a>(workspace: &'w Workspace<'a>) -> Evaluator<'w, 'a> {
    Evaluator::new(workspace)
        .knowing(Planned { resource_types: &control::RESOURCE_TYPES, attribute: control::ATTRIBUTE })
}

/// What of the values in `left` is there after a change, given by the values that do not comply then; `None` if one that
/// has to stay is not there any more, or one has come that was not there.
fn remaining(after: &[Arrival], left: &[Arrival], stays: &[Arrival]) -> Option<Vec<Arrival>> {
    let [left, stays, now] =
        [left, stays, after].map(|arrivals| arrivals.iter().map(identity).collect::<BTreeSet<_>>());
    let others: Vec<&Arrival> = after.iter().filter(|arrival| !stays.contains(&identity(arrival))).collect();
    let holds = stays.is_subset(&now)
        && (stays.is_empty() || others.iter().all(|arrival| left.contains(&identity(arrival))))
        && others.iter().all(|arrival| arrival.known().is_some());
    holds.then(|| others.into_iter().cloned().collect())
}

/// The identity of a value, whatever decides on it.
fn identity(arrival: &Arrival) -> (&str, &Data, Location, bool) {
    (&arrival.path, &arrival.value.data, arrival.value.origin.location, arrival.exception.is_some())
}

/// Whether a value is the compliant one.
#[must_use]
pub fn complies(arrival: &Arrival) -> bool {
    arrival.known().flatten().as_deref() == Some(control::COMPLIANT)
}
