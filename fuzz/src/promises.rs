//! What is promised of every repository, whatever its files hold.

use std::collections::BTreeMap;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use super::said;

/// The files of a repository with their bytes.
type Files = BTreeMap<Utf8PathBuf, Vec<u8>>;

/// Fixes a repository and holds the result against the promises.
///
/// # Panics
/// If a run without `--write` changes a file, the number of threads changes a report, a byte outside the reported edits
/// changes, or a second run finds something left to write.
pub fn hold(repository: &Utf8Path) {
    let before = files(repository);
    let report = ["--unsafe-fixes", "--format", "json", "--threads"];
    let said_by = |threads| said(repository, &[&report[..], &[threads]].concat()).out;
    let (one, four) = (said_by("1"), said_by("4"));
    assert_eq!(one, four, "one thread and four say different things");
    assert_eq!(files(repository), before, "a preview changes a file");

    // Where the run cannot take place there is no report.
    let Ok(report) = serde_json::from_str::<Value>(&one) else { return };
    said(repository, &["--write", "--unsafe-fixes"]);
    let after = files(repository);
    assert_eq!(shown(&after), shown(&spliced(before, repository, &report)), "other bytes change than the report says");
    said(repository, &["--write", "--unsafe-fixes"]);
    assert_eq!(shown(&files(repository)), shown(&after), "running it again changes something");
}

/// The files with the edits of all fixes that can be applied.
fn spliced(mut files: Files, repository: &Utf8Path, report: &Value) -> Files {
    let notebooks = report["notebooks"].as_array().expect("a list");
    let fixable = notebooks.iter().filter(|notebook| notebook["status"] == "fixable").map(|notebook| &notebook["fix"]);
    let byte = |edit: &Value, end: &str| usize::try_from(edit[end]["byte"].as_u64().expect("a byte")).expect("small");
    let mut edits: Vec<(Utf8PathBuf, usize, usize, &str)> = fixable
        .flat_map(|fix| fix["edits"].as_array().expect("a list"))
        .map(|edit| {
            let file = edit["file"].as_str().expect("a path");
            let replacement = edit["replacement"].as_str().expect("a text");
            (repository.join(file), byte(edit, "start"), byte(edit, "end"), replacement)
        })
        .collect();
    edits.sort_unstable();
    // Fixes that change the same place share the edit.
    edits.dedup();
    for (file, start, end, replacement) in edits.into_iter().rev() {
        let text = files.get_mut(&file).expect("a file of the repository is edited");
        text.splice(start..end, replacement.bytes());
    }
    files
}

/// Every file below a folder.
fn files(folder: &Utf8Path) -> Files {
    let mut found = Files::new();
    for entry in folder.read_dir_utf8().expect("a folder") {
        let path = entry.expect("an entry").into_path();
        if path.is_dir() {
            found.append(&mut files(&path));
        } else {
            let bytes = fs::read(&path).expect("a file");
            found.insert(path, bytes);
        }
    }
    found
}

/// The files as a message can show them.
fn shown(files: &Files) -> BTreeMap<&Utf8Path, String> {
    files.iter().map(|(path, bytes)| (path.as_path(), bytes.escape_ascii().to_string())).collect()
}
