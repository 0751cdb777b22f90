//! The files of a run, read and parsed once each, on demand.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};

use camino::{Utf8Path, Utf8PathBuf};
use elsa::{FrozenMap, FrozenVec};

use super::files::ConfigName;
use super::tfvars::is_values;
use crate::finding::Problem;
use crate::fix::Patch;
pub use crate::source::canonical;
use crate::source::{Fence, FileId, FileKind, RealPaths, Refusal, Role, SourceFile, Sources};
use crate::syntax::{self, Syntax};

/// The kinds of blocks that a root module is run for; `action` and `list` need others.
const DEPLOYING: [&str; 9] =
    ["resource", "module", "data", "output", "ephemeral", "check", "import", "moved", "removed"];

/// Whether a line begins a block of such a kind.
fn starts_deploying(line: &[u8]) -> bool {
    DEPLOYING.iter().any(|kind| line.trim_ascii_start().starts_with(kind.as_bytes()))
}

/// Every file that was read, by what it is on the disk: a file reached over two paths is one file.
#[derive(Default)]
pub struct Store {
    /// The files that may be read.
    fence: Fence,
    sources: Sources,
    syntaxes: FrozenVec<Box<OnceCell<Syntax>>>,
    /// By canonical path; `None` for a file that cannot be read.
    ids: RefCell<HashMap<Utf8PathBuf, Option<FileId>>>,
    /// Why files that are there cannot be read, by canonical path.
    unread: RefCell<HashMap<Utf8PathBuf, Problem>>,
    by_id: RefCell<BTreeMap<FileId, usize>>,
    /// The names in a folder, sorted, by its canonical path.
    folders: FrozenMap<Utf8PathBuf, Vec<String>>,
    /// Whether a folder holds code, by its canonical path.
    with_code: RefCell<HashMap<Utf8PathBuf, bool>>,
    /// Whether a folder may be a root module, by its canonical path.
    roots: RefCell<HashMap<Utf8PathBuf, bool>>,
    real: RealPaths,
    /// What evaluating the files has taken so far.
    work: Cell<usize>,
    /// The bytes of all code and values that have been read.
    code_bytes: Cell<usize>,
}

impl Store {
    /// A store that reads inside the fence.
    #[must_use]
    pub fn within(fence: Fence) -> Self {
        Self { fence, ..Self::default() }
    }

    /// What evaluating the files has taken so far, in values made: evaluators count and bound it.
    pub(crate) fn work(&self) -> &Cell<usize> {
        &self.work
    }

    /// How many bytes of code and of values have been read, those of data files and scripts not counted.
    pub(crate) fn code_bytes(&self) -> usize {
        self.code_bytes.get()
    }

    /// The files that have been read.
    #[must_use]
    pub fn into_sources(self) -> Sources {
        self.sources
    }

    /// Adds a file that has been read.
    pub fn insert(&self, file: SourceFile) -> FileId {
        let path = self.canonical(file.path());
        if file.kind().role != Role::Other {
            self.code_bytes.set(self.code_bytes.get().saturating_add(file.text().len()));
        }
        let id = self.sources.add(file);
        self.by_id.borrow_mut().insert(id, self.syntaxes.len());
        self.syntaxes.push(Box::new(OnceCell::new()));
        self.ids.borrow_mut().insert(path, Some(id));
        id
    }

    /// The file at a path, read now if it has not been before; `None` if it cannot be read as text.
    pub fn load(&self, path: &Utf8Path) -> Option<FileId> {
        let key = self.canonical(path);
        let known = self.ids.borrow().get(&key).copied();
        if let Some(id) = known {
            return id;
        }
        let refused = |position, message| Problem { file: shown(path).into_string(), position, message };
        let read = self.fence.read(&key).map_err(|refusal| refused(None, refusal.to_string()));
        let file = read.and_then(|bytes| {
            SourceFile::from_bytes(shown(path), bytes).map_err(|bad| refused(Some(bad.position), bad.to_string()))
        });
        match file {
            Ok(file) => Some(self.insert(file)),
            Err(problem) => {
                // What is not there has nothing to say; a link that leads nowhere might have.
                if path.symlink_metadata().is_ok() {
                    self.unread.borrow_mut().insert(key.clone(), problem);
                }
                self.ids.borrow_mut().insert(key, None);
                None
            }
        }
    }

    /// Why a file that [`Store::load`] has not loaded cannot be read; `None` for one that is not there.
    #[must_use]
    pub fn unread(&self, path: &Utf8Path) -> Option<Problem> {
        self.unread.borrow().get(&self.canonical(path)).cloned()
    }

    /// Whether a place may be read, wherever links lead from it.
    #[must_use]
    pub fn admits(&self, path: &Utf8Path) -> bool {
        self.fence.admits(&self.canonical(path))
    }

