//! The list of kinds in `kinds.txt`, held against the tests that it names.

use std::path::Path;

/// Makes sure that each kind has its test.
///
/// # Errors
/// The lines that name something that is not there.
pub(crate) fn listed() -> Result<(), String> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let lines: Vec<&str> = include_str!("kinds.txt").lines().filter(|line| line.contains(" | ")).collect();
    let is_there = |line: &&&str| match line.split(" | ").collect::<Vec<_>>().as_slice() {
        [_, place, text] => holds(&tests.join(place), text),
        _ => false,
    };
    let missing: Vec<&str> = lines.iter().filter(|line| !is_there(line)).copied().collect();
    if missing.is_empty() && lines.len() > 90 { Ok(()) } else { Err(missing.join("\n")) }
}

/// Whether a file has a text in it, or one of the files in a folder has, or is called so.
fn holds(path: &Path, text: &str) -> bool {
    match path.read_dir() {
        Ok(entries) => entries.flatten().any(|entry| entry.file_name() == text || holds(&entry.path(), text)),
        Err(_) => std::fs::read_to_string(path).is_ok_and(|found| found.lines().any(|line| line.contains(text))),
    }
}
