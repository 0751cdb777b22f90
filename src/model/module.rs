//! A module: what the files of one folder declare together.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::files::{ModuleFiles, Tool};
use super::overrides::{Layered, Merged, Placed, merge, merge_locals};
use super::references::References;
use super::store::View;
use crate::finding::Problem;
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Attribute, Block};

/// The declarations of one folder, override files merged in.
#[derive(Debug)]
pub struct Module<'a> {
    /// The folder, by its canonical path.
    pub id: Utf8PathBuf,
    /// The folder as it is shown and opened.
    pub folder: Utf8PathBuf,
    /// The files in loading order, overrides last.
    pub files: Vec<FileId>,
    /// The input variables by name.
    pub variables: HashMap<&'a str, Layered<'a>>,
    /// The local values by name.
    pub locals: HashMap<&'a str, Placed<'a, Attribute>>,
    /// The module calls.
    pub calls: Vec<Layered<'a>>,
    /// The resources, and the overrides of resources that the module does not declare.
    pub resources: Merged<'a>,
    /// The output values by name.
    pub outputs: HashMap<&'a str, Layered<'a>>,
    /// Whether a backend or a provider is configured, as root modules do.
    pub is_set_up: bool,
    /// A file that could not be read in part or at all, so that a missing declaration may stand there.
    pub unreadable: Option<String>,
    /// The files that could not be read at all.
    pub unread: Vec<Problem>,
    /// Whether a file is loaded by one of Terraform and `OpenTofu` only.
    pub differs: bool,
    /// The calls by name, by their place among them.
    by_name: HashMap<&'a str, usize>,
    /// The resources by type and name, by their place among them.
    by_labels: HashMap<(&'a str, &'a str), usize>,
    /// The blocks by their type, in loading order.
    blocks: HashMap<&'a str, Vec<Placed<'a, Block>>>,
    /// The resources and calls by the start of their declaration, by their place among them.
    by_place: HashMap<(FileId, usize), usize>,
    pub(super) references: OnceCell<References<'a>>,
}

impl<'a> Module<'a> {
    /// Loads a folder as `tool` does. A folder without files gives an empty module.
    pub(super) fn load(view: &'a View<'a>, folder: &Utf8Path, id: Utf8PathBuf, tool: Tool) -> Self {
        let names = view.store().names(folder);
        let sorted = ModuleFiles::new(names.iter().map(String::as_str), tool);
        let other = if tool == Tool::Terraform { Tool::OpenTofu } else { Tool::Terraform };
        let differs = {
            let elsewhere = ModuleFiles::new(names.iter().map(String::as_str), other);
            (&elsewhere.primary, &elsewhere.overrides) != (&sorted.primary, &sorted.overrides)
        };
        let mut unread = Vec::new();
        let mut load = |names: &[&str]| -> Vec<FileId> {
            // A file that links name over and over declares nothing more; Terraform refuses what it declares twice.
            let (mut files, mut seen) = (Vec::new(), HashSet::new());
            for name in names {
                let path = join(folder, name);
                match view.store().load(&path) {
                    Some(file) => files.extend(seen.insert(file).then_some(file)),
                    None => unread.extend(view.store().unread(&path)),
                }
            }
            files
        };
        let (primary, overrides) = (load(&sorted.primary), load(&sorted.overrides));
        Self::build(view, folder, id, &primary, &overrides, unread, differs)
    }