    /// The bytes of a file, whatever they are; they are not kept.
    ///
    /// # Errors
    /// [`Refusal`], as for every file.
    pub fn bytes(&self, path: &Utf8Path) -> Result<Vec<u8>, Refusal> {
        self.fence.read(path)
    }

    /// The names of the entries of a folder, sorted; empty if it cannot be read.
    pub fn names(&self, folder: &Utf8Path) -> &[String] {
        let key = self.canonical(folder);
        if let Some(names) = self.folders.get(&key) {
            return names;
        }
        if !self.fence.admits(&key) {
            return self.folders.insert(key, Vec::new());
        }
        let walk = walkdir::WalkDir::new(if folder.as_str().is_empty() { "." } else { folder.as_str() });
        let entries = walk.min_depth(1).max_depth(1).sort_by_file_name().into_iter().filter_map(Result::ok);
        let names = entries.filter_map(|entry| entry.file_name().to_str().map(str::to_owned)).collect();
        self.folders.insert(key, names)
    }

    /// Whether a folder holds Terraform code.
    pub fn has_code(&self, folder: &Utf8Path) -> bool {
        let key = self.canonical(folder);
        if let Some(&known) = self.with_code.borrow().get(&key) {
            return known;
        }
        let found = self.names(folder).iter().any(|name| ConfigName::new(name).is_some());
        self.with_code.borrow_mut().insert(key, found);
        found
    }

    /// Whether a folder may be a root module: it holds code with something to deploy or to hand out, besides variables, local
    /// values and settings of providers.
    pub fn may_be_root(&self, folder: &Utf8Path) -> bool {
        let key = self.canonical(folder);
        if let Some(&known) = self.roots.borrow().get(&key) {
            return known;
        }
        let deploys = |name: &&String| match self.fence.read(&key.join(name)) {
            Ok(_) if FileKind::of(Utf8Path::new(name)).is_json() => true,
            Ok(bytes) => bytes.split(|byte| *byte == b'\n').any(starts_deploying),
            Err(_) => true,
        };
        let found = self.names(folder).iter().filter(|name| ConfigName::new(name).is_some()).any(|name| deploys(&name));
        self.roots.borrow_mut().insert(key, found);
        found
    }

    /// As [`canonical`], remembered.
    #[must_use]
    pub fn canonical(&self, path: &Utf8Path) -> Utf8PathBuf {
        self.real.of(path)
    }

    /// All files with their text.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    fn syntax(&self, id: FileId) -> &Syntax {
        let index = self.by_id.borrow()[&id];
        self.syntaxes[index].get_or_init(|| parse(&self.sources[id]))
    }
}

/// Files of values have a syntax of their own.
fn parse(file: &SourceFile) -> Syntax {
    let is_values = is_values(file.path().as_str());
    if is_values { syntax::parse_values(file) } else { syntax::parse(file) }
}

/// The shortest spelling of a relative path: one that goes up and comes down again goes up no further than it has to.
fn shown(path: &Utf8Path) -> Utf8PathBuf {
    if !path.starts_with("..") {
        return path.to_owned();
    }
    let shortest = || {
        let folder = canonical(path.parent()?);
        let here = canonical(Utf8Path::new("."));
        folder.is_absolute().then(|| relative_to(&here, &folder).join(path.file_name().unwrap_or_default()))
    };
    shortest().filter(|shortest| shortest.as_str().len() < path.as_str().len()).unwrap_or_else(|| path.to_owned())
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

/// The way from one absolute path to another.
#[must_use]
pub fn relative_to(here: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    let shared = here.components().zip(path.components()).take_while(|(one, other)| one == other).count();
    let up = here.components().skip(shared).map(|_| "..");
    up.chain(path.components().skip(shared).map(|part| part.as_str())).collect()
}

/// The files of a run as they are, or as they would be after some changes.
pub struct View<'a> {
    store: &'a Store,
    changed: BTreeMap<FileId, (SourceFile, Syntax)>,
}

impl<'a> View<'a> {
    /// The files as they are, but for those in `patches`.
    #[must_use]
    pub fn new(store: &'a Store, patches: &[Patch]) -> Self {
        let changed = patches.iter().map(|patch| {
            let file = store.sources[patch.file].with_text(patch.after.clone());
            let syntax = parse(&file);
            (patch.file, (file, syntax))
        });
        Self { store, changed: changed.collect() }
    }

    /// Where files are read on demand.
    #[must_use]
    pub fn store(&self) -> &'a Store {
        self.store
    }

    /// A file's text.
    #[must_use]
    pub fn source(&self, id: FileId) -> &SourceFile {
        self.changed.get(&id).map_or(&self.store.sources[id], |(file, _)| file)
    }

    /// A file's tree.
    #[must_use]
    pub fn syntax(&self, id: FileId) -> &Syntax {
        self.changed.get(&id).map_or_else(|| self.store.syntax(id), |(_, syntax)| syntax)
    }
}
