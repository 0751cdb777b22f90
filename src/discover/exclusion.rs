//! Files and folders that globs leave out.

use std::path::Path;

use camino::Utf8Path;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{BadGlob, Walk};

/// Globs that files and folders match, as those of `--exclude`.
#[derive(Debug, Clone)]
pub struct Exclusion(pub(super) Gitignore);

impl Exclusion {
    /// # Errors
    /// The first glob that is none.
    pub fn new(walk: &Walk) -> Result<Self, BadGlob> {
        // An absolute PATH is compared by its part below the current folder, so that both spellings match alike.
        Self::below(&std::env::current_dir().unwrap_or_default(), &walk.exclude)
    }

    /// Globs in `.gitignore` syntax, of a file that lies in a folder.
    ///
    /// # Errors
    /// The first glob that is none.
    pub fn below(folder: &Path, globs: &[String]) -> Result<Self, BadGlob> {
        let bad = |glob: &str, error: &ignore::Error| BadGlob {
            glob: glob.to_owned(),
            reason: match error {
                ignore::Error::Glob { err, .. } => err.clone(),
                other => other.to_string(),
            },
        };
        let mut builder = GitignoreBuilder::new(folder);
        // In a .gitignore an unclosed `[` stands for itself; on a command line it is a slip worth hearing about.
        builder.allow_unclosed_class(false);
        for glob in globs {
            builder.add_line(None, glob).map_err(|error| bad(glob, &error))?;
        }
        let exclude = builder.build().map_err(|error| bad(&globs.join(" "), &error))?;
        Ok(Self(exclude))
    }

    /// Whether a path, or a folder above it, is left out.
    #[must_use]
    pub fn excludes(&self, path: &Utf8Path) -> bool {
        let path = path.as_std_path();
        path.ancestors().any(|part| self.0.matched(part, part != path).is_ignore())
    }

    /// Whether a folder, or one above it, is left out.
    #[must_use]
    pub fn excludes_folder(&self, path: &Utf8Path) -> bool {
        path.as_std_path().ancestors().any(|part| self.0.matched(part, true).is_ignore())
    }
}
