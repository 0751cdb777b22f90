//! Who calls a module: other modules, by a folder of the tree or through what `terraform init` has left, and
//! Terragrunt.

mod index;
mod written;

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use camino::{Utf8Path, Utf8PathBuf};

use super::module::{Module, call_name};
use super::overrides::Layered;
use super::store::{canonical, join};
use crate::discover::{Handed, References, SetVariable, Texts, is_document, may_lead_to};
use crate::finding::Problem;
pub use index::Index;
use written::Written;

/// Searches a tree.
pub trait Search {
    /// Who calls whom, as far as its code tells.
    fn calls(&self) -> Index;

    /// What its other files hand over.
    fn handed(&self, texts: &Texts) -> Handed;

    /// The documents that these write, as their paths are written, each with the file that does.
    fn written(&self, texts: &Texts) -> Vec<(Utf8PathBuf, String)>;

    /// Whether git ignores a file, there or not.
    fn is_git_ignored(&self, path: &Utf8Path) -> bool;
}

/// The calls of a tree and what it hands over besides, each looked for when it is first asked for.
#[derive(Default)]
pub struct Callers {
    /// `None` if there is no tree.
    search: Option<Box<dyn Search>>,
    index: OnceCell<Index>,
    inputs: OnceCell<Inputs>,
    written: OnceCell<Written>,
    given: GivenValues,
}

/// The files of values that the command line gives, in order, and the root modules that it gives them to.
#[derive(Debug, Default)]
pub struct GivenValues {
    /// The files; a later one wins.
    pub files: Vec<Utf8PathBuf>,
    /// The folders of the root modules, canonical.
    pub roots: Vec<Utf8PathBuf>,
}

/// What the texts of a tree hand over.
struct Inputs {
    handed: Handed,
    /// The variables that they set, by name.
    variables: HashMap<String, Vec<SetVariable>>,
    /// The Terragrunt configurations of the tree, those included that commands name.
    terragrunt: Vec<Utf8PathBuf>,
    /// Files that may be such, and that no command names.
    unnamed: Vec<Utf8PathBuf>,
}

impl Callers {
    /// What a search finds, and the files of values that the command line gives.
    pub fn new(search: impl Search + 'static, given: GivenValues) -> Self {
        Self { search: Some(Box::new(search)), given, ..Self::default() }
    }

    /// The files of values that the command line gives to the root module in a canonical folder, in order.
    pub(super) fn given_values(&self, root: &Utf8Path) -> &[Utf8PathBuf] {
        if self.given.roots.iter().any(|given| given == root) { &self.given.files } else { &[] }
    }

