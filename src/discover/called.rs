//! Folders that walks pass by and that code calls as modules: Terraform deploys what is in them, whatever they are named.

use std::path::{Path, PathBuf};

use memchr::memmem;

/// No path is longer; a longer string is text.
const LONGEST: usize = 1024;

/// The relative paths, quoted in part of a file, with a folder whose name starts with a dot.
pub(super) fn hidden_paths(part: &[u8]) -> Vec<String> {
    let starts = memmem::find_iter(part, b"\".").map(|at| &part[at + 1..]);
    let relative = starts.filter(|rest| rest.starts_with(b"./") || rest.starts_with(b"../"));
    let quoted = relative.filter_map(|rest| {
        let end = rest.iter().take(LONGEST).position(|byte| *byte == b'"')?;
        str::from_utf8(&rest[..end]).ok()
    });
    let is_hidden = |name: &str| name.starts_with('.') && !matches!(name, "." | "..");
    quoted.filter(|path| path.split('/').any(is_hidden)).map(str::to_owned).collect()
}

/// The files that Terraform would load from a folder, if it is one.
pub(super) fn code_in(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .filter(|entry| crate::source::FileKind::is_configuration(&entry.file_name()))
        .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
        .map(|entry| entry.path())
        .collect();
    files.sort_unstable();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_quoted_paths_through_hidden_folders_are_found() {
        let text = br#"a = "./.b/c" b = "../../m" c = "./m" d = "../.e" f = ".g" h = "x/.y" # ./.z"#;
        assert_eq!(hidden_paths(text), ["./.b/c", "../.e"]);
    }
}
