//! The scope of a run: where callers are looked for, and which files may be read and edited.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::thread::{self, JoinHandle};

use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::settings::Input;
use crate::discover::{BadGlob, Exclusion, GitIgnored, Handed, NEVER_ENTERED, Sightings, Texts, Walk, references};
use crate::model::store::{canonical, relative_to};
use crate::model::{GivenValues, Index};
use crate::source::{Fence, World};

/// The paths of a run, and the repositories that they lie in.
pub(super) struct RunScope {
    /// What was named, by canonical path.
    named: Vec<Utf8PathBuf>,
    /// The folders to look for callers in, as they are shown.
    pub(super) roots: Vec<Utf8PathBuf>,
    /// Those of them that callers may lie around.
    open: Vec<OpenTop>,
    /// The files that may be read.
    pub(super) fence: Fence,
    walk: Walk,
    exclusion: Exclusion,
    git_ignored: GitIgnored,
    /// The files that alone may be edited, where a part of a change is made.
    only: RefCell<Option<BTreeSet<Utf8PathBuf>>>,
    /// What the last walk of whole folders came by.
    sightings: RefCell<Sightings>,
    /// The search for callers, where it has begun.
    searching: RefCell<Option<JoinHandle<Index>>>,
}

/// The top of a world that callers may lie around: it is no repository, or a submodule.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OpenTop {
    real: Utf8PathBuf,
    /// As it is shown.
    pub(super) shown: Utf8PathBuf,
    pub(super) is_submodule: bool,
}

impl RunScope {
    /// # Errors
    /// If a glob is malformed.
    pub(super) fn new(input: &Input, walk: &Walk, var_files: &[Utf8PathBuf]) -> Result<Self, BadGlob> {
        let paths = match input {
            Input::Paths(paths) => paths.clone(),
            Input::Stdin(path) => vec![path.clone()],
        };
        let worlds: Vec<(World, Utf8PathBuf)> = paths.iter().filter_map(|path| world(path)).collect();
        let open = worlds.iter().filter(|(world, _)| !world.is_repository || world.is_submodule);
        let open = open.map(|(world, shown)| OpenTop {
            real: world.top.clone(),
            shown: shown.clone(),
            is_submodule: world.is_submodule,
        });
        let open = open.collect();
        let mut roots: Vec<Utf8PathBuf> = worlds.into_iter().map(|(_, shown)| shown).collect();
        roots.sort();
        roots.dedup();
        let named = paths.iter().map(|path| canonical(path)).collect();
        let fence = fence(input).and_files(var_files);
        let git_ignored = GitIgnored::new(walk, fence.clone());
        let exclusion = Exclusion::new(walk)?;
        let only = RefCell::default();
        let (sightings, searching) = (RefCell::default(), RefCell::default());
        Ok(Self { named, roots, open, fence, walk: walk.clone(), exclusion, git_ignored, only, sightings, searching })
    }

    /// What the trees around say about their modules.
    pub(super) fn calls(&self, seen: &(dyn Fn(usize) + Sync)) -> Index {
        match self.searching.take() {
            Some(searching) => searching.join().unwrap_or_else(|panic| resume_unwind(panic)),
            None => Index::of(references(&self.roots, &self.walk, self.sightings.take(), seen)),
        }
    }

    /// What their other files hand over.
    pub(super) fn handed(&self, texts: &Texts, seen: &(dyn Fn(usize) + Sync)) -> Handed {
        texts.read(&self.walk, seen)
    }

    /// The documents that they write.
    pub(super) fn written(&self, texts: &Texts, seen: &(dyn Fn(usize) + Sync)) -> Vec<(Utf8PathBuf, String)> {
        texts.written(&self.walk, seen)
    }

    /// Keeps what a walk of whole folders came by, with which a search for callers begins. Where it `is_certain` that callers
    /// matter, it begins now, while the notebooks are parsed, if nothing is left to walk.
    pub(super) fn saw(&self, sightings: Sightings, is_certain: bool) {
        if !is_certain || !sightings.are_of(&self.roots) {
            self.sightings.replace(sightings);
            return;
        }
        let (roots, walk) = (self.roots.clone(), self.walk.clone());
        let search = move || Index::of(references(&roots, &walk, sightings, &|_| ()));
        self.searching.replace(thread::Builder::new().spawn(search).ok());
    }

