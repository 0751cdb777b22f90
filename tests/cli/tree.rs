//! Trees of many files, links and loops.

use std::path::Path;

use crate::support::folder;
use crate::support::program::{run, unroot};
use crate::{BROKEN, FIXED, MISSING, REFERENCE};

/// Some hundred files in folders of all depths, of every verdict.
fn forest() -> tempfile::TempDir {
    let folder = folder::empty();
    for number in 0..400 {
        let text = [MISSING, FIXED, REFERENCE, BROKEN, "locals {}\n"][number % 5];
        let path = format!("{}/{}/file{number}.tf", ["a", "b/c", "d/e/f"][number % 3], number % 7);
        folder::put(&folder.path().join(path), text.as_bytes());
    }
    folder
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let folder = forest();
    for arguments in [&["--check", "-v"][..], &["--format", "diff"], &["--format", "json"], &[]] {
        let with = |threads| run(unroot(folder.path()).args(arguments).args(["-j", threads]));
        let one = with("1");
        assert!(one.out.len() > 10_000, "{arguments:?} says little");
        for _ in 0..3 {
            assert_eq!(with("8"), one, "{arguments:?}");
        }
    }
}

#[test]
fn the_order_of_the_paths_changes_nothing_and_no_file_counts_twice() {
    let folder = forest();
    let with = |paths: &[&str]| run(unroot(folder.path()).args(["--format", "json"]).args(paths));
    let once = with(&["a", "b", "d"]);
    assert_eq!(with(&["d", "a", "b"]), once);
    assert_eq!(with(&["a", "b", "d", "a/0", "./d//e", "b/../b/c"]), once);
}

#[cfg(unix)]
#[test]
fn links_are_followed_once_and_loops_are_harmless() {
    use std::os::unix::fs::symlink;
    let folder = folder::with(&[("real/main.tf", MISSING), ("live/keep", "")]);
    let root = folder.path();
    symlink("../real", root.join("live/module")).expect("a link");
    symlink("../real/main.tf", root.join("live/linked.tf")).expect("a link");
    symlink("..", root.join("real/up")).expect("a link");
    symlink("loop.tf", root.join("loop.tf")).expect("a link");
    let ended = run(unroot(root).args(["--check"]));
    assert!(ended.text().starts_with("real/main.tf:1:1: "), "{}", ended.text());
    assert!(ended.text().contains("1 notebook in 1 Terraform file"), "{}", ended.text());
    assert!(ended.err.starts_with("error: loop.tf: the link cannot be followed"), "{}", ended.err);

    let through = run(unroot(root).args(["--write", "live/linked.tf"]));
    assert_eq!(through.code, Some(0), "{}", through.err);
    assert!(root.join("live/linked.tf").is_symlink());
    assert_eq!(folder::files(root)[Path::new("real/main.tf")], FIXED.as_bytes());
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_early_is_no_error() {
    use std::process::Stdio;
    let folder = folder::empty();
    for number in 0..300 {
        folder::put(&folder.path().join(format!("file{number}.tf")), MISSING.as_bytes());
    }
    for (arguments, code) in [(&[][..], 0), (&["--format", "diff"], 0), (&["--format", "json"], 0), (&["--check"], 1)] {
        let mut command = unroot(folder.path());
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", output.stderr.escape_ascii());
        assert_eq!(output.stderr.escape_ascii().to_string(), "", "{arguments:?}");
    }
}
