//! Code that a run has seen and does not judge.

use camino::Utf8PathBuf;

/// A Terraform file that can hold a notebook and is not judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// Its path as it is shown.
    pub file: Utf8PathBuf,
    /// Why it is not judged.
    pub why: Why,
}

/// Why a file is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A glob leaves it out.
    Excluded,
    /// It lies in a hidden folder that no code calls.
    Hidden,
}
