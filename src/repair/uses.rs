//! The uses of literals: everything that would change with them.

mod module;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use crate::model::Module;
use crate::model::overrides::Placed;
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Block, Expr, Item};
use crate::value::{Evaluator, Frame, Scope, Traced, Values, alternatives, root_of_values};

/// The uses of some literals.
#[derive(Debug, Default)]
pub(super) struct Effects {
    /// The first place besides the control's attribute of notebooks, named as in `aws_x.y.attribute`. Behind it nothing
    /// else is looked for.
    pub(super) used_by: Option<String>,
    /// The notebooks, by their blocks, that depend on the literals and may not comply.
    pub(super) leaves_root: BTreeMap<Location, String>,
    /// The variables, each with its module's folder, whose validations depend on the literals.
    pub(super) validating: BTreeSet<(Utf8PathBuf, String)>,
}

/// The uses of the literals that an evaluator follows. Whether notebooks comply is looked at only where these are
/// `changed`.
pub(super) fn effects(evaluator: &Evaluator<'_, '_>, changed: bool) -> Effects {
    let search = Search {
        evaluator,
        changed,
        searched: RefCell::default(),
        around: RefCell::default(),
        found: RefCell::default(),
    };
    let used_by = search.first_use();
    Effects { used_by, ..search.found.into_inner() }
}

/// A module, and what its variables are bound to.
type Instantiation = (Utf8PathBuf, BTreeMap<String, Values>);

struct Search<'e, 'w, 'a> {
    evaluator: &'e Evaluator<'w, 'a>,
    changed: bool,
    /// The instantiations in which no use was found: a module called on many ways is searched once for each binding.
    searched: RefCell<BTreeSet<Instantiation>>,
    /// The files of stacks in which no use was found, each with an instantiation: deployments share them.
    around: RefCell<BTreeSet<(FileId, Instantiation)>>,
    found: RefCell<Effects>,
}

/// Gives an instantiation in which some variables are bound.
type Bind<'b, 'w, 'a> = &'b dyn Fn(&BTreeSet<String>) -> Frame<'w, 'a>;

impl<'w, 'a> Search<'_, 'w, 'a> {
    fn first_use(&self) -> Option<String> {
        let workspace = self.evaluator.workspace();
        let files: BTreeSet<FileId> = self.evaluator.followed.iter().map(|literal| literal.file).collect();
        let mut folders: Vec<Utf8PathBuf> = Vec::new();
        let mut seen = BTreeSet::new();
        for file in files {
            let path = workspace.view().source(file).path();
            let (is_values, is_terragrunt) = (self.is_values(file), path.extension() == Some("hcl"));
            if (is_values || is_terragrunt)
                && let Some(found) = self.use_in_units(file)
            {
                return Some(found);
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
        folders.into_iter().find_map(|folder| {
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

    /// The first place in the Terragrunt units that read a file, or in the modules they run, that depends on what is
    /// followed.
    fn use_in_units(&self, file: FileId) -> Option<String> {
        let evaluator = self.evaluator;
        let units = evaluator.units();
        // Which module it runs is not known, so neither is what it does with the value.
        if let Some(unit) = units.unfollowed.iter().find(|unit| unit.files.contains(&file)) {
            return Some(unit.what.clone());
        }
        if let Some((_, what)) = units.elsewhere.iter().find(|(read, _)| *read == file) {
            return Some(what.clone());
        }
        units.reading(file, |unit| evaluator.files_of(unit)).find_map(|unit| {
            let around = evaluator.around(unit);
            let is_new = |(frame, file): &&(Frame<'w, 'a>, FileId)| {
                let own = || (*file, (frame.module.id.clone(), frame.bindings.clone()));
                frame.config.is_some() || self.around.borrow_mut().insert(own())
            };
            let mut around = around.iter().filter(is_new);
            if let Some(found) = around.find_map(|(frame, file)| self.use_around(*file, &Scope::new(frame))) {
                return Some(found);
            }
            let module = evaluator.workspace().module(&unit.folder);
            let all: BTreeSet<String> = module.variables.keys().map(|name| (*name).to_owned()).collect();
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
            self.use_in_module(module, &followed.map(|(name, _)| name.as_str()).collect(), &bind, 0)
        })
    }

    /// The first place in a configuration that depends on what is followed, but for what it hands over.
    fn use_around(&self, file: FileId, scope: &Scope<'_, 'w, 'a>) -> Option<String> {
        /// Attributes whose values are handed over: they are used where they arrive.
        const HANDED_OVER: [&str; 2] = ["inputs", "values"];
        let body = &self.evaluator.workspace().view().syntax(file).body;
        let is_followed = |expr: &Expr| self.evaluator.eval(expr, file, scope).iter().any(Traced::is_followed);
        let mut attributes = body.attributes().filter(|attribute| !HANDED_OVER.contains(&attribute.key.text.as_str()));
        let found = attributes.find(|attribute| is_followed(&attribute.value));
        found.map(|attribute| attribute.key.text.clone()).or_else(|| {
            body.blocks().find_map(|block| {
                let looked_at: &[&str] = match block.kind.text.as_str() {
                    "locals" => return None,
                    "component" | "deployment" | "stack" | "unit" => &HANDED_OVER,
                    _ => &[],
                };
                Some(format!("{}.{}", address(block), self.use_in_body(&block.body, file, scope, looked_at)?))
            })
        })
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
