//! The values that arrive at an attribute of a resource, over every instantiation of its module.

use std::rc::Rc;

use super::data::{Data, Traced};
use super::eval::{Evaluator, Scope};
use super::frame::{Frame, Iteration};
use super::needs::needs;
use crate::model::Module;
use crate::model::overrides::{Layered, Placed};
use crate::source::Location;
use crate::syntax::tree::Attribute;

/// A value, and the instantiation it arrives in.
///
/// Two of them are the same if value, origin and path are, and the booleans that select the value.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The value.
    pub value: Traced,
    /// The module path, such as `module.a.module.b`; empty for a root module.
    pub path: String,
}

impl<'w, 'a> Evaluator<'w, 'a> {
    /// Everything an attribute of a resource can be, each value with its origin and with the booleans that select it
    /// once, sorted by path and origin.
    ///
    /// A resource that nothing instantiates, because its `count` is 0 or its `for_each` empty, is judged as if it were
    /// there: a change of that number must not bring root back.
    pub fn arrivals(
        &self,
        module: &'w Module<'a>,
        resource: &Layered<'a>,
        attribute: Placed<'a, Attribute>,
    ) -> Vec<Arrival> {
        let repeats = ["for_each", "count"].into_iter().filter_map(|name| resource.attribute(name));
        let mut expressions: Vec<_> = repeats.map(|repeat| &repeat.node.value).collect();
        expressions.push(&attribute.node.value);
        let needed = needs(module, &expressions);
        // What no variable decides is the same in every instantiation, and looking for those means to walk the tree.
        let frames =
            if needed.is_empty() { Rc::new(vec![Frame::anywhere(module)]) } else { self.frames(module, &needed) };
        let mut arrivals: Vec<Arrival> = Vec::new();
        let mut add = |scope: &Scope<'_, 'w, 'a>| {
            for value in self.eval(&attribute.node.value, attribute.file, scope) {
                match arrivals.iter_mut().find(|known| known.value == value && known.value.chosen_by == value.chosen_by)
                {
                    Some(known) if value.uncertain.is_none() => known.value.uncertain = None,
                    Some(_) => {}
                    None => arrivals.push(Arrival { value, path: scope.frame.path.clone() }),
                }
            }
        };
        for frame in frames.iter() {
            self.iterations(resource, frame).iter().for_each(|iteration| add(&iteration.scope(frame)));
        }
        if arrivals.is_empty() {
            let mut add = |scope: &Scope<'_, 'w, 'a>| {
                let values = self.eval(&attribute.node.value, attribute.file, scope);
                let path = &scope.frame.path;
                arrivals.extend(values.into_iter().map(|value| Arrival { value, path: path.clone() }));
            };
            frames.iter().for_each(|frame| add(&Iteration::default().scope(frame)));
        }
        let labels = resource.base.node.labels.last();
        let location = Location { file: attribute.file, span: attribute.node.span };
        for value in labels.map(|name| self.overriding(module, &name.text, location)).into_iter().flatten() {
            arrivals.push(Arrival { value, path: String::new() });
        }
        arrivals.sort_by(|a, b| a.key().cmp(&b.key()));
        arrivals
    }
}

impl PartialEq for Arrival {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Arrival {}

impl Arrival {
    fn key(&self) -> (&str, &Traced, &[Location]) {
        (&self.path, &self.value, &self.value.chosen_by)
    }

    /// Whether the value is a string, number, boolean or `null`, and which.
    #[must_use]
    #[expect(clippy::option_option, reason = "not known, null, and a text are told apart")]
    pub fn known(&self) -> Option<Option<String>> {
        match &self.value.data {
            Data::Null => Some(None),
            _ => self.value.as_text().map(Some),
        }
    }
}
