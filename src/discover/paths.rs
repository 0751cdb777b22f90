//! Paths as they are shown, and those of folders that are never entered.

use std::path::Path;

use crate::finding::Problem;

/// Folders that hold copies made by git, Terraform and Terragrunt, which their owners overwrite.
pub const NEVER_ENTERED: [&str; 3] = [".git", ".terraform", ".terragrunt-cache"];

/// The folder, if any, for which a path is never entered.
pub(super) fn never_entered(path: &Path) -> Option<&'static str> {
    NEVER_ENTERED.into_iter().find(|never| path.components().any(|part| part.as_os_str() == *never))
}

/// The path without the `./` that a walk of the current folder puts in front.
pub(super) fn trimmed(path: &Path) -> &Path {
    // To take a path apart takes longer than all else that is asked of most.
    match path.to_str().and_then(|text| text.strip_prefix("./")) {
        Some(rest) if !rest.starts_with(['.', '/']) && !rest.ends_with(['.', '/']) => Path::new(rest),
        _ => path.strip_prefix(".").unwrap_or(path),
    }
}

/// A problem with a path that need not be UTF-8.
pub(super) fn problem(path: &Path, message: impl Into<String>) -> Problem {
    let path = trimmed(path);
    let file = path.to_str().map_or_else(|| path.as_os_str().as_encoded_bytes().escape_ascii().to_string(), Into::into);
    Problem { file, position: None, message: message.into() }
}

/// Puts items in order, each once.
pub(super) fn in_order<T: Ord>(items: &mut Vec<T>) {
    items.sort();
    items.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_walk_puts_in_front_is_taken_away() {
        for (path, expected) in [
            ("./a/b", "a/b"),
            ("a/b", "a/b"),
            (".", ""),
            ("./", ""),
            ("./a/", "a"),
            ("./a/.", "a"),
            (".//a", "a"),
            ("././a", "a"),
            ("./.a/b", ".a/b"),
            ("./a/b.", "a/b."),
            ("../a", "../a"),
            ("./../a", "../a"),
        ] {
            assert_eq!(trimmed(Path::new(path)).as_os_str(), expected, "{path}");
        }
    }
}
