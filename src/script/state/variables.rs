//! The variables of a shell process, and what two branches leave of them.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::script::shell::mapped::Text;
use crate::script::state::process::State;
use crate::script::state::variable::{MOST_VARIABLES, Variable};

impl State {
    /// Whether variables reach the programs that start here.
    pub fn exports(&self) -> bool {
        self.variables.values().any(|variable| variable.exported)
    }

    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    pub fn set(&mut self, name: &str, values: Vec<Text>, list: bool, exported: bool) {
        if self.variables.len() >= MOST_VARIABLES && !self.variables.contains_key(name) {
            return;
        }
        let exported = exported || self.variables.get(name).is_some_and(|old| old.exported);
        let variable = Variable { values: Rc::new(values), alternatives: Rc::default(), list, exported, from: None };
        Rc::make_mut(&mut self.variables).insert(name.to_owned(), variable);
    }

    /// The elements of a list that were set one by one, each a variable `name[index]`.
    pub fn elements(&self, name: &str) -> Vec<Text> {
        let prefix = format!("{name}[");
        let own = self.variables.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix));
        own.filter_map(|(_, variable)| variable.values.first().cloned()).collect()
    }

    /// Forgets the elements of a list that were set one by one.
    pub fn unset_elements(&mut self, name: &str) {
        let prefix = format!("{name}[");
        if self.variables.range(prefix.clone()..).next().is_some_and(|(key, _)| key.starts_with(&prefix)) {
            Rc::make_mut(&mut self.variables).retain(|key, _| !key.starts_with(&prefix));
        }
    }

    /// Notes that the value of a variable was read from a file.
    pub fn read_from(&mut self, name: &str, path: Option<&str>) {
        if let (Some(variable), Some(path)) = (Rc::make_mut(&mut self.variables).get_mut(name), path) {
            variable.from = Some(path.into());
        }
    }

    /// The arguments of the script or function, `$@`.
    pub fn positional(&self) -> Vec<Text> {
        self.variable("@").map(|variable| variable.values.to_vec()).unwrap_or_default()
    }

    pub fn set_positional(&mut self, words: Vec<Text>) {
        for (index, name) in ["1", "2", "3", "4", "5", "6", "7", "8", "9"].into_iter().enumerate() {
            match words.get(index) {
                Some(word) => self.set(name, vec![word.clone()], false, false),
                None => self.unset(name),
            }
        }
        self.set("*", words.clone(), true, false);
        self.set("@", words, true, false);
    }

    pub fn put(&mut self, name: &str, variable: Variable) {
        Rc::make_mut(&mut self.variables).insert(name.to_owned(), variable);
    }

    pub fn unset(&mut self, name: &str) {
        if self.variables.contains_key(name) {
            Rc::make_mut(&mut self.variables).remove(name);
        }
    }

    pub(super) fn merge_variables(&mut self, other: &Self) {
        let mut merged = BTreeMap::new();
        for name in self.variables.keys().chain(other.variables.keys()) {
            let (mine, theirs) = (self.variables.get(name), other.variables.get(name));
            let variable = match (mine, theirs) {
                (Some(mine), Some(theirs)) if Rc::ptr_eq(&mine.values, &theirs.values) => mine.clone(),
                (Some(mine), Some(theirs)) => Variable {
                    alternatives: mine.or(theirs),
                    values: Rc::new(vec![common_start(&mine.values, &theirs.values)]),
                    list: false,
                    exported: mine.exported && theirs.exported,
                    from: mine.from.clone().or_else(|| theirs.from.clone()),
                },
                (Some(only), None) | (None, Some(only)) => Variable {
                    alternatives: only.or(&Variable { values: Rc::new(vec![Text::unknown(0..0)]), ..only.clone() }),
                    values: Rc::new(
                        only.values.first().map(|text| Text::unknown(text.whole_span())).into_iter().collect(),
                    ),
                    ..only.clone()
                },
                (None, None) => continue,
            };
            merged.insert(name.clone(), variable);
        }
        self.variables = Rc::new(merged);
    }
}

/// The value if both agree; else what both start with, and an unknown rest.
fn common_start(mine: &[Text], theirs: &[Text]) -> Text {
    let (Some(mine), Some(theirs)) = (mine.first(), theirs.first()) else {
        return Text::unknown(0..0);
    };
    if mine.as_str() == theirs.as_str() {
        return mine.clone();
    }
    let same = mine.as_str().bytes().zip(theirs.as_str().bytes()).take_while(|(a, b)| a == b).count();
    // Only whole path components: two files in one folder share the folder, not half a name.
    let start = mine.as_str().get(..same).and_then(|start| start.rfind('/')).map_or(0, |slash| slash + 1);
    let mut text = mine.slice(0..start);
    text.push(&Text::unknown(mine.whole_span()));
    text
}