    /// Puts a module together from its files.
    pub(super) fn build(
        view: &'a View<'a>,
        folder: &Utf8Path,
        id: Utf8PathBuf,
        primary: &[FileId],
        overrides: &[FileId],
        unread: Vec<Problem>,
        differs: bool,
    ) -> Self {
        let body = |&file: &FileId| Placed { file, node: &view.syntax(file).body };
        let merged = |kind| merge(kind, primary.iter().map(body), overrides.iter().map(body));
        let files = [primary, overrides].concat();
        let mut blocks: HashMap<&str, Vec<Placed<'a, Block>>> = HashMap::new();
        for Placed { file, node } in files.iter().map(body) {
            for node in node.blocks() {
                blocks.entry(&node.kind.text).or_default().push(Placed { file, node });
            }
        }
        let by_name = |merged: Merged<'a>| -> HashMap<&'a str, Layered<'a>> {
            let named = merged.blocks.into_iter();
            named.filter_map(|block| Some((block.base.node.labels.first()?.text.as_str(), block))).collect()
        };
        let (calls, resources) = (merged("module").blocks, merged("resource"));
        let numbered = |blocks: &[Layered<'a>]| -> Vec<(FileId, usize, usize)> {
            let layers = |(at, block): (usize, &Layered<'a>)| {
                block.layers().map(|layer| (layer.file, layer.node.span.start, at)).collect::<Vec<_>>()
            };
            blocks.iter().enumerate().flat_map(layers).collect()
        };
        let by_place = [numbered(&calls), numbered(&resources.blocks)].concat();
        let labels = |(at, block): (usize, &Layered<'a>)| match block.base.node.labels.as_slice() {
            [kind, name] => Some(((kind.text.as_str(), name.text.as_str()), at)),
            _ => None,
        };
        let (locals, _) = merge_locals(primary.iter().map(body), overrides.iter().map(body));
        Self {
            id,
            folder: folder.to_owned(),
            variables: by_name(merged("variable")),
            locals,
            // Of two calls with one name the first counts.
            by_name: calls.iter().enumerate().rev().map(|(at, call)| (call_name(call), at)).collect(),
            by_labels: resources.blocks.iter().enumerate().rev().filter_map(labels).collect(),
            by_place: by_place.into_iter().map(|(file, start, at)| ((file, start), at)).collect(),
            references: OnceCell::new(),
            calls,
            resources,
            outputs: by_name(merged("output")),
            is_set_up: is_set_up(&blocks),
            blocks,
            unreadable: {
                let broken = files.iter().find(|&&file| !view.syntax(file).unreadable.is_empty());
                let path = broken.map(|&file| view.source(file).path().to_string());
                path.or_else(|| unread.first().map(|problem| problem.file.clone()))
            },
            unread,
            differs,
            files,
        }
    }

    /// A resource by its type and name.
    #[must_use]
    pub fn resource(&self, kind: &str, name: &str) -> Option<&Layered<'a>> {
        self.by_labels.get(&(kind, name)).map(|&at| &self.resources.blocks[at])
    }

    /// Where a variable is declared; the start of the module where it is not.
    #[must_use]
    pub fn place_of(&self, variable: &str) -> Location {
        self.variables.get(variable).map_or_else(
            || Location { file: self.files[0], span: Span::empty(0) },
            |variable| Location { file: variable.base.file, span: variable.base.node.span },
        )
    }

    /// Whether a variable is declared and has no default.
    #[must_use]
    pub fn requires(&self, variable: &str) -> bool {
        self.variables.get(variable).is_some_and(|variable| variable.attribute("default").is_none())
    }

    /// The top-level blocks of a type, in loading order.
    #[must_use]
    pub fn blocks_of(&self, kind: &str) -> &[Placed<'a, Block>] {
        self.blocks.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The module call of a name.
    #[must_use]
    pub fn call(&self, name: &str) -> Option<&Layered<'a>> {
        self.by_name.get(name).map(|&at| &self.calls[at])
    }

    /// The place of a block, which is a resource or a module call or overrides one, among the resources or calls.
    #[must_use]
    pub fn place_among(&self, file: FileId, block: &Block) -> Option<usize> {
        self.by_place.get(&(file, block.span.start)).copied()
    }
}

/// Modules with a provider block cannot be called with `count`, and hardly any are that are not roots.
fn is_set_up(blocks: &HashMap<&str, Vec<Placed<'_, Block>>>) -> bool {
    let mut settings = blocks.get("terraform").into_iter().flatten().flat_map(|block| block.node.body.blocks());
    settings.any(|block| matches!(block.kind.text.as_str(), "backend" | "cloud")) || blocks.contains_key("provider")
}

/// The name of a module call.
#[must_use]
pub fn call_name<'a>(call: &Layered<'a>) -> &'a str {
    call.base.node.labels.first().map_or("", |label| label.text.as_str())
}

/// A path below a folder, without the `..` that a plain joining leaves and without a leading `./`.
#[must_use]
pub fn join(folder: &Utf8Path, path: &str) -> Utf8PathBuf {
    let mut joined = folder.to_owned();
    for part in Utf8Path::new(path).components() {
        match part {
            camino::Utf8Component::CurDir => {}
            camino::Utf8Component::ParentDir => match joined.components().next_back() {
                Some(camino::Utf8Component::Normal(_)) => _ = joined.pop(),
                Some(camino::Utf8Component::RootDir | camino::Utf8Component::Prefix(_)) => {}
                _ => joined.push(".."),
            },
            part => joined.push(part.as_str()),
        }
    }
    joined
}
