//! What collections hold, shared by all copies of them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

use super::data::{Traced, Values};

/// The elements of a list, set or tuple.
pub type Items = Contents<Vec<Values>>;

/// The elements of a map or object.
pub type Entries = Contents<BTreeMap<String, Values>>;

/// What a collection holds. Copies share it: one large value may be referred to from thousands of places.
#[derive(Debug)]
pub struct Contents<C>(Rc<Whole<C>>);

#[derive(Debug)]
struct Whole<C> {
    elements: C,
    parts: usize,
    is_followed: bool,
}

impl<C> Contents<C> {
    /// How many values there are in it, those within its elements included, as [`Traced::parts`] counts them.
    pub(super) fn parts(&self) -> usize {
        self.0.parts
    }

    /// Whether anything in it depends on a literal that is being followed.
    pub(super) fn is_followed(&self) -> bool {
        self.0.is_followed
    }
}

/// What [`Contents`] knows of all elements together.
fn told<'v>(all: impl Iterator<Item = &'v Traced>) -> (usize, bool) {
    all.fold((0, false), |(parts, is_followed), value: &Traced| {
        (parts.saturating_add(value.parts()), is_followed || value.is_followed())
    })
}

impl From<Vec<Values>> for Items {
    fn from(elements: Vec<Values>) -> Self {
        let (parts, is_followed) = told(elements.iter().flatten());
        Self(Rc::new(Whole { elements, parts, is_followed }))
    }
}

impl From<BTreeMap<String, Values>> for Entries {
    fn from(elements: BTreeMap<String, Values>) -> Self {
        let (parts, is_followed) = told(elements.values().flatten());
        Self(Rc::new(Whole { elements, parts, is_followed }))
    }
}

impl FromIterator<Values> for Items {
    fn from_iter<I: IntoIterator<Item = Values>>(elements: I) -> Self {
        Vec::from_iter(elements).into()
    }
}

impl FromIterator<(String, Values)> for Entries {
    fn from_iter<I: IntoIterator<Item = (String, Values)>>(elements: I) -> Self {
        BTreeMap::from_iter(elements).into()
    }
}

impl<C> Clone for Contents<C> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<C> Deref for Contents<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0.elements
    }
}

impl<C: Clone> Contents<C> {
    /// The elements by themselves, copied if other values share them.
    pub(super) fn into_elements(self) -> C {
        match Rc::try_unwrap(self.0) {
            Ok(whole) => whole.elements,
            Err(shared) => shared.elements.clone(),
        }
    }
}

impl<C: Clone + IntoIterator> IntoIterator for Contents<C> {
    type Item = C::Item;
    type IntoIter = C::IntoIter;

    fn into_iter(self) -> C::IntoIter {
        self.into_elements().into_iter()
    }
}

impl<'c, C> IntoIterator for &'c Contents<C>
where
    &'c C: IntoIterator,
{
    type Item = <&'c C as IntoIterator>::Item;
    type IntoIter = <&'c C as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.0.elements.into_iter()
    }
}

impl<C: Eq> PartialEq for Contents<C> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.0.elements == other.0.elements
    }
}

impl<C: Eq> Eq for Contents<C> {}

impl<C: Ord> PartialOrd for Contents<C> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<C: Ord> Ord for Contents<C> {
    fn cmp(&self, other: &Self) -> Ordering {
        if Rc::ptr_eq(&self.0, &other.0) { Ordering::Equal } else { self.0.elements.cmp(&other.0.elements) }
    }
}
