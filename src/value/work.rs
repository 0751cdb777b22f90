//! The budget of an evaluation, and the results that are kept for others.
//!
//! A few hundred bytes of Terraform can ask for more work or memory than there is. What is past a bound is not known.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::data::{Data, Traced, Values};
use super::eval::{DEEPEST, Evaluator};
use crate::model::Store;
use crate::source::Location;

/// A longer text is not made.
pub(super) const MOST_BYTES: usize = 1 << 20;

/// Making a text of so many bytes is work as making one value is.
pub(super) const BYTES_OF_WORK: usize = 64;

/// A text that is made counts as so many times that: it is put together byte by byte.
const TEXT: usize = 3;

/// One evaluation makes no more values than this, copies included.
const MOST_WORK: usize = 400_000;

/// Looking at so many values is work as making one is.
const LOOKS: usize = 3;

/// The functions whose results hold copies of what is in their arguments.
const ANEW: [&str; 21] = [
    "chunklist",
    "coalescelist",
    "compact",
    "concat",
    "distinct",
    "flatten",
    "matchkeys",
    "merge",
    "reverse",
    "setintersection",
    "setproduct",
    "setsubtract",
    "setsymmetricdifference",
    "setunion",
    "slice",
    "sort",
    "tolist",
    "tomap",
    "toset",
    "transpose",
    "zipmap",
];

/// A larger value, counted with all that is in it, is not made.
const MOST_PARTS: usize = 60_000;

/// All evaluations that judge the code of a run together make no more values than [`most_in_all`], and no more those of one try to
/// prove its fixes: some hundred questions, each of which asks for as much work as one may, would take minutes. Much code may
/// ask for more: these many values at least, so many for each of its bytes, and that many at most.
const LEAST_IN_ALL: usize = 1_000_000;
const BY_BYTE: usize = 40;
const MOST_IN_ALL: usize = 5_000_000;

/// The most values that are made to judge the code of a run, of which so much has been read.
pub(crate) fn most_in_all(store: &Store) -> usize {
    store.code_bytes().saturating_mul(BY_BYTE).saturating_add(LEAST_IN_ALL).min(MOST_IN_ALL)
}

/// The work of one evaluation, from the expression that is asked for down to all it refers to.
pub(super) struct Work<'w> {
    spent: Cell<usize>,
    /// The work of all evaluations of these files so far, whichever evaluator they are of.
    in_all: &'w Cell<usize>,
    /// Whether something was given up: what was found meanwhile is not kept for other evaluations.
    is_cut_short: Cell<bool>,
    /// Whether that was for its depth.
    is_too_deep: Cell<bool>,
}

impl<'w> Work<'w> {
    /// Adds to what evaluations of the same files have taken.
    pub(super) fn new(in_all: &'w Cell<usize>) -> Self {
        Self { spent: Cell::default(), in_all, is_cut_short: Cell::default(), is_too_deep: Cell::default() }
    }

    /// Starts over.
    pub(super) fn reset(&self) {
        self.spent.set(0);
        self.is_cut_short.set(false);
        self.is_too_deep.set(false);
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

    /// Notes that something lies too deep to be followed.
    pub(super) fn too_deep(&self) {
        self.cut_short();
        self.is_too_deep.set(true);
    }
}

/// Local values and outputs that were evaluated in an instantiation.
#[derive(Debug, Default)]
pub(super) struct Kept(Rc<RefCell<HashMap<Definition, Known>>>);

/// The values of a definition, and whether they end where it was too deep to go on.
type Known = (Rc<Values>, bool);

/// The place of a definition, and for an output that of the call.
pub(super) type Definition = (Location, Option<Location>);

/// Results of one instantiation do not hold for a copy, whose variables may be set to something else.
impl Clone for Kept {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Kept {
    /// The same results, for an instantiation that differs in nothing they depend on.
    pub(super) fn shared(&self) -> Self {
        Self(Rc::clone(&self.0))
    }

    fn get(&self, key: Definition) -> Option<Known> {
        self.0.borrow().get(&key).cloned()
    }
}

impl Evaluator<'_, '_> {
    /// The part of `values` that is within the bounds. What is only passed on is shared, and takes no more work where it is
    /// large.
    pub(super) fn bounded(&self, values: Values, is_passed_on: bool, location: Location) -> Values {
        let parts = parts(&values);
        let is_text = |value: &&Traced| matches!(value.data, Data::String(_) | Data::Number(_));
        let made = || parts + TEXT * values.iter().filter(is_text).map(|text| text.parts() - 1).sum::<usize>();
        self.work.spend(1 + if is_passed_on { values.len() } else { made() });
        if parts > MOST_PARTS { self.too_large(location) } else { values }
    }

