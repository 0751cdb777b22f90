//! What runs that were killed have left, told from what runs that are at work need: a run holds a lock on each folder that
//! it has temporary files in, and the system drops the lock however the run ends.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::is_temporary;

/// How long a folder is waited for that another run clears, in steps and the length of one. Clearing takes no longer than
/// removing a few files does; should someone else hold the folder for ever, the run goes on without the lock.
const PATIENCE: (u32, Duration) = (100, Duration::from_millis(5));

/// Shared locks on folders: while they are held, [`clear`] leaves the folders alone, in whichever process.
#[derive(Debug)]
#[must_use = "the locks end with it"]
pub struct Presence {
    /// Locks of open files end when those are closed.
    _locked: Vec<File>,
}

/// Says that this run has temporary files in some folders. Not every file system knows locks; where there are none,
/// nothing is cleared either.
pub fn present<'p>(folders: impl IntoIterator<Item = &'p Path>) -> Presence {
    let folders: BTreeSet<&Path> = folders.into_iter().collect();
    Presence { _locked: folders.into_iter().filter_map(shared).collect() }
}

fn shared(folder: &Path) -> Option<File> {
    let folder = File::open(folder).ok()?;
    for _ in 0..PATIENCE.0 {
        match folder.try_lock_shared() {
            Ok(()) => return Some(folder),
            Err(TryLockError::WouldBlock) => sleep(PATIENCE.1),
            Err(TryLockError::Error(_)) => return None,
        }
    }
    None
}

/// The temporary files in a folder, sorted by name. What is no regular file is none of ours.
#[must_use]
pub fn left_over(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let names = ours.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| is_temporary(name)).collect();
    names.sort_unstable();
    names
}

/// Removes the temporary files from a folder, unless a run is at work in it; the names of those that are gone.
#[must_use]
pub fn clear(folder: &Path) -> BTreeSet<String> {
    let Ok(locked) = File::open(folder) else { return BTreeSet::new() };
    if locked.try_lock().is_err() {
        return BTreeSet::new();
    }
    let mut gone = left_over(folder);
    gone.retain(|name| fs::remove_file(folder.join(name)).is_ok());
    gone.into_iter().collect()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests make the files that are removed")]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_cleared_unless_a_run_is_at_work_in_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in [".unroot-abc.tmp", ".unroot.tmp", "main.tf"] {
            fs::write(folder.path().join(name), "x").expect("a file");
        }
        fs::create_dir(folder.path().join(".unroot-folder.tmp")).expect("a folder");
        let present = present([folder.path(), folder.path()]);
        assert_eq!(clear(folder.path()), BTreeSet::new());
        assert_eq!(left_over(folder.path()), [".unroot-abc.tmp"]);
        drop(present);
        assert_eq!(clear(folder.path()), BTreeSet::from([".unroot-abc.tmp".to_owned()]));
        assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 3);
    }
}