    /// The files of values that the command line gives, with the folders that it gives them to: each path that is a folder,
    /// or the folder of a file.
    pub(super) fn given_values(&self, files: &[Utf8PathBuf]) -> GivenValues {
        let folder =
            |path: &Utf8PathBuf| if path.is_dir() { Some(path.clone()) } else { path.parent().map(Into::into) };
        GivenValues { files: files.to_vec(), roots: self.named.iter().filter_map(folder).collect() }
    }

    /// The top of a file's world where callers may lie further out.
    pub(super) fn open_top(&self, path: &Utf8Path) -> Option<&OpenTop> {
        let real = canonical(path);
        self.open.iter().find(|top| real.starts_with(&top.real))
    }

    /// Whether a file lies under a path of the run, wherever a link or a list of modules shows it, and is neither excluded
    /// nor a tool's copy.
    pub(super) fn may_edit(&self, path: &Utf8Path) -> bool {
        if self.only.borrow().as_ref().is_some_and(|only| !only.contains(path)) {
            return false;
        }
        let real = canonical(path);
        let copied = real.components().any(|part| NEVER_ENTERED.contains(&part.as_str()));
        let within = self.named.iter().any(|named| real.starts_with(named));
        !copied && within && !self.exclusion.excludes(path)
    }

    /// Lets nothing but some files be edited from now on, as they are shown; all of them again with `None`.
    pub(super) fn edit_only(&self, files: Option<BTreeSet<Utf8PathBuf>>) {
        self.only.replace(files);
    }

    /// Whether a folder, given by its real path, lies under a path of the run as a whole.
    pub(super) fn contains(&self, folder: &Utf8Path) -> bool {
        self.named.iter().any(|named| folder.starts_with(named))
    }

    /// Whether a folder, given by its real path, lies under a path of the run or holds a file that is one.
    pub(super) fn holds(&self, folder: &Utf8Path) -> bool {
        self.named.iter().any(|named| folder.starts_with(named) || named.parent() == Some(folder) && named.is_file())
    }

    /// Whether git ignores a file, so that a change there reaches no commit; not if the command line names it.
    pub(super) fn is_git_ignored(&self, path: &Utf8Path) -> bool {
        let real = canonical(path);
        !self.named.contains(&real) && self.git_ignored.ignores(&real)
    }
}

/// What a run with this input may read.
pub(super) fn fence(input: &Input) -> Fence {
    match input {
        Input::Paths(paths) => Fence::around(paths),
        // The code comes from standard input; its name says where its neighbours lie.
        Input::Stdin(path) if path.exists() => Fence::around(std::slice::from_ref(path)),
        Input::Stdin(path) => Fence::around(&[path.parent().unwrap_or(Utf8Path::new("")).to_owned()]),
    }
}

/// The world that a path lies in, and its top as it is shown; `None` for what is not on the disk.
fn world(path: &Utf8Path) -> Option<(World, Utf8PathBuf)> {
    let folder = if path.is_dir() { path } else { path.parent()? };
    let folder = if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder };
    let real = folder.canonicalize_utf8().ok()?;
    let world = World::around(path)?;
    // Shown like the path that was given: relative to it, or absolute.
    let up = real.strip_prefix(&world.top).ok()?.components().count();
    // Above a link lie other folders than above what it leads to.
    let shown = up_from(folder, up).filter(|shown| canonical(shown) == world.top);
    let shown = shown.unwrap_or_else(|| from_here(path, &world.top));
    Some((world, shown))
}

/// A folder, given absolute, in the manner of a path that was given: relative to the working folder, or absolute.
fn from_here(given: &Utf8Path, folder: &Utf8Path) -> Utf8PathBuf {
    let here = canonical(Utf8Path::new("."));
    if given.is_absolute() || !here.is_absolute() {
        return folder.to_owned();
    }
    let way = relative_to(&here, folder);
    if way.as_str().is_empty() { ".".into() } else { way }
}

/// The folder some levels above, in the same spelling.
fn up_from(folder: &Utf8Path, levels: usize) -> Option<Utf8PathBuf> {
    let mut result = folder.to_owned();
    for _ in 0..levels {
        match result.file_name() {
            Some(_) if result != "." => result = result.parent()?.to_owned(),
            _ => result.push(".."),
        }
    }
    Some(if result.as_str().is_empty() { ".".into() } else { result })
}
