//! A module: what the files of one folder declare together.

use std::collections::HashMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::files::{ModuleFiles, Tool};
use super::overrides::{Layered, Merged, Placed, merge, merge_locals};
use super::store::View;
use crate::source::FileId;
use crate::syntax::tree::{Attribute, Body, ExprKind};

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
    /// Whether a backend is configured, as root modules do.
    pub has_backend: bool,
    /// Whether part of a file could not be read, so that a missing declaration may stand there.
    pub unreadable: Option<FileId>,
    /// Whether a file is loaded by one of Terraform and `OpenTofu` only.
    pub differs: bool,
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
        let load = |names: &[&str]| -> Vec<FileId> {
            names.iter().filter_map(|name| view.store().load(&join(folder, name))).collect()
        };
        Self::build(view, folder, id, &load(&sorted.primary), &load(&sorted.overrides), differs)
    }

    /// Puts a module together from its files.
    pub(super) fn build(
        view: &'a View<'a>,
        folder: &Utf8Path,
        id: Utf8PathBuf,
        primary: &[FileId],
        overrides: &[FileId],
        differs: bool,
    ) -> Self {
        let body = |&file: &FileId| Placed { file, node: &view.syntax(file).body };
        let merged = |kind| merge(kind, primary.iter().map(body), overrides.iter().map(body));
        let by_name = |merged: Merged<'a>| -> HashMap<&'a str, Layered<'a>> {
            let named = merged.blocks.into_iter();
            named.filter_map(|block| Some((block.base.node.labels.first()?.text.as_str(), block))).collect()
        };
        let (locals, _) = merge_locals(primary.iter().map(body), overrides.iter().map(body));
        let files = [primary, overrides].concat();
        Self {
            id,
            folder: folder.to_owned(),
            variables: by_name(merged("variable")),
            locals,
            calls: merged("module").blocks,
            resources: merged("resource"),
            outputs: by_name(merged("output")),
            has_backend: files.iter().any(|&file| has_backend(&view.syntax(file).body)),
            unreadable: files.iter().copied().find(|&file| !view.syntax(file).unreadable.is_empty()),
            differs,
            files,
        }
    }

    /// The module call of a name.
    #[must_use]
    pub fn call(&self, name: &str) -> Option<&Layered<'a>> {
        self.calls.iter().find(|call| call.base.node.labels.first().is_some_and(|label| label.text == name))
    }
}

fn has_backend(body: &Body) -> bool {
    let settings = body.blocks_of("terraform").flat_map(|block| block.body.blocks());
    settings.into_iter().any(|block| matches!(block.kind.text.as_str(), "backend" | "cloud"))
}

/// The name of a module call.
#[must_use]
pub fn call_name<'a>(call: &Layered<'a>) -> &'a str {
    call.base.node.labels.first().map_or("", |label| label.text.as_str())
}

/// The `source` of a module call, where it is a literal.
#[must_use]
pub fn call_source<'a>(call: &Layered<'a>) -> Option<&'a str> {
    match &call.attribute("source")?.node.value.unparenthesised().kind {
        ExprKind::String(source) => Some(source),
        _ => None,
    }
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
