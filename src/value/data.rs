//! Values and where they come from.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::finding::Hop;
use crate::source::Location;

/// The values something can have: never empty, no two the same.
pub type Values = Vec<Traced>;

/// More alternatives than this are not told apart any more.
pub(super) const MOST_ALTERNATIVES: usize = 48;

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Data {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, in decimal notation.
    Number(String),
    /// A string.
    String(String),
    /// A list, set or tuple.
    List(Vec<Values>),
    /// A map or object.
    Object(BTreeMap<String, Values>),
    /// Not known, and why: what stands in the way.
    Unknown(String),
    /// No value at all: Terraform would report an error, and `try` goes on.
    Error(String),
}

/// What could be changed to change a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OriginKind {
    /// A literal stands there.
    Literal,
    /// `optional(type)` without a default: the attribute is left out and becomes `null`.
    OptionalWithoutDefault,
    /// The value is computed there, and no single literal is it.
    Computed,
    /// Nothing in the tree says what the value is: a variable stands there that someone else sets.
    Outside,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The expression.
    pub location: Location,
    /// What stands there.
    pub kind: OriginKind,
}

/// A value with the way it came.
///
/// Two of them are the same if value and origin are, whatever the way.
#[derive(Debug, Clone)]
pub struct Traced {
    /// The value.
    pub data: Data,
    /// Where it comes from.
    pub origin: Origin,
    /// The references passed through, innermost first.
    pub hops: Vec<Hop>,
    /// The boolean literals that chose it, or that a computed value was made from.
    pub chosen_by: Vec<Location>,
    /// The call that leaves the variable to its default, and the variable.
    pub unset: Option<(Location, String)>,
    /// Why it is not known whether it is this value, and where that shows: one of several that a condition selects.
    pub uncertain: Option<(String, Location)>,
    /// Whether it depends on a literal that is being followed.
    pub followed: bool,
    /// Whether there may be an error in its place, as where it is one of the elements that an unknown key can mean.
    pub fallible: bool,
}

impl PartialEq for Traced {
    fn eq(&self, other: &Self) -> bool {
        (&self.data, self.origin, &self.unset, self.followed)
            == (&other.data, other.origin, &other.unset, other.followed)
    }
}

impl Eq for Traced {}

impl PartialOrd for Traced {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Traced {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |value: &Self| (value.origin, value.followed);
        key(self).cmp(&key(other)).then_with(|| self.data.cmp(&other.data)).then_with(|| self.unset.cmp(&other.unset))
    }
}

impl Traced {
    /// A value that comes straight from `origin`.
    #[must_use]
    pub fn new(data: Data, origin: Origin) -> Self {
        Self {
            data,
            origin,
            hops: Vec::new(),
            chosen_by: Vec::new(),
            unset: None,
            uncertain: None,
            followed: false,
            fallible: false,
        }
    }

    /// A value that is not known because of what stands at `location`.
    #[must_use]
    pub fn unknown(why: impl Into<String>, location: Location) -> Self {
        Self::new(Data::Unknown(why.into()), Origin { location, kind: OriginKind::Computed })
    }

    /// A value that someone else sets, and what it is called.
    #[must_use]
    pub fn outside(what: impl Into<String>, location: Location) -> Self {
        Self::new(Data::Unknown(what.into()), Origin { location, kind: OriginKind::Outside })
    }

    /// Whether the value, or anything in it, depends on a literal that is being followed.
    #[must_use]
    pub fn is_followed(&self) -> bool {
        let deep = |values: &Values| values.iter().any(Self::is_followed);
        self.followed
            || match &self.data {
                Data::List(items) => items.iter().any(deep),
                Data::Object(items) => items.values().any(deep),
                _ => false,
            }
    }

    /// The same list as a set. Which elements it has depends on what they are; of objects it is not said that a change
    /// inside makes two of them the same.
    #[must_use]
    pub fn into_set(self) -> Self {
        let by_element = matches!(&self.data, Data::List(items) if items.iter().flatten().any(|item| item.followed));
        Self { followed: self.followed || by_element, ..self }
    }

