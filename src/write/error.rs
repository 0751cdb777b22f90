//! Why nothing was written.

use std::fmt;
use std::io;

use camino::Utf8PathBuf;

use crate::os_error;
use crate::source::Refusal;

/// A transaction that failed. Its files are as they were, but for those in [`stuck`](Self::stuck).
#[derive(Debug, thiserror::Error)]
pub struct WriteError {
    /// The file that could not be written, as it was named in the change.
    pub path: Utf8PathBuf,
    /// The cause.
    #[source]
    pub reason: Reason,
    /// Files of the same transaction that had been replaced and could not be put back; nearly always none.
    pub stuck: Vec<WriteError>,
}

/// The cause of a failed change.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// The bytes are not those that were read.
    #[error("changed since it was read, so it was left alone")]
    Changed,
    /// A folder, pipe or device.
    #[error("not a regular file, so it was left alone")]
    NotAFile,
    /// It cannot be read any more.
    #[error(transparent)]
    Unread(#[from] Refusal),
    /// No one may write it.
    #[error("read-only, so it was left alone")]
    ReadOnly,
    /// The operating system refused.
    #[error("cannot be {action}: {}", os_error::plain(.error))]
    System {
        /// The action that failed, as a participle.
        action: &'static str,
        /// The refusal.
        #[source]
        error: io::Error,
    },
}

impl Reason {
    pub(super) fn system(action: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::System { action, error }
    }
}

impl WriteError {
    pub(super) fn new(path: impl Into<Utf8PathBuf>, reason: Reason) -> Self {
        Self { path: path.into(), reason, stuck: Vec::new() }
    }
}

/// One sentence without the path, which a report shows beside it.
impl fmt::Display for WriteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.reason)?;
        for stuck in &self.stuck {
            write!(formatter, "; {} has its new text already and could not be put back: {}", stuck.path, stuck.reason)?;
        }
        Ok(())
    }
}
