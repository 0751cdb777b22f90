//! The budget of an evaluation, and the results that are kept for others.
//!
//! A few hundred bytes of Terraform can ask for more work or memory than there is. What is past a bound is not known.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::data::{Data, Traced, Values};
use super::eval::{BYTES_OF_WORK, Evaluator, MOST_BYTES};
use crate::source::Location;

/// One evaluation makes no more values than this, copies included.
const MOST_WORK: usize = 400_000;

/// A larger value, counted with all that is in it, is not made.
const MOST_PARTS: usize = 60_000;

/// All evaluations that judge the code of a run together make no more values than this, and no more those of one try to prove its
/// fixes: some hundred questions, each of which asks for as much work as one may, would take minutes.
pub(crate) const MOST_IN_ALL: usize = 10 * MOST_WORK;

/// The work of one evaluation, from the expression that is asked for down to all it refers to.
pub(super) struct Work<'w> {
    spent: Cell<usize>,
    /// The work of all evaluations of these files so far, whichever evaluator they are of.
    in_all: &'w Cell<usize>,
    /// Whether something was given up: what was found meanwhile is not kept for other evaluations.
    is_cut_short: Cell<bool>,
}

impl<'w> Work<'w> {
    /// Adds to what evaluations of the same files have taken.
    pub(super) fn new(in_all: &'w Cell<usize>) -> Self {
        Self { spent: Cell::default(), in_all, is_cut_short: Cell::default() }
    }

    /// Starts over.
    pub(super) fn reset(&self) {
        self.spent.set(0);
        self.is_cut_short.set(false);
    }

    /// Counts work that makes no values, in units of about one value each.
    pub(super) fn spend(&self, parts: usize) {
        self.spent.set(self.spent.get().saturating_add(parts));
        self.in_all.set(self.in_all.get().saturating_add(parts));
    }

    /// Notes that something is not followed any further.
    pub(super) fn cut_short(&self) {
        self.is_cut_short.set(true);
    }
}

/// The values of something that is defined once in a module and used often, and how large they are.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) values: Values,
    parts: usize,
}

/// Local values and outputs that were evaluated in an instantiation.
#[derive(Debug, Default)]
pub(super) struct Kept(RefCell<HashMap<Definition, Rc<Shared>>>);

/// The place of a definition, and for an output that of the call.
pub(super) type Definition = (Location, Option<Location>);

/// Results of one instantiation do not hold for a copy, whose variables may be set to something else.
impl Clone for Kept {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Kept {
    pub(super) fn get(&self, key: Definition) -> Option<Rc<Shared>> {
        self.0.borrow().get(&key).cloned()
    }
}

impl Evaluator<'_, '_> {
    /// The part of `values` that is within the bounds.
    pub(super) fn bounded(&self, values: Values, location: Location) -> Values {
        let parts = parts(&values);
        self.work.spend(parts.saturating_add(1));
        if parts > MOST_PARTS { self.given_up("a value that is too large to follow", location) } else { values }
    }

    /// Evaluates the next element of a larger value, unless its elements so far, of which `made` counts the parts, are too
    /// large together already: the whole would be dropped by [`Self::bounded`] only once it is in memory.
    pub(super) fn one_more(&self, made: &mut usize, location: Location, evaluate: impl FnOnce() -> Values) -> Values {
        if *made > MOST_PARTS {
            return self.given_up("a value that is too large to follow", location);
        }
        let values = evaluate();
        let parts = parts(&values);
        *made += parts;
        self.work.spend(parts);
        values
    }

    /// Nothing, if there is work left; else that no more is done.
    pub(super) fn exhausted(&self, location: Location) -> Option<Values> {
        let is_spent = self.work.spent.get() > MOST_WORK || self.work.in_all.get() > MOST_IN_ALL;
        is_spent.then(|| self.given_up("an expression that takes too much work to follow", location))
    }

    /// A value that is given up may depend on anything, and so on whatever is followed.
    fn given_up(&self, why: &str, location: Location) -> Values {
        self.work.cut_short();
        vec![Traced { followed: !self.followed.is_empty(), ..Traced::unknown(why, location) }]
    }

    /// Keeps values in the instantiation that they were found in.
    pub(super) fn keep(&self, kept: &Kept, key: Definition, values: Values) -> Rc<Shared> {
        let shared = Rc::new(Shared { parts: parts(&values), values });
        if !self.work.is_cut_short.get() {
            kept.0.borrow_mut().insert(key, Rc::clone(&shared));
        }
        shared
    }

    /// A copy of values that are used as a whole.
    pub(super) fn copied(&self, shared: &Shared) -> Values {
        self.work.spend(shared.parts);
        shared.values.clone()
    }
}

/// How many values there are in some, texts as so many as making them is worth, counted up to a little more than
/// [`MOST_PARTS`]. A text that is longer than any that is made counts for as many.
pub(in crate::value) fn parts(values: &Values) -> usize {
    let mut count = 0;
    let mut left: Vec<&Traced> = values.iter().collect();
    while let Some(value) = left.pop() {
        count += 1;
        if count > MOST_PARTS {
            break;
        }
        match &value.data {
            Data::List(_, items) => left.extend(items.iter().flatten()),
            Data::Object(_, items) => left.extend(items.values().flatten()),
            Data::String(text) if text.len() > MOST_BYTES => count = MOST_PARTS + 1,
            Data::String(text) => count += text.len() / BYTES_OF_WORK,
            _ => {}
        }
    }
    count
}
