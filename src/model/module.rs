//! A module: what the files of one folder declare together.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use elsa::FrozenMap;
use memchr::memmem;

use super::declared::Declared;
use super::files::{ModuleFiles, Tool};
use super::overrides::{Layered, Merged, Placed, merge, merge_locals};
use super::references::References;
use super::store::{View, join};
use crate::discover::has_escaped_letter;
use crate::finding::Problem;
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Attribute, Block, Body};

/// The declarations of one folder, override files merged in. Each kind of them is read when it is first asked for, from the
/// files that have its word in them: to judge a notebook that says its value itself, the rest of the folder is not parsed.
pub struct Module<'a> {
    /// The folder, by its canonical path.
    pub id: Utf8PathBuf,
    /// The folder as it is shown and opened.
    pub folder: Utf8PathBuf,
    /// The files in loading order, overrides last.
    pub files: Vec<FileId>,
    /// The files that could not be read at all.
    pub unread: Vec<Problem>,
    /// Whether a file is loaded by one of Terraform and `OpenTofu` only.
    pub differs: bool,
    view: &'a View<'a>,
    /// How many of the files are no override files.
    primary: usize,
    broken: OnceCell<Vec<FileId>>,
    variables: OnceCell<HashMap<&'a str, Layered<'a>>>,
    locals: OnceCell<HashMap<&'a str, Placed<'a, Attribute>>>,
    outputs: OnceCell<HashMap<&'a str, Layered<'a>>>,
    calls: OnceCell<Declared<'a>>,
    resources: OnceCell<Declared<'a>>,
    /// The resources by their type.
    by_type: FrozenMap<String, Box<Declared<'a>>>,
    /// The blocks by their kind, in loading order.
    blocks: FrozenMap<String, Vec<Placed<'a, Block>>>,
    /// The references by their first word.
    references: FrozenMap<String, Box<References<'a>>>,
}

