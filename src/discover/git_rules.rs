//! Walks that heed git's lists of ignored files.
//!
//! The library that walks opens those lists itself, whatever they are, and a repository can make a pipe, a device or a
//! file without end of one. So each folder's lists are looked at before the library comes by, and if one is anything but
//! a short regular file, nothing is left out for git's sake: what a stranger's repository does not say plainly hides
//! nothing.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use camino::Utf8PathBuf;
use ignore::{DirEntry, WalkBuilder, WalkParallel};

use super::Walk;
use crate::source::{self, Fence};

/// Longer lists are no work of people, and take long to compile.
const LONGEST: u64 = 256 << 10;

/// Walks folders, with those entries that are `wanted`, and says which lists of ignored files could not be heeded.
///
/// `fence` is that of the run: a start may be a link that the code under scan has made, and names nothing.
pub(super) fn walk<T>(
    starts: &[PathBuf],
    walk: &Walk,
    fence: &Fence,
    wanted: impl Fn(&DirEntry) -> bool + Clone + Send + Sync + 'static,
    run: impl Fn(WalkParallel) -> T,
) -> (T, Vec<PathBuf>) {
    let builder = |heed: bool| {
        let (first, rest) = starts.split_first().map_or((Path::new("."), starts), |(first, rest)| (&**first, rest));
        let mut builder = WalkBuilder::new(first);
        for start in rest {
            builder.add(start);
        }
        builder
            .ignore(false)
            .git_ignore(heed)
            .git_global(heed)
            .git_exclude(heed)
            .parents(heed)
            .hidden(!walk.hidden)
            .threads(walk.threads.unwrap_or(0));
        builder
    };
    let heedless = || run(builder(false).filter_entry(wanted.clone()).build_parallel());
    if walk.no_ignore {
        return (heedless(), Vec::new());
    }
    let mut unfit = unfit_above(starts, fence);
    if unfit.is_empty() {
        let found = Arc::new(Mutex::new(Vec::new()));
        let (wanted, shared, fence) = (wanted.clone(), Arc::clone(&found), fence.clone());
        let is_fit = move |entry: &DirEntry| {
            if !wanted(entry) {
                return false;
            }
            let unfit =
                entry.file_type().filter(std::fs::FileType::is_dir).and_then(|_| unfit_list(entry.path(), &fence));
            let is_fit = unfit.is_none();
            shared.lock().unwrap_or_else(PoisonError::into_inner).extend(unfit);
            is_fit
        };
        let result = run(builder(true).filter_entry(is_fit).build_parallel());
        unfit = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
        if unfit.is_empty() {
            return (result, unfit);
        }
    }
    unfit.sort_unstable();
    unfit.dedup();
    (heedless(), unfit)
}

/// The lists that do not fit among those of the folders and of all folders above, which the library reads as well.
fn unfit_above(starts: &[PathBuf], fence: &Fence) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for start in starts {
        folders.push(start.clone());
        let real = start.canonicalize().unwrap_or_default();
        folders.extend(real.ancestors().skip(1).map(Path::to_owned));
    }
    folders.sort_unstable();
    folders.dedup();
    folders.iter().filter_map(|folder| unfit_list(folder, fence)).collect()
}

/// The first list of ignored files of a folder that is there and is no short regular file.
pub(super) fn unfit_list(folder: &Path, fence: &Fence) -> Option<PathBuf> {
    let list = folder.join(".gitignore");
    if !is_fit(&list) || leads_out(&list, fence) {
        return Some(list);
    }
    let git = folder.join(".git");
    let kind = git.metadata().ok()?;
    if leads_out(&git, fence) {
        return Some(git);
    }
    if kind.is_file() {
        // The file of a further work tree or of a submodule leads to a folder with a file that leads on.
        let Some(line) = first_line(&git) else { return Some(git) };
        let common = PathBuf::from(line.strip_prefix("gitdir: ")?).join("commondir");
        if common.exists() && first_line(&common).is_none() {
            return Some(common);
        }
    }
    excludes(folder).into_iter().find(|list| !is_fit(list) || kind.is_dir() && leads_out(list, fence))
}

/// Where the list of a whole repository lies, given its top: where git looks first, then where the library does that walks.
pub(super) fn excludes(top: &Path) -> Vec<PathBuf> {
    let git = top.join(".git");
    if git.is_dir() {
        return vec![git.join("info/exclude")];
    }
    let gitdir = first_line(&git).and_then(|line| Some(PathBuf::from(line.strip_prefix("gitdir: ")?)));
    let common = gitdir.and_then(|folder| Some((first_line(&folder.join("commondir"))?, folder)));
    // The library takes a path that starts with no dot from the working folder.
    common.map_or(Vec::new(), |(line, folder)| {
        [folder.join(&line), PathBuf::from(&line)].map(|common| common.join("info/exclude")).into()
    })
}

/// Whether a list of ignored files is a short regular file, or not there.
fn is_fit(list: &Path) -> bool {
    match list.symlink_metadata() {
        Ok(_) => list.metadata().map_or(true, |file| file.is_file() && file.len() <= LONGEST),
        Err(_) => true,
    }
}

/// Whether a list of the repository is a link out of it. Lists of folders above belong to somebody else, as do their links.
fn leads_out(list: &Path, fence: &Fence) -> bool {
    let real = |path: &Path| path.canonicalize().ok().and_then(|path| Utf8PathBuf::from_path_buf(path).ok());
    let is_inside = |path: &Path| real(path).is_some_and(|path| fence.admits(&path));
    list.is_symlink() && list.parent().is_some_and(is_inside) && list.exists() && !is_inside(list)
}

/// The first line of a short regular file.
fn first_line(path: &Path) -> Option<String> {
    let bytes = is_fit(path).then(|| source::read(path).ok()).flatten()?;
    String::from_utf8(bytes).ok()?.lines().next().map(str::to_owned).or(Some(String::new()))
}
