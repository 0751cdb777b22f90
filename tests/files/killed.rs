//! A process that is killed while it writes.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use camino::Utf8Path;
use unroot::discover::Walk;
use unroot::write::{Change, write};

use crate::process;
use crate::tree::{is_temporary, names, root, tree, walk};

/// Children killed, each at a later moment.
const ROUNDS: u32 = 40;

/// Long enough that writing it takes a while.
fn long(word: &str) -> String {
    format!("# sagemaker_notebook_instance {word}\n").repeat(20_000)
}

fn replace(files: [&str; 2], before: &str, after: &str) {
    let change = |path| Change { path: Utf8Path::new(path), before: before.as_bytes(), after: after.as_bytes() };
    write(&files.map(change)).expect("nothing is in the way");
}

/// How long the two changes of one turn take on this disk.
fn time_of_a_turn(old: &str, new: &str) -> Duration {
    let folder = tree(&[]);
    let paths = ["a.tf", "b.tf"].map(|name| root(&folder).join(name));
    for path in &paths {
        fs::write(path, old).expect("a file");
    }
    let paths = paths.each_ref().map(|path| path.as_str());
    let start = Instant::now();
    replace(paths, old, new);
    replace(paths, new, old);
    start.elapsed()
}

#[test]
fn a_killed_run_leaves_each_file_old_or_new() {
    let (old, new) = (long("old"), long("new"));
    let files = ["a.tf", "b.tf"];
    if process::child_folder().is_some() {
        let start = Instant::now();
        // An end of its own, should the parent have failed to kill it.
        while start.elapsed() < Duration::from_secs(20) {
            replace(files, &old, &new);
            replace(files, &new, &old);
        }
        return;
    }
    let turn = time_of_a_turn(&old, &new);
    let (mut seen, mut left_over) = (BTreeSet::new(), 0);
    for round in 0..ROUNDS {
        let folder = tree(&[]);
        let paths = files.map(|name| folder.path().join(name));
        for path in &paths {
            fs::write(path, &old).expect("a file");
        }
        let mut child = process::child("killed::a_killed_run_leaves_each_file_old_or_new", folder.path(), &[]);
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the child starts");
        let at_work = || fs::read_dir(&folder).expect("the folder").count() > files.len();
        while !at_work() {
            assert!(child.try_wait().expect("the child").is_none(), "the child ended by itself");
            sleep(Duration::from_micros(50));
        }
        sleep(turn * 2 * round / ROUNDS);
        child.kill().expect("the child can be killed");
        child.wait().expect("the child has ended");
        let texts = paths.each_ref().map(|path| fs::read_to_string(path).expect("the file is there"));
        for text in &texts {
            assert!(*text == old || *text == new, "round {round}: {} bytes, neither old nor new", text.len());
            seen.insert(*text == new);
        }
        for entry in fs::read_dir(&folder).expect("the folder") {
            let name = entry.expect("an entry").file_name().into_string().expect("a plain name");
            if !files.contains(&name.as_str()) {
                assert!(is_temporary(&name), "{name}");
                left_over += 1;
            }
        }
        let everything = Walk { hidden: true, no_ignore: true, ..Walk::default() };
        assert_eq!(names(&walk(&[root(&folder)], &everything), &root(&folder)), files);
    }
    assert!(left_over > 0, "no child was killed at work, so the test has shown nothing");
    assert_eq!(seen.len(), 2, "only one of the two texts was ever seen: {seen:?}");
}
