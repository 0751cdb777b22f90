//! The literals, of those that are followed, that a value depends on.

use std::rc::Rc;

/// The literals, of those that an evaluator follows, that a value depends on: by number where they are told apart, and else all
/// by one. Some thousand may be followed at once, each for a notebook of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Followed {
    /// None of them.
    #[default]
    Nothing,
    /// The one with this number.
    One(u32),
    /// Those whose bits are set.
    Several(Rc<Vec<u64>>),
    /// Any of them: what it depends on was given up.
    Anything,
}

impl Followed {
    /// Whether there are any.
    #[must_use]
    pub fn is_any(&self) -> bool {
        *self != Self::Nothing
    }

    /// The same, and those of another.
    #[must_use]
    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.join(other);
        self
    }

    /// Adds those of another.
    pub(crate) fn join(&mut self, other: &Self) {
        match (&mut *self, other) {
            (_, Self::Nothing) | (Self::Anything, _) => {}
            (Self::Nothing, _) | (_, Self::Anything) => *self = other.clone(),
            (Self::One(one), Self::One(other)) if one == other => {}
            (Self::Several(own), Self::Several(others)) if Rc::ptr_eq(own, others) => {}
            (Self::Several(own), _) => other.set_in(Rc::make_mut(own)),
            (Self::One(_), _) => {
                let mut bits = Vec::new();
                self.set_in(&mut bits);
                other.set_in(&mut bits);
                *self = Self::Several(Rc::new(bits));
            }
        }
    }

    fn set_in(&self, bits: &mut Vec<u64>) {
        match self {
            Self::One(number) => {
                let at = (number / u64::BITS) as usize;
                if bits.len() <= at {
                    bits.resize(at + 1, 0);
                }
                bits[at] |= 1 << (number % u64::BITS);
            }
            Self::Several(others) => {
                if bits.len() < others.len() {
                    bits.resize(others.len(), 0);
                }
                bits.iter_mut().zip(others.iter()).for_each(|(own, other)| *own |= other);
            }
            Self::Nothing | Self::Anything => {}
        }
    }

    /// Their numbers, where so many are followed in all.
    pub(crate) fn numbers(&self, all: u32) -> impl Iterator<Item = u32> {
        let range = match self {
            Self::Nothing => 0..0,
            Self::One(number) => *number..number + 1,
            Self::Several(_) | Self::Anything => 0..all,
        };
        let is_set = move |number: &u32| match self {
            Self::Several(bits) => {
                let word = bits.get((number / u64::BITS) as usize).copied().unwrap_or_default();
                word >> (number % u64::BITS) & 1 == 1
            }
            _ => true,
        };
        range.filter(is_set)
    }

    /// Whether there is no other than the one with this number.
    pub(crate) fn is_within(&self, number: u32) -> bool {
        matches!(self, Self::Nothing) || *self == Self::One(number)
    }
}

#[cfg(test)]
mod tests {
    use super::Followed;

    #[test]
    fn what_is_joined_holds_the_numbers_of_both() {
        let one = Followed::One(3).and(&Followed::One(3));
        assert!(one.is_within(3) && !one.is_within(2));
        let several = one.and(&Followed::One(70)).and(&Followed::Nothing);
        assert_eq!(several.numbers(100).collect::<Vec<_>>(), [3, 70]);
        assert!(!several.is_within(3));
        assert_eq!(several.and(&Followed::Anything).numbers(3).count(), 3);
        assert!(Followed::Nothing.is_within(1) && Followed::Nothing.numbers(9).next().is_none());
    }
}
