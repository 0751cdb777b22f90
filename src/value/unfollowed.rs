//! Instantiations of a module by what the repository's commands set, and by what is not read or not followed.

use std::collections::BTreeSet;

use super::data::{Traced, Values};
use super::eval::Evaluator;
use super::frame::Frame;
use super::ways::Ways;
use crate::model::{Gap, Module};
use crate::source::FileId;

impl<'w, 'a> Evaluator<'w, 'a> {
    /// Instantiations by whatever sets variables besides files of values and inputs, where the module is run by itself. What
    /// sets a variable to the value that it has in all of them changes nothing.
    pub(super) fn set_by_commands(
        &self,
        module: &'w Module<'a>,
        needed: &BTreeSet<String>,
        frames: &[Frame<'w, 'a>],
    ) -> Vec<Frame<'w, 'a>> {
        if frames.is_empty() {
            return Vec::new();
        }
        let is =
            |values: &Values, text: &str| values.iter().all(|value| value.as_text().is_some_and(|own| own == text));
        let keeps = |name: &str, text: &str| {
            frames.iter().all(|frame| frame.bindings.get(name).is_some_and(|own| is(own, text)))
        };
        let mut found = self.set_one_by_one(module, needed, frames, &keeps);
        let mut gaps = self.workspace.gaps_of_values_from_outside(module, needed);
        let mut units = self.units().of(&module.id).peekable();
        if units.peek().is_some() {
            let path = |file: &FileId| self.workspace.view().source(*file).path();
            let known = units.flat_map(|unit| self.files_of(unit)).map(path).collect();
            gaps.extend(self.workspace.gaps_of_named_values(needed, &known, &keeps));
        }
        found.extend(self.gaps(module, needed, &gaps));
        found
    }

    /// Instantiations by what sets single variables: any may be set with any other, and the rest is what it is in each of the
    /// `frames`.
    fn set_one_by_one(
        &self,
        module: &'w Module<'a>,
        needed: &BTreeSet<String>,
        frames: &[Frame<'w, 'a>],
        keeps: &dyn Fn(&str, &str) -> bool,
    ) -> Vec<Frame<'w, 'a>> {
        /// More are not told apart.
        const MOST: usize = 16;
        let set = self.workspace.gaps_of_settings(module, needed, keeps);
        if self.sums_up_gaps || frames.len() > MOST {
            let gaps: Vec<Gap> = set.into_iter().map(|(_, gap)| gap).collect();
            return self.gaps(module, needed, &gaps);
        }
        let mut found = Vec::new();
        for (name, gap) in &set {
            let by_gap = self.gap(module, needed, gap);
            for (at, frame) in frames.iter().enumerate() {
                let mut bindings = frame.bindings.clone();
                for other in needed {
                    let first = set.iter().find(|(set, _)| set == other).map(|(_, gap)| gap);
                    let gap = if other == name { Some(gap) } else { first };
                    if let Some(gap) = gap {
                        bindings.insert(other.clone(), self.unknown(module, other, gap));
                    } else if !bindings.contains_key(other) {
                        bindings
                            .extend(by_gap.bindings.get_key_value(other).map(|(key, own)| (key.clone(), own.clone())));
                    }
                }
                // It is one more instance, whichever of the others it is like.
                let ways = if at == 0 { by_gap.ways.clone() } else { Ways::default() };
                found.push(Frame { ways, ..Frame::bound(module, bindings) });
            }
        }
        found
    }

    /// An instantiation by each of what is not read or not followed, or one by all of it.
    pub(super) fn gaps(&self, module: &'w Module<'a>, needed: &BTreeSet<String>, gaps: &[Gap]) -> Vec<Frame<'w, 'a>> {
        if self.sums_up_gaps && !gaps.is_empty() {
            return vec![self.gap(module, needed, &Gap::unfollowed("what is not followed".to_owned(), None))];
        }
        gaps.iter().map(|gap| self.gap(module, needed, gap)).collect()
    }

    /// An instantiation by what is not read or not followed.
    pub(super) fn gap(&self, module: &'w Module<'a>, needed: &BTreeSet<String>, gap: &Gap) -> Frame<'w, 'a> {
        self.workspace.report(gap);
        let bindings = needed.iter().map(|name| (name.clone(), self.unknown(module, name, gap))).collect();
        Frame { ways: Self::way_of_gap(module, gap), ..Frame::bound(module, bindings) }
    }

    /// What a variable is by what is not read or not followed.
    fn unknown(&self, module: &'w Module<'a>, name: &str, gap: &Gap) -> Values {
        self.assigned(module, name, vec![Traced::unknown(gap.why.clone(), module.place_of(name))])
    }

    /// All instantiations that are not told apart any more.
    pub(super) fn too_many_ways(&self, module: &'w Module<'a>, needed: &BTreeSet<String>) -> Frame<'w, 'a> {
        let followed = self.anything();
        let unknown = |name: &String| {
            let value = Traced::unknown("more module calls than are followed", module.place_of(name));
            (name.clone(), vec![Traced { followed: followed.clone(), ..value }])
        };
        let bindings = needed.iter().map(unknown).collect();
        let gap = Gap::unfollowed(String::new(), None);
        Frame { ways: Self::way_of_gap(module, &gap), ..Frame::bound(module, bindings) }
    }
}
