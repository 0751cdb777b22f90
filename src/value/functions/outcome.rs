//! The arguments and the outcome of a function call.

use super::super::data::{Data, ListKind, MapKind, Traced, Values, computed, normalised};
use super::super::types::Type;
use crate::source::Location;

/// Why a function has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// Terraform reports an error, which `try` and `can` see.
    Error(String),
    /// It is not computed here, or hangs on something that is not known.
    Unknown(String),
}

/// The result of a function of known arguments.
pub(super) type Outcome = Result<Data, Stop>;

/// Terraform reports an error.
pub(super) fn error<T>(why: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Error(why.into()))
}

/// The result is not known.
pub(super) fn unknown<T>(why: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Unknown(why.into()))
}

/// The result is larger than what is followed.
pub(super) fn too_large<T>() -> Result<T, Stop> {
    unknown("a value that is too large to follow")
}

/// A part of an argument is not known.
pub(super) fn not_all_known<T>() -> Result<T, Stop> {
    unknown("a function of values that are not all known")
}

/// A string.
#[expect(clippy::unnecessary_wraps, reason = "what a function returns in the end")]
pub(super) fn string(text: impl Into<String>) -> Outcome {
    Ok(normalised(Data::String(text.into())))
}

/// A whole number.
#[expect(clippy::unnecessary_wraps, reason = "what a function returns in the end")]
pub(super) fn number(number: impl std::fmt::Display) -> Outcome {
    Ok(Data::Number(number.to_string()))
}

/// The call of a function. Its arguments are known at the top, and of the types that the signature asks for.
pub(super) struct Call<'c, 'v> {
    /// Where it stands.
    pub(super) location: Location,
    pub(super) arguments: &'c [&'v Traced],
}

impl<'v> Call<'_, 'v> {
    /// The argument at a place, which the signature makes sure of; the whole call fails where there is none.
    pub(super) fn argument(&self, at: usize) -> Result<&'v Traced, Stop> {
        self.arguments.get(at).copied().ok_or_else(|| Stop::Error("too few arguments".to_owned()))
    }

    /// A string.
    pub(super) fn text(&self, at: usize) -> Result<&'v str, Stop> {
        match &self.argument(at)?.data {
            Data::String(text) => Ok(text),
            _ => error("an argument that is not a string"),
        }
    }

    /// A number, in decimal notation.
    pub(super) fn number(&self, at: usize) -> Result<&'v str, Stop> {
        match &self.argument(at)?.data {
            Data::Number(number) => Ok(number),
            _ => error("an argument that is not a number"),
        }
    }

    /// A whole number of 64 bits, as Terraform wants it where it counts something.
    pub(super) fn integer(&self, at: usize) -> Result<i64, Stop> {
        self.number(at)?.parse().or_else(|_| error("a number that is not a whole one of 64 bits"))
    }

    /// The elements of a list, set or tuple.
    pub(super) fn items(&self, at: usize) -> Result<&'v [Values], Stop> {
        match &self.argument(at)?.data {
            Data::List(_, items) => Ok(items),
            _ => error("an argument that is not a list"),
        }
    }

    /// The strings of a list of strings, `None` for each that is `null`.
    pub(super) fn texts(&self, at: usize) -> Result<Vec<Option<&'v str>>, Stop> {
        self.items(at)?.iter().map(|item| text_of(known(item)?)).collect()
    }

    /// A value that is made by the call.
    pub(super) fn made(&self, data: Data) -> Values {
        vec![computed(data, self.location)]
    }

    /// A list of strings.
    pub(super) fn strings<T: Into<String>>(&self, texts: impl IntoIterator<Item = T>) -> Data {
        let texts = texts.into_iter().map(|text| self.made(normalised(Data::String(text.into()))));
        Data::List(ListKind::List(Type::String), texts.collect())
    }

    /// A tuple.
    pub(super) fn tuple(&self, items: impl IntoIterator<Item = Data>) -> Data {
        Data::List(ListKind::Tuple, items.into_iter().map(|item| self.made(item)).collect())
    }

    /// An object.
    pub(super) fn object(&self, items: impl IntoIterator<Item = (String, Data)>) -> Data {
        Data::Object(MapKind::Object, items.into_iter().map(|(name, item)| (name, self.made(item))).collect())
    }
}

/// The one value that an element has; that it has one is no matter of course.
pub(super) fn known(values: &Values) -> Result<&Traced, Stop> {
    match values.as_slice() {
        [value] => match &value.data {
            Data::Unknown(_) => not_all_known(),
            Data::Error(why) => error(why),
            _ => Ok(value),
        },
        _ => not_all_known(),
    }
}

fn text_of(value: &Traced) -> Result<Option<&str>, Stop> {
    match &value.data {
        Data::Null(_) => Ok(None),
        Data::String(text) => Ok(Some(text)),
        _ => error("an element that is not a string"),
    }
}
