//! How a function is called: its parameters, and what becomes of the arguments before it sees them.
//!
//! Source: go-cty, `function.Function`: first the number of arguments, then for each whether `null` is allowed and
//! whether it converts to the parameter's type, and then what is not known.

use super::super::convert::{collect, convert};
use super::super::data::{Data, Traced, Values, alternatives, computed};
use super::super::types::Type;
use super::document::Origins;
use super::outcome::{Call, Outcome};
use crate::source::Location;

/// A function of the language.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// Those that every call gives.
    pub(super) parameters: &'static [Parameter],
    /// The one that takes all further arguments.
    pub(super) rest: Option<Parameter>,
    pub(super) body: Body,
}

/// A parameter.
#[derive(Clone, Copy)]
pub(super) struct Parameter {
    /// As in Terraform's documentation.
    pub(super) name: &'static str,
    pub(super) wanted: Wanted,
    /// Whether it may be `null`.
    pub(super) takes_null: bool,
}

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Any: the function looks itself.
    Any,
    String,
    Number,
    /// `list(string)`.
    Strings,
    /// `list(bool)`.
    Bools,
    /// `list(any)`.
    List,
    /// `set(any)`.
    Set,
    /// `map(list(string))`.
    MapOfStrings,
}

/// How the result is found.
#[derive(Clone, Copy)]
pub(super) enum Body {
    /// From arguments that are known at the top; one that is not makes the result unknown.
    Known(fn(&Call<'_, '_>) -> Outcome),
    /// As [`Body::Known`], but whatever the elements are: it tells which there are, or passes them on.
    Elements(fn(&Call<'_, '_>) -> Outcome),
    /// From all alternatives at once, whether they are known or not.
    Whole(fn(&[Values], Location) -> Values),
    /// From a document in a string, each value with its place.
    Document(fn(&Call<'_, '_>, &Origins) -> Outcome),
    /// From a file of the repository.
    File(super::files::Read),
    /// By a template in a file.
    TemplateFile,
    /// By a template in a string.
    TemplateString,
    /// `null` in the place of what is ephemeral.
    EphemeralAsNull,
    /// By Terraform when it runs: from its clock, at random, or from the machine.
    AtRunTime,
    /// Not here, and why.
    NotHere(&'static str),
    /// Not at all: Terraform refuses every call.
    Refused,
}

pub(super) const fn any(name: &'static str) -> Parameter {
    Parameter { name, wanted: Wanted::Any, takes_null: false }
}

pub(super) const fn string(name: &'static str) -> Parameter {
    Parameter { wanted: Wanted::String, ..any(name) }
}

pub(super) const fn number(name: &'static str) -> Parameter {
    Parameter { wanted: Wanted::Number, ..any(name) }
}

impl Parameter {
    pub(super) const fn of(self, wanted: Wanted) -> Self {
        Self { wanted, ..self }
    }

    pub(super) const fn or_null(self) -> Self {
        Self { takes_null: true, ..self }
    }

    /// The values of an argument as the parameter takes them.
    fn take(&self, values: Values, location: Location) -> Values {
        alternatives(values.into_iter().map(|value| match value.data {
            Data::Null(_) if !self.takes_null => {
                let why = format!("`null` for the argument {}", self.name);
                computed(Data::Error(why), location).because_of(&value)
            }
            _ => self.wanted.of(value),
        }))
    }
}

impl Wanted {
    fn of(self, value: Traced) -> Traced {
        let list = |element| Type::List(Box::new(element));
        match self {
            Self::Any => value,
            Self::String => convert(value, &Type::String),
            Self::Number => convert(value, &Type::Number),
            Self::Strings => convert(value, &list(Type::String)),
            Self::Bools => convert(value, &list(Type::Bool)),
            Self::List => collect(value, "list"),
            Self::Set => collect(value, "set"),
            Self::MapOfStrings => convert(value, &Type::Map(Box::new(list(Type::String)))),
        }
    }
}

impl Function {
    /// The arguments as the function takes them; a message if they are too many or too few.
    pub(super) fn take(&self, arguments: Vec<Values>, location: Location) -> Result<Vec<Values>, String> {
        let (given, wanted) = (arguments.len(), self.parameters.len());
        if given < wanted || given > wanted && self.rest.is_none() {
            return Err(format!("a call of {} with {given} arguments", self.name));
        }
        let parameters = self.parameters.iter().chain(std::iter::repeat_with(|| self.rest.as_ref()).flatten());
        Ok(arguments.into_iter().zip(parameters).map(|(values, parameter)| parameter.take(values, location)).collect())
    }
}
