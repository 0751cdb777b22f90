//! A search made only when a value has to be traced: which files name a folder, as module calls do.

mod entry;
mod pending;

use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use ignore::{DirEntry, WalkParallel, WalkState};

use super::code::CodeSays;
use super::commands::{Sets, Setting};
use super::file_names::is_wanted;
use super::handed::SetVariable;
use super::own::{Own, of_folders};
use super::paths::{problem, trimmed};
use super::sightings::{Paths, Sightings};
use super::threads::shared_out;
use super::{Walk, git_rules};
use crate::finding::Problem;
use crate::source::Fence;
use entry::{Kind, look_at};
use pending::Pending;

/// The references to modules in a tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct References {
    /// Folders of Terraform files, each with a relative path that is quoted in one of them. Sorted, each once.
    pub quoted: Vec<(Utf8PathBuf, String)>,
    /// Terragrunt configurations and component files of Terraform Stacks, sorted.
    pub terragrunt: Vec<Utf8PathBuf>,
    /// Lists of the modules that `terraform init` has left (`.terraform/modules/modules.json`), sorted.
    pub manifests: Vec<Utf8PathBuf>,
    /// Symbolic links to files, sorted: what is behind one belongs to its folder as well.
    pub links: Vec<Utf8PathBuf>,
    /// Folders of Terraform files with a module call whose source is no plain quoted path, or leads nowhere. Sorted, each
    /// once.
    pub composed: Vec<Utf8PathBuf>,
    /// Folders with a Terraform file that may end before it has said what it calls. Sorted, each once.
    pub cut_off: Vec<Utf8PathBuf>,
    /// Terraform files that cannot be read, or not as text. Sorted.
    pub unread: Vec<Problem>,
    /// Files of values that commands name with `-var-file`, as they are written, each with the command's file. Sorted.
    pub values: Vec<(Utf8PathBuf, String)>,
    /// Variables that commands set with `-var` or `TF_VAR_`. Sorted.
    pub variables: Vec<SetVariable>,
    /// The files of values in the tree, sorted.
    pub files_of_values: Vec<Utf8PathBuf>,
    /// Other files that name a module as Terragrunt configurations do, which whoever calls Terragrunt may name. Sorted.
    pub unnamed: Vec<Utf8PathBuf>,
    /// Files with commands that take values from elsewhere. Sorted.
    pub fetching: Vec<Utf8PathBuf>,
    /// The repositories of the tree that have an address.
    pub own: Vec<Own>,
    /// Sources that name one of these, each with the folder of its file. Sorted, each once.
    pub fetched: Vec<(Utf8PathBuf, String)>,
    /// Whether commands let Terragrunt take code from other places than units say.
    pub maps_sources: bool,
    /// What counts once all of the folders are known.
    pending: Pending,
}

impl References {
    fn append(&mut self, mut other: Self) {
        self.quoted.append(&mut other.quoted);
        self.terragrunt.append(&mut other.terragrunt);
        self.manifests.append(&mut other.manifests);
        self.links.append(&mut other.links);
        self.composed.append(&mut other.composed);
        self.cut_off.append(&mut other.cut_off);
        self.unread.append(&mut other.unread);
        self.values.append(&mut other.values);
        self.variables.append(&mut other.variables);
        self.files_of_values.append(&mut other.files_of_values);
        self.fetching.append(&mut other.fetching);
        self.pending.append(other.pending);
        self.fetched.append(&mut other.fetched);
        self.maps_sources |= other.maps_sources;
    }

    /// The same in its order, with what only all of the folders tell.
    fn settled(mut self, folders: &[Utf8PathBuf], threads: usize) -> Self {
        std::mem::take(&mut self.pending).settle(&mut self, folders, threads);
        in_order(&mut self.unnamed);
        in_order(&mut self.quoted);
        in_order(&mut self.terragrunt);
        in_order(&mut self.manifests);
        in_order(&mut self.links);
        in_order(&mut self.composed);
        in_order(&mut self.cut_off);
        in_order(&mut self.unread);
        in_order(&mut self.values);
        in_order(&mut self.variables);
        in_order(&mut self.files_of_values);
        in_order(&mut self.fetched);
        in_order(&mut self.fetching);
        self
    }

