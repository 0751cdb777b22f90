//! Configurations that run a module with `inputs`, as far as they are static: Terragrunt units, and components of Terraform
//! Stacks.
//!
//! Source: Terragrunt's documentation, "Blocks and attributes" and "Built-in functions": a unit's `inputs` are merged
//! over those of what it includes, key by key unless `merge_strategy` says otherwise; they are handed on as `TF_VAR_`
//! variables, so that files of values win over them; `find_in_parent_folders()` looks for `terragrunt.hcl` from the folder above on; a double slash in
//! `source` only says where copying starts; the files of the unit's folder are copied beside the module's code;
//! `extra_arguments` can hand on files of values, variables and `TF_VAR_` variables of the environment.

mod text;

use std::cell::Cell;
use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use text::Place;

use super::Workspace;
use super::files::ConfigName;
use super::module::{Module, join};
use super::store::{canonical, relative_to};
use super::tfvars::ValueFiles;
use crate::source::{FileId, Location};
use crate::syntax::tree::{Attribute, Block, Expr, ExprKind};

/// The file that makes a folder a unit.
const FILE: &str = "terragrunt.hcl";

/// A unit.
#[derive(Debug)]
pub struct Unit {
    /// The unit's own file, then what it includes: the later of two includes first, since it wins.
    pub files: Vec<FileId>,
    /// Whether what it includes may be merged in another way than key by key.
    pub deep: bool,
    /// The label of the `component` block, where it is a component of Terraform Stacks.
    pub component: Option<String>,
    /// The files of values that win over the inputs, the later over the earlier.
    pub values: Vec<FileId>,
    /// What may set any variable, and is not followed: its place, and what it is.
    pub open: Option<(Location, &'static str)>,
    /// The `generate` blocks, which write files beside the module's.
    pub generated: Vec<Location>,
    /// The folder of the module it runs, canonical.
    pub module: Utf8PathBuf,
    /// The same folder as it is shown.
    pub folder: Utf8PathBuf,
}

impl Unit {
    /// Whether a file has a say in what the unit hands to its module.
    #[must_use]
    pub fn reads(&self, file: FileId) -> bool {
        self.files.contains(&file) || self.values.contains(&file)
    }
}

/// A unit of which it is not known which module it runs.
#[derive(Debug)]
pub struct Unfollowed {
    /// Its configuration.
    pub path: Utf8PathBuf,
    /// The unit's own file and what it is known to include.
    pub files: Vec<FileId>,
    /// The `source`.
    pub source: Location,
}

impl<'a> Workspace<'a> {
    /// The units that run a module.
    pub fn units_of(&self, module: &Module<'a>) -> Vec<&Unit> {
        self.units().iter().filter(|unit| unit.module == module.id).collect()
    }

    /// Every unit of the tree that is followed, by path.
    pub fn units(&self) -> &[Unit] {
        &self.all_units().0
    }

    /// Every unit of the tree of which it is not known which module it runs, by path.
    pub fn unfollowed_units(&self) -> &[Unfollowed] {
        &self.all_units().1
    }

    /// The units that are not followed and may run a module: their `source` ends in its name, or they speak of one of
    /// the variables that matter.
    pub fn unfollowed_units_of(&self, module: &Module<'a>, needed: &BTreeSet<String>) -> Vec<&Unfollowed> {
        let text = |location: Location| self.view().source(location.file).slice(location.span);
        let is_named = |unit: &&Unfollowed| {
            let path = text(unit.source).trim_end_matches(|end: char| !end.is_alphanumeric());
            module.id.file_name().is_some_and(|name| path.ends_with(name))
        };
        let speaks = |unit: &&Unfollowed| {
            unit.files.iter().any(|&file| {
                let body = self.view().source(file).text();
                needed.iter().any(|name| names(body, name))
            })
        };
        self.unfollowed_units().iter().filter(|unit| is_named(unit) || speaks(unit)).collect()
    }