    /// Folders, as they are shown, whose module may call the one in a canonical folder; sorted.
    pub(super) fn folders_calling(&self, module: &Utf8Path) -> Vec<Utf8PathBuf> {
        let Index { callers, code: References { unclear, links_to_folders, .. }, .. } = self.index();
        let name = module.file_name().unwrap_or_default();
        let may_call = unclear.iter().filter(|(_, source)| may_lead_to(source, name, links_to_folders));
        let known = callers.get(module).into_iter().flatten().chain(may_call.map(|(folder, _)| folder));
        known.cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The folders that a call in `caller` with some source leads to, as far as they are known: one of the tree, or what each
    /// root has installed for it.
    pub(super) fn folders_of(&self, caller: &Module<'_>, call: &Layered<'_>, source: &str) -> Vec<Utf8PathBuf> {
        if source.starts_with("./") || source.starts_with("../") || source == ".." || source == "." {
            return vec![join(&caller.folder, source)];
        }
        let own = self.own_folder(source);
        own.into_iter().chain(self.installed(caller, call)).collect()
    }

    /// Files with commands that take values from elsewhere, sorted.
    pub(super) fn fetching(&self) -> &[Utf8PathBuf] {
        &self.inputs().handed.fetching
    }

    /// Files of values that commands give to Terraform and that are not there, sorted.
    pub(super) fn missing_values(&self) -> &[SetVariable] {
        &self.inputs().handed.missing
    }

    /// The folder of the tree that a source means which is fetched from the tree's own repository.
    #[must_use]
    pub fn own_folder(&self, source: &str) -> Option<Utf8PathBuf> {
        self.code().own.iter().find_map(|own| own.folder(source)).filter(|folder| folder.is_dir())
    }

    /// Whether commands let Terragrunt take code from other places than units say.
    #[must_use]
    pub fn maps_sources(&self) -> bool {
        self.inputs().handed.maps_sources
    }

    /// The folders of what each root has installed for a call.
    pub(super) fn installed(&self, caller: &Module<'_>, call: &Layered<'_>) -> Vec<Utf8PathBuf> {
        self.remote(caller, call).map(|(folder, _)| folder).cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// What each root has installed for a call: the folder, and the root's.
    fn remote(&self, caller: &Module<'_>, call: &Layered<'_>) -> impl Iterator<Item = &(Utf8PathBuf, Utf8PathBuf)> {
        self.index().remote.get(&(caller.id.clone(), call_name(call).to_owned())).into_iter().flatten()
    }

    /// A root that leads to a call and has not installed what others have for it; not one below the caller, as its examples.
    pub(super) fn root_without(&self, caller: &Module<'_>, call: &Layered<'_>) -> Option<Utf8PathBuf> {
        let having: BTreeSet<&Utf8PathBuf> = self.remote(caller, call).map(|(_, root)| root).collect();
        let is_root = |folder: &Utf8PathBuf| self.folders_naming(folder).is_empty();
        let mut roots = self.leading_to(&caller.id).into_iter().filter(is_root);
        let lacks = |root: &Utf8PathBuf| !having.contains(root) && !root.starts_with(&caller.id);
        (!having.is_empty()).then(|| roots.find(lacks)).flatten()
    }

    /// Folders in which a file names a module's folder, given canonical; sorted.
    pub(super) fn folders_naming(&self, module: &Utf8Path) -> Vec<Utf8PathBuf> {
        self.index().callers.get(module).into_iter().flatten().cloned().collect()
    }

    /// Folders with calls whose source is no plain text; sorted.
    pub(super) fn unfollowed(&self) -> &[Utf8PathBuf] {
        &self.code().composed
    }

    /// Folders with a file that may end before it has said what it calls; sorted.
    pub(super) fn cut_off(&self) -> &[Utf8PathBuf] {
        &self.code().cut_off
    }

    /// The folders of a module, given canonical, and of all that may call it, directly or not; canonical.
    pub(super) fn leading_to(&self, module: &Utf8Path) -> BTreeSet<Utf8PathBuf> {
        let mut leading = BTreeSet::new();
        let mut open = vec![module.to_owned()];
        while let Some(folder) = open.pop() {
            let callers = self.folders_naming(&folder);
            if leading.insert(folder) {
                open.extend(callers.iter().map(|caller| canonical(caller)));
            }
        }
        leading
    }

    /// The files of values that commands of the tree name, each with the command's file; sorted.
    pub(super) fn named_values(&self) -> &[(Utf8PathBuf, String)] {
        &self.inputs().handed.values
    }

    /// Whether a text names a file of values only as what triggers a run.
    pub(super) fn is_only_watched(&self, named: &(Utf8PathBuf, String)) -> bool {
        self.inputs().handed.watched.binary_search(named).is_ok()
    }

    /// The files of values that a text may mean which puts their paths together, each with the text; sorted.
    pub(super) fn meant_values(&self) -> &[(Utf8PathBuf, Utf8PathBuf)] {
        &self.inputs().handed.meant
    }

    /// What sets a variable of some name in the tree, sorted: commands, and texts that may hand over whatever they set.
    pub fn settings_of(&self, name: &str) -> impl Iterator<Item = &SetVariable> {
        self.inputs().variables.get(name).into_iter().flatten()
    }

    /// Whether git ignores a file, there or not.
    pub fn is_git_ignored(&self, path: &Utf8Path) -> bool {
        self.search.as_ref().is_some_and(|search| search.is_git_ignored(path))
    }

    /// A text that writes a document, given by its canonical path, if any does.
    pub fn writer_of(&self, document: &Utf8Path) -> Option<&Utf8Path> {
        let is_one = document.file_name().is_some_and(is_document);
        let written = || self.search.as_ref().map(|search| search.written(&self.code().texts)).unwrap_or_default();
        if is_one { self.written.get_or_init(|| Written::of(&written())).by(document) } else { None }
    }

    /// Whether a configuration of Terragrunt may read other files, code among them.
    pub(super) fn reads_files(&self) -> bool {
        self.code().reads_files
    }

    /// The files of code that may set variables for other runs.
    pub(super) fn code_setting_variables(&self) -> impl Iterator<Item = &Utf8Path> {
        self.code().texts.code_setting_variables()
    }

    /// The files of values of the tree, wherever they lie; sorted.
    pub(super) fn files_of_values(&self) -> &[Utf8PathBuf] {
        &self.inputs().handed.files_of_values
    }

    /// The files of the tree that cannot be read, sorted.
    pub(super) fn unread(&self) -> &[Problem] {
        &self.code().unread
    }

    /// The Terragrunt configurations of the tree and the component files of Terraform Stacks, sorted.
    pub fn terragrunt(&self) -> &[Utf8PathBuf] {
        // Where no file may be named, nothing has to be read to know that none is.
        if self.code().candidates.is_empty() { &self.code().terragrunt } else { &self.inputs().terragrunt }
    }

    /// Whether there are any of these.
    pub(super) fn runs_modules(&self) -> bool {
        !self.code().terragrunt.is_empty() || !self.terragrunt().is_empty()
    }

    /// The folders with what may be a Terragrunt configuration in which a version of the provider is locked that may be too old.
    pub fn locked_units(&self) -> &[Utf8PathBuf] {
        &self.code().locked
    }

    /// Other files that may be Terragrunt configurations of a module, though no command names them; sorted.
    pub fn unnamed_configurations(&self) -> &[Utf8PathBuf] {
        if self.code().candidates.is_empty() { &[] } else { &self.inputs().unnamed }
    }

    /// The folders that hold symbolic links to a file, given by its canonical path; sorted.
    pub(super) fn folders_linking(&self, file: &Utf8Path) -> Vec<Utf8PathBuf> {
        self.index().links.get(file).into_iter().flatten().cloned().collect()
    }

    /// Those that hold symbolic links to files below a folder.
    pub(super) fn folders_linking_below(&self, folder: &Utf8Path) -> Vec<Utf8PathBuf> {
        let below = self.index().links.iter().filter(|(file, _)| file.starts_with(folder));
        below.flat_map(|(_, folders)| folders).cloned().collect()
    }

    /// Whether an ignore comment may stand on a call, a component or a unit of the tree.
    pub fn may_except(&self) -> bool {
        self.code().may_except
    }

    fn inputs(&self) -> &Inputs {
        self.inputs.get_or_init(|| {
            let References { terragrunt, candidates, texts, .. } = self.code();
            let handed = self.search.as_ref().map(|search| search.handed(texts)).unwrap_or_default();
            let mut variables: HashMap<String, Vec<SetVariable>> = HashMap::new();
            for set in &handed.variables {
                variables.entry(set.name.clone()).or_default().push(set.clone());
            }
            let (mut terragrunt, mut unnamed) = (terragrunt.clone(), Vec::new());
            for path in candidates {
                let is_named = path.file_name().is_some_and(|name| handed.configurations.contains(name));
                if is_named { &mut terragrunt } else { &mut unnamed }.push(path.clone());
            }
            terragrunt.sort();
            Inputs { handed, variables, terragrunt, unnamed }
        })
    }

    fn code(&self) -> &References {
        &self.index().code
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| self.search.as_ref().map(|search| search.calls()).unwrap_or_default())
    }
}
