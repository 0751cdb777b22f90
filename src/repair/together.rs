//! Literals that are tried together.
//!
//! Some thousand notebooks may each take their value from an element of one collection. To evaluate all of them again for
//! each element would take forever: so all elements are followed at once, told apart, and changed at once. What depends on
//! one of them alone is as it would be were no other one changed.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::changes::{ChangeKind, Changes};
use super::uses::{Effects, effects_of_each};
use super::{MANY, Patient, complies};
use crate::source::{FileId, Location};
use crate::syntax::tree::{Attribute, Expr, ExprKind, Item};
use crate::value::{Arrival, Data, Evaluator, Followed};

/// The literals of one collection that hold the same text, and what becomes of each.
pub(super) struct Together<'w, 'a> {
    numbers: BTreeMap<Location, u32>,
    /// The code as it stands, and with all of them changed, but for those that decide what there is.
    worlds: [Evaluator<'w, 'a>; 2],
    effects: [Vec<Rc<Effects>>; 2],
}

/// What is known of a collection.
pub(super) enum Asked<'w, 'a> {
    /// One notebook has asked, which alone is no reason to look at all elements.
    By(Location),
    /// What came of looking, if anything.
    Answered(Option<Rc<Together<'w, 'a>>>),
}

/// Stands for the code as it is.
const BEFORE: usize = 0;

impl<'w, 'a> Patient<'_, 'w, 'a> {
    /// As [`Patient::bad`] says, where it is known from changing others as well.
    pub(super) fn bad_together(&self, changes: &Changes) -> Option<Vec<Arrival>> {
        let (together, number) = self.together(*single(changes)?)?;
        if together.effects[BEFORE][number as usize].shapes {
            return None;
        }
        let [before, after] = &together.worlds;
        let is_own = |arrival: &Arrival| {
            arrival.known().is_some() && arrival.value.followed.is_within(number)
                || !arrival.value.is_followed() && matches!(arrival.value.data, Data::Unknown(_))
        };
        let arrivals = |world: &Evaluator<'w, 'a>| {
            let arrivals = world.arrivals(self.module, self.resource, self.attribute);
            arrivals.iter().all(is_own).then_some(arrivals)
        };
        arrivals(before)?;
        let mut bad = arrivals(after)?;
        bad.retain(|arrival| !complies(arrival));
        // As if no other were followed.
        for arrival in bad.iter_mut().filter(|arrival| arrival.value.is_followed()) {
            arrival.value.followed = Followed::One(0);
        }
        Some(bad)
    }

    /// The uses of a single literal, once it is changed or as it is, where they are known from following others as well.
    pub(super) fn effects_together(&self, changes: &Changes, literals: &BTreeSet<Location>) -> Option<Rc<Effects>> {
        let literal = literals.first().filter(|_| literals.len() == 1)?;
        let is_changed = *changes != Changes::default();
        if is_changed && single(changes)? != literal {
            return None;
        }
        let (together, number) = self.together(*literal)?;
        let [before, after] = together.effects.each_ref().map(|effects| &effects[number as usize]);
        if !is_changed {
            return Some(Rc::clone(before));
        }
        let is_known = before.used_by.is_none() && after.used_by.is_none() && !after.is_unclear;
        (is_known && after.leaves_root.is_empty()).then(|| Rc::clone(after))
    }

    /// The collection that a literal is an element of, if several notebooks have asked, and the literal's number.
    fn together(&self, literal: Location) -> Option<(Rc<Together<'w, 'a>>, u32)> {
        let base = self.resource.base;
        let own = Location { file: base.file, span: base.node.span };
        let attribute = self.assigning(literal)?;
        let place = Location { file: literal.file, span: attribute.value.span };
        let mut known = self.memory.together.borrow_mut();
        let asked = known.entry(place).or_insert(Asked::By(own));
        if matches!(asked, Asked::By(first) if *first != own) {
            *asked = Asked::Answered(self.tried_together(literal, attribute));
        }
        let Asked::Answered(Some(together)) = asked else { return None };
        Some((Rc::clone(together), *together.numbers.get(&literal)?))
    }

    /// The outermost attribute around a literal, if it assigns to what others read by name.
    fn assigning(&self, literal: Location) -> Option<&'a Attribute> {
        let body = &self.workspace.view().syntax(literal.file).body;
        body.around(literal.span).find_map(|item| match item {
            Item::Attribute(attribute) => Some(attribute),
            Item::Block(block) if matches!(block.kind.text.as_str(), "locals" | "variable" | "module") => {
                block.body.around(literal.span).find_map(Item::as_attribute)
            }
            Item::Block(_) => None,
        })
    }

    fn tried_together(&self, literal: Location, attribute: &Attribute) -> Option<Rc<Together<'w, 'a>>> {
        let mut literals = BTreeSet::new();
        strings(&attribute.value, literal.file, &mut literals);
        let text = |place: &Location| self.literal_text(*place);
        literals.retain(|place| text(place) == text(&literal));
        if literals.len() < MANY {
            return None;
        }
        let numbers: BTreeMap<Location, u32> = literals.iter().copied().zip(0..).collect();
        let number = u32::try_from(numbers.len()).ok()?;
        let world = |changes: &Changes| {
            let mut world = self.supposing(changes);
            world.followed.clone_from(&literals);
            world.numbers = numbers.iter().map(|(place, number)| (*place, *number)).collect();
            world
        };
        let before = world(&Changes::default());
        let effects_before = effects_of_each(&before, false, number);
        let mut changes = Changes::default();
        let changing = numbers.iter().filter(|(_, number)| !effects_before[**number as usize].shapes);
        changes.literals.extend(changing.map(|(place, _)| (*place, ChangeKind::Literal)));
        let after = world(&changes);
        let effects = [effects_before, effects_of_each(&after, true, number)];
        let effects = effects.map(|effects| effects.into_iter().map(Rc::new).collect());
        Some(Rc::new(Together { numbers, worlds: [before, after], effects }))
    }
}

/// The literal, if it is all that changes.
fn single(changes: &Changes) -> Option<&Location> {
    let mut literals = changes.literals.iter();
    let first = literals.next().filter(|(_, kind)| **kind == ChangeKind::Literal).map(|(place, _)| place);
    first.filter(|_| literals.next().is_none() && changes.arguments.is_empty())
}

/// Adds the places of the texts in an expression.
fn strings(expr: &Expr, file: FileId, found: &mut BTreeSet<Location>) {
    if matches!(expr.kind, ExprKind::String(_)) {
        found.insert(Location { file, span: expr.span });
    }
    expr.children().into_iter().for_each(|child| strings(child, file, found));
}
