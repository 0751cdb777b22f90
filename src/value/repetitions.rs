//! Repetitions of blocks by `count` and `for_each`.

use super::collections::elements;
use super::data::{Data, Traced, Values, computed};
use super::eval::Evaluator;
use super::frame::Frame;
use super::scope::Scope;
use crate::model::overrides::{Layered, Placed};
use crate::source::{FileId, Location};
use crate::syntax::tree::Attribute;

/// A higher `count` is taken for one that is not known.
const MOST_REPETITIONS: usize = 1000;

/// One repetition of a block: the values of `each.key`, `each.value` and `count.index`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Iteration {
    pub(crate) each: Option<(Values, Values)>,
    pub(crate) index: Option<Values>,
}

impl Iteration {
    pub(crate) fn scope<'s, 'w, 'a>(&'s self, frame: &'s Frame<'w, 'a>) -> Scope<'s, 'w, 'a> {
        let each = self.each.as_ref().map(|(key, value)| (key, value));
        Scope { each, index: self.index.as_ref(), ..Scope::new(frame) }
    }
}

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The repetitions of a block by `for_each` or `count`; one if it has neither, or if they are not known.
    pub(crate) fn iterations(&self, block: &Layered<'a>, frame: &Frame<'w, 'a>) -> Vec<Iteration> {
        self.repetitions(block.attribute("for_each"), block.attribute("count"), frame)
    }

    /// The repetitions by these arguments.
    pub(super) fn repetitions(
        &self,
        for_each: Option<Placed<'a, Attribute>>,
        count: Option<Placed<'a, Attribute>>,
        frame: &Frame<'w, 'a>,
    ) -> Vec<Iteration> {
        let scope = Scope::new(frame);
        if let Some(Placed { file, node }) = for_each {
            return self.eval(&node.value, file, &scope).iter().flat_map(|value| each(value, file, node)).collect();
        }
        let Some(Placed { file, node }) = count else { return vec![Iteration::default()] };
        let location = Location { file, span: node.value.span };
        let counts = self.eval(&node.value, file, &scope);
        let at = |data| Iteration { index: Some(vec![computed(data, location)]), ..Iteration::default() };
        let iterations =
            counts.iter().flat_map(|count| match count.as_text().and_then(|text| text.parse::<usize>().ok()) {
                Some(count) if count <= MOST_REPETITIONS => {
                    (0..count).map(|index| at(Data::Number(index.to_string()))).collect()
                }
                // Of an index that is not known every element is looked at.
                _ => vec![at(Data::Unknown("`count.index`".to_owned()))],
            });
        iterations.collect()
    }
}

/// The repetitions by one value of `for_each`.
fn each(value: &Traced, file: FileId, node: &Attribute) -> Vec<Iteration> {
    let Some(elements) = elements(value) else {
        let location = Location { file, span: node.value.span };
        let why = match &value.data {
            Data::Unknown(why) | Data::Error(why) => why.clone(),
            _ => "`for_each`, which is no collection".to_owned(),
        };
        let unknown = || {
            let unknown = Traced { hops: value.hops.clone(), ..Traced::unknown(why.clone(), location) };
            vec![Traced { followed: value.following(), ..unknown }]
        };
        return vec![Iteration { each: Some((unknown(), unknown())), index: None }];
    };
    // Terraform takes sets and maps only; what a list would give is as good as what its set does.
    let is_list = matches!(value.data, Data::List(..));
    let pairs = elements.into_iter().map(|(key, element)| Iteration {
        each: Some((if is_list { element.clone() } else { key }, element)),
        index: None,
    });
    pairs.collect()
}
