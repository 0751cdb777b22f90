//! The influence of values on others: the ways that they came, and what chose them.

use super::data::{Data, OriginKind, Traced};
use super::hops::Hops;
use crate::finding::Hop;

impl Traced {
    /// The same value seen through one more reference.
    #[must_use]
    pub fn through(mut self, hop: &Hop) -> Self {
        let outermost = self.hops.iter().next();
        if outermost != Some(hop) {
            self.hops.push(hop.clone());
        }
        self
    }

    /// The same value, selected by a condition. What the condition refers to leads to the value too.
    #[must_use]
    pub fn selected_by(mut self, condition: &Self) -> Self {
        if let (false, Some(selects)) = (condition.hops.is_empty(), condition.as_bool()) {
            self.hops.push(Hop { location: condition.origin.location, text: selects.to_string() });
        }
        self.hops.extend(&condition.hops);
        self.because_of(condition)
    }

    /// The same value, chosen or computed with the help of all that is in another.
    #[must_use]
    pub fn because_of(self, other: &Self) -> Self {
        self.influenced_by(other, true)
    }

    /// The same value, which is what it is whatever another turns out to be.
    #[must_use]
    pub fn whatever(mut self, other: &Self) -> Self {
        let (uncertain, chosen_by) = (self.uncertain.take(), std::mem::take(&mut self.chosen_by));
        Self { chosen_by, uncertain, ..self.because_of(other) }
    }

    /// The same value as an element of a collection, seen through the references that the collection came through.
    #[must_use]
    pub fn within(mut self, collection: &Self) -> Self {
        self.hops.extend(&collection.hops);
        self.influenced_by(collection, false)
    }

    /// The same value seen through the references that another came through.
    pub(super) fn through_all(mut self, hops: &Hops) -> Self {
        self.hops.extend(hops);
        self
    }

    /// The one place where the influence of a value on another is passed on, so that no operation can forget a part.
    fn influenced_by(mut self, other: &Self, by_elements: bool) -> Self {
        let own = (matches!(other.data, Data::Bool(_)) && other.origin.kind == OriginKind::Literal)
            .then_some(other.origin.location);
        if own.is_some() || !other.chosen_by.is_empty() {
            // The boolean literals behind a value.
            self.chosen_by.extend(other.chosen_by.iter().copied().chain(own));
            self.chosen_by.sort_unstable();
            self.chosen_by.dedup();
        }
        self.followed.join(&other.followed);
        if by_elements {
            self.followed.join(other.followed_within());
        }
        self.fallible |= other.may_fail();
        self.sensitive |= other.sensitive;
        // What only Terraform decides can be any of the values in the code; what someone else sets is theirs, and what
        // is not computed here is not known to be one of them.
        let unknown = match (&other.data, other.origin.kind) {
            (Data::Unknown(_), OriginKind::AtRunTime) => None,
            (Data::Unknown(why), _) => Some((why.clone(), other.origin.location)),
            _ => None,
        };
        self.uncertain = self.uncertain.or_else(|| other.uncertain.clone()).or(unknown);
        self
    }

    /// Whether Terraform may find an error where this value is: what is not evaluated here may well be one.
    #[must_use]
    pub fn may_fail(&self) -> bool {
        self.fallible || matches!((&self.data, self.origin.kind), (Data::Unknown(_), OriginKind::Computed))
    }
}
