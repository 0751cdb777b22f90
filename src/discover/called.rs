//! What files say of modules as the walk comes by: calls that lead through hidden folders or upwards, and values of
//! `root_access` that are handed to a module.

use std::path::{Path, PathBuf};

use memchr::memmem;

use crate::control;

/// No path is longer; a longer string is text.
const LONGEST: usize = 1024;

/// What the files read so far say of modules.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Relative paths through folders whose names start with a dot.
    pub(super) hidden: Vec<String>,
    /// Relative paths that begin by going up.
    pub(super) upwards: Vec<String>,
    /// Whether a name holds [`control::ATTRIBUTE`].
    pub(super) names_control: bool,
}

impl Said {
    /// Searches part of a file.
    pub(super) fn search(&mut self, part: &[u8]) {
        self.names_control |= memmem::find(part, control::ATTRIBUTE.as_bytes()).is_some();
        let goes_up = memmem::find(part, b"\"../").is_some();
        if !goes_up && memmem::find(part, b"/.").is_none() {
            return;
        }
        for path in quoted_paths(part) {
            if path.split('/').any(is_hidden) {
                self.hidden.push(path.to_owned());
            }
            if path.starts_with("../") {
                self.upwards.push(path.to_owned());
            }
        }
    }
}

fn is_hidden(name: &str) -> bool {
    name.starts_with('.') && !matches!(name, "." | "..")
}

/// The relative paths between quotes.
fn quoted_paths(part: &[u8]) -> impl Iterator<Item = &str> {
    let starts = memmem::find_iter(part, b"\".").map(|at| &part[at + 1..]);
    let relative = starts.filter(|rest| rest.starts_with(b"./") || rest.starts_with(b"../"));
    relative.filter_map(|rest| {
        let end = rest.iter().take(LONGEST).position(|byte| *byte == b'"')?;
        str::from_utf8(&rest[..end]).ok()
    })
}

/// How many folders a relative path goes up before it goes down.
pub(super) fn levels_up(path: &str) -> usize {
    path.split('/').take_while(|part| matches!(*part, "." | "..")).filter(|part| *part == "..").count()
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
    fn quoted_paths_through_hidden_folders_and_upwards_are_found() {
        let text = br#"a = "./.b/c" b = "../../m" c = "./m" d = "../.e" f = ".g" h = "x/.y" # ./.z"#;
        let mut said = Said::default();
        said.search(text);
        assert_eq!(said.hidden, ["./.b/c", "../.e"]);
        assert_eq!(said.upwards, ["../../m", "../.e"]);
        assert!(!said.names_control);
        assert_eq!(["../../m", "./../m", "../m/../..", "m"].map(levels_up), [2, 1, 1, 0]);
    }
}
