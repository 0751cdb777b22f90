//! Value files and variables that the repository's own commands hand to Terraform.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::files::ConfigName;
use super::module::join;
use super::tfvars::{ValueFiles, is_values};
use super::{Gap, Module, Workspace};
use crate::discover::{SetVariable, may_set};
use crate::source;
use crate::syntax::tree::ExprKind;

/// The most paths that a name in a command is taken for.
const MOST_EXPANDED: usize = 1000;

/// The most paths that are looked for in a run, for all commands and root modules together.
const MOST_TRIED: usize = 300_000;

/// Files that a name in a command stands for.
#[derive(Debug, Default)]
struct Expanded {
    paths: Vec<Utf8PathBuf>,
    /// Whether there may be more.
    has_more: bool,
}

/// The files that commands name, as far as it does not matter which root module is run.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// The names, each once.
    names: Vec<String>,
    /// What they stand for where a command's own file lies, and no root module around it.
    beside: Expanded,
    /// The files of values with no root module around them, each with the variables that it sets.
    homeless: Vec<(Utf8PathBuf, BTreeSet<String>)>,
}

impl Workspace<'_> {
    /// The files of values of the root module in a folder, with those that commands name from there: the folder that a
    /// command runs in is not known, so a name counts from the root's folder, and from the command's own file where
    /// no other root stands around what it names.
    pub fn value_files(&self, folder: &Utf8Path) -> &ValueFiles {
        match self.values.get(folder) {
            Some(known) => known,
            None => self.values.insert(folder.to_owned(), Box::new(self.find_values(folder))),
        }
    }

    fn find_values(&self, folder: &Utf8Path) -> ValueFiles {
        let store = self.view.store();
        let mut files = ValueFiles::of(store, folder);
        files.given = self.callers.given_values(&store.canonical(folder)).to_vec();
        let known = files.automatic.iter().chain(&files.alternatives);
        let mut known: BTreeSet<Utf8PathBuf> = known.map(|path| store.canonical(path)).collect();
        let Named { names, beside, homeless } = self.named.get_or_init(|| self.find_named());
        let mut add = |expanded: &Expanded| {
            files.has_more |= expanded.has_more;
            for path in &expanded.paths {
                if known.insert(store.canonical(path)) {
                    files.alternatives.push(path.clone());
                }
            }
        };
        for name in names {
            add(&self.expanded(folder, name));
        }
        add(beside);
        if !homeless.is_empty() {
            let variables = &self.module(folder).variables;
            let fits = |set: &BTreeSet<String>| set.iter().all(|name| variables.contains_key(name.as_str()));
            let paths = homeless.iter().filter(|(_, set)| fits(set)).map(|(path, _)| path.clone()).collect();
            add(&Expanded { paths, has_more: false });
        }
        files
    }

    fn find_named(&self) -> Named {
        let mut named = Named::default();
        let mut seen = BTreeSet::new();
        for (script, name) in self.callers.named_values() {
            let folder = script.parent().unwrap_or(Utf8Path::new(""));
            if seen.insert((folder, name.as_str())) {
                let Expanded { paths, has_more } = self.expanded(folder, name);
                named.beside.has_more |= has_more;
                named.beside.paths.extend(paths.into_iter().filter(|path| !self.has_root_around(path)));
            }
        }
        named.homeless = self.homeless_values();
        // Those in a root module's own folder belong to it anyway.
        let leads_on = |name: &&String| !is_values(name) || name.contains(['/', '$', '{', '%', '<', '*', '?']);
        let each: BTreeSet<&String> =
            self.callers.named_values().iter().map(|(_, name)| name).filter(leads_on).collect();
        named.names.extend(each.into_iter().cloned());
        named
    }

    /// The files of values that lie beside or below no Terraform code, with the variables that they set. Somebody gives them to
    /// a root module elsewhere: to one that has all these variables, as far as can be told.
    fn homeless_values(&self) -> Vec<(Utf8PathBuf, BTreeSet<String>)> {
        // Those around units are Terragrunt's.
        let of_units: BTreeSet<&Utf8Path> = self.callers.terragrunt().iter().filter_map(|path| path.parent()).collect();
        let is_of_units = |path: &Utf8PathBuf| {
            let folder = path.parent().unwrap_or(Utf8Path::new(""));
            folder.ancestors().any(|above| of_units.contains(above))
                || of_units.range(folder..).next().is_some_and(|unit| unit.starts_with(folder))
        };
        let lone = self.callers.files_of_values().iter();
        let lone = lone.filter(|path| !is_of_units(path) && !self.has_root_around(path));
        let with_names = lone.take(MOST_EXPANDED).filter_map(|path| {
            let file = self.view.store().load(path)?;
            let names = self.view.syntax(file).body.attributes().map(|attribute| attribute.key.text.clone());
            let names: BTreeSet<String> = names.collect();
            (!names.is_empty()).then(|| (path.clone(), names))
        });
        with_names.collect()
    }

    /// What sets a variable of a module that is run by itself: commands, and texts that may hand over whatever they set.
    /// `keeps` tells whether a value is the one that a variable has anyway.
    pub fn gaps_of_commands(
        &self,
        root: &Module<'_>,
        needed: &BTreeSet<String>,
        keeps: &dyn Fn(&str, &str) -> bool,
    ) -> Vec<Gap> {
        let set = needed.iter().flat_map(|name| self.callers.settings_of(name));
        let set = set.filter(|set| !set.value.as_ref().is_some_and(|value| keeps(&set.name, value)));
        let why = |set: &SetVariable| format!("`var.{}`, which {} sets", set.name, set.file);
        let gaps = set.filter(|set| self.may_run(set, root)).map(|set| Gap::unfollowed(why(set), Some(&set.file)));
        let mut gaps: Vec<Gap> = gaps.collect();
        gaps.dedup();
        if needed.iter().any(|name| root.variables.contains_key(name.as_str())) {
            let why = |file| format!("values that {file} takes from elsewhere");
            gaps.extend(self.taking_from_outside(root).map(|file| Gap::unfollowed(why(file), Some(file))));
        }
        gaps
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
        let named = named
            .filter(move |(file, name)| {
                file.file_name().is_some_and(|name| may_set(name.as_ref())) && leads_out(file, name)
            })
            .map(|(file, _)| file);
        let files: BTreeSet<&Utf8PathBuf> = self.callers.fetching().iter().chain(named).collect();
        files.into_iter().filter(move |file| {
            let folder = folder(file);
            let mut around = folder.ancestors().take_while(|folder| store.admits(folder));
            around.find(|folder| store.has_code(folder)).is_none_or(|nearest| nearest == root.id)
        })
    }

    /// The files of values that commands name, though no unit of a module does: whoever runs a unit may give it these.
    pub fn gaps_of_named_values(
        &self,
        needed: &BTreeSet<String>,
        known: &BTreeSet<&Utf8Path>,
        keeps: &dyn Fn(&str, &str) -> bool,
    ) -> Vec<Gap> {
        let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let is_command = |file: &Utf8Path| file.extension() != Some("hcl");
        let named = self.callers.named_values().iter().filter(|(file, _)| is_command(file));
        let named: BTreeSet<String> = named.map(|(_, name)| last(name)).collect();
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
            !is_code && source::read(file.as_std_path()).is_ok_and(|text| names_folder(&text, folder))
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

    /// The files that a name stands for, given from a folder: where a segment is computed, every entry that begins
    /// as it does, up to a bound.
    fn expanded(&self, folder: &Utf8Path, name: &str) -> Expanded {
        let store = self.view.store();
        if !is_computed(name) && is_values(name) {
            let path = join(folder, name);
            let is_known = self.callers.files_of_values().binary_search(&path).is_ok();
            // Behind a link to a folder it has another name.
            let is_there = || {
                self.tried.set(self.tried.get().saturating_add(1));
                self.tried.get() <= MOST_TRIED && path.is_file()
            };
            let paths = if is_known || is_there() { vec![path] } else { Vec::new() };
            return Expanded { paths, has_more: false };
        }
        let mut paths = vec![folder.to_owned()];
        let mut is_exact = true;
        let mut has_more = false;
        for segment in Utf8Path::new(name).components().map(|segment| segment.as_str()) {
            if is_computed(segment) {
                is_exact = false;
                let start = segment.split(['$', '{', '%', '<', '*', '?']).next().unwrap_or_default();
                let below = paths.iter().flat_map(|folder| {
                    let names = store.names(folder).iter().filter(|name| name.starts_with(start));
                    names.map(|name| join(folder, name))
                });
                let mut below = below.peekable();
                let found = below.by_ref().take(MOST_EXPANDED).collect();
                has_more |= below.peek().is_some();
                paths = found;
            } else {
                for path in &mut paths {
                    *path = join(path, segment);
                }
            }
            self.tried.set(self.tried.get().saturating_add(paths.len()));
            if self.tried.get() > MOST_TRIED {
                return Expanded { paths: Vec::new(), has_more: true };
            }
        }
        let end = name.rfind('.').map(|at| &name[at..]).filter(|end| !end.contains(['/', '}', ')', '>', '%']));
        // Behind the last dot anything may follow where that is computed, too.
        let has_end = |name: &str, end: &str| {
            name.ends_with(end.split('$').next().unwrap_or(end)) || end.contains('$') && ConfigName::new(name).is_none()
        };
        let is_meant = |name: &str| is_exact || is_values(name) || end.is_some_and(|end| has_end(name, end));
        paths.retain(|path| path.file_name().is_some_and(is_meant) && path.is_file());
        Expanded { paths, has_more }
    }

    /// Whether Terraform code stands beside a file, or in a folder above it inside the repository.
    fn has_root_around(&self, path: &Utf8Path) -> bool {
        let store = self.view.store();
        let path = store.canonical(path);
        path.ancestors().skip(1).take(6).any(|folder| store.has_code(folder))
    }
}

/// Whether the shell makes something else of a text.
fn is_computed(text: &str) -> bool {
    text.contains(['$', '{', '%', '<', '*', '?'])
}

/// Whether a text holds a path that ends in a folder.
fn names_folder(text: &[u8], folder: &str) -> bool {
    let is_path = |at: usize| {
        let end = text.get(at + folder.len());
        text[..at].ends_with(b"/") && end.is_none_or(|next| !next.is_ascii_alphanumeric() && !b"_-./".contains(next))
    };
    memchr::memmem::find_iter(text, folder.as_bytes()).any(is_path)
}
