//! The uses of literals: everything that would change with them.

mod module;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use camino::Utf8PathBuf;

use crate::model::Module;
use crate::model::overrides::Placed;
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Block, Item};
use crate::value::{Evaluator, Followed, Frame, Scope, Traced, Values, alternatives, root_of_values};

/// The uses of some literals.
#[derive(Debug, Default)]
pub(super) struct Effects {
    /// The first place besides the control's attribute of notebooks, named as in `aws_x.y.attribute`. Where no other literals
    /// are followed, nothing else is looked for behind it.
    pub(super) used_by: Option<String>,
    /// The notebooks, by their blocks, that depend on the literals and may not comply.
    pub(super) leaves_root: BTreeMap<Location, String>,
    /// The variables, each with its module's folder, whose validations depend on the literals.
    pub(super) validating: BTreeSet<(Utf8PathBuf, String)>,
    /// Whether it decides what there is: instances, or what Terragrunt runs.
    pub(super) shapes: bool,
    /// Whether what it does where others are changed too is not what it does alone.
    pub(super) is_unclear: bool,
}

/// The uses of the literals that an evaluator follows, all together. Whether notebooks comply is looked at only where these
/// are `changed`.
pub(super) fn effects(evaluator: &Evaluator<'_, '_>, changed: bool) -> Effects {
    effects_of_each(evaluator, changed, 1).pop().unwrap_or_default()
}

/// The uses of each of so many literals that an evaluator follows and tells apart.
pub(super) fn effects_of_each(evaluator: &Evaluator<'_, '_>, changed: bool, number: u32) -> Vec<Effects> {
    let search = Search {
        evaluator,
        changed,
        number,
        searched: RefCell::default(),
        around: RefCell::default(),
        found: RefCell::new((0..number).map(|_| Effects::default()).collect()),
    };
    // What ends it is found.
    let _ = search.uses();
    search.found.into_inner()
}

/// A module, and what its variables are bound to.
type Instantiation = (Utf8PathBuf, BTreeMap<String, Values>);

struct Search<'e, 'w, 'a> {
    evaluator: &'e Evaluator<'w, 'a>,
    changed: bool,
    /// How many literals are told apart.
    number: u32,
    /// The instantiations in which no use was found: a module called on many ways is searched once for each binding.
    searched: RefCell<BTreeSet<Instantiation>>,
    /// The files of stacks in which no use was found, each with an instantiation: deployments share them.
    around: RefCell<BTreeSet<(FileId, Instantiation)>>,
    found: RefCell<Vec<Effects>>,
}

/// Gives an instantiation in which some variables are bound.
type Bind<'b, 'w, 'a> = &'b dyn Fn(&BTreeSet<String>) -> Frame<'w, 'a>;

