//! One file on its way: staged beside its target, put in place, taken back.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use camino::Utf8Path;

use super::Change;
use super::error::{Reason, WriteError};
use crate::source;
use crate::temporary::Temporary;

/// A new text that lies ready.
#[derive(Debug)]
pub(super) struct Staged<'a> {
    change: Change<'a>,
    /// The file itself, where the change names a link.
    target: PathBuf,
    new: Temporary,
    /// The old text, staged likewise, so that taking a change back needs no space on the disk.
    old: Option<Temporary>,
}

/// The file that a change is for, behind all links.
pub(super) fn target(change: &Change<'_>) -> Result<PathBuf, WriteError> {
    fs::canonicalize(change.path).map_err(|error| WriteError::new(change.path, Reason::system("read")(error)))
}

impl<'a> Staged<'a> {
    pub(super) fn new(change: Change<'a>, target: PathBuf, may_roll_back: bool) -> Result<Self, WriteError> {
        Self::try_new(change, target, may_roll_back).map_err(|reason| WriteError::new(change.path, reason))
    }

    fn try_new(change: Change<'a>, target: PathBuf, may_roll_back: bool) -> Result<Self, Reason> {
        let metadata = fs::metadata(&target).map_err(Reason::system("read"))?;
        if !metadata.is_file() {
            return Err(Reason::NotAFile);
        }
        if metadata.permissions().readonly() {
            return Err(Reason::ReadOnly);
        }
        // The system knows best whether the text may be changed: other users' files, access control lists,
        // read-only file systems, immutable files. Opening alone changes nothing.
        OpenOptions::new().write(true).open(&target).map_err(Reason::system("written"))?;
        must_hold(&target, change.before)?;
        let new = stage(&target, &metadata, change.after)?;
        let old = may_roll_back.then(|| stage(&target, &metadata, change.before)).transpose()?;
        Ok(Self { change, target, new, old })
    }

    pub(super) fn put_in_place(self) -> Result<Replaced<'a>, WriteError> {
        let Self { change, target, new, old } = self;
        let rename = || {
            must_hold(&target, change.before)?;
            new.put_in_place(&target).map_err(Reason::system("replaced"))
        };
        rename().map_err(|reason| WriteError::new(change.path, reason))?;
        Ok(Replaced { path: change.path, after: change.after, target, old })
    }
}

/// A file that holds its new text.
#[derive(Debug)]
pub(super) struct Replaced<'a> {
    path: &'a Utf8Path,
    after: &'a [u8],
    target: PathBuf,
    old: Option<Temporary>,
}

impl Replaced<'_> {
    pub(super) fn folder(&self) -> PathBuf {
        folder(&self.target).to_owned()
    }

    /// Puts the old text back, unless someone has changed the new one meanwhile.
    pub(super) fn take_back(self) -> Result<(), WriteError> {
        let Some(old) = self.old else { return Ok(()) };
        let rename = || {
            must_hold(&self.target, self.after)?;
            old.put_in_place(&self.target).map_err(Reason::system("replaced"))
        };
        rename().map(drop).map_err(|reason| WriteError::new(self.path, reason))
    }
}

/// Waits until the renames in these folders are on the disk. Not every file system can; the texts are there anyway.
pub(super) fn flush_folders(mut folders: Vec<PathBuf>) {
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        // On Windows a folder cannot be opened like this, and renames are written through by the system.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

pub(super) fn folder(target: &Path) -> &Path {
    target.parent().unwrap_or(Path::new("."))
}

fn must_hold(target: &Path, expected: &[u8]) -> Result<(), Reason> {
    let actual = source::read(target)?;
    if actual == expected { Ok(()) } else { Err(Reason::Changed) }
}

/// Writes a text to a new file in the folder of `target`, with its mode and owner, down to the disk.
fn stage(target: &Path, metadata: &Metadata, text: &[u8]) -> Result<Temporary, Reason> {
    let staged = Temporary::new(folder(target), true, |file| {
        file.write_all(text)?;
        keep_owner(file, metadata)?;
        file.set_permissions(metadata.permissions())
    });
    staged
        .map_err(Reason::system("replaced, for its folder takes no temporary file"))?
        .map_err(Reason::system("written"))
}

/// Gives the file the owner and group of the one it will replace. An ordinary user may set only groups they belong
/// to; what they may not set stays theirs.
#[cfg(unix)]
fn keep_owner(staged: &File, metadata: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let own = staged.metadata()?;
    let (user, group) = (metadata.uid(), metadata.gid());
    if (own.uid(), own.gid()) != (user, group) && fchown(staged, Some(user), Some(group)).is_err() {
        let _ = fchown(staged, None, Some(group));
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the signature is that of the other systems")]
fn keep_owner(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests make the files that are replaced")]
mod tests {
    use super::*;

    #[test]
    fn what_someone_else_changed_meanwhile_is_not_put_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = camino::Utf8PathBuf::try_from(folder.path().join("a.tf")).expect("a plain name");
        let change = Change { path: &path, before: b"old", after: b"new" };
        let replace = || {
            fs::write(&path, "old").expect("a file");
            let target = target(&change).expect("it is there");
            Staged::new(change, target, true).expect("it can be staged").put_in_place().expect("it can be replaced")
        };
        let replaced = replace();
        assert_eq!(fs::read(&path).expect("the file"), b"new");
        replaced.take_back().expect("nobody came between");
        assert_eq!(fs::read(&path).expect("the file"), b"old");

        let replaced = replace();
        fs::write(&path, "theirs").expect("a file");
        let error = replaced.take_back().expect_err("their text would be lost");
        assert!(matches!(error.reason, Reason::Changed), "{error}");
        assert_eq!(fs::read(&path).expect("the file"), b"theirs");
        assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 1, "no temporary file stays");
    }
}
