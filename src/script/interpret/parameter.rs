//! The values of a parameter, and the operations of `${…}` on them.

use std::ops::Range;
use std::rc::Rc;

use crate::script::interpret::Walker;
use crate::script::shell::mapped::{Text, UNKNOWN};
use crate::script::shell::pattern::{replaced, trimmed};
use crate::script::shell::tree::{Operation, Part, Subscript, Unit, Word};
use crate::script::state::context::Context;
use crate::script::state::process::State;

impl Walker<'_> {
    /// The values of a parameter: several for a list, none for an empty one.
    pub(super) fn values(&mut self, unit: &Rc<Unit>, part: &Part, state: &mut State, context: &Context) -> Vec<Text> {
        let Part::Parameter { name, subscript, operation, place, .. } = part else { return Vec::new() };
        let span = unit.text.span(place.range());
        self.comes_from(unit, *place, state.variable(name).and_then(|variable| variable.from.as_deref()));
        let held = self.held(unit, name, subscript, state, context);
        let is_empty = held.as_ref().is_none_or(|values| values.iter().all(Text::is_empty));
        let unknown = || vec![Text::unknown(span.clone())];
        match operation {
            Operation::Other(parts) => {
                self.effects(unit, parts, state, context);
                unknown()
            }
            Operation::Default { word, sets } if is_empty => {
                let default = self.joined(unit, word, state, context);
                if *sets {
                    state.set(name, vec![default.clone()], false, false);
                }
                vec![default]
            }
            Operation::Plain | Operation::Default { .. } => held.unwrap_or_else(unknown),
            Operation::Instead(_) if is_empty => Vec::new(),
            Operation::Instead(instead) => vec![self.joined(unit, instead, state, context)],
            Operation::Slice { start, length } => {
                let start = self.number(unit, start, state, context);
                let length = match length {
                    Some(length) => self.number(unit, length, state, context),
                    None => Some(usize::MAX),
                };
                match (subscript, held) {
                    (Subscript::All, Some(values)) => slice(values, name, start, length).unwrap_or_else(unknown),
                    (_, held) => each(held, &span, |value| Some(value.chars().skip(start?).take(length?).collect())),
                }
            }
            Operation::Trim { end, longest, word: pattern } => {
                let pattern = self.joined(unit, pattern, state, context);
                each(held, &span, |value| trimmed(value, pattern.as_str(), *end, *longest))
            }
            Operation::Replace { all, pattern, with } => {
                let pattern = self.joined(unit, pattern, state, context).as_str().replace("\\/", "/");
                let with = self.joined(unit, with, state, context);
                each(held, &span, |value| replaced(value, &pattern, with.as_str(), *all))
            }
            Operation::Case { upper: true } => each(held, &span, |value| Some(value.to_uppercase())),
            Operation::Case { upper: false } => each(held, &span, |value| Some(value.to_lowercase())),
        }
    }

    /// The number that a word is, if it is one that is known and not negative.
    fn number(&mut self, unit: &Rc<Unit>, word: &Word, state: &mut State, context: &Context) -> Option<usize> {
        self.joined(unit, word, state, context).as_str().trim().parse().ok()
    }

    /// The values that a parameter holds; `None` if nothing sets it.
    fn held(
        &mut self,
        unit: &Rc<Unit>,
        name: &str,
        subscript: &Subscript,
        state: &mut State,
        context: &Context,
    ) -> Option<Vec<Text>> {
        let index = match subscript {
            Subscript::None => None,
            Subscript::All => {
                let elements = state.elements(name);
                return match state.variable(name) {
                    Some(variable) => Some(variable.values.iter().cloned().chain(elements).collect()),
                    None if elements.is_empty() => builtin_value(name, state),
                    None => Some(elements),
                };
            }
            Subscript::One(index) => {
                let index = self.joined(unit, index, state, context);
                // The element may be set or not.
                if !index.is_known() {
                    return Some(vec![Text::unknown(index.whole_span())]);
                }
                Some(index)
            }
            Subscript::Indirect => {
                let values = state.variable(name).map(|variable| Rc::clone(&variable.values));
                let named = values.as_deref().and_then(|values| values.first()).filter(|value| value.is_known());
                let Some(named) = named else { return Some(vec![Text::unknown(0..0)]) };
                return state.variable(named.as_str()).and_then(|it| it.values.first().cloned()).map(|it| vec![it]);
            }
        };
        let index = index.as_ref().map_or("0", |index| index.as_str().trim());
        if let Some(element) = state.variable(&format!("{name}[{index}]")) {
            return Some(element.values.to_vec());
        }
        let Some(variable) = state.variable(name) else {
            return state
                .variable(&format!("{name}[]"))
                .map(|it| it.values.to_vec())
                .or_else(|| builtin_value(name, state));
        };
        if !variable.list {
            return (index == "0").then(|| variable.values.to_vec());
        }
        let place: i64 = index.parse().ok()?;
        let place = if place < 0 { i64::try_from(variable.values.len()).ok()? + place } else { place };
        variable.values.get(usize::try_from(place).ok()?).map(|value| vec![value.clone()])
    }
}

/// The elements of a list from one on, so many of them; `None` if either number is not known.
fn slice(values: Vec<Text>, name: &str, start: Option<usize>, length: Option<usize>) -> Option<Vec<Text>> {
    // The arguments count from one.
    let first = usize::from(matches!(name, "@" | "*"));
    Some(values.into_iter().skip(start?.saturating_sub(first)).take(length?).collect())
}

/// What a change makes of each value that a parameter holds; it gives `None` where it does not know.
fn each(held: Option<Vec<Text>>, span: &Range<usize>, change: impl Fn(&str) -> Option<String>) -> Vec<Text> {
    let Some(values) = held else { return vec![Text::unknown(span.clone())] };
    let changed = |value: &Text| change(value.as_str()).unwrap_or_else(|| UNKNOWN.to_string());
    values.iter().map(|value| Text::of(&changed(value), span.clone())).collect()
}

/// The value of a variable that the shell sets by itself.
fn builtin_value(name: &str, state: &State) -> Option<Vec<Text>> {
    let value = match name {
        "HOME" => state.actor.user.home()?,
        "USER" | "LOGNAME" => state.actor.user.name()?.to_owned(),
        "EUID" | "UID" => state.actor.user.id()?.to_owned(),
        "PWD" => state.folder.clone()?,
        // A hook gets no arguments; functions set theirs.
        "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "@" | "*" => return Some(Vec::new()),
        _ => return None,
    };
    Some(vec![Text::of(&value, 0..0)])
}
