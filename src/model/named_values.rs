//! Files of values that the repository's own commands name.

use std::collections::{BTreeSet, HashMap};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::Workspace;
use super::store::join;
use super::tfvars::{ValueFiles, is_values};
use super::written_paths::{Expanded, MOST_EXPANDED, behind_lead, is_computed, last_of};

/// The files that commands name, as far as it does not matter which root module is run.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// The names, each once.
    names: Vec<String>,
    /// What they stand for where a command's own file lies, or above, and no root module around it.
    beside: Expanded,
    /// Files of values that belong to any root module which has all of the variables that they set.
    fitting: Vec<(Utf8PathBuf, BTreeSet<String>)>,
    /// Those that belong to any which has one of them.
    sharing: Vec<(Utf8PathBuf, BTreeSet<String>)>,
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
        let Named { names, beside, fitting, sharing } = self.named.get_or_init(|| self.find_named());
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
        let paths = self.values_below_others(folder).cloned().collect();
        add(&Expanded { paths, has_more: false });
        if !fitting.is_empty() || !sharing.is_empty() {
            let variables = self.module(folder).variables();
            let has = |name: &String| variables.contains_key(name.as_str());
            let fitting = fitting.iter().filter(|(_, set)| set.iter().all(has));
            let sharing = sharing.iter().filter(|(_, set)| set.is_empty() || set.iter().any(has));
            let paths = fitting.chain(sharing).map(|(path, _)| path.clone()).collect();
            add(&Expanded { paths, has_more: false });
        }
        files
    }

    fn find_named(&self) -> Named {
        let mut named = Named::default();
        let mut seen = BTreeSet::new();
        let mut leading_on = BTreeSet::new();
        for (script, name) in self.callers.named_values() {
            let folder = script.parent().unwrap_or(Utf8Path::new(""));
            if seen.insert((folder, name.as_str())) {
                let Expanded { paths, has_more } = self.expanded(folder, name);
                named.beside.has_more |= has_more;
                named.beside.paths.extend(paths.into_iter().filter(|path| !self.has_root_around(path)));
                // Terragrunt's own functions say which folder they mean.
                if script.extension() != Some("hcl") {
                    leading_on.extend(behind_lead(name).map(str::to_owned));
                    self.add_from_above(folder, name, &mut named);
                }
            }
            // Those in a root module's own folder belong to it anyway.
            if !is_values(name) || name.contains('/') || is_computed(name) {
                leading_on.insert(name.clone());
            }
        }
        named.sharing = self.with_their_names(self.ending_as_named(), &mut named.beside);
        // In a root module's folder and below it, they belong to whatever has all of their variables.
        let meant: BTreeSet<&Utf8PathBuf> = self.callers.meant_values().iter().map(|(_, path)| path).collect();
        for path in meant {
            if self.has_root_around(path) {
                named.fitting.extend(self.names_set_in(path).map(|set| (path.clone(), set)));
            } else {
                named.beside.paths.push(path.clone());
            }
        }
        named.names.extend(leading_on);
        named.fitting.extend(self.with_their_names(self.homeless_values(), &mut named.beside));
        named
    }

    /// The files of values whose paths end as a name with folders in it does: which folder it counts from is not known.
    fn ending_as_named(&self) -> impl Iterator<Item = &Utf8PathBuf> {
        let mut by_last: HashMap<&str, BTreeSet<Utf8PathBuf>> = HashMap::new();
        for (_, name) in self.callers.named_values() {
            let parts = Utf8Path::new(name).components().filter(|part| matches!(part, Utf8Component::Normal(_)));
            let end: Utf8PathBuf = parts.collect();
            if end.as_str().contains('/') && is_values(name) && !is_computed(name) {
                by_last.entry(last_of(name)).or_default().insert(end);
            }
        }
        let is_named = move |path: &&Utf8PathBuf| {
            by_last.get(last_of(path.as_str())).is_some_and(|ends| ends.iter().any(|end| path.ends_with(end)))
        };
        let named = self.callers.files_of_values().iter().filter(is_named);
        named.filter(|path| !self.has_root_around(path))
    }

    /// Adds the files that a name stands for where a command runs above its own file's folder, as a service's do, or begins it
    /// with the folder that it runs in (`$PWD/`). From there the name may lead to what belongs to any root module.
    fn add_from_above(&self, folder: &Utf8Path, name: &str, named: &mut Named) {
        let rest = behind_lead(name);
        // Any other file of values counts wherever it lies.
        if rest.is_none() && is_values(name) {
            return;
        }
        let around = std::iter::successors(Some(folder.to_owned()), |folder| {
            Some(join(folder, "..")).filter(|above| above != folder)
        });
        for above in around.take_while(|folder| self.view.store().admits(folder)) {
            let Expanded { paths, has_more } = self.expanded(&above, rest.unwrap_or(name));
            named.beside.has_more |= has_more;
            if rest.is_some() {
                named
                    .fitting
                    .extend(paths.into_iter().filter_map(|path| Some((path.clone(), self.names_set_in(&path)?))));
            } else {
                named.beside.paths.extend(paths.into_iter().filter(|path| !self.has_root_around(path)));
            }
        }
    }

    /// The files of values that lie beside or below no Terraform code, with the variables that they set. Somebody gives them to
    /// a root module elsewhere: to one that has all these variables, as far as can be told.
    fn homeless_values(&self) -> impl Iterator<Item = &Utf8PathBuf> {
        // Those around units are Terragrunt's.
        let of_units: BTreeSet<&Utf8Path> = self.callers.terragrunt().iter().filter_map(|path| path.parent()).collect();
        let is_of_units = move |path: &Utf8PathBuf| {
            let folder = path.parent().unwrap_or(Utf8Path::new(""));
            folder.ancestors().any(|above| of_units.contains(above))
                || of_units.range(folder..).next().is_some_and(|unit| unit.starts_with(folder))
        };
        let lone = self.callers.files_of_values().iter();
        lone.filter(move |path| !is_of_units(path) && !self.has_root_around(path))
    }

    /// Files of values with the variables that they set, up to a bound: `all` hears where there are more.
    fn with_their_names<'p>(
        &self,
        paths: impl Iterator<Item = &'p Utf8PathBuf>,
        all: &mut Expanded,
    ) -> Vec<(Utf8PathBuf, BTreeSet<String>)> {
        let mut paths = paths.peekable();
        let first = paths.by_ref().take(MOST_EXPANDED);
        let found = first.filter_map(|path| Some((path.clone(), self.names_set_in(path)?))).collect();
        all.has_more |= paths.peek().is_some();
        found
    }

    /// The variables that a file of values is known to set, if it sets any: what cannot be read may set others.
    fn names_set_in(&self, path: &Utf8Path) -> Option<BTreeSet<String>> {
        let Some(file) = self.view.store().load(path) else {
            return self.view.store().unread(path).map(|_| BTreeSet::new());
        };
        let syntax = self.view.syntax(file);
        let names: BTreeSet<String> = syntax.body.attributes().map(|attribute| attribute.key.text.clone()).collect();
        (!names.is_empty() || !syntax.unreadable.is_empty()).then_some(names)
    }

    /// The files of values of a root module that lie in or below a folder of it whose code is no root module.
    fn values_below_others(&self, folder: &Utf8Path) -> impl Iterator<Item = &Utf8PathBuf> {
        let store = self.view.store();
        let root = store.canonical(folder);
        let folder = if folder == "." { Utf8PathBuf::new() } else { folder.to_owned() };
        let all = self.callers.files_of_values();
        let below = &all[all.partition_point(|path| path.as_path() < folder.as_path())..];
        below.iter().take_while(move |path| path.starts_with(&folder)).filter(move |path| {
            let real = store.canonical(path);
            let mut between = real.ancestors().skip(1).take_while(|above| !store.may_be_root(above) && **above != root);
            let is_unit = |above: &Utf8Path| store.names(above).iter().any(|name| name == "terragrunt.hcl");
            let nearest = real.ancestors().skip(1).find(|above| store.may_be_root(above));
            nearest == Some(root.as_path())
                && between.any(|above| store.has_code(above))
                && !real.parent().is_some_and(is_unit)
        })
    }

    /// Whether a module that may be run stands beside a file, or in a folder above it inside the repository.
    fn has_root_around(&self, path: &Utf8Path) -> bool {
        let store = self.view.store();
        store.canonical(path).ancestors().skip(1).take(6).any(|folder| store.may_be_root(folder))
    }
}
