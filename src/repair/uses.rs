//! The uses of literals: everything that would change with them.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use camino::Utf8PathBuf;

use crate::control;
use crate::model::Module;
use crate::model::overrides::{Layered, Placed};
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Block, Body, Expr, Item};
use crate::value::{Data, Evaluator, Frame, Scope, Traced, Values, alternatives, root_of_values};

/// Deeper calls are not looked into: what is handed that far counts as used.
const DEEPEST: usize = 16;

/// Arguments that repeat a resource or a module call: what is behind the keys of `for_each` is used where it is read.
const REPETITION: [&str; 2] = ["count", "for_each"];

/// Arguments of a module call that are not variables of the module.
const META: [&str; 7] = ["source", "version", "providers", "count", "for_each", "depends_on", "_"];

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
        units: OnceCell::new(),
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
    /// The units that read a file, by their place among those that are followed.
    units: OnceCell<HashMap<FileId, Vec<usize>>>,
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
        let reading = self.units.get_or_init(|| {
            let mut reading: HashMap<FileId, Vec<usize>> = HashMap::new();
            for (at, unit) in units.followed.iter().enumerate() {
                for file in evaluator.files_of(unit) {
                    reading.entry(file).or_default().push(at);
                }
            }
            reading
        });
        reading.get(&file).into_iter().flatten().map(|&at| &units.followed[at]).find_map(|unit| {
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

    /// The first place in a module, or in those it calls, that depends on what is followed, which some variables are
    /// `given`.
    fn use_in_module(
        &self,
        module: &'w Module<'a>,
        given: &BTreeSet<&str>,
        bind: Bind<'_, 'w, 'a>,
        depth: usize,
    ) -> Option<String> {
        let workspace = self.evaluator.workspace();
        let dependents = workspace.dependents(module, given.iter().copied(), &self.evaluator.followed);
        let resources = dependents.resources.iter().map(|&at| &module.resources.blocks[at]);
        let calls = dependents.calls.iter().map(|&at| &module.calls[at]);
        let validations = dependents.validations.iter().filter_map(|name| module.variables.get_key_value(name));
        let validations = validations
            .flat_map(|(name, variable)| variable.blocks("validation").into_iter().map(move |block| (*name, block)));
        let validations: Vec<(&str, Placed<'a, Block>)> = validations.collect();

        let mut expressions = Vec::new();
        let layers = resources.clone().chain(calls.clone()).flat_map(Layered::layers);
        let others = dependents.others.iter().copied().chain(validations.iter().map(|(_, block)| *block));
        others.chain(layers).for_each(|block| collect(&block.node.body, &mut expressions));
        let frame = bind(&self.evaluator.needs(module, &expressions));
        if !self.searched.borrow_mut().insert((module.id.clone(), frame.bindings.clone())) {
            return None;
        }
        let scope = Scope::new(&frame);
        for (name, block) in validations {
            if self.use_in_body(&block.node.body, block.file, &scope, &[]).is_some() {
                self.found.borrow_mut().validating.insert((module.folder.clone(), name.to_owned()));
            }
        }
        for Placed { file, node } in &dependents.others {
            if let Some(key) = self.use_in_body(&node.body, *file, &scope, &[]) {
                return Some(format!("{}.{key}", address(node)));
            }
        }
        let mut resources = resources;
        let mut calls = calls;
        resources
            .find_map(|resource| self.use_in_resource(resource, &frame))
            .or_else(|| calls.find_map(|call| self.use_in_call(call, &frame, depth)))
    }

    fn use_in_resource(&self, resource: &Layered<'a>, frame: &Frame<'w, 'a>) -> Option<String> {
        let is_notebook = control::is_notebook(resource.base.node.labels.first().map_or("", |label| &label.text));
        let looked_at: &[&str] =
            if is_notebook { &[REPETITION[0], REPETITION[1], control::ATTRIBUTE] } else { &REPETITION };
        let name = address(resource.base.node);
        if let Some(key) = self.use_as_repetition(resource, frame) {
            return Some(format!("{name}.{key}"));
        }
        for iteration in self.evaluator.iterations(resource, frame) {
            let scope = iteration.scope(frame);
            if self.changed && is_notebook && self.leaves_root(resource, &scope) {
                let Placed { file, node } = resource.base;
                let block = Location { file, span: node.span };
                let place = || format!("{name}.{}, which may not comply then", control::ATTRIBUTE);
                self.found.borrow_mut().leaves_root.entry(block).or_insert_with(place);
            }
            for Placed { file, node } in resource.layers() {
                if let Some(key) = self.use_in_body(&node.body, file, &scope, looked_at) {
                    return Some(format!("{name}.{key}"));
                }
            }
        }
        None
    }

    /// Whether a notebook may not comply because of the change.
    fn leaves_root(&self, resource: &Layered<'a>, scope: &Scope<'_, 'w, 'a>) -> bool {
        let Some(attribute) = resource.attribute(control::ATTRIBUTE) else { return false };
        let values = self.evaluator.eval(&attribute.node.value, attribute.file, scope);
        values
            .iter()
            .filter(|value| value.is_followed())
            .any(|value| value.as_text().is_none_or(|text| text != control::COMPLIANT))
    }

    /// `count`, and `for_each` as far as it names instances: what stands behind the keys of a map does not.
    fn use_as_repetition(&self, block: &Layered<'a>, frame: &Frame<'w, 'a>) -> Option<&'static str> {
        let scope = Scope::new(frame);
        let values = |key| block.attribute(key).map(|found| self.evaluator.eval(&found.node.value, found.file, &scope));
        if values("count").is_some_and(|values| values.iter().any(Traced::is_followed)) {
            return Some("count");
        }
        let names_instances = |value: &Traced| match value.data {
            Data::Object(..) => value.followed,
            _ => value.is_followed(),
        };
        values("for_each").is_some_and(|values| values.iter().any(names_instances)).then_some("for_each")
    }

    /// The first argument of a body, but for those that are `looked_at` elsewhere, that depends on what is followed.
    fn use_in_body(&self, body: &Body, file: FileId, scope: &Scope<'_, 'w, 'a>, looked_at: &[&str]) -> Option<String> {
        let is_followed = |expr: &Expr| self.evaluator.eval(expr, file, scope).iter().any(Traced::is_followed);
        let mut others = body.attributes().filter(|attribute| !looked_at.contains(&attribute.key.text.as_str()));
        let found = others.find(|attribute| is_followed(&attribute.value));
        found.map(|attribute| attribute.key.text.clone()).or_else(|| {
            body.blocks().find_map(|block| {
                // The escape block `_` holds arguments of the block around it. A `dynamic` block hands its collection
                // on to its contents, so that all of it counts as used.
                let looked_at = if block.kind.text == "_" { looked_at } else { &[] };
                self.use_in_body(&block.body, file, scope, looked_at)
            })
        })
    }

    fn use_in_call(&self, call: &Layered<'a>, frame: &Frame<'w, 'a>, depth: usize) -> Option<String> {
        let evaluator = self.evaluator;
        let name = address(call.base.node);
        if let Some(key) = self.use_as_repetition(call, frame) {
            return Some(format!("{name}.{key}"));
        }
        let arguments: BTreeSet<&str> = call
            .layers()
            .flat_map(|layer| layer.node.body.attributes())
            .map(|attribute| attribute.key.text.as_str())
            .filter(|key| !META.contains(key))
            .collect();
        for iteration in evaluator.iterations(call, frame) {
            let scope = iteration.scope(frame);
            let is_followed = |key: &&str| {
                let values = call.attribute(key).map(|found| evaluator.eval(&found.node.value, found.file, &scope));
                values.is_some_and(|values| values.iter().any(Traced::is_followed))
            };
            let given: BTreeSet<&str> = arguments.iter().copied().filter(is_followed).collect();
            let Some(first) = given.first() else { continue };
            let callees = evaluator.workspace().callees(frame.module, call);
            if callees.is_empty() || callees.iter().any(|callee| callee.files.is_empty()) || depth >= DEEPEST {
                return Some(format!("{name}.{first}"));
            }
            for callee in callees {
                let bind = |needed: &BTreeSet<String>| evaluator.instantiate(callee, call, needed, frame, &iteration);
                if let Some(found) = self.use_in_module(callee, &given, &bind, depth + 1) {
                    return Some(found);
                }
            }
        }
        None
    }
}

/// The expressions in a body.
fn collect<'b>(body: &'b Body, found: &mut Vec<&'b Expr>) {
    found.extend(body.attributes().map(|attribute| &attribute.value));
    body.blocks().for_each(|block| collect(&block.body, found));
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