    /// Evaluates the next element of a larger value, unless its elements so far, of which `made` counts the parts, are too
    /// large together already: the whole would be dropped by [`Self::bounded`] only once it is in memory.
    pub(super) fn one_more(&self, made: &mut usize, location: Location, evaluate: impl FnOnce() -> Values) -> Values {
        if *made > MOST_PARTS {
            return self.too_large(location);
        }
        let values = evaluate();
        let parts = parts(&values);
        *made += parts;
        self.work.spend(parts);
        values
    }

    /// Nothing, if there is work left; else that no more is done.
    pub(super) fn exhausted(&self, location: Location) -> Option<Values> {
        let most = || most_in_all(self.workspace.view().store());
        let is_spent = self.work.spent.get() > MOST_WORK || self.work.in_all.get() > most();
        is_spent.then(|| {
            self.work.cut_short();
            self.given_up("an expression that takes too much work to follow", location)
        })
    }

    /// It is so wherever it is asked for.
    fn too_large(&self, location: Location) -> Values {
        self.given_up("a value that is too large to follow", location)
    }

    /// A value that is given up may depend on anything, and so on whatever is followed.
    pub(super) fn given_up(&self, why: &str, location: Location) -> Values {
        vec![Traced { followed: self.anything(), ..Traced::unknown(why, location) }]
    }

    /// Values that are kept in an instantiation.
    pub(super) fn recall(&self, kept: &Kept, key: Definition) -> Option<Rc<Values>> {
        let (values, is_cut) = kept.get(key)?;
        if is_cut {
            self.work.too_deep();
        }
        Some(values)
    }

    /// Evaluates a definition, and keeps its values in the instantiation that they are found in.
    ///
    /// Those that end where it is too deep are kept if the definition itself stood not that deep: of thousands in a row each
    /// would be followed to the end again.
    pub(super) fn kept(&self, kept: &Kept, key: Definition, evaluate: impl FnOnce() -> Values) -> Rc<Values> {
        let before = self.work.is_too_deep.replace(false);
        let values = Rc::new(evaluate());
        let is_cut = self.work.is_too_deep.get();
        self.work.is_too_deep.set(is_cut || before);
        if !self.work.is_cut_short.get() || is_cut && self.depth() <= DEEPEST / 2 {
            kept.0.borrow_mut().insert(key, (Rc::clone(&values), is_cut));
        }
        values
    }

    /// Counts that a function looks at all that is in its arguments, or puts it together anew.
    pub(super) fn looked_at_by(&self, function: &str, arguments: &[Values]) {
        match function.strip_prefix("core::").unwrap_or(function) {
            // These go straight to what is asked for.
            "lookup" | "try" => {}
            name if ANEW.contains(&name) => self.work.spend(arguments.iter().map(parts).sum()),
            _ => self.looked_through(arguments),
        }
    }

    /// Counts that an operator compares values part by part.
    pub(super) fn compared(&self, sides: &[Values]) {
        self.work.spend(sides.iter().map(parts).sum());
    }

    /// Counts that something looks at all that is in some values.
    pub(super) fn looked_through(&self, values: &[Values]) {
        self.work.spend(values.iter().map(parts).sum::<usize>() / LOOKS);
    }
}

/// How many values there are in some, counted as [`Traced::parts`] does.
pub(in crate::value) fn parts(values: &Values) -> usize {
    values.iter().map(Traced::parts).fold(0, usize::saturating_add)
}

impl Traced {
    /// How many values there are in this one, itself among them, texts as so many as making them is worth. A text that is longer
    /// than any that is made counts for more than the largest value.
    pub(super) fn parts(&self) -> usize {
        let within = match &self.data {
            Data::List(_, items) => items.parts(),
            Data::Object(_, items) => items.parts(),
            Data::String(text) if text.len() > MOST_BYTES => MOST_PARTS,
            Data::String(text) | Data::Number(text) => text.len() / BYTES_OF_WORK,
            _ => 0,
        };
        within.saturating_add(1)
    }
}