impl fmt::Debug for Module<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Module").field(&self.id).finish()
    }
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
                    // Terraform passes over folders.
                    None if path.symlink_metadata().is_ok_and(|kind| kind.is_dir()) => {}
                    None => unread.extend(view.store().unread(&path)),
                }
            }
            files
        };
        let (primary, overrides) = (load(&sorted.primary), load(&sorted.overrides));
        let module = Self::of_files(view, folder, id, &primary, &overrides);
        Self { unread, differs, ..module }
    }

    /// A module of files.
    pub(super) fn of_files(
        view: &'a View<'a>,
        folder: &Utf8Path,
        id: Utf8PathBuf,
        primary: &[FileId],
        overrides: &[FileId],
    ) -> Self {
        Self {
            id,
            folder: folder.to_owned(),
            files: [primary, overrides].concat(),
            unread: Vec::new(),
            differs: false,
            view,
            primary: primary.len(),
            broken: OnceCell::new(),
            variables: OnceCell::new(),
            locals: OnceCell::new(),
            outputs: OnceCell::new(),
            calls: OnceCell::new(),
            resources: OnceCell::new(),
            by_type: FrozenMap::new(),
            blocks: FrozenMap::new(),
            references: FrozenMap::new(),
        }
    }

    /// The input variables by name.
    pub fn variables(&self) -> &HashMap<&'a str, Layered<'a>> {
        self.variables.get_or_init(|| by_name(self.merged("variable", "variable")))
    }

    /// The local values by name.
    pub fn locals(&self) -> &HashMap<&'a str, Placed<'a, Attribute>> {
        self.locals.get_or_init(|| {
            let (primary, overrides) = self.bodies("locals");
            merge_locals(primary, overrides).0
        })
    }

    /// The output values by name.
    pub fn outputs(&self) -> &HashMap<&'a str, Layered<'a>> {
        self.outputs.get_or_init(|| by_name(self.merged("output", "output")))
    }

    /// The module calls.
    pub fn calls(&self) -> &[Layered<'a>] {
        &self.all_calls().blocks
    }

    /// The module call of a name.
    #[must_use]
    pub fn call(&self, name: &str) -> Option<&Layered<'a>> {
        self.all_calls().with(&[name])
    }

    /// The resources.
    pub fn resources(&self) -> &[Layered<'a>] {
        &self.all_resources().blocks
    }

    /// A resource by its type and name.
    #[must_use]
    pub fn resource(&self, kind: &str, name: &str) -> Option<&Layered<'a>> {
        self.by_type.get(kind).unwrap_or_else(|| self.all_resources()).with(&[kind, name])
    }

    /// The resources of some types.
    pub fn of_types<'m>(&'m self, types: &'m [&str]) -> impl Iterator<Item = &'m Layered<'a>> {
        types.iter().flat_map(|kind| &self.of_type(kind).blocks)
    }

    /// The overrides of resources of some types that the module does not declare.
    pub fn orphans<'m>(&'m self, types: &'m [&str]) -> impl Iterator<Item = Placed<'a, Block>> + use<'m, 'a> {
        types.iter().flat_map(|kind| self.of_type(kind).orphans.iter().copied())
    }

    fn of_type(&self, kind: &str) -> &Declared<'a> {
        if let Some(known) = self.by_type.get(kind) {
            return known;
        }
        let is_it = |block: &Block| block.labels.first().is_some_and(|label| label.text == kind);
        let mut merged = self.merged("resource", kind);
        merged.blocks.retain(|block| is_it(block.base.node));
        merged.orphans.retain(|block| is_it(block.node));
        self.by_type.insert(kind.to_owned(), Box::new(Declared::of(merged)))
    }

    /// The top-level blocks of a kind, in loading order.
    #[must_use]
    pub fn blocks_of(&self, kind: &str) -> &[Placed<'a, Block>] {
        if let Some(known) = self.blocks.get(kind) {
            return known;
        }
        let (primary, overrides) = self.bodies(kind);
        let blocks = primary.chain(overrides).flat_map(|Placed { file, node }| {
            let blocks = node.blocks().filter(|block| block.kind.text == kind);
            blocks.map(move |node| Placed { file, node })
        });
        self.blocks.insert(kind.to_owned(), blocks.collect())
    }

    /// The references that begin with a word, such as `var` or the type of a resource.
    pub fn references_to(&self, word: &str) -> &References<'a> {
        if let Some(known) = self.references.get(word) {
            return known;
        }
        let files = self.files.iter().copied().filter(|&file| self.mentions(file, word));
        self.references.insert(word.to_owned(), Box::new(References::of(self.view, files, word)))
    }

    /// Where a variable is declared; the start of the module where it is not.
    #[must_use]
    pub fn place_of(&self, variable: &str) -> Location {
        self.variables().get(variable).map_or_else(
            || Location { file: self.files[0], span: Span::empty(0) },
            |variable| Location { file: variable.base.file, span: variable.base.node.span },
        )
    }

    /// Whether a variable is declared and has no default.
    #[must_use]
    pub fn requires(&self, variable: &str) -> bool {
        self.variables().get(variable).is_some_and(|variable| variable.attribute("default").is_none())
    }

    /// Whether a backend or a provider is configured, as root modules do: modules with a provider block cannot be called with
    /// `count`, and hardly any are that are not roots.
    pub fn is_set_up(&self) -> bool {
        let mut settings = self.blocks_of("terraform").iter().flat_map(|block| block.node.body.blocks());
        settings.any(|block| matches!(block.kind.text.as_str(), "backend" | "cloud"))
            || !self.blocks_of("provider").is_empty()
    }

    /// The files that cannot be read in part.
    pub fn broken_files(&self) -> &[FileId] {
        let is_broken = |file: &FileId| !self.view.syntax(*file).unreadable.is_empty();
        self.broken.get_or_init(|| self.files.iter().copied().filter(is_broken).collect())
    }

    /// A file that could not be read in part or at all, so that a missing declaration may stand there.
    pub fn unreadable(&self) -> Option<&str> {
        let path = self.broken_files().first().map(|&file| self.view.source(file).path().as_str());
        path.or_else(|| self.unread.first().map(|problem| problem.file.as_str()))
    }

    /// The place of a resource, by any of its declarations, among the resources.
    #[must_use]
    pub fn place_of_resource(&self, file: FileId, block: &Block) -> Option<usize> {
        self.all_resources().place_of(file, block)
    }

    /// The place of a module call, by any of its declarations, among the calls.
    #[must_use]
    pub fn place_of_call(&self, file: FileId, block: &Block) -> Option<usize> {
        self.all_calls().place_of(file, block)
    }

    fn all_calls(&self) -> &Declared<'a> {
        self.calls.get_or_init(|| Declared::of(self.merged("module", "module")))
    }

    fn all_resources(&self) -> &Declared<'a> {
        self.resources.get_or_init(|| Declared::of(self.merged("resource", "resource")))
    }

    /// The blocks of a kind in the files that mention a word.
    fn merged(&self, kind: &str, word: &str) -> Merged<'a> {
        let (primary, overrides) = self.bodies(word);
        merge(kind, primary, overrides)
    }

    /// The files that mention a word, those that are no override files apart from those that are.
    fn bodies<'m>(&'m self, word: &'m str) -> (impl Iterator<Item = Bodies<'a>>, impl Iterator<Item = Bodies<'a>>) {
        let (primary, overrides) = self.files.split_at(self.primary);
        let bodies = move |files: &'m [FileId]| {
            let mentioning = files.iter().filter(move |&&file| self.mentions(file, word));
            mentioning.map(|&file| Placed { file, node: &self.view.syntax(file).body })
        };
        (bodies(primary), bodies(overrides))
    }

    /// Whether code may refer to a module call, as in `module.x`; spaces and comments may stand in front of the dot.
    pub(super) fn may_refer_to_calls(&self) -> bool {
        let refers = |text: &[u8]| {
            let mut behind =
                memmem::find_iter(text, b"module").map(|at| text[at + b"module".len()..].trim_ascii_start());
            behind.any(|rest| matches!(rest, [b'.' | b'[' | b'/' | b'#', ..])) || has_escaped_letter(text)
        };
        self.files.iter().any(|&file| refers(self.view.source(file).text().as_bytes()))
    }

    /// Whether a file may have a word in it, as the kind or label of a block or at the start of a reference.
    fn mentions(&self, file: FileId, word: &str) -> bool {
        let text = self.view.source(file).text().as_bytes();
        memmem::find(text, word.as_bytes()).is_some() || has_escaped_letter(text)
    }
}

type Bodies<'a> = Placed<'a, Body>;

fn by_name(merged: Merged<'_>) -> HashMap<&str, Layered<'_>> {
    let named = merged.blocks.into_iter();
    named.filter_map(|block| Some((block.base.node.labels.first()?.text.as_str(), block))).collect()
}

/// The name of a module call.
#[must_use]
pub fn call_name<'a>(call: &Layered<'a>) -> &'a str {
    call.base.node.labels.first().map_or("", |label| label.text.as_str())
}
