//! What a repository says of runs of Terraform: in Makefiles, scripts, programs, CI files, files of environment variables,
//! instructions for people, and in code that sets up other runs.
//!
//! A command may stand in any text, so every file is searched but those that hold data by their names.

mod programs;
mod words;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;

use crate::source::{self, Opened};

/// What a file says of runs of Terraform.
#[derive(Debug, Default)]
pub(super) struct Commands {
    /// The names of files that Terragrunt is told to take for `terragrunt.hcl`.
    pub(super) configurations: Vec<String>,
    /// The files of values that it names, as they are written.
    pub(super) values: Vec<String>,
    /// The variables that it sets, each with the folder that its command names.
    pub(super) variables: Vec<(String, Option<String>)>,
}

/// Ends of the names of files without commands: pictures, archives, what programs have made, lists of what git leaves out.
const DATA: [&str; 56] = [
    ".7z", ".avif", ".bin", ".bmp", ".bz2", ".class", ".css", ".csv", ".dll", ".dylib", ".eot", ".exe", ".gif", ".gz",
    ".ico", ".jar", ".jpeg", ".jpg", ".lock", ".log", ".map", ".min.js", ".mov", ".mp3", ".mp4", ".o", ".otf",
    ".parquet", ".pdf", ".pem", ".png", ".pptx", ".proto", ".pyc", ".rlib", ".rmeta", ".scss", ".so", ".sql", ".sum",
    ".svg", ".tar", ".tfplan", ".tfstate", ".tgz", ".ttf", ".wasm", ".wav", ".webm", ".webp", ".whl", ".woff",
    ".woff2", ".xlsx", ".zip", "ignore",
];

/// Folders with what package managers bring, which runs nothing of the repository.
const BROUGHT: [&str; 5] = ["node_modules", "bower_components", "site-packages", ".venv", "__pycache__"];

/// Longer files are no work of people.
const LONGEST: u64 = 4 << 20;

/// Whether a file may hold commands, by its name.
pub(super) fn may_stand_in(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    !DATA.iter().any(|end| bytes.ends_with(end.as_bytes()))
}

/// What a regular file of any kind but Terraform's says.
pub(super) fn in_file(path: &Path) -> Commands {
    if path.components().any(|part| BROUGHT.iter().any(|brought| part.as_os_str() == *brought)) {
        return Commands::default();
    }
    let name = path.file_name().unwrap_or_default();
    let read = source::open_up_to(path, LONGEST).and_then(Opened::whole);
    let Some(bytes) = read.ok().and_then(|bytes| text(name, bytes)) else {
        return Commands::default();
    };
    let variables = words::variables(&bytes).into_iter().chain(programs::variables(name, &bytes));
    Commands {
        configurations: each_once(words::configurations(&bytes).into_iter()),
        values: each_once(words::value_files(&bytes).into_iter()),
        variables: each_once(variables),
    }
}

fn each_once<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    items.collect::<BTreeSet<T>>().into_iter().collect()
}

/// The variables that Terraform code sets for other runs.
pub(super) fn in_code(bytes: &[u8]) -> Vec<(String, Option<String>)> {
    let by_name = words::of_environment(bytes).map(|name| (name, None));
    by_name.chain(programs::of_workspaces(bytes).map(|name| (name, None))).collect()
}

/// The bytes of a file as text in one byte a letter, with slashes between folders where Windows' shells take either; `None`
/// for what is no text.
fn text(name: &OsStr, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    /// As far as ripgrep looks, and git.
    const FAR: usize = 8 << 10;
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        // UTF-16, as PowerShell writes it.
        bytes.retain(|byte| *byte != 0);
    } else if memchr::memchr(0, &bytes[..bytes.len().min(FAR)]).is_some() {
        return None;
    }
    if [".bat", ".cmd", ".ps1"].iter().any(|end| name.as_encoded_bytes().ends_with(end.as_bytes())) {
        bytes.iter_mut().filter(|byte| **byte == b'\\').for_each(|byte| *byte = b'/');
    }
    Some(bytes)
}