    fn all_units(&self) -> &(Vec<Unit>, Vec<Unfollowed>) {
        self.units.get_or_init(|| {
            let (mut followed, mut unfollowed) = (Vec::new(), Vec::new());
            for path in self.callers.terragrunt() {
                if path.file_name().is_some_and(|name| !name.starts_with(FILE)) {
                    for component in self.components(path) {
                        match component {
                            Ok(unit) => followed.push(unit),
                            Err(unit) => unfollowed.push(unit),
                        }
                    }
                    continue;
                }
                match self.unit(path) {
                    Some(Ok(unit)) => followed.push(unit),
                    Some(Err(unit)) => unfollowed.push(unit),
                    None => {}
                }
            }
            (followed, unfollowed)
        })
    }

    /// The components of Terraform Stacks in a file whose modules are in the tree, and what a Terragrunt stack hands
    /// `values` to, which is not followed.
    ///
    /// Source: Terraform language, "component block": `source` is a literal, `inputs` a map of the module's variables.
    fn components(&self, path: &Utf8Path) -> Vec<Result<Unit, Unfollowed>> {
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        let Some(file) = self.view().store().load(path) else { return Vec::new() };
        let work = Cell::new(text::MOST_WORK);
        let place =
            Place { view: self.view(), folder, own: file, file, includes: &[], depth: text::DEEPEST, work: &work };
        let component = |block: &'a Block| {
            let source = block.body.attribute("source")?;
            let location = Location { file, span: source.value.span };
            let unfollowed = || Unfollowed { path: path.to_owned(), files: vec![file], source: location };
            let Some(text) = place.text(&source.value) else { return Some(Err(unfollowed())) };
            if !text.starts_with('.') {
                return None;
            }
            let target = join(folder, &text);
            if !target.as_str().is_empty() && !target.is_dir() {
                return Some(Err(unfollowed()));
            }
            Some(Ok(Unit {
                files: vec![file],
                deep: false,
                component: Some(block.labels.first()?.text.clone()),
                values: Vec::new(),
                open: None,
                generated: Vec::new(),
                module: canonical(&target),
                folder: target,
            }))
        };
        // What `values` set is seen only where Terragrunt has generated the unit.
        let generated = |block: &'a Block| {
            let source = block.body.attribute("source").filter(|_| block.body.attribute("values").is_some())?;
            let source = Location { file, span: source.value.span };
            Some(Err(Unfollowed { path: path.to_owned(), files: vec![file], source }))
        };
        let body = &self.view().syntax(file).body;
        let stacked = body.blocks_of("unit").chain(body.blocks_of("stack")).filter_map(generated);
        body.blocks_of("component").filter_map(component).chain(stacked).collect()
    }

    /// A unit; `None` if the configuration is none, or runs code that is not in the tree.
    fn unit(&self, path: &Utf8Path) -> Option<Result<Unit, Unfollowed>> {
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        let own = self.view().store().load(path)?;
        let work = Cell::new(text::MOST_WORK);
        let place =
            Place { view: self.view(), folder, own, file: own, includes: &[], depth: text::DEEPEST, work: &work };
        let body = &self.view().syntax(own).body;
        let (mut deep, mut open) = (false, None);
        let mut includes: Vec<(String, FileId)> = Vec::new();
        let mut merged: Vec<FileId> = Vec::new();
        for include in body.blocks_of("include") {
            let place = Place { includes: &includes, ..place };
            let path = include.body.attribute("path").and_then(|path| place.text(&path.value));
            let Some(file) = path.and_then(|path| self.view().store().load(&join_any(folder, &path))) else {
                open = Some((Location { file: own, span: include.span }, "which this include may set"));
                continue;
            };
            let strategy = include.body.attribute("merge_strategy").map(|strategy| place.text(&strategy.value));
            let strategy = strategy.as_ref().map(Option::as_deref);
            let is_merged = strategy != Some(Some("no_merge"));
            deep |= is_merged && strategy.is_some_and(|strategy| strategy != Some("shallow"));
            let label = include.labels.first().map_or("", |label| label.text.as_str());
            includes.push((label.to_owned(), file));
            merged.extend(is_merged.then_some(file));
        }
        let mut files = merged;
        files.push(own);
        files.reverse();

        let source = files.iter().find_map(|&file| {
            let body = &self.view().syntax(file).body;
            let source = body.blocks_of("terraform").find_map(|block| block.body.attribute("source"))?;
            let place = Place { file, includes: &includes, ..place };
            Some((Location { file, span: source.value.span }, place.text(&source.value)))
        });
        let target = if let Some((source, text)) = source {
            let unfollowed = Unfollowed { path: path.to_owned(), files: files.clone(), source };
            let Some(text) = text else { return Some(Err(unfollowed)) };
            // A source that is fetched leads out of the tree.
            if is_fetched(&text) {
                return None;
            }
            let target = join_any(folder, &text.replace("//", "/"));
            if !target.as_str().is_empty() && !target.is_dir() {
                return Some(Err(unfollowed));
            }
            target
        } else {
            let has_code = self.view().store().names(folder).iter().any(|name| ConfigName::new(name).is_some());
            has_code.then(|| folder.to_owned())?
        };
        let copied = ValueFiles::of(self.view().store(), folder).automatic;
        let mut values: Vec<FileId> = copied.iter().filter_map(|path| self.view().store().load(path)).collect();
        let mut generated = Vec::new();
        for &file in files.iter().rev() {
            let body = &self.view().syntax(file).body;
            let place = Place { file, includes: &includes, ..place };
            generated.extend(body.blocks_of("generate").map(|block| Location { file, span: block.span }));
            let arguments = body.blocks_of("terraform").flat_map(|block| block.body.blocks_of("extra_arguments"));
            for attribute in arguments.flat_map(|block| block.body.attributes()) {
                if let Some(found) = self.var_files(attribute, &place) {
                    values.extend(found);
                } else {
                    let location = Location { file, span: attribute.key.span };
                    open = Some((location, "which these extra_arguments may set"));
                }
            }
        }
        let module = canonical(&target);
        Some(Ok(Unit { files, deep, component: None, values, open, generated, module, folder: target }))
    }

    /// The files of values that an attribute of `extra_arguments` hands on; `None` if it may set variables otherwise.
    fn var_files(&self, attribute: &Attribute, paths: &Place<'_, '_>) -> Option<Vec<FileId>> {
        let value = attribute.value.unparenthesised();
        match (attribute.key.text.as_str(), &value.kind) {
            ("required_var_files" | "optional_var_files", ExprKind::Array(items)) => {
                let found: Vec<Utf8PathBuf> =
                    items.iter().map(|item| Some(join_any(paths.folder, &paths.text(item)?))).collect::<Option<_>>()?;
                // One that is not there is passed over, or the run fails.
                Some(found.iter().filter_map(|path| self.view().store().load(path)).collect())
            }
            ("arguments", ExprKind::Array(items)) => {
                let sets_no_variable =
                    |item: &Expr| paths.text(item).is_some_and(|text| !text.trim_start_matches('-').starts_with("var"));
                items.iter().all(sets_no_variable).then(Vec::new)
            }
            ("env_vars", ExprKind::Object(items)) => {
                let sets_no_variable = |key: &Expr| paths.text(key).is_some_and(|name| !name.starts_with("TF_"));
                items.iter().all(|item| sets_no_variable(&item.key)).then(Vec::new)
            }
            ("required_var_files" | "optional_var_files" | "arguments" | "env_vars", _) => None,
            _ => Some(Vec::new()),
        }
    }
}

/// Like [`join`], for paths that may be absolute. The result is relative if the folder is.
fn join_any(folder: &Utf8Path, path: &str) -> Utf8PathBuf {
    if !path.starts_with('/') {
        return join(folder, path);
    }
    let path = join(Utf8Path::new("/"), path);
    if folder.is_absolute() { path } else { relative_to(&canonical(Utf8Path::new(".")), &path) }
}

/// Whether a source is the address of something to fetch; any other is a path, with or without `./` in front.
///
/// Source: hashicorp/go-getter, its detectors, of which that of files comes last.
fn is_fetched(source: &str) -> bool {
    let host = source.split('/').next().unwrap_or(source);
    source.contains(':') || (host.contains('.') && !host.starts_with('.'))
}

/// Whether a name stands in a text as a word of its own.
#[must_use]
pub fn names(text: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    text.match_indices(name)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part))
}

/// The nearest file of a name in the folders above one.
fn above(folder: &Utf8Path, name: &str) -> Option<String> {
    folder.ancestors().skip(1).map(|above| above.join(name)).find(|path| path.exists()).map(Utf8PathBuf::into_string)
}
