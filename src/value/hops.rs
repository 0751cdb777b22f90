//! The references that a value came through.

use std::rc::Rc;

use crate::finding::Hop;

/// More are not kept: ways that meet again and again double with each meeting, and what is beyond the bound explains nothing
/// to anybody.
const MOST_HOPS: usize = 100;

/// The references that a value came through. Values that came the same way share it: most of a long one is the same for
/// all.
#[derive(Debug, Clone, Default)]
pub struct Hops(Option<Rc<Step>>);

#[derive(Debug)]
struct Step {
    hop: Hop,
    /// Those before it.
    inner: Hops,
    count: usize,
}

impl Hops {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// All of them, outermost first: the last that the value came through.
    pub fn iter(&self) -> impl Iterator<Item = &Hop> {
        std::iter::successors(self.0.as_deref(), |step| step.inner.0.as_deref()).map(|step| &step.hop)
    }

    /// Adds one, now the outermost.
    pub(super) fn push(&mut self, hop: Hop) {
        let count = self.count() + 1;
        if count <= MOST_HOPS {
            let inner = std::mem::take(self);
            *self = Self(Some(Rc::new(Step { hop, inner, count })));
        }
    }

    /// Adds those of another value, unless the last are the same: an element that has come out of a collection comes the same
    /// way when it is taken out of what is made of that.
    pub(super) fn extend(&mut self, other: &Self) {
        if self.ends_with(other) {
            return;
        }
        if self.is_empty() {
            self.clone_from(other);
            return;
        }
        let more: Vec<&Hop> = other.iter().collect();
        more.into_iter().rev().for_each(|hop| self.push(hop.clone()));
    }

    fn count(&self) -> usize {
        self.0.as_ref().map_or(0, |step| step.count)
    }

    fn ends_with(&self, other: &Self) -> bool {
        let (mut own, mut others) = (self, other);
        loop {
            match (&own.0, &others.0) {
                (_, None) => return true,
                (None, Some(_)) => return false,
                (Some(one), Some(two)) => {
                    if Rc::ptr_eq(one, two) {
                        return true;
                    }
                    if one.hop != two.hop {
                        return false;
                    }
                    (own, others) = (&one.inner, &two.inner);
                }
            }
        }
    }
}