    /// Adds what the Terraform file at a path says.
    fn add_code(&mut self, path: &Utf8Path, says: CodeSays) {
        let CodeSays { quoted, sources, fetched, is_unclear, is_cut_off, unread, variables, sets_any } = says;
        self.unread.extend(unread.map(|why| problem(path.as_std_path(), why)));
        let folder = || path.parent().unwrap_or(Utf8Path::new("")).to_owned();
        let is_composed = is_unclear || sources.iter().any(|source| !folder().join(source).exists());
        self.composed.extend(is_composed.then(folder));
        self.cut_off.extend(is_cut_off.then(folder));
        self.quoted.extend(quoted.into_iter().map(|source| (folder(), source)));
        self.fetched.extend(fetched.into_iter().map(|source| (folder(), source)));
        self.set(path, variables);
        if sets_any {
            self.pending.texts.push((path.to_owned(), Sets::Any));
        }
    }

    /// Notes variables that a file sets.
    fn set(&mut self, file: &Utf8Path, variables: Vec<Setting>) {
        let set = variables.into_iter();
        let set = set.map(|Setting { name, folder, value }| SetVariable { file: file.to_owned(), name, folder, value });
        self.variables.extend(set);
    }
}

/// Searches the folders for what could be a module call, beginning with what a walk over just these has seen. Unreadable places
/// are passed over: the walk has reported those that matter. `seen` hears of the files looked at.
#[must_use]
pub fn references(
    folders: &[Utf8PathBuf],
    walk: &Walk,
    sightings: Sightings,
    seen: &(dyn Fn(usize) + Sync),
) -> References {
    if folders.is_empty() {
        return References::default();
    }
    let starts = || folders.iter().map(|folder| folder.as_std_path().to_owned()).collect();
    let sightings =
        if sightings.are_of(folders) { sightings } else { Sightings { passed_by: starts(), ..Sightings::default() } };
    let Sightings { code, declared, files, unread, links, manifests, passed_by, .. } = sightings;
    let own = of_folders(folders);
    let pending = Pending { declared, ..Pending::default() };
    let mut all = References { manifests, pending, ..References::default() };
    for (path, says) in code {
        all.add_code(&path, says);
    }
    seen(files);
    for link in &links {
        look_at(link, Kind::Link, &own, &mut all);
    }
    all.append(gather_files(&unread, walk, &own, seen));
    if !passed_by.is_empty() {
        // Terraform heeds neither git nor the dot in front of a name, and CI files stand in hidden folders.
        let everything = Walk { hidden: true, no_ignore: true, ..walk.clone() };
        let wanted = |entry: &DirEntry, _: &dyn Fn() -> bool| is_wanted(entry);
        let gather = |walk| gather(walk, &own, seen);
        all.append(git_rules::walk(&passed_by, &everything, &Fence::default(), wanted, gather).0);
    }
    References { own, ..all.settled(folders, walk.threads()) }
}

/// What files say that were not read yet.
fn gather_files(files: &Paths, walk: &Walk, own: &[Own], seen: &(dyn Fn(usize) + Sync)) -> References {
    let work = |at, found: &mut References| {
        for path in files.group(at) {
            look_at(&path, Kind::File, own, found);
            seen(1);
        }
    };
    shared_out(walk.threads(), files.groups(), work, References::append)
}

fn gather(walk: WalkParallel, own: &[Own], seen: &(dyn Fn(usize) + Sync)) -> References {
    let all = Mutex::new(References::default());
    walk.run(|| {
        Box::new(|entry| {
            let entry = entry.ok();
            let kind = entry.as_ref().and_then(DirEntry::file_type);
            let path = entry.as_ref().and_then(|entry| Utf8Path::from_path(trimmed(entry.path())));
            if let (Some(kind), Some(path)) = (kind, path) {
                let kind = match () {
                    () if kind.is_dir() => Kind::Folder,
                    () if kind.is_symlink() => Kind::Link,
                    () => Kind::File,
                };
                let mut found = References::default();
                look_at(path, kind, own, &mut found);
                if found != References::default() {
                    all.lock().unwrap_or_else(PoisonError::into_inner).append(found);
                }
            }
            seen(1);
            WalkState::Continue
        })
    });
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn in_order<T: Ord>(items: &mut Vec<T>) {
    items.sort();
    items.dedup();
}
