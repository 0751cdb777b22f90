//! Sizes that no person writes. A run that takes too long is stopped, and fails the test.

use crate::support::folder;
use crate::support::program::run;
use crate::{MISSING, bounded};

#[test]
fn blocks_that_never_close_are_one_thing_to_tell() {
    let text = "resource \"a\" \"b\" {\n".repeat(110_000) + MISSING;
    let folder = folder::with(&[("main.tf", &text)]);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
}

#[test]
fn many_faults_of_one_file_are_counted() {
    let text = "resource = = {\n}\n".repeat(20_000) + MISSING;
    let folder = folder::with(&[("main.tf", &text)]);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(ended.err.lines().count() < 30, "{}", ended.err.lines().count());
    assert!(ended.err.contains("19980 more"), "{}", ended.err);
}