impl<'w, 'a> Search<'_, 'w, 'a> {
    /// Adds to what is known of some of the literals.
    fn note(&self, by: &Followed, add: impl Fn(&mut Effects)) {
        let mut found = self.found.borrow_mut();
        by.numbers(self.number).for_each(|number| add(&mut found[number as usize]));
    }

    /// Notes literals that together decide a value: once all of them are changed, that shows of none what it does by itself.
    fn note_if_unclear(&self, by: &Followed) {
        if self.changed && self.number > 1 && matches!(by, Followed::Several(_) | Followed::Anything) {
            self.note(by, |effects| effects.is_unclear = true);
        }
    }

    /// Notes a use of some of the literals; breaks off where that is all there is to say.
    fn used(&self, by: &Followed, place: impl Fn() -> String) -> ControlFlow<()> {
        self.note_if_unclear(by);
        self.note(by, |effects| _ = effects.used_by.get_or_insert_with(&place));
        if self.number == 1 && by.is_any() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn uses(&self) -> ControlFlow<()> {
        let workspace = self.evaluator.workspace();
        let files: BTreeSet<FileId> = self.evaluator.followed.iter().map(|literal| literal.file).collect();
        let mut folders: Vec<Utf8PathBuf> = Vec::new();
        let mut seen = BTreeSet::new();
        for file in files {
            let path = workspace.view().source(file).path();
            let (is_values, is_terragrunt) = (self.is_values(file), path.extension() == Some("hcl"));
            if is_values || is_terragrunt {
                self.use_in_units(file)?;
            }
            if is_terragrunt {
                continue;
            }
            let holding = workspace.folders_holding(file).into_iter();
            let new = holding.filter(|folder| seen.insert((is_values, folder.clone()))).collect::<Vec<_>>();
            let roots = new
                .into_iter()
                .filter_map(|folder| if is_values { root_of_values(self.evaluator, &folder) } else { Some(folder) });
            folders.extend(roots);
        }
        folders.sort();
        folders.dedup();
        // What a file of values assigns, whichever root it belongs to.
        let assigned: BTreeSet<&str> = self.evaluator.followed.iter().filter_map(|at| self.assigned_at(*at)).collect();
        folders.into_iter().try_for_each(|folder| {
            let module = workspace.module(&folder);
            self.use_in_module(module, &assigned, &|needed| self.anywhere(module, needed), 0)
        })
    }

    fn is_values(&self, file: FileId) -> bool {
        self.evaluator.workspace().view().source(file).path().as_str().contains(".tfvars")
    }

    /// The variable to which a file of values assigns what stands at a place.
    fn assigned_at(&self, place: Location) -> Option<&'a str> {
        let body = &self.evaluator.workspace().view().syntax(place.file).body;
        let attribute = || body.around(place.span).find_map(Item::as_attribute);
        self.is_values(place.file).then(attribute).flatten().map(|attribute| attribute.key.text.as_str())
    }

    /// An instantiation of which only the values in its own files are known, and that they may be others as well.
    fn anywhere(&self, module: &'w Module<'a>, needed: &BTreeSet<String>) -> Frame<'w, 'a> {
        let evaluator = self.evaluator;
        let empty = Frame::anywhere(module);
        let assigned = evaluator.workspace().assigned(module);
        let bindings = needed.iter().map(|name| {
            let mut values: Values = evaluator.default(module, name).unwrap_or_default();
            let files = [&assigned.automatic, &assigned.given].into_iter().chain(&assigned.alternatives);
            for Placed { file, node } in files.filter_map(|given| given.values.get(name.as_str())) {
                let given = evaluator.eval(&node.value, *file, &Scope::new(&empty));
                values.extend(evaluator.assigned(module, name, given));
            }
            let other = Traced::outside(format!("`var.{name}`"), module.place_of(name));
            values.extend(evaluator.assigned(module, name, vec![other]));
            (name.clone(), alternatives(values))
        });
        Frame::bound(module, bindings.collect())
    }

    /// Looks for places in the Terragrunt units that read a file, and in the modules they run, that depend on what is
    /// followed.
    fn use_in_units(&self, file: FileId) -> ControlFlow<()> {
        let evaluator = self.evaluator;
        let units = evaluator.units();
        // Which module it runs is not known, so neither is what it does with the value.
        if let Some(unit) = units.unfollowed.iter().find(|unit| unit.files.contains(&file)) {
            self.used(&Followed::Anything, || unit.what.clone())?;
        }
        if let Some((_, what)) = units.elsewhere.iter().find(|(read, _)| *read == file) {
            self.used(&Followed::Anything, || what.clone())?;
        }
        for unit in units.reading(file, |unit| evaluator.files_of(unit)) {
            let around = evaluator.around(unit);
            let is_new = |(frame, file): &&(Frame<'w, 'a>, FileId)| {
                let own = || (*file, (frame.module.id.clone(), frame.bindings.clone()));
                frame.config.is_some() || self.around.borrow_mut().insert(own())
            };
            for (frame, file) in around.iter().filter(is_new) {
                self.use_around(*file, &Scope::new(frame))?;
            }
            let module = evaluator.workspace().module(&unit.folder);
            let all: BTreeSet<String> = module.variables().keys().map(|name| (*name).to_owned()).collect();
            let mut given: BTreeMap<String, Values> = BTreeMap::new();
            for (name, values) in evaluator.run_by(module, unit, &all).into_iter().flat_map(|run| run.bindings) {
                given.entry(name).or_default().extend(values);
            }
            let bind = |needed: &BTreeSet<String>| {
                let mut frame = self.anywhere(module, needed);
                for (name, known) in &mut frame.bindings {
                    let given = given.get(name).into_iter().flatten().cloned();
                    *known = alternatives(given.chain(std::mem::take(known)));
                }
                frame
            };
            let followed = given.iter().filter(|(_, values)| values.iter().any(Traced::is_followed));
            self.use_in_module(module, &followed.map(|(name, _)| name.as_str()).collect(), &bind, 0)?;
        }
        ControlFlow::Continue(())
    }

    /// Looks for places in a configuration that depend on what is followed, but for what it hands over.
    fn use_around(&self, file: FileId, scope: &Scope<'_, 'w, 'a>) -> ControlFlow<()> {
        /// Attributes whose values are handed over: they are used where they arrive.
        const HANDED_OVER: [&str; 2] = ["inputs", "values"];
        let body = &self.evaluator.workspace().view().syntax(file).body;
        let used = |by: &Followed, place: &dyn Fn() -> String| {
            self.note(by, |effects| effects.shapes = true);
            self.used(by, place)
        };
        for attribute in body.attributes().filter(|attribute| !HANDED_OVER.contains(&attribute.key.text.as_str())) {
            used(&self.followed_by(&attribute.value, file, scope), &|| attribute.key.text.clone())?;
        }
        for block in body.blocks() {
            let looked_at: &[&str] = match block.kind.text.as_str() {
                "locals" => continue,
                "component" | "deployment" | "stack" | "unit" => &HANDED_OVER,
                _ => &[],
            };
            let used = |key: &str, by: &Followed| used(by, &|| format!("{}.{key}", address(block)));
            self.use_in_body(&block.body, file, scope, looked_at, &used)?;
        }
        ControlFlow::Continue(())
    }
}

/// How a block is referred to.
fn address(block: &Block) -> String {
    let labels = block.labels.iter().map(|label| label.text.as_str());
    match block.kind.text.as_str() {
        "resource" => labels.collect::<Vec<_>>().join("."),
        kind => std::iter::once(kind).chain(labels).collect::<Vec<_>>().join("."),
    }
}

/// Whether a place lies in another.
#[must_use]
pub(super) fn lies_in(inner: Location, file: FileId, span: Span) -> bool {
    inner.file == file && span.contains(inner.span)
}
