//! Walks that heed git's lists of ignored files.
//!
//! A repository can make such a list a pipe, a device or a file without end. So each folder's lists are looked at before
//! they are read, and if one is anything but a short regular file, nothing is left out for git's sake: what a stranger's
//! repository does not say plainly hides nothing.
//!
//! The library that walks could heed the lists itself. It says nothing of what it leaves out, though, and callers are
//! looked for there as well: a second walk over the whole tree would cost as much as the first.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkParallel};

use super::Walk;
use super::lists::Lists;
use crate::source::Fence;

/// Walks folders, with those entries that are `wanted`, and says which lists of ignored files could not be heeded. `wanted`
/// is given what tells whether git ignores the entry, which need not be asked of each.
///
/// `fence` is that of the run: a start may be a link that the code under scan has made, and names nothing.
pub(super) fn walk<T>(
    starts: &[PathBuf],
    walk: &Walk,
    fence: &Fence,
    wanted: impl Fn(&DirEntry, &dyn Fn() -> bool) -> bool + Clone + Send + Sync + 'static,
    run: impl Fn(WalkParallel) -> T,
) -> (T, Vec<PathBuf>) {
    let builder = || {
        let (first, rest) = starts.split_first().map_or((Path::new("."), starts), |(first, rest)| (&**first, rest));
        let mut builder = WalkBuilder::new(first);
        for start in rest {
            builder.add(start);
        }
        builder.standard_filters(false).hidden(!walk.hidden).threads(walk.threads.unwrap_or(0));
        builder
    };
    let mut unfit = Vec::new();
    if !walk.no_ignore {
        let heeded = Heeded::above(starts, fence.clone());
        if heeded.unfit().is_empty() {
            let (wanted, shared) = (wanted.clone(), Arc::clone(&heeded));
            let is_fit = move |entry: &DirEntry| {
                wanted(entry, &|| shared.ignore(entry))
                    && (!entry.file_type().is_some_and(|kind| kind.is_dir()) || shared.enter(entry))
            };
            let result = run(builder().filter_entry(is_fit).build_parallel());
            unfit = heeded.unfit();
            if unfit.is_empty() {
                return (result, unfit);
            }
        } else {
            unfit = heeded.unfit();
        }
    }
    unfit.sort_unstable();
    unfit.dedup();
    (run(builder().filter_entry(move |entry| wanted(entry, &|| false)).build_parallel()), unfit)
}

/// The lists that a walk heeds.
struct Heeded {
    fence: Fence,
    /// The folders that are walked, and those below that have lists of their own, by the path as it is shown.
    folders: Mutex<HashMap<PathBuf, Arc<Folder>>>,
    unfit: Mutex<Vec<PathBuf>>,
}

struct Folder {
    real: PathBuf,
    lists: Option<Arc<Lists>>,
}

/// The folder whose entries a thread was last asked about: those of one folder come in a row, and each walk has threads of its
/// own.
struct Last {
    shown: PathBuf,
    real: PathBuf,
    lists: Option<Arc<Lists>>,
}

thread_local! {
    static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
}

impl Heeded {
    /// What the lists of some folders say, and of those above them.
    fn above(starts: &[PathBuf], fence: Fence) -> Arc<Self> {
        let heeded = Self { fence, folders: Mutex::default(), unfit: Mutex::default() };
        let mut known = HashMap::new();
        for start in starts {
            let Ok(real) = start.canonicalize() else { continue };
            let folder = if real.is_dir() { &*real } else { real.parent().unwrap_or(&real) };
            match Lists::with_above(folder, &heeded.fence, &mut known) {
                Ok(lists) => heeded.know(start.clone(), real, lists),
                Err(unfit) => heeded.refuse(unfit),
            }
        }
        Arc::new(heeded)
    }

    fn unfit(&self) -> Vec<PathBuf> {
        self.unfit.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn refuse(&self, list: PathBuf) {
        self.unfit.lock().unwrap_or_else(PoisonError::into_inner).push(list);
    }

    fn know(&self, shown: PathBuf, real: PathBuf, lists: Option<Arc<Lists>>) {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.insert(shown, Arc::new(Folder { real, lists }));
    }

    /// Whether git ignores an entry.
    fn ignore(&self, entry: &DirEntry) -> bool {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        self.beside(entry, |lists, path| lists.is_some_and(|lists| lists.leave_out(path, is_folder)))
    }

    /// Reads the lists of a folder that is going to be walked; `false` if they cannot be heeded.
    fn enter(&self, entry: &DirEntry) -> bool {
        let new = self.beside(entry, |around, path| {
            let lists = Lists::of(path, around, &self.fence)?;
            let is_new = match (&lists, around) {
                (Some(lists), Some(around)) => !Arc::ptr_eq(lists, around),
                (lists, around) => lists.is_some() != around.is_some(),
            };
            Ok(is_new.then(|| (path.to_owned(), lists)))
        });
        match new {
            Ok(Some((real, lists))) => self.know(entry.path().to_owned(), real, lists),
            Ok(None) => {}
            Err(unfit) => {
                self.refuse(unfit);
                return false;
            }
        }
        true
    }

    /// Does something with the lists of the folder that an entry lies in, and the entry's real path.
    fn beside<T>(&self, entry: &DirEntry, work: impl FnOnce(Option<&Arc<Lists>>, &Path) -> T) -> T {
        let folder = entry.path().parent().unwrap_or(Path::new(""));
        LAST.with_borrow_mut(|last| {
            let is_known = last.as_ref().is_some_and(|last| last.shown.as_os_str() == folder.as_os_str());
            if !is_known {
                *last = Some(self.find(folder));
            }
            let Some(Last { real, lists, .. }) = last else { return work(None, entry.path()) };
            real.push(entry.file_name());
            let result = work(lists.as_ref(), real);
            real.pop();
            result
        })
    }

    fn find(&self, folder: &Path) -> Last {
        let folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let (shown, lists) = (folder.to_owned(), None);
        let found = folder.ancestors().find_map(|above| Some((above, folders.get(above)?)));
        let Some((above, known)) = found else { return Last { real: shown.clone(), shown, lists } };
        let real = known.real.join(folder.strip_prefix(above).unwrap_or(folder));
        Last { shown, real, lists: known.lists.clone() }
    }
}
