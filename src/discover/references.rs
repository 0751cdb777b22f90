//! A search made only when callers matter: which files name a folder, as module calls do.

mod entry;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use ignore::{DirEntry, WalkParallel, WalkState};

use super::code::CodeSays;
use super::file_names::is_wanted;
use super::handed::Texts;
use super::own::{Own, of_folders};
use super::paths::{in_order, problem, trimmed};
use super::sightings::Sightings;
use super::threads::shared_out;
use super::{Walk, git_rules, manifest};
use crate::finding::Problem;
use crate::source::Fence;
use entry::{look_at, look_behind};

/// The versions of providers that Terraform has chosen, which it keeps to.
pub const LOCK_FILE: &str = ".terraform.lock.hcl";

/// The references to modules in a tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct References {
    /// Folders of Terraform files, each with a relative path that is quoted in one of them. Sorted, each once.
    pub quoted: Vec<(Utf8PathBuf, String)>,
    /// Terragrunt configurations and component files of Terraform Stacks, by their names; sorted.
    pub terragrunt: Vec<Utf8PathBuf>,
    /// Other files that Terragrunt may be told to take for configurations, and that speak of modules as these do; sorted.
    pub candidates: Vec<Utf8PathBuf>,
    /// The folders of these in which a version of the provider is locked that may be too old; sorted.
    pub locked: Vec<Utf8PathBuf>,
    /// Lists of the modules that `terraform init` has left (`.terraform/modules/modules.json`), sorted.
    pub manifests: Vec<Utf8PathBuf>,
    /// Symbolic links to files, sorted: what is behind one belongs to its folder as well.
    pub links: Vec<Utf8PathBuf>,
    /// Folders of Terraform files with a module call whose source is no plain quoted path, or leads nowhere. Sorted, each
    /// once.
    pub composed: Vec<Utf8PathBuf>,
    /// Folders of Terraform files, each with the line of a source that is no plain text, from the value on. Sorted, each once.
    pub unclear: Vec<(Utf8PathBuf, String)>,
    /// The names of symbolic links to folders.
    pub links_to_folders: BTreeSet<String>,
    /// Folders with a Terraform file that may end before it has said what it calls. Sorted, each once.
    pub cut_off: Vec<Utf8PathBuf>,
    /// Terraform files that cannot be read, or not as text. Sorted.
    pub unread: Vec<Problem>,
    /// The repositories of the tree that have an address.
    pub own: Vec<Own>,
    /// Sources that name one of these, each with the folder of its file. Sorted, each once.
    pub fetched: Vec<(Utf8PathBuf, String)>,
    /// Whether an ignore comment may stand on a call, a component or a unit.
    pub may_except: bool,
    /// Whether a configuration of Terragrunt may read other files, code among them.
    pub reads_files: bool,
    /// The other files.
    pub texts: Texts,
}

impl References {
    fn append(&mut self, mut other: Self) {
        self.quoted.append(&mut other.quoted);
        self.terragrunt.append(&mut other.terragrunt);
        self.candidates.append(&mut other.candidates);
        self.locked.append(&mut other.locked);
        self.manifests.append(&mut other.manifests);
        self.links.append(&mut other.links);
        self.composed.append(&mut other.composed);
        self.unclear.append(&mut other.unclear);
        self.links_to_folders.append(&mut other.links_to_folders);
        self.cut_off.append(&mut other.cut_off);
        self.unread.append(&mut other.unread);
        self.fetched.append(&mut other.fetched);
        self.may_except |= other.may_except;
        self.reads_files |= other.reads_files;
        self.texts.append(other.texts);
    }

    /// The same in its order.
    fn sorted(mut self) -> Self {
        in_order(&mut self.quoted);
        in_order(&mut self.terragrunt);
        in_order(&mut self.candidates);
        in_order(&mut self.locked);
        in_order(&mut self.manifests);
        in_order(&mut self.links);
        in_order(&mut self.composed);
        in_order(&mut self.unclear);
        in_order(&mut self.cut_off);
        in_order(&mut self.unread);
        in_order(&mut self.fetched);
        Self { texts: self.texts.sorted(), ..self }
    }

    /// Adds what the Terraform file at a path says.
    fn add_code(&mut self, path: &Utf8Path, mut says: CodeSays) {
        self.texts.add_code(path, &mut says);
        let CodeSays { quoted, sources, fetched, unclear, is_broken, is_cut_off, unread, .. } = says;
        self.unread.extend(unread.map(|why| problem(path.as_std_path(), why)));
        let folder = || path.parent().unwrap_or(Utf8Path::new("")).to_owned();
        let is_composed =
            is_broken || !unclear.is_empty() || sources.iter().any(|source| !folder().join(source).exists());
        self.composed.extend(is_composed.then(folder));
        self.unclear.extend(unclear.into_iter().map(|line| (folder(), line)));
        self.cut_off.extend(is_cut_off.then(folder));
        self.quoted.extend(quoted.into_iter().map(|source| (folder(), source)));
        self.fetched.extend(fetched.into_iter().map(|source| (folder(), source)));
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
    let mut sightings =
        if sightings.are_of(folders) { sightings } else { Sightings { passed_by: starts(), ..Sightings::default() } };
    let passed_by = std::mem::take(&mut sightings.passed_by);
    if !passed_by.is_empty() {
        // Terraform heeds neither git nor the dot in front of a name, and CI files stand in hidden folders.
        let everything = Walk { hidden: true, no_ignore: true, ..walk.clone() };
        let wanted = |entry: &DirEntry, _: &dyn Fn() -> bool| is_wanted(entry);
        sightings.append(git_rules::walk(&passed_by, &everything, &Fence::default(), wanted, gather).0);
    }
    let Sightings { code, declared, files, unread, texts, may_except, links, manifests, .. } = sightings;
    let own = of_folders(folders);
    let texts = Texts::of(folders, texts, declared);
    let mut all = References { manifests, may_except, texts, ..References::default() };
    for (path, says) in code {
        all.add_code(&path, says);
    }
    seen(files);
    for link in &links {
        look_behind(link, &own, &mut all);
    }
    let look = |at, found: &mut References| {
        for path in unread.group(at) {
            look_at(&path, &own, found);
            seen(1);
        }
    };
    all.append(shared_out(walk.threads(), unread.groups(), look, References::append));
    References { own, ..all.sorted() }
}

/// What lies in folders that no walk has entered.
fn gather(walk: WalkParallel) -> Sightings {
    let all = Mutex::new(Sightings::default());
    walk.run(|| {
        Box::new(|entry| {
            let entry = entry.ok();
            let kind = entry.as_ref().and_then(DirEntry::file_type);
            let path = entry.as_ref().and_then(|entry| Utf8Path::from_path(trimmed(entry.path())));
            if let (Some(kind), Some(path)) = (kind, path) {
                let manifest = Some(path.join(manifest::PATH))
                    .filter(|manifest| kind.is_dir() && manifest.symlink_metadata().is_ok());
                let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                match () {
                    () if kind.is_dir() => all.manifests.extend(manifest),
                    () if kind.is_symlink() => all.links.push(path.to_owned()),
                    () => all.push_unread(path),
                }
            }
            WalkState::Continue
        })
    });
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}
