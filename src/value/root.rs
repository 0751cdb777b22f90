//! Instantiations that nothing calls: as a root module with its files of values.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::data::{Data, Traced, Values, computed};
use super::eval::Evaluator;
use super::frame::Frame;
use super::needs::ROOT;
use super::scope::Scope;
use super::ways::Ways;
use crate::finding::{Program, ProgramKind};
use crate::model::overrides::Placed;
use crate::model::tfvars::{Assigned, Assignments};
use crate::model::{Gap, Module};

/// More ways to give files of values together are not tried.
const MOST_COMBINATIONS: usize = 512;

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The instantiations as a root module: with the automatic files of values, and once more with each alternative.
    pub(super) fn root(&self, module: &'w Module<'a>, needed: &BTreeSet<String>) -> Vec<Frame<'w, 'a>> {
        let Assigned { automatic, alternatives, given, is_completed } = self.workspace.assigned(module);
        let mut frames = Vec::new();
        if !is_completed {
            frames.push(self.root_with(module, needed, &[automatic]));
        }
        // A file without a value that others supply, such as the settings of a backend, is not used by itself.
        let is_missing = |name: &&String| module.requires(name) && !automatic.contains_key(name.as_str());
        let is_supplied = |name: &&String| alternatives.iter().any(|values| values.contains_key(name.as_str()));
        let required: Vec<&String> = needed.iter().filter(is_missing).filter(is_supplied).collect();
        let is_complete = |values: &&Assignments<'a>| required.iter().all(|name| values.contains_key(name.as_str()));
        let mut complete: Vec<_> = alternatives.iter().filter(is_complete).collect();
        if complete.is_empty() {
            complete.extend(alternatives);
        }
        let with = |values: &Assignments<'a>| {
            let mut frame = self.root_with(module, needed, &[values, automatic]);
            if !is_completed && values.is_of_no_concern(module) {
                frame.ways = Ways::default();
            }
            frame
        };
        frames.extend(complete.into_iter().map(with));
        frames.extend(self.together(module, needed, alternatives, automatic, &is_complete));
        let files = self.workspace.value_files(&module.folder);
        if !files.given.is_empty() {
            frames.push(self.root_with(module, needed, &[given, automatic]));
        }
        if files.has_more {
            let why = "files of values that commands name in more ways than are followed";
            frames.push(self.gap(module, needed, &Gap::unfollowed(why.to_owned(), None)));
        }
        let gaps = files.all().flat_map(|path| self.workspace.gaps_of_file(path)).collect::<Vec<_>>();
        let gaps = gaps
            .iter()
            .inspect(|gap| self.workspace.report(gap))
            .filter(|gap| needed.iter().any(|name| gap.may_name(name)));
        frames.extend(gaps.map(|gap| self.gap(module, needed, gap)));
        frames
    }

    /// The instantiations with several files of values at once, of which each supplies other variables.
    fn together(
        &self,
        module: &'w Module<'a>,
        needed: &BTreeSet<String>,
        alternatives: &[Assignments<'a>],
        automatic: &Assignments<'a>,
        is_complete: &dyn Fn(&&Assignments<'a>) -> bool,
    ) -> Vec<Frame<'w, 'a>> {
        let mut kinds: BTreeMap<Vec<&str>, Vec<&Assignments<'a>>> = BTreeMap::new();
        for values in alternatives {
            let supplied: Vec<&str> =
                needed.iter().map(String::as_str).filter(|name| values.contains_key(name)).collect();
            if !supplied.is_empty() {
                kinds.entry(supplied).or_default().push(values);
            }
        }
        if kinds.len() < 2 {
            return Vec::new();
        }
        let number = kinds.values().try_fold(1_usize, |all, files| all.checked_mul(files.len() + 1));
        if number.is_none_or(|number| number > MOST_COMBINATIONS) {
            let why = "files of values that can be given together in too many ways";
            return vec![self.gap(module, needed, &Gap::unfollowed(why.to_owned(), None))];
        }
        let mut combinations: Vec<Vec<&Assignments<'a>>> = vec![Vec::new()];
        for files in kinds.values() {
            let with = combinations.iter().flat_map(|chosen| {
                files.iter().map(move |file| chosen.iter().copied().chain([*file]).collect::<Vec<_>>())
            });
            let with: Vec<_> = with.collect();
            combinations.extend(with);
        }
        let several = combinations.into_iter().filter(|chosen| chosen.len() > 1);
        let merged = several.map(|chosen| {
            let mut merged = Assignments::default();
            for file in chosen {
                merged.files.extend_from_slice(&file.files);
                merged.values.extend(file.values.iter().map(|(name, value)| (*name, *value)));
            }
            merged
        });
        merged
            .filter(|values| is_complete(&values))
            .map(|values| self.root_with(module, needed, &[&values, automatic]))
            .collect()
    }

    /// The folder of a root module, as [`ROOT`] has it.
    pub(super) fn root_of(module: &Module<'a>) -> Values {
        vec![computed(Data::String(module.folder.as_str().to_owned()), module.place_of(ROOT))]
    }

    /// The instantiation as a root module with assignments, of which the first win.
    pub(super) fn root_with(
        &self,
        module: &'w Module<'a>,
        needed: &BTreeSet<String>,
        assignments: &[&Assignments<'a>],
    ) -> Frame<'w, 'a> {
        let empty = Frame::anywhere(module);
        let bindings = needed.iter().map(|name| {
            if name == ROOT {
                return (name.clone(), Self::root_of(module));
            }
            let values = match assignments.iter().find_map(|given| given.values.get(name.as_str())) {
                Some(&Placed { file, node }) => {
                    self.assigned(module, name, self.eval(&node.value, file, &Scope::new(&empty)))
                }
                None => self.default(module, name).unwrap_or_else(|| {
                    let location = module.place_of(name);
                    let why = format!("`var.{name}`, which has no default and which nothing sets");
                    self.assigned(module, name, vec![Traced::outside(why, location)])
                }),
            };
            (name.clone(), values)
        });
        let bindings = bindings.collect();
        let value_files = assignments.iter().rev().flat_map(|given| given.files.iter().cloned()).collect();
        let program = Program { folder: module.folder.clone(), kind: ProgramKind::Root, deployment: None, value_files };
        Frame { ways: Ways::of(program), ..Frame::bound(module, bindings) }
    }
}

/// The folder of the root module that the files of values in a folder belong to: the nearest one, from there upwards,
/// with Terraform code.
pub(crate) fn root_of_values(evaluator: &Evaluator<'_, '_>, folder: &Utf8Path) -> Option<Utf8PathBuf> {
    let view = evaluator.workspace.view();
    let canonical = view.store().canonical(folder);
    canonical.ancestors().take(6).find(|folder| view.store().has_code(folder)).map(Utf8Path::to_owned)
}
