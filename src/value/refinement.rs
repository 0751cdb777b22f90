//! What is known of values that are not known.
//!
//! Source: go-cty, docs/refinements.md and `cty/unknown_refinement.go`. Terraform knows less of some results; what is said
//! here holds for every value that they can turn out to be.

use std::collections::BTreeMap;

use super::data::{Data, ListKind, Members, Traced, Values};
use super::number;
use super::types::Type;

/// What is known of a value that is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Refinement {
    /// Its type, where Terraform knows it.
    pub(super) own: Option<Type>,
    /// Whether it is certain not to be `null`.
    pub(super) not_null: bool,
    /// The number of its elements, or of its characters.
    pub(super) length: Bounds,
    /// The number that it is.
    pub(super) number: Bounds,
    /// The text that it starts with.
    pub(super) prefix: String,
    /// Elements that it has whatever else is in it, by key or index.
    pub(super) elements: BTreeMap<String, Values>,
}

/// The whole numbers that something lies between, both included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) least: Option<usize>,
    pub(super) most: Option<usize>,
}

impl Bounds {
    pub(super) const fn at_least(least: usize) -> Self {
        Self { least: Some(least), most: None }
    }

    pub(super) const fn exactly(number: usize) -> Self {
        Self { least: Some(number), most: Some(number) }
    }

    /// The bounds of a number of things, of which there are never fewer than none.
    pub(super) fn of_number(self) -> Self {
        Self { least: self.least.or(Some(0)), ..self }
    }

    /// The only number that there is between them.
    pub(super) fn only(self) -> Option<usize> {
        self.least.filter(|_| self.least == self.most)
    }

    /// What both allow.
    fn or(self, other: Self) -> Self {
        Self {
            least: self.least.zip(other.least).map(|(one, two)| one.min(two)),
            most: self.most.zip(other.most).map(|(one, two)| one.max(two)),
        }
    }

    /// The bounds of a sum.
    pub(super) fn plus(self, other: Self) -> Self {
        let sum = |one: Option<usize>, two: Option<usize>| one.zip(two).and_then(|(one, two)| one.checked_add(two));
        Self { least: sum(self.least, other.least), most: sum(self.most, other.most) }
    }

    /// The bounds of what is left once equal ones count once.
    pub(super) fn distinct(self) -> Self {
        Self { least: self.least.map(|least| least.min(1)), most: self.most }
    }

    /// Whether everything between them is less than everything between others; `None` if that depends.
    fn is_less(self, other: Self) -> Option<bool> {
        match (self, other) {
            (Self { most: Some(most), .. }, Self { least: Some(least), .. }) if most < least => Some(true),
            (Self { least: Some(least), .. }, Self { most: Some(most), .. }) if least >= most => Some(false),
            _ => None,
        }
    }

    fn excludes(self, number: &str) -> bool {
        let is_beyond = |bound: Option<usize>, is_allowed: fn(std::cmp::Ordering) -> bool| {
            bound.is_some_and(|bound| !is_allowed(number::compare(number, &bound.to_string())))
        };
        is_beyond(self.least, std::cmp::Ordering::is_ge) || is_beyond(self.most, std::cmp::Ordering::is_le)
    }
}

impl Refinement {
    /// What is known of one value, be it known or not.
    pub(super) fn of(value: &Traced) -> Self {
        let not_null = Self { not_null: true, ..Self::default() };
        match &value.data {
            Data::Unknown(_) => value.refinement.as_deref().cloned().unwrap_or_default(),
            Data::Null(_) | Data::Error(_) => Self::default(),
            Data::Bool(flag) => Self { prefix: flag.to_string(), ..not_null },
            Data::Number(text) => {
                let number = text.parse().map_or_else(|_| Bounds::default(), Bounds::exactly);
                Self { number, prefix: start(text), ..not_null }
            }
            Data::String(text) => {
                let least = usize::from(!text.is_empty());
                let length = Bounds { least: Some(least), most: text.is_empty().then_some(0) };
                Self { length, prefix: start(text), ..not_null }
            }
            Data::List(kind, items) => {
                let length = match kind {
                    ListKind::Set(_, Members::Unsettled) | ListKind::Open => Bounds::exactly(items.len()).distinct(),
                    _ => Bounds::exactly(items.len()),
                };
                Self { length, ..not_null }
            }
            Data::Object(_, items) => Self { length: Bounds::exactly(items.len()), ..not_null },
        }
    }

    /// What is known of something, whichever of its values it has, but for its elements.
    pub(super) fn of_all(values: &Values) -> Self {
        let mut each = values.iter().filter(|value| !matches!(value.data, Data::Error(_))).map(Self::of);
        let Some(first) = each.next() else { return Self::default() };
        each.fold(Self { elements: BTreeMap::new(), ..first }, |known, other| Self {
            own: known.own.filter(|own| other.own.as_ref() == Some(own)),
            not_null: known.not_null && other.not_null,
            length: known.length.or(other.length),
            number: known.number.or(other.number),
            prefix: common(&known.prefix, &other.prefix).to_owned(),
            elements: BTreeMap::new(),
        })
    }

