//! Temporary files, which take the place of others by a rename and are gone whatever ends the run, but for what ends it
//! without notice.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::Builder;

mod left_over;

pub use left_over::{Presence, clear, left_over, present};

/// How their names begin: hidden from walks and from Terraform, and easy to find.
const PREFIX: &str = ".unroot-";

/// How they end.
const SUFFIX: &str = ".tmp";

/// Those that exist. Who makes one or puts one in place holds the lock, so that none is missed in [`abandon`].
static EXISTING: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Held while several are put in place that belong together.
static TOGETHER: Mutex<()> = Mutex::new(());

/// A file beside the one it will replace. It is closed, so that there may be more of them than a process may have open,
/// and removed when it is dropped.
#[derive(Debug)]
pub struct Temporary {
    path: PathBuf,
    is_in_place: bool,
}

impl Temporary {
    /// Makes a file in a folder, with the mode of any new file or a private one, and fills it down to the disk.
    ///
    /// # Errors
    /// What the file system says; there is no file then. The first error is that of making it, the second that of filling.
    pub fn new(
        folder: &Path,
        #[cfg_attr(not(unix), expect(unused_variables, reason = "only Unix has modes of files"))] is_private: bool,
        fill: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> Result<io::Result<Self>, io::Error> {
        let mut builder = Builder::new();
        // The user's mask is taken from it.
        #[cfg(unix)]
        if !is_private {
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        }
        let mut existing = existing();
        let made = builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(10).tempfile_in(folder)?;
        let (mut made, path) = made.keep().map_err(|failed| failed.error)?;
        existing.insert(path.clone());
        drop(existing);
        let temporary = Self { path, is_in_place: false };
        Ok(fill(&mut made).and_then(|()| made.sync_all()).map(|()| temporary))
    }

    /// Puts the file in the place of another, or of none.
    ///
    /// # Errors
    /// What the file system says; the temporary file is gone then, and the other as it was.
    pub fn put_in_place(mut self, target: &Path) -> io::Result<()> {
        let mut existing = existing();
        let renamed = std::fs::rename(&self.path, target);
        if renamed.is_ok() {
            existing.remove(&self.path);
            self.is_in_place = true;
        }
        // Dropping `self` takes the lock again.
        drop(existing);
        renamed
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_in_place {
            let mut existing = existing();
            // Whoever has removed it before has done no harm.
            let _ = std::fs::remove_file(&self.path);
            existing.remove(&self.path);
        }
    }
}

/// Lets files be put in place together: [`abandon`] waits until the guard is dropped.
pub fn together() -> MutexGuard<'static, ()> {
    TOGETHER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every temporary file, and lets none be made or put in place any more: the run is about to end.
pub fn abandon() {
    let together = together();
    let existing = existing();
    for path in &*existing {
        let _ = std::fs::remove_file(path);
    }
    // Other threads go on until the process has gone; they wait here.
    std::mem::forget((together, existing));
}

/// Whether a file of this name is a temporary one, of this run or of one that was killed.
fn is_temporary(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(|rest| rest.len() > SUFFIX.len() && rest.ends_with(SUFFIX))
}

fn existing() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    EXISTING.lock().unwrap_or_else(PoisonError::into_inner)
}
