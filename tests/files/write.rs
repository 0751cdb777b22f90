//! Replacing files: all of a change, or nothing of it.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;
use unroot::write::{Change, Reason, Transaction, write};

use crate::tree::{is_temporary, root, tree};

fn change<'a>(path: &'a Utf8Path, before: &'a str, after: &'a str) -> Change<'a> {
    Change { path, before: before.as_bytes(), after: after.as_bytes() }
}

fn text(path: &Utf8Path) -> String {
    fs::read_to_string(path).expect("the file is there")
}

/// The names in a folder, sorted: temporary files would be among them.
fn listing(folder: &Utf8Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name")).collect();
    names.sort_unstable();
    names
}

fn two_files() -> (TempDir, [Utf8PathBuf; 2]) {
    let folder = tree(&["a/one.tf: old one", "b/two.tf: old two"]);
    let paths = ["a/one.tf", "b/two.tf"].map(|name| root(&folder).join(name));
    (folder, paths)
}

fn assert_untouched(paths: &[Utf8PathBuf; 2]) {
    let [one, two] = paths;
    assert_eq!((text(one).as_str(), text(two).as_str()), ("old one", "old two"));
    for (path, name) in [(one, "one.tf"), (two, "two.tf")] {
        assert_eq!(listing(path.parent().expect("a folder")), [name], "no temporary file stays");
    }
}

#[test]
fn a_file_holds_its_new_bytes_and_nothing_else_is_left() {
    let (_folder, [one, two]) = two_files();
    write(&[change(&one, "old one", "new\r\none\0")]).expect("nothing is in the way");
    assert_eq!(text(&one), "new\r\none\0");
    write(&[change(&one, "new\r\none\0", ""), change(&two, "old two", "new two")]).expect("nothing is in the way");
    assert_eq!((text(&one).as_str(), text(&two).as_str()), ("", "new two"));
    assert_eq!(listing(one.parent().expect("a folder")), ["one.tf"]);
}

#[test]
fn staging_alone_changes_nothing() {
    let (_folder, paths) = two_files();
    let [one, two] = &paths;
    let staged = Transaction::stage(&[change(one, "old one", "new"), change(two, "old two", "new")]).expect("staged");
    let beside = listing(one.parent().expect("a folder"));
    assert_eq!(beside.len(), 3, "{beside:?}");
    assert_eq!(beside.iter().filter(|name| is_temporary(name)).count(), 2, "the new text and the old: {beside:?}");
    drop(staged);
    assert_untouched(&paths);
}

#[test]
fn a_file_that_changed_since_it_was_read_is_left_alone() {
    let (_folder, paths) = two_files();
    let [one, two] = &paths;
    // Noticed before the first file is replaced, so that there is nothing to take back.
    let staged = Transaction::stage(&[change(one, "old one", "new"), change(two, "other", "new")]);
    let error = staged.expect_err("two has changed");
    assert_eq!(error.path, *two);
    assert!(matches!(error.reason, Reason::Changed), "{error}");
    assert_untouched(&paths);
}

#[test]
fn a_change_at_the_last_moment_takes_the_other_files_back() {
    let (_folder, paths) = two_files();
    let [one, two] = &paths;
    let staged = Transaction::stage(&[change(one, "old one", "new"), change(two, "old two", "new")]).expect("staged");
    fs::write(two, "theirs").expect("someone saves the file");
    let error = staged.commit().expect_err("their text would be lost");
    assert_eq!((&error.path, error.stuck.len()), (two, 0));
    assert!(matches!(error.reason, Reason::Changed), "{error}");
    assert_eq!(text(two), "theirs");
    fs::write(two, "old two").expect("the file as it was");
    assert_untouched(&paths);
}

#[test]
fn a_file_that_is_gone_stays_gone() {
    let (_folder, [one, two]) = two_files();
    let staged = Transaction::stage(&[change(&one, "old one", "new"), change(&two, "old two", "new")]).expect("staged");
    fs::remove_file(&two).expect("someone deletes the file");
    let error = staged.commit().expect_err("it must not come back");
    assert_eq!(error.to_string(), "cannot be read: no such file or folder");
    assert_eq!(text(&one), "old one");
    assert_eq!(listing(two.parent().expect("a folder")), [] as [&str; 0]);
}

#[test]
fn the_same_file_twice_is_refused_and_taken_back() {
    let (_folder, paths) = two_files();
    let [one, _] = &paths;
    let error = write(&[change(one, "old one", "first"), change(one, "old one", "second")]).expect_err("a conflict");
    assert!(matches!(error.reason, Reason::Changed), "{error}");
    assert_untouched(&paths);
}

#[test]
fn a_folder_is_no_file() {
    let (folder, _) = two_files();
    let error = write(&[change(&root(&folder), "", "new")]).expect_err("a folder cannot be replaced");
    assert!(matches!(error.reason, Reason::NotAFile), "{error}");
}

#[test]
fn a_read_only_file_is_refused_to_everyone() {
    let (_folder, paths) = two_files();
    let [one, two] = &paths;
    let mut permissions = fs::metadata(two).expect("the file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(two, permissions).expect("a mode");
    let error = write(&[change(one, "old one", "new"), change(two, "old two", "new")]).expect_err("two is read-only");
    assert_eq!(error.path, *two);
    assert!(matches!(error.reason, Reason::ReadOnly), "{error}");
    assert_untouched(&paths);
}
