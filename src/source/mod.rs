//! Source text and places in it: [`SourceFile`], [`Span`], [`Position`].
//!
//! Byte offsets are 0-based and count from the start of the file, a byte order mark included, so that
//! an offset can be used on the file as it lies on disk. Lines and columns are 1-based; columns count
//! characters (Unicode scalar values), and a byte order mark takes no column.

mod fence;
mod file;
mod kind;
mod mapped;
mod open;
mod pieces;
mod real_paths;
mod repository;
mod span;

use camino::Utf8Path;
use elsa::FrozenVec;
use serde::Serialize;

pub use fence::Fence;
pub use file::{NotUtf8, SourceFile};
pub use kind::{FileKind, Role};
pub use mapped::Mapped;
pub use open::{Opened, Refusal, open, open_up_to, read, read_up_to, rest_of};
pub use pieces::{Original, Pieces};
pub use real_paths::{RealPaths, canonical};
pub use repository::{World, real_folder};
pub use span::{Span, Splice, regions, splice};

/// UTF-8 encoded byte order mark, as some editors put it at the start of a file.
pub const BOM: &str = "\u{feff}";

/// A place in a file as a person counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line, 1-based.
    pub line: usize,
    /// Column, 1-based, in characters.
    pub column: usize,
    /// Byte offset from the start of the file, 0-based.
    pub byte: usize,
}

/// Identifies one file among the [`Sources`] of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

/// A place in one of the files of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The bytes meant.
    pub span: Span,
}

/// Every file a run has read for its text, by [`FileId`]. It only grows, so that files can be added while others are
/// looked at.
#[derive(Default)]
pub struct Sources {
    files: FrozenVec<Box<SourceFile>>,
}

impl std::fmt::Debug for Sources {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.files.iter()).finish()
    }
}

impl Sources {
    /// Adds a file.
    pub fn add(&self, file: SourceFile) -> FileId {
        self.files.push(Box::new(file));
        FileId(self.files.len() - 1)
    }

    /// All files with their identifiers, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index), file))
    }

    /// The file at a path, if it was read.
    #[must_use]
    pub fn find(&self, path: &Utf8Path) -> Option<FileId> {
        self.iter().find(|(_, file)| file.path() == path).map(|(id, _)| id)
    }
}

impl std::ops::Index<FileId> for Sources {
    type Output = SourceFile;

    fn index(&self, id: FileId) -> &SourceFile {
        &self.files[id.0]
    }
}
