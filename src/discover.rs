//! The parallel walk: which files are Terraform code, and which of them could hold a notebook.
//!
//! Every file is read once and searched for [`control::NEEDLE`](crate::control::NEEDLE) as it passes, in JSON also for
//! escaped letters that could spell it, and for a notebook in a template; only hits keep their bytes. What is walked:
//!
//! - `*.tf`, `*.tofu`, `*.tf.json`, `*.tofu.json` below the folders given, and any file that is itself given.
//! - What git keeps, though a `.gitignore` matches it: git does not ignore it either.
//! - What code calls as a module, though its folder is hidden or a tool's copy.
//! - Not what git ignores (`.gitignore`, `.git/info/exclude`, the user's own list; inside a repository only, and from
//!   the repository's top, as git and ripgrep do), nor hidden files and folders, unless asked for. A `.ignore` file
//!   has no say: it tells search tools what to pass over, not Terraform what to deploy.
//! - Not what lies in `.git`, `.terraform` or `.terragrunt-cache`: those are copies that others overwrite. Where a link
//!   of the code leads there, what is behind it is read, for Terraform deploys it, and never edited.
//! - Symbolic links are followed, to files and to folders, inside the repository, for Terraform follows them too
//!   and a notebook behind one is as real as any other. Where Terraform would read a file outside, that is a problem.
//!   Each file appears once: under its own path if the walk comes
//!   by there, under the first link that leads to it otherwise. A link to a folder that contains the link is a loop,
//!   or leads from the folder that was asked for to its surroundings, and is not followed.
//! - Files with several hard links are several files: neither name is more real than the other.
//!
//! Who calls a module may lie in what is left out as well, and commands in any text. The search begins with what the walk
//! came by ([`Sightings`]): no folder is listed and no code read twice. It has two steps, since there are more texts than code:
//! who calls whom is told by code alone ([`References`]), and texts are read when a variable first matters ([`Handed`]).
//!
//! The result does not depend on the number of threads.

mod called;
mod code;
mod commands;
mod commit;
mod exclusion;
mod file_names;
mod foreign;
mod gathered;
mod git_ignored;
mod git_rules;
mod handed;
mod left_out;
mod lists;
mod manifest;
mod own;
mod passed_over;
mod paths;
mod places;
mod prefilter;
mod references;
mod sightings;
mod targets;
mod threads;
mod tracked;
mod unclear;
mod visit;

use std::sync::LazyLock;

use camino::Utf8PathBuf;
use memchr::memmem::Finder;

pub use code::relative_paths;
pub use commands::{ANY_DOCUMENT, is_document, may_set, sets_values, taken_from_environment};
pub use commit::commit;
pub use exclusion::Exclusion;
pub use foreign::recognise_text;
pub use git_ignored::GitIgnored;
pub use handed::{Handed, SetVariable, Texts};
pub use manifest::{installed, root_of};
pub use passed_over::{PassedOver, passed_over};
pub use paths::NEVER_ENTERED;
pub use prefilter::{has_escaped_letter, may_hold_a_notebook};
pub use references::{LOCK_FILE, References, references};
pub use sightings::Sightings;
pub use unclear::may_lead_to;

use crate::finding::{LeftOut, Problem};
use crate::source::Fence;

/// A word that many files are searched for: to make what finds it takes as long as to search a short file.
type Word = LazyLock<Finder<'static>>;

/// Which files are looked at, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Walk {
    /// Globs of what is left out, in `.gitignore` syntax, seen from the working folder.
    pub exclude: Vec<String>,
    /// Whether hidden files and folders are walked too.
    pub hidden: bool,
    /// Whether `.gitignore` and its like are passed over.
    pub no_ignore: bool,
    /// Number of threads; `None` for one per processor, twelve at most.
    pub threads: Option<usize>,
}

impl Walk {
    fn threads(&self) -> usize {
        let most = || std::thread::available_parallelism().map_or(1, |processors| processors.get().min(12));
        self.threads.unwrap_or_else(most)
    }
}

/// A file that could hold a notebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The path as it is shown and opened: as the user gave it, without a leading `./`.
    pub path: Utf8PathBuf,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// What a walk came across.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Discovery {
    /// The files that could hold a notebook, sorted by path, each once.
    pub hits: Vec<Found>,
    /// Number of Terraform files seen, hits and unreadable ones included, each counted once.
    pub files: usize,
    /// What could not be read, sorted.
    pub problems: Vec<Problem>,
    /// Files that can hold a notebook and are not among the hits, because a glob or the dot of a folder leaves them out;
    /// sorted, each once. What git ignores and does not keep is not told of: no commit holds it.
    pub left_out: Vec<LeftOut>,
    /// The files with module calls that may lead to no module of the tree, sorted, each once: they hand
    /// [`crate::control::ATTRIBUTE`] to a module, or name a folder outside of what may be read.
    pub calls: Vec<Utf8PathBuf>,
    /// The symbolic links to folders outside of what may be read, sorted.
    pub outside: Vec<String>,
    /// Named files of other tools, which are not judged, each with what it is.
    pub foreign: Vec<(String, &'static str)>,
    /// What the walk came by and did not need: a search for callers begins with it.
    pub sightings: Sightings,
}

/// A glob of [`Walk::exclude`] that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid glob `{glob}`: {reason}")]
pub struct BadGlob {
    /// The glob as it was given.
    pub glob: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Walks the folders and reads the files in `paths`, with the current folder as the origin of relative paths.
///
/// `seen` is told now and then, from any thread, how many more Terraform files have been seen.
///
/// # Errors
/// [`BadGlob`] if a glob to exclude by is malformed. What cannot be read is no error but a [`Problem`].
pub fn discover(paths: &[Utf8PathBuf], walk: &Walk, seen: &(dyn Fn(usize) + Sync)) -> Result<Discovery, BadGlob> {
    let fence = Fence::around(paths);
    let walker = visit::Walker::new(walk, &fence, seen)?;
    let mut discovery = targets::walk_all(paths, &walker, &fence);
    discovery.hits.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    discovery.problems.sort_unstable();
    discovery.problems.dedup();
    discovery.calls.sort_unstable();
    discovery.calls.dedup();
    discovery.outside.sort_unstable();
    Ok(discovery)
}
