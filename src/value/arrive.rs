//! The values that arrive at an attribute of a resource, over every instantiation of its module.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::data::{Data, Traced, computed};
use super::eval::Evaluator;
use super::frame::Frame;
use super::gathered::{Arrival, Arrived, Gathered};
use super::repetitions::Iteration;
use super::types::Type;
use super::ways::{Way, Ways};
use crate::finding::Exception;
use crate::model::Module;
use crate::model::overrides::{Layered, Placed};
use crate::source::Location;
use crate::syntax::tree::Attribute;

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
        self.gathered(module, resource, Some(attribute), None).arrivals
    }

    /// What arrives at an attribute, with the instances that it arrives in. Where there is no attribute, the one value of
    /// each instance is at place 0.
    pub fn arrived(
        &self,
        module: &'w Module<'a>,
        resource: &Layered<'a>,
        attribute: Option<Placed<'a, Attribute>>,
    ) -> Arrived {
        let labels: Vec<&str> = resource.base.node.labels.iter().map(|label| label.text.as_str()).collect();
        self.gathered(module, resource, attribute, Some(labels.join(".")))
    }

    /// Arrivals, and instances if their address in the module is given.
    fn gathered(
        &self,
        module: &'w Module<'a>,
        resource: &Layered<'a>,
        attribute: Option<Placed<'a, Attribute>>,
        address: Option<String>,
    ) -> Arrived {
        let repeats = ["for_each", "count"].into_iter().filter_map(|name| resource.attribute(name));
        let mut expressions: Vec<_> = repeats.map(|repeat| &repeat.node.value).collect();
        expressions.extend(attribute.map(|attribute| &attribute.node.value));
        let needed = self.needs(module, &expressions);
        // What no variable decides is the same in every instantiation, and looking for those means to walk the tree.
        let wanted = address.is_some() || self.has_exceptions();
        let frames = match needed.is_empty() {
            false => self.frames(module, &needed),
            true if wanted => {
                let kept = self.anywhere(module).first().map(|frame| frame.kept.shared()).unwrap_or_default();
                Rc::new(vec![Frame { ways: self.ways(module), kept, ..Frame::anywhere(module) }])
            }
            true => self.anywhere(module),
        };
        let mut gathered = Gathered::new(address);
        let values = |iteration: &Iteration, frame: &Frame<'w, 'a>| match attribute {
            Some(attribute) => self.eval(&attribute.node.value, attribute.file, &iteration.scope(frame)),
            None => vec![computed(
                Data::Null(Type::Dynamic),
                Location { file: resource.base.file, span: resource.base.node.span },
            )],
        };
        for frame in frames.iter() {
            for iteration in &self.iterations(resource, frame) {
                let key = Self::instance_key(resource, iteration);
                for (exception, ways) in self.by_exception(resource, &frame.ways, &key) {
                    let places = gathered.arrive(values(iteration, frame), &frame.path, exception.as_ref());
                    gathered.create(&ways, &key, &places, !frame.idle);
                }
            }
        }
        if gathered.arrivals.is_empty() && gathered.listed.is_empty() {
            let nothing = Iteration::default();
            for frame in frames.iter() {
                let key = Self::instance_key(resource, &nothing);
                for (exception, ways) in self.by_exception(resource, &frame.ways, &key) {
                    let first = gathered.arrivals.len();
                    let arrivals = values(&nothing, frame).into_iter();
                    let arrival = |value| Arrival { value, path: frame.path.to_string(), exception: exception.clone() };
                    gathered.arrivals.extend(arrivals.map(arrival));
                    let places: Vec<usize> = (first..gathered.arrivals.len()).collect();
                    gathered.create(&ways, &key, &places, false);
                }
            }
        }
        let labels = resource.base.node.labels.last();
        if let (Some(attribute), Some(name)) = (attribute, labels) {
            let location = Location { file: attribute.file, span: attribute.node.span };
            let overrides = attribute.file != resource.base.file;
            let generated = if overrides { self.generated_instead(module, attribute.file) } else { Vec::new() };
            for value in self.overriding(module, &name.text, location).into_iter().chain(generated) {
                gathered.arrivals.push(Arrival { value, path: String::new(), exception: None });
                let place = gathered.arrivals.len() - 1;
                gathered.listed.iter_mut().for_each(|instance| instance.values.push(place));
            }
        }
        gathered.finish()
    }

    /// The ways to an instance, apart by what excepts it; all of them at once where nothing does.
    fn by_exception<'y>(
        &self,
        resource: &Layered<'a>,
        ways: &'y Ways,
        key: &str,
    ) -> Vec<(Option<Arc<Exception>>, Cow<'y, Ways>)> {
        let Some(exceptions) = self.workspace.exceptions().filter(|exceptions| exceptions.are_there()) else {
            return vec![(None, Cow::Borrowed(ways))];
        };
        let labels: Vec<&str> = resource.base.node.labels.iter().map(|label| label.text.as_str()).collect();
        let own = format!("{}{key}", labels.join("."));
        let mut parts: Vec<(Option<Arc<Exception>>, Ways)> = Vec::new();
        for way in &ways.listed {
            let Way { program, path, exception } = way;
            let address = if path.is_empty() { own.clone() } else { format!("{path}.{own}") };
            let by_address = || exceptions.on_instance(self.workspace.view(), resource.base.file, program, &address);
            let exception = exception.clone().or_else(by_address);
            match parts.iter_mut().find(|(known, _)| *known == exception) {
                Some((_, known)) => known.listed.push(way.clone()),
                None => parts.push((exception, Ways { listed: vec![way.clone()], more: 0 })),
            }
        }
        // What is not listed is excepted by nothing, and so is what leads nowhere that is known.
        if ways.more > 0 || parts.is_empty() {
            match parts.iter_mut().find(|(known, _)| known.is_none()) {
                Some((_, open)) => open.more = ways.more,
                None => parts.push((None, Ways { listed: Vec::new(), more: ways.more })),
            }
        }
        parts.into_iter().map(|(exception, ways)| (exception, Cow::Owned(ways))).collect()
    }

    /// Looks for what excepts instances of a module; whether there is anything.
    pub fn excepts(&self, module: &'w Module<'a>) -> bool {
        // To list the ways to a module takes more than to see that nothing in the whole tree excepts any.
        self.workspace.exceptions().is_some() && self.workspace.callers().may_except() && {
            self.ways(module);
            self.has_exceptions()
        }
    }

    /// The ways to a module that no variable tells apart.
    ///
    /// No verdict hangs on them: what stands in the way of finding them is no error, and what was found for a verdict is
    /// neither used nor replaced.
    fn ways(&self, module: &'w Module<'a>) -> Ways {
        self.frames.swap(&self.listing);
        let frames = self.workspace.quietly(|| self.frames(module, &BTreeSet::new()));
        self.frames.swap(&self.listing);
        let mut ways = Ways::default();
        frames.iter().for_each(|frame| ways.append(frame.ways.clone()));
        ways
    }
}

impl PartialEq for Arrival {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Arrival {}

impl PartialOrd for Arrival {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Arrival {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Arrival {
    fn key(&self) -> (&str, &Traced, &[Location], Option<Location>) {
        let exception = self.exception.as_ref().map(|exception| exception.by.location);
        (&self.path, &self.value, &self.value.chosen_by, exception)
    }

    /// Whether the value is a string, number, boolean or `null`, and which.
    #[must_use]
    #[expect(clippy::option_option, reason = "not known, null, and a text are told apart")]
    pub fn known(&self) -> Option<Option<String>> {
        match &self.value.data {
            Data::Null(_) => Some(None),
            _ => self.value.as_text().map(Some),
        }
    }
}