    /// The same value seen through one more reference.
    #[must_use]
    pub fn through(mut self, hop: &Hop) -> Self {
        self.hops.push(hop.clone());
        self
    }

    /// The same value, selected by a condition. What the condition refers to leads to the value too.
    #[must_use]
    pub fn selected_by(mut self, condition: &Self) -> Self {
        if let (Some(_), Some(selects)) = (condition.hops.first(), condition.as_bool()) {
            self.hops.push(Hop { location: condition.origin.location, text: selects.to_string() });
        }
        self.hops.extend(condition.hops.iter().cloned());
        self.because_of(condition)
    }

    /// The same value, chosen or computed with the help of another.
    #[must_use]
    pub fn because_of(mut self, other: &Self) -> Self {
        self.chosen_by.extend(other.bool_literals());
        self.chosen_by.sort_unstable();
        self.chosen_by.dedup();
        self.followed |= other.is_followed();
        self.fallible |= other.fallible;
        // What only shows when Terraform runs can be any of the values in the code; what someone else sets is theirs.
        let unknown = match (&other.data, other.origin.kind) {
            (Data::Unknown(why), OriginKind::Outside) => Some((why.clone(), other.origin.location)),
            _ => None,
        };
        self.uncertain = self.uncertain.or_else(|| other.uncertain.clone()).or(unknown);
        self
    }

    /// The boolean literals behind a value.
    fn bool_literals(&self) -> Vec<Location> {
        let own = matches!(self.data, Data::Bool(_)) && self.origin.kind == OriginKind::Literal;
        self.chosen_by.iter().copied().chain(own.then_some(self.origin.location)).collect()
    }

    /// The string Terraform converts the value to.
    #[must_use]
    pub fn as_text(&self) -> Option<String> {
        match &self.data {
            Data::Bool(value) => Some(value.to_string()),
            Data::Number(text) | Data::String(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// The boolean Terraform converts the value to.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match &self.data {
            Data::Bool(value) => Some(*value),
            Data::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}

/// Puts alternatives together: each once, and none told apart when there are too many.
#[must_use]
pub(super) fn alternatives(values: impl IntoIterator<Item = Traced>) -> Values {
    let mut result: Values = Vec::new();
    for value in values {
        match result
            .iter_mut()
            .find(|other| other.data == value.data && other.origin == value.origin && other.unset == value.unset)
        {
            Some(known) => {
                // What arrives for certain on one way does so.
                known.uncertain = known.uncertain.take().filter(|_| value.uncertain.is_some());
                known.followed |= value.followed;
                known.fallible |= value.fallible;
                known.chosen_by.extend(value.chosen_by);
                known.chosen_by.sort_unstable();
                known.chosen_by.dedup();
            }
            None => result.push(value),
        }
    }
    if result.len() > MOST_ALTERNATIVES {
        let followed = result.iter().any(Traced::is_followed);
        let mut many = Traced::unknown("more possible values than can be told apart", result[0].origin.location);
        many.followed = followed;
        return vec![many];
    }
    result
}

/// The error that something is if it holds nothing but an error in one of its parts.
pub(super) fn error_in<'v>(parts: impl IntoIterator<Item = &'v Values>) -> Option<Traced> {
    let is_error = |value: &Traced| matches!(value.data, Data::Error(_));
    parts.into_iter().find(|part| !part.is_empty() && part.iter().all(is_error)).map(|part| part[0].clone())
}

/// Every combination of one alternative of each, or `None` if there are too many.
#[must_use]
pub(super) fn combinations(sets: &[Values]) -> Option<Vec<Vec<&Traced>>> {
    let mut result: Vec<Vec<&Traced>> = vec![Vec::new()];
    for set in sets {
        if result.len() * set.len() > MOST_ALTERNATIVES {
            return None;
        }
        result = result
            .iter()
            .flat_map(|before| set.iter().map(|value| before.iter().copied().chain([value]).collect()))
            .collect();
    }
    Some(result)
}
