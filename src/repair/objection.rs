//! What stands in the way of changes that would do.

use std::collections::BTreeSet;
use std::rc::Rc;

use camino::Utf8PathBuf;

use super::Patient;
use super::changes::{Candidate, Changes};
use super::uses::{Effects, effects};
use crate::model::Module;
use crate::model::overrides::Placed;
use crate::source::{FileId, Location};
use crate::syntax::tree::Expr;
use crate::value::{Arrival, Scope, Traced};

impl Patient<'_, '_, '_> {
    /// Why changes that would do for some arrivals are not made all the same; `tried` holds them and earlier ones.
    pub(super) fn objection(
        &self,
        candidates: &[&Candidate],
        tried: &Changes,
        arrivals: &[&Arrival],
    ) -> Option<String> {
        let literals = candidates.iter().filter_map(|candidate| match candidate {
            Candidate::Change(location, _) => Some(*location),
            Candidate::Argument(..) => None,
        });
        let literals: BTreeSet<Location> = literals.collect();
        let foreign: BTreeSet<Location> = literals.iter().copied().filter(|literal| !self.is_own(*literal)).collect();
        let feeds = |other: &str| format!("what it comes from also feeds {other}");
        if let Some(other) = &self.effects(&Changes::default(), &foreign).used_by {
            return Some(feeds(other));
        }
        let effects = self.effects(tried, &literals);
        let Placed { file, node } = self.resource.base;
        let own = Location { file, span: node.span };
        let left = || effects.leaves_root.iter().find(|(block, _)| **block != own).map(|(_, name)| name);
        if let Some(other) = effects.used_by.as_ref().or_else(left) {
            return Some(feeds(other));
        }
        let mut variables = effects.validating.clone();
        variables.extend(self.validated_on_the_way(arrivals));
        self.refused_by_validation(tried, &variables)
    }

    /// The uses of literals, once changes are made.
    fn effects(&self, changes: &Changes, literals: &BTreeSet<Location>) -> Rc<Effects> {
        let is_changed = *changes != Changes::default();
        if literals.is_empty() {
            return Rc::default();
        }
        let key = (changes.clone(), literals.clone());
        if let Some(known) = self.memory.effects.borrow().get(&key) {
            return Rc::clone(known);
        }
        if let Some(known) = self.effects_together(changes, literals) {
            return known;
        }
        let mut evaluator = self.supposing(changes);
        if !is_changed {
            evaluator.followed.clone_from(literals);
        }
        let found = Rc::new(effects(&evaluator, is_changed));
        self.memory.effects.borrow_mut().insert(key, Rc::clone(&found));
        found
    }

    /// The variable whose `validation` does not accept the changed values; each is given with its module's folder.
    fn refused_by_validation(&self, tried: &Changes, variables: &BTreeSet<(Utf8PathBuf, String)>) -> Option<String> {
        let evaluator = self.supposing(tried);
        for (folder, name) in variables {
            let module = self.workspace.module(folder);
            let conditions = conditions(module, name);
            if conditions.is_empty() {
                continue;
            }
            let expressions: Vec<&Expr> = conditions.iter().map(|(_, condition)| *condition).collect();
            for frame in evaluator.frames(module, &evaluator.needs(module, &expressions)).iter() {
                for (file, condition) in &conditions {
                    let results = evaluator.eval(condition, *file, &Scope::new(frame));
                    let refuses = |result: &Traced| match result.as_bool() {
                        Some(accepted) => !accepted,
                        None => result.is_followed(),
                    };
                    if results.iter().any(refuses) {
                        return Some(format!("the validation of var.{name} may not accept it"));
                    }
                }
            }
        }
        None
    }

    /// Whether a validation of a variable, given with its module's folder, reads another one.
    pub(super) fn compares_variables(&self, (folder, name): &(Utf8PathBuf, String)) -> bool {
        let module = self.workspace.module(folder);
        let conditions = conditions(module, name);
        let expressions: Vec<&Expr> = conditions.iter().map(|(_, condition)| *condition).collect();
        super::evaluator(self.workspace).needs(module, &expressions).iter().any(|needed| needed != name)
    }

    /// The variables that values come through, each with the folder of its module.
    pub(super) fn validated_on_the_way(&self, arrivals: &[&Arrival]) -> BTreeSet<(Utf8PathBuf, String)> {
        let hops = arrivals.iter().flat_map(|arrival| arrival.value.hops.iter());
        let named: BTreeSet<(FileId, &str)> =
            hops.filter_map(|hop| Some((hop.location.file, hop.text.strip_prefix("var.")?))).collect();
        let folders = |(file, name): (FileId, &str)| {
            let folders = self.workspace.folders_holding(file).into_iter();
            folders.map(|folder| (folder, name.to_owned())).collect::<Vec<_>>()
        };
        named.into_iter().flat_map(folders).collect()
    }
}

/// The conditions on a module's variable.
fn conditions<'a>(module: &Module<'a>, variable: &str) -> Vec<(FileId, &'a Expr)> {
    let blocks = module.variables().get(variable).into_iter().flat_map(|variable| variable.blocks("validation"));
    blocks.filter_map(|block| Some((block.file, &block.node.body.attribute("condition")?.value))).collect()
}
