//! What collections hold, shared by all copies of them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

use super::data::{Traced, Values};
use super::followed::Followed;

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
    followed: Followed,
}

impl<C> Contents<C> {
    /// How many values there are in it, those within its elements included, as [`Traced::parts`] counts them.
    pub(super) fn parts(&self) -> usize {
        self.0.parts
    }

    /// The literals that are being followed and that anything in it depends on.
    pub(super) fn followed(&self) -> &Followed {
        &self.0.followed
    }
}

/// What [`Contents`] knows of all elements together.
fn told<'v>(all: impl Iterator<Item = &'v Traced>) -> (usize, Followed) {
    all.fold((0, Followed::Nothing), |(parts, followed), value: &Traced| {
        (parts.saturating_add(value.parts()), followed.and(&value.followed).and(value.followed_within()))
    })
}

impl From<Vec<Values>> for Items {
    fn from(elements: Vec<Values>) -> Self {
        let (parts, followed) = told(elements.iter().flatten());
        Self(Rc::new(Whole { elements, parts, followed }))
    }
}

impl From<BTreeMap<String, Values>> for Entries {
    fn from(elements: BTreeMap<String, Values>) -> Self {
        let (parts, followed) = told(elements.values().flatten());
        Self(Rc::new(Whole { elements, parts, followed }))
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
