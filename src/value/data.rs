//! Values and where they come from.

use std::cmp::Ordering;

use unicode_normalization::UnicodeNormalization as _;

use super::contents::{Entries, Items};
use super::followed::Followed;
use super::hops::Hops;
use super::number;
use super::refinement::Refinement;
use super::types::Type;
use crate::source::Location;

/// The values something can have: never empty, no two the same.
pub type Values = Vec<Traced>;

pub(crate) use super::alternatives::alternatives;
pub(super) use super::alternatives::{combinations, error_in};

/// A value of Terraform's language.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Data {
    /// `null`, and its type as far as something has given it one.
    Null(Type),
    /// A boolean.
    Bool(bool),
    /// A number, in decimal notation.
    Number(String),
    /// A string.
    String(String),
    /// A list, set or tuple, and its elements.
    List(ListKind, Items),
    /// A map or object, and its elements.
    Object(MapKind, Entries),
    /// Not known, and why: what stands in the way.
    Unknown(String),
    /// No value at all: Terraform would report an error, and `try` goes on.
    Error(String),
}

impl Data {
    /// Whether it is `null`, of whatever type.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null(_))
    }
}

/// The type of a sequence: list, set or tuple.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListKind {
    /// Each has a type of its own.
    Tuple,
    /// All have this type.
    List(Type),
    /// All have this type, none is there twice, and the order is Terraform's as far as it is known.
    Set(Type, Members),
    /// One of these: what shares a type with it is not known.
    Open,
}

/// How much is known of the members of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Members {
    /// Each one, in order.
    Ordered,
    /// Each one; the order of members that are no primitive values is not known here.
    Distinct,
    /// Two of them may turn out to be the same.
    Unsettled,
}

/// The type of a mapping: map or object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum MapKind {
    /// Each attribute has a type of its own.
    Object,
    /// All have this type.
    Map(Type),
    /// One of these: what shares a type with it is not known.
    Open,
}

/// The kinds of code that could be changed to change a value.
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
    /// Terraform itself decides it when it runs: a data source, an attribute of a resource, the workspace.
    AtRunTime,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The expression.
    pub location: Location,
    /// Its content.
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
    /// The references passed through.
    pub hops: Hops,
    /// The boolean literals that chose it, or that a computed value was made from.
    pub chosen_by: Vec<Location>,
    /// The call that leaves the variable to its default, and the variable.
    pub unset: Option<(Location, String)>,
    /// Why it is not known whether it is this value, and where that shows: one of several that a condition selects.
    pub uncertain: Option<(String, Location)>,
    /// The literals that are being followed and that it depends on.
    pub followed: Followed,
    /// Whether Terraform would not show it, for a variable or `sensitive()` says so: then no report does.
    pub sensitive: bool,
    /// Whether there may be an error in its place, as where it is one of the elements that an unknown key can mean.
    pub fallible: bool,
    /// What is known of a value that is not known.
    pub(super) refinement: Option<Box<Refinement>>,
}

impl PartialEq for Traced {
    fn eq(&self, other: &Self) -> bool {
        (&self.data, self.origin, &self.unset, &self.followed)
            == (&other.data, other.origin, &other.unset, &other.followed)
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
        let first = self.origin.cmp(&other.origin).then_with(|| self.followed.cmp(&other.followed));
        first.then_with(|| self.data.cmp(&other.data)).then_with(|| self.unset.cmp(&other.unset))
    }
}

impl Traced {
    /// A value that comes straight from `origin`.
    #[must_use]
    pub fn new(data: Data, origin: Origin) -> Self {
        Self {
            data,
            origin,
            hops: Hops::default(),
            chosen_by: Vec::new(),
            unset: None,
            uncertain: None,
            followed: Followed::Nothing,
            sensitive: false,
            fallible: false,
            refinement: None,
        }
    }

    /// A value that is not known because of what stands at `location`.
    #[must_use]
    pub fn unknown(why: impl Into<String>, location: Location) -> Self {
        Self::new(Data::Unknown(why.into()), Origin { location, kind: OriginKind::Computed })
    }

    /// A value that Terraform knows only when it runs.
    #[must_use]
    pub fn at_run_time(what: impl Into<String>, location: Location) -> Self {
        Self::new(Data::Unknown(what.into()), Origin { location, kind: OriginKind::AtRunTime })
    }

    /// A value that someone else sets, and what it is called.
    #[must_use]
    pub fn outside(what: impl Into<String>, location: Location) -> Self {
        Self::new(Data::Unknown(what.into()), Origin { location, kind: OriginKind::Outside })
    }

    /// Whether the value, or anything in it, depends on a literal that is being followed.
    #[must_use]
    pub fn is_followed(&self) -> bool {
        self.followed.is_any() || self.followed_within().is_any()
    }

    /// The literals that are being followed and that the value, or anything in it, depends on.
    #[must_use]
    pub fn following(&self) -> Followed {
        self.followed.clone().and(self.followed_within())
    }

    /// Those that what is in it depends on.
    pub(super) fn followed_within(&self) -> &Followed {
        match &self.data {
            Data::List(_, items) => items.followed(),
            Data::Object(_, items) => items.followed(),
            _ => &Followed::Nothing,
        }
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

    /// The value as a message may show it: a string, number or boolean that is not sensitive, cut where it is long.
    #[must_use]
    pub fn shown(&self) -> Option<String> {
        match self.as_text() {
            Some(_) if self.sensitive => Some("(sensitive)".to_owned()),
            text => text.map(|text| shortened(&text)),
        }
    }

    /// The boolean Terraform converts the value to.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match &self.data {
            Data::Bool(value) => Some(*value),
            Data::String(text) => match text.as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The number Terraform converts the value to, in the one way to write it.
    #[must_use]
    pub fn as_number(&self) -> Option<String> {
        match &self.data {
            Data::Number(text) => Some(text.clone()),
            Data::String(text) => number::canonical(text),
            _ => None,
        }
    }

    /// The same as the value of a definition: Terraform reports an error there and plans nothing, so that no `try` elsewhere
    /// goes on to a value that it would have.
    pub(super) fn defined(self) -> Self {
        match self.data {
            Data::Error(why) => Self { data: Data::Unknown(why), ..self },
            _ => self,
        }
    }

    /// Whether it is a string, boolean or number.
    pub(super) fn is_primitive(&self) -> bool {
        matches!(self.data, Data::Bool(_) | Data::Number(_) | Data::String(_))
    }
}

/// A text that is cut where it is too long for a message.
pub(super) fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}

/// A collection that is made where it stands, unless there is an error in it.
pub(super) fn collected(error: Option<Traced>, data: Data, location: Location) -> Traced {
    let is_fallible = |values: &Values| values.iter().any(Traced::may_fail);
    let fallible = match &data {
        Data::List(_, items) => items.iter().any(is_fallible),
        Data::Object(_, items) => items.values().any(is_fallible),
        _ => false,
    };
    error.unwrap_or_else(|| Traced { fallible, ..computed(data, location) })
}

/// A value that is made where it stands.
pub(crate) fn computed(data: Data, location: Location) -> Traced {
    Traced::new(data, Origin { location, kind: OriginKind::Computed })
}

/// Strings are held in Unicode's normal form C, as in Terraform.
pub(super) fn normalised(data: Data) -> Data {
    match data {
        Data::String(text) if !text.is_ascii() => Data::String(text.nfc().collect()),
        data => data,
    }
}