    /// What is still known once the value has been made one of a type.
    pub(super) fn converted(&self, to: &Type) -> Self {
        let mut known = Self { own: Some(to.clone()), not_null: self.not_null, ..Self::default() };
        match to {
            Type::List(_) | Type::Map(_) => known.length = self.length,
            Type::Set(_) => known.length = self.length.distinct(),
            Type::Number => known.number = self.number,
            // Of numbers and booleans that are not known, neither of these is known.
            Type::String => (known.length, known.prefix) = (self.length, self.prefix.clone()),
            Type::Dynamic | Type::Bool | Type::Tuple(_) | Type::Object(_) => {}
        }
        known
    }

    /// Whether it is certain that a value, which is known, is not this one.
    fn excludes(&self, value: &Data) -> bool {
        match value {
            Data::Null(_) => self.not_null,
            Data::String(text) => !text.starts_with(&self.prefix) || text.is_empty() && self.length.least > Some(0),
            Data::Number(text) => self.number.excludes(text),
            Data::List(kind, items) => match kind {
                ListKind::Tuple | ListKind::List(_) | ListKind::Set(_, Members::Ordered | Members::Distinct) => {
                    self.length.excludes(&items.len().to_string())
                }
                _ => items.is_empty() && self.length.least > Some(0),
            },
            Data::Object(_, items) => self.length.excludes(&items.len().to_string()),
            Data::Bool(_) | Data::Unknown(_) | Data::Error(_) => false,
        }
    }
}

/// The part of a text that stays as it is whatever is put behind it: a letter may become one with a mark that follows.
///
/// Source: go-cty, `ctystrings.SafeKnownPrefix`. Of ASCII, letters and `<`, `=`, `>` are all that a mark can change.
pub(super) fn safe_prefix(text: &str) -> String {
    let mut prefix = start(text);
    let stays = |last: char| last.is_ascii() && !last.is_ascii_alphabetic() && !matches!(last, '<' | '=' | '>');
    if !prefix.ends_with(stays) {
        prefix.pop();
    }
    prefix
}

/// As much of the start of a text as is kept.
fn start(text: &str) -> String {
    const LONGEST: usize = 100;
    text.chars().take(LONGEST).collect()
}

fn common<'t>(one: &'t str, two: &str) -> &'t str {
    let same = one.char_indices().zip(two.chars()).find(|((_, one), two)| one != two);
    &one[..same.map_or(one.len().min(two.len()), |((at, _), _)| at)]
}

impl Traced {
    /// The type of a value that is not known, where Terraform knows that much.
    pub(super) fn unknown_type(&self) -> Option<&Type> {
        self.refinement.as_ref()?.own.as_ref()
    }

    /// The same value; one that is not known is of this type, as far as that is certain, and nothing else is known of it.
    pub(super) fn of_type(mut self, own: Option<&Type>) -> Self {
        self.refinement = None;
        self.refined(|known| known.own = own.filter(|own| own.is_certain()).cloned())
    }

    /// The same value, of which more is known if it is not known itself.
    pub(super) fn refined(mut self, more: impl FnOnce(&mut Refinement)) -> Self {
        if matches!(self.data, Data::Unknown(_)) {
            let mut known = self.refinement.take().unwrap_or_default();
            more(&mut known);
            self.refinement = (*known != Refinement::default()).then_some(known);
        }
        self
    }

    /// The same result of an operation, which may be refused: operands that are not known may be `null`, or of another type
    /// than the one that is wanted.
    pub(super) fn or_refused(self, operands: &[&Self], wanted: Option<&Type>) -> Self {
        let fits = |value: &Self| match (value.refinement.as_deref(), wanted) {
            (Some(Refinement { own: Some(own), not_null: true, .. }), Some(wanted)) => {
                own == wanted || *wanted == Type::String && own.is_primitive()
            }
            _ => false,
        };
        let is_open = |value: &&&Self| matches!(value.data, Data::Unknown(_));
        let fallible = self.fallible || !operands.iter().filter(is_open).all(|value| fits(value));
        Self { fallible, ..self }
    }

    /// Whether it is certain that two values differ, one of which at least is not known.
    pub(super) fn is_other_than(&self, other: &Self) -> bool {
        match (&self.data, &other.data) {
            (Data::Error(_), _) | (_, Data::Error(_)) => false,
            (Data::Unknown(_), _) => self.refinement.as_ref().is_some_and(|known| known.excludes(&other.data)),
            (_, Data::Unknown(_)) => other.refinement.as_ref().is_some_and(|known| known.excludes(&self.data)),
            _ => false,
        }
    }
}

/// The result of an operator on values of which one is not known, where it is the same whatever that turns out to be.
pub(super) fn binary(left: &Traced, operator: &str, right: &Traced) -> Option<Data> {
    if matches!(operator, "==" | "!=") {
        return left.is_other_than(right).then_some(Data::Bool(operator == "!="));
    }
    let known = |value: &Traced| if matches!(value.data, Data::Unknown(_)) { None } else { value.as_bool() };
    let numbers = [left, right].map(|value| Refinement::of(value).number);
    let less = |holds: bool, [one, two]: [Bounds; 2]| one.is_less(two).map(|is_less| is_less == holds);
    let [one, two] = numbers;
    let result = match operator {
        "&&" => [left, right].into_iter().any(|side| known(side) == Some(false)).then_some(false),
        "||" => [left, right].into_iter().any(|side| known(side) == Some(true)).then_some(true),
        "<" => less(true, [one, two]),
        ">" => less(true, [two, one]),
        ">=" => less(false, [one, two]),
        "<=" => less(false, [two, one]),
        _ => None,
    };
    result.map(Data::Bool)
}
