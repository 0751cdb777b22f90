//! Variables that the repository's own commands set.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::files::ConfigName;
use super::store::join;
use super::tfvars::is_values;
use super::written_paths::{is_computed, last_of};
use super::{Gap, Module, Workspace};
use crate::discover::{SetVariable, may_set};
use crate::source;
use crate::syntax::tree::ExprKind;

impl Workspace<'_> {
    /// What sets a variable of a module that is run by itself, each with the variable: commands, and texts that may hand over
    /// whatever they set. `keeps` tells whether a value is the one that a variable has anyway.
    pub fn gaps_of_settings(
        &self,
        root: &Module<'_>,
        needed: &BTreeSet<String>,
        keeps: &dyn Fn(&str, &str) -> bool,
    ) -> Vec<(String, Gap)> {
        let set = needed.iter().flat_map(|name| self.callers.settings_of(name));
        let set = set.filter(|set| !set.value.as_ref().is_some_and(|value| keeps(&set.name, value)));
        let why = |set: &SetVariable| format!("`var.{}`, which {} sets", set.name, set.file);
        let gap = |set: &SetVariable| (set.name.clone(), Gap::unfollowed(why(set), Some(&set.file)));
        let mut gaps: Vec<(String, Gap)> = set.filter(|set| self.may_run(set, root)).map(gap).collect();
        gaps.dedup();
        gaps
    }

    /// What gives a module that is run by itself values from outside the repository, which may be any.
    pub fn gaps_of_values_from_outside(&self, root: &Module<'_>, needed: &BTreeSet<String>) -> Vec<Gap> {
        if !needed.iter().any(|name| root.variables().contains_key(name.as_str())) {
            return Vec::new();
        }
        let why = |file: &Utf8PathBuf| match source::open(file.as_std_path()) {
            Ok(_) => format!("values that {file} takes from elsewhere"),
            Err(_) => format!("{file}, which cannot be read"),
        };
        let taken = self.taking_from_outside(root).map(|file| Gap::unfollowed(why(file), Some(file)));
        let why = |set: &SetVariable| format!("values in {}, which {} gives and which is not here", set.name, set.file);
        let missing = self.callers.missing_values().iter();
        let missing = missing.filter(|set| self.is_for(&set.file, root) && self.may_run(set, root));
        taken.chain(missing.map(|set| Gap::unfollowed(why(set), Some(&set.file)))).collect()
    }

    /// The files whose commands may run a root module with values from outside the repository. Those that lie beside the
    /// code of another module are for that.
    fn taking_from_outside(&self, root: &Module<'_>) -> impl Iterator<Item = &Utf8PathBuf> {
        let store = self.view.store();
        let folder = |file: &Utf8Path| store.canonical(file.parent().unwrap_or(Utf8Path::new("")));
        // Which of the two folders a command runs in is not known.
        let leads_out = |file: &Utf8Path, name: &str| {
            name.starts_with("..")
                && is_values(name)
                && !is_computed(name)
                && [folder(file), root.id.clone()].iter().all(|folder| !store.admits(&join(folder, name)))
        };
        let named = self.callers.named_values().iter();
        // What lies outside of the repository triggers nothing.
        let named = named.filter(move |named| {
            let (file, name) = named;
            file.file_name().is_some_and(|name| may_set(name.as_ref()))
                && leads_out(file, name)
                && !self.callers.is_only_watched(named)
        });
        let named = named.map(|(file, _)| file);
        let files: BTreeSet<&Utf8PathBuf> = self.callers.fetching().iter().chain(named).collect();
        files.into_iter().filter(|file| self.is_for(file, root))
    }

    /// Whether a file's commands may run a root module: not if they lie beside the code of another one.
    fn is_for(&self, file: &Utf8Path, root: &Module<'_>) -> bool {
        let store = self.view.store();
        let folder = store.canonical(file.parent().unwrap_or(Utf8Path::new("")));
        let mut around = folder.ancestors().take_while(|folder| store.admits(folder));
        let is_code = file.file_name().and_then(ConfigName::new).is_some();
        // What code takes from elsewhere is for runs of other code.
        is_code || around.find(|folder| store.may_be_root(folder)).is_none_or(|nearest| nearest == root.id)
    }

    /// The files of values that commands name, though no unit of a module does: whoever runs a unit may give it these.
    pub fn gaps_of_named_values(
        &self,
        needed: &BTreeSet<String>,
        known: &BTreeSet<&Utf8Path>,
        keeps: &dyn Fn(&str, &str) -> bool,
    ) -> Vec<Gap> {
        let last = |path: &str| last_of(path).to_owned();
        let is_command = |file: &Utf8Path| file.extension() != Some("hcl");
        let named = self.callers.named_values().iter().filter(|(file, _)| is_command(file));
        let meant = self.callers.meant_values().iter().map(|(_, path)| path.as_str());
        let named: BTreeSet<String> = named.map(|(_, name)| name.as_str()).chain(meant).map(last).collect();
        let is_named = |path: &&Utf8PathBuf| path.file_name().is_some_and(|name| named.contains(name));
        let files =
            self.callers.files_of_values().iter().filter(is_named).filter(|path| !known.contains(path.as_path()));
        let sets = |path: &&Utf8PathBuf| {
            let Some(file) = self.view.store().load(path) else { return true };
            let attributes = needed.iter().filter_map(|name| self.view.syntax(file).body.attribute(name));
            attributes.into_iter().any(|attribute| match &attribute.value.kind {
                ExprKind::String(text) => !keeps(&attribute.key.text, text),
                ExprKind::Bool(value) => !keeps(&attribute.key.text, &value.to_string()),
                _ => true,
            })
        };
        let gap = |path: &Utf8PathBuf| Gap::unfollowed(format!("values in {path}, which a command names"), Some(path));
        files.filter(sets).map(gap).collect()
    }

    /// What may become a caller of a module and set an argument of the call: a template, or a program that writes code.
    pub(super) fn gaps_of_writers(&self, module: &Module<'_>, needed: &BTreeSet<String>) -> Vec<Gap> {
        let Some(folder) = module.id.file_name() else { return Vec::new() };
        let mut files: BTreeSet<(&Utf8Path, &str)> = BTreeSet::new();
        for name in needed {
            files.extend(self.callers.settings_of(name).map(|set| (set.file.as_path(), set.name.as_str())));
        }
        let calls = |file: &Utf8Path| {
            let is_code = file.file_name().and_then(ConfigName::new).is_some();
            !is_code
                && source::read(file.as_std_path()).is_ok_and(|text| names_folder(&text, folder) || overrides(&text))
        };
        let why = |file, name| format!("`var.{name}`, which {file} may set in a call");
        files
            .into_iter()
            .filter(|(file, _)| calls(file))
            .map(|(file, name)| Gap::unfollowed(why(file, name), Some(file)))
            .collect()
    }

    /// Whether a command may run a root module: not if the folder that it names is another one with code. The folder counts
    /// from that of the command's file, or from any above.
    fn may_run(&self, set: &SetVariable, root: &Module<'_>) -> bool {
        let Some(name) = set.folder.as_ref().filter(|name| !name.contains(['$', '{', '%', '<', '~', '*'])) else {
            return true;
        };
        let store = self.view.store();
        let beside = store.canonical(set.file.parent().unwrap_or(Utf8Path::new("")));
        let above = beside.ancestors().take_while(|folder| store.admits(folder));
        let named = above.map(|folder| store.canonical(&join(folder, name)));
        let mut named = named.filter(|folder| store.has_code(folder)).peekable();
        named.peek().is_none() || named.any(|folder| folder == root.id)
    }
}

/// Whether a text may write an override, which sets arguments of a call and does not say of which module.
fn overrides(text: &[u8]) -> bool {
    memchr::memmem::find(text, b"override.tf").is_some()
}

/// Whether a text holds a path that ends in a folder.
fn names_folder(text: &[u8], folder: &str) -> bool {
    let is_path = |at: usize| {
        let end = text.get(at + folder.len());
        text[..at].ends_with(b"/") && end.is_none_or(|next| !next.is_ascii_alphanumeric() && !b"_-./".contains(next))
    };
    memchr::memmem::find_iter(text, folder.as_bytes()).any(is_path)
}
