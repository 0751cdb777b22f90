//! The variables behind definitions: found once for each, however many refer to it.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::eval::Evaluator;
use crate::model::Module;
use crate::model::overrides::Placed;
use crate::source::Location;
use crate::syntax::tree::Attribute;

/// More names are not kept: each of thousands of definitions would have a list of its own.
const MOST_NAMES: usize = 64;

/// The variables behind a definition; `None` if they are too many.
pub(super) type Behind = Option<Rc<BTreeSet<String>>>;

/// A definition whose references are being followed.
struct Open<'a> {
    place: Location,
    /// The references that are still to be followed.
    ahead: Vec<Placed<'a, Attribute>>,
    found: Option<BTreeSet<String>>,
    /// When it was entered, and the first entered of those that lead back to one another with it.
    entered: usize,
    first: usize,
}

impl Open<'_> {
    fn add(&mut self, names: Option<&BTreeSet<String>>) {
        self.found = self.found.take().zip(names).map(|(mut found, names)| {
            found.extend(names.iter().cloned());
            found
        });
        self.found.take_if(|found| found.len() > MOST_NAMES);
    }
}

impl Evaluator<'_, '_> {
    /// The variables behind a definition of a module, through all that it refers to.
    pub(super) fn behind<'a>(&self, module: &Module<'a>, start: Placed<'a, Attribute>) -> Behind {
        let mut known = self.behind.borrow_mut();
        let known = known.entry(module.id.clone()).or_default();
        if let Some(names) = known.get(&place(start)) {
            return names.clone();
        }
        let mut entered: HashMap<Location, usize> = HashMap::from([(place(start), 0)]);
        // Those that may yet turn out to lead back to an earlier one; what is behind one of a circle is behind each.
        let mut unsettled = vec![place(start)];
        let mut open = vec![self.open(module, start, 0)];
        while let Some(last) = open.last_mut() {
            if let Some(next) = last.ahead.pop() {
                let number = entered.len();
                match (known.get(&place(next)), entered.get(&place(next))) {
                    (Some(names), _) => last.add(names.as_deref()),
                    (None, Some(earlier)) => last.first = last.first.min(*earlier),
                    (None, None) => {
                        entered.insert(place(next), number);
                        unsettled.push(place(next));
                        open.push(self.open(module, next, number));
                    }
                }
                continue;
            }
            let Some(Open { place, found, entered, first, .. }) = open.pop() else { break };
            if first == entered {
                let names = found.clone().map(Rc::new);
                while let Some(settled) = unsettled.pop() {
                    known.insert(settled, names.clone());
                    if settled == place {
                        break;
                    }
                }
            }
            if let Some(around) = open.last_mut() {
                around.first = around.first.min(first);
                around.add(found.as_ref());
            }
        }
        known.get(&place(start)).cloned().flatten()
    }

    fn open<'a>(&self, module: &Module<'a>, definition: Placed<'a, Attribute>, entered: usize) -> Open<'a> {
        let references = self.referred(definition);
        let ahead = self.definitions(module, &references);
        let mut open = Open { place: place(definition), ahead, found: Some(BTreeSet::new()), entered, first: entered };
        open.add(Some(&references.variables));
        open
    }
}

fn place(definition: Placed<'_, Attribute>) -> Location {
    Location { file: definition.file, span: definition.node.span }
}
