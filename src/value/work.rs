//! What one evaluation may cost, and the local values that it has found on the way.
//!
//! A few hundred bytes of Terraform can ask for more work or memory than there is. What is past a bound is not known.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::data::{Data, Traced, Values};
use super::eval::Evaluator;
use super::frame::Frame;
use crate::source::Location;

/// One evaluation makes no more values than this, copies included.
const MOST_WORK: usize = 500_000;

/// A larger value, counted with all that is in it, is not made.
const MOST_PARTS: usize = 20_000;

/// The work of one evaluation, from the expression that is asked for down to all it refers to.
#[derive(Default)]
pub(super) struct Work {
    spent: Cell<usize>,
    /// By the place of the frame in memory, which stays where it is for as long as its values are kept.
    locals: RefCell<HashMap<(usize, Location), (Values, usize)>>,
}

impl Work {
    /// Starts over.
    pub(super) fn reset(&self) {
        self.spent.set(0);
        self.locals.borrow_mut().clear();
    }

    /// Counts work that makes no values, in units of about one value each.
    pub(super) fn spend(&self, parts: usize) {
        self.spent.set(self.spent.get().saturating_add(parts));
    }

    /// The values of the local value that is defined at `place`, if they were found before.
    pub(super) fn known_local(&self, frame: &Frame<'_, '_>, place: Location) -> Option<Values> {
        let locals = self.locals.borrow();
        let (values, parts) = locals.get(&(identity(frame), place))?;
        self.spend(*parts);
        Some(values.clone())
    }

    /// Keeps the values of a local value.
    pub(super) fn keep_local(&self, frame: &Frame<'_, '_>, place: Location, values: &Values) {
        self.locals.borrow_mut().insert((identity(frame), place), (values.clone(), parts(values)));
    }
}

impl Evaluator<'_, '_> {
    /// What is left of `values` within the bounds.
    pub(super) fn bounded(&self, values: Values, location: Location) -> Values {
        let parts = parts(&values);
        self.work.spend(parts.saturating_add(1));
        if parts > MOST_PARTS { self.given_up("a value that is too large to follow", location) } else { values }
    }

    /// Nothing, if there is work left; else that no more is done.
    pub(super) fn exhausted(&self, location: Location) -> Option<Values> {
        let is_spent = self.work.spent.get() > MOST_WORK;
        is_spent.then(|| self.given_up("an expression that takes too much work to follow", location))
    }

    /// What is given up may depend on anything, and so on whatever is followed.
    fn given_up(&self, why: &str, location: Location) -> Values {
        vec![Traced { followed: !self.followed.is_empty(), ..Traced::unknown(why, location) }]
    }

    /// Evaluates with a frame that is gone afterwards, so that nothing of it is kept.
    pub(super) fn apart<T>(&self, evaluate: impl FnOnce() -> T) -> T {
        let outer = self.work.locals.take();
        let result = evaluate();
        self.work.locals.replace(outer);
        result
    }
}

fn identity(frame: &Frame<'_, '_>) -> usize {
    std::ptr::from_ref(frame).addr()
}

/// How many values there are in some, counted up to a little more than [`MOST_PARTS`].
pub(super) fn parts(values: &Values) -> usize {
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
            _ => {}
        }
    }
    count
}
