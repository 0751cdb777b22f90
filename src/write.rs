//! The only writer of user files: all of a change, or nothing of it.
//!
//! A [`Transaction`] first stages every new text in a temporary file beside its target, flushed to the disk, and only
//! then puts them in place by renaming, each just after a last look that the target still holds the bytes that were
//! read. A process that is killed leaves each file either old or new. One that is interrupted or terminated ends the
//! transaction first and removes its temporary files. One that is killed without notice may leave them, named
//! `.unroot-….tmp`: hidden, and not Terraform's by their name, so that neither Terraform nor a later run reads
//! them; the next run that writes removes them, any other names them. Files are put in place in the order of the changes,
//! so that whoever gives them in an order in which each step alone is right leaves nothing wrong if killed between two.
//!
//! - A symbolic link stays a link; its target is replaced.
//! - Mode bits are kept, owner and group where the process may set them. Access control lists and extended
//!   attributes are those of a new file.
//! - A file that may not be written is refused, although its folder would allow the rename: whoever took the write
//!   permission away meant the text. This holds for root too where no mode bit allows writing.
//! - A file with several hard links is replaced under this name only; the other names keep the old text. Writing
//!   through to them would mean writing in place, which a crash can interrupt halfway.

mod error;
mod stage;

use std::io::Write as _;

use camino::Utf8Path;

pub use error::{Reason, WriteError};

use crate::temporary::{self, Presence, Temporary};
use stage::{Staged, flush_folders, target};

/// The new text of one file.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// The file, or a symbolic link to it.
    pub path: &'a Utf8Path,
    /// The bytes that were read; if the file holds others by now, nothing is written.
    pub before: &'a [u8],
    /// The bytes that take their place.
    pub after: &'a [u8],
}

/// Writes all changes, or none. See [`Transaction`] for the two steps apart.
pub fn write(changes: &[Change<'_>]) -> Result<(), WriteError> {
    Transaction::stage(changes)?.commit()
}

/// Makes a file where there is none.
pub fn create(path: &Utf8Path, text: &[u8]) -> Result<(), WriteError> {
    let folder = path.parent().filter(|folder| !folder.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    let make = || {
        let _present = temporary::present([folder.as_std_path()]);
        let file = Temporary::new(folder.as_std_path(), false, |file| file.write_all(text))
            .and_then(|filled| filled)
            .map_err(Reason::system("made"))?;
        if path.symlink_metadata().is_ok() {
            return Err(Reason::Changed);
        }
        file.put_in_place(path.as_std_path()).map_err(Reason::system("made"))
    };
    make().map_err(|reason| WriteError::new(path, reason))
}

/// Changes that lie ready on the disk beside the files they are for. Dropping it removes them again.
#[derive(Debug)]
#[must_use = "nothing is changed before `commit`"]
pub struct Transaction<'a> {
    staged: Vec<Staged<'a>>,
    _present: Presence,
}

impl<'a> Transaction<'a> {
    /// Writes every new text to a temporary file. On an error all of them are removed, and no file is touched.
    pub fn stage(changes: &[Change<'a>]) -> Result<Self, WriteError> {
        // A change by itself is either in place or not. Only among several can there be one to take back.
        let may_roll_back = changes.len() > 1;
        let targets = changes.iter().map(|change| target(change)).collect::<Result<Vec<_>, _>>()?;
        let present = temporary::present(targets.iter().map(|target| stage::folder(target)));
        let staged = changes.iter().zip(targets).map(|(change, target)| Staged::new(*change, target, may_roll_back));
        Ok(Self { staged: staged.collect::<Result<_, _>>()?, _present: present })
    }

    /// Puts the new texts in place. On an error those already in place are taken back, and the error says if one
    /// could not be.
    pub fn commit(self) -> Result<(), WriteError> {
        let _together = temporary::together();
        let mut done = Vec::with_capacity(self.staged.len());
        for staged in self.staged {
            match staged.put_in_place() {
                Ok(replaced) => done.push(replaced),
                Err(mut error) => {
                    let folders: Vec<_> = done.iter().map(stage::Replaced::folder).collect();
                    error.stuck = done.into_iter().rev().filter_map(|one| one.take_back().err()).collect();
                    flush_folders(folders);
                    return Err(error);
                }
            }
        }
        flush_folders(done.iter().map(stage::Replaced::folder).collect());
        Ok(())
    }
}
