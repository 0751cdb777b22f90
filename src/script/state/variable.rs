//! One variable of a shell process.

use std::rc::Rc;

use crate::script::shell::mapped::Text;
use crate::script::state::user::NOTEBOOK_USER;

/// Values of one variable that are told apart.
const MOST_ALTERNATIVES: usize = 4;

/// Variables and functions beyond this number are not remembered.
pub(super) const MOST_VARIABLES: usize = 256;

#[derive(Debug, Clone)]
pub struct Variable {
    pub values: Rc<Vec<Text>>,
    /// The other values of the variable, where branches set it differently, the unknown included.
    pub alternatives: Rc<Vec<Text>>,
    pub list: bool,
    pub exported: bool,
    /// The file whose content the value is.
    pub from: Option<Rc<str>>,
}

impl Variable {
    /// The values that one or the other can hold; none if that is one value, or too many.
    pub(super) fn or(&self, other: &Self) -> Rc<Vec<Text>> {
        let held = |it: &Self| if it.alternatives.is_empty() { it.values.to_vec() } else { it.alternatives.to_vec() };
        let mut all = held(self);
        all.extend(held(other));
        let mut seen: Vec<String> = Vec::new();
        all.retain(|value| {
            let new = !seen.iter().any(|known| known == value.as_str());
            seen.push(value.as_str().to_owned());
            new
        });
        let users = all.iter().any(|value| matches!(value.as_str(), "root" | NOTEBOOK_USER));
        let told = (2..=MOST_ALTERNATIVES).contains(&all.len()) && !self.list && !other.list && !users;
        Rc::new(if told { all } else { Vec::new() })
    }
}
