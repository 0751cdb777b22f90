//! How a run ended.

use std::process::ExitCode;

/// The result of a run, in order of weight: an error wins over something left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing left to do, or a preview without errors.
    Clean,
    /// `--check`: something is not compliant. `--write`: something is left for review.
    Left,
    /// Something could not be read, parsed, judged or written, or the command line was wrong.
    Error,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Clean => 0,
            Status::Left => 1,
            Status::Error => 2,
        })
    }
}
