//! Signals that end a run while it writes.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::MISSING;
use crate::support::folder;
use crate::support::program::{command, run, unroot, unroot_heeding_signals};

fn send(signal: &str, child: &Child) {
    let sent = command("kill", std::path::Path::new("/")).args(["-s", signal, &child.id().to_string()]).status();
    assert!(sent.is_ok_and(|sent| sent.success()), "the program runs");
}

#[test]
fn a_signal_leaves_no_temporary_file_and_every_file_old_or_new() {
    const FILES: usize = 150;
    let mut interrupted = 0;
    for (round, (signal, code)) in [("INT", 130), ("TERM", 143), ("HUP", 129)].into_iter().cycle().take(18).enumerate()
    {
        let folder = folder::empty();
        for number in 0..FILES {
            folder::put(&folder.path().join(format!("{number}.tf")), MISSING.as_bytes());
        }
        let spawned = unroot_heeding_signals(folder.path()).args(["--write", "-q"]).stderr(Stdio::null()).spawn();
        let mut child = spawned.expect("the program starts");
        let first = folder.path().join("0.tf");
        let is_old = || std::fs::read(&first).expect("the file") == MISSING.as_bytes();
        while is_old() && child.try_wait().expect("the child").is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_millis(round as u64));
        if child.try_wait().expect("the child").is_none() {
            send(signal, &child);
        }
        let ended = child.wait().expect("it ends");
        assert_eq!(ended.signal(), None, "{signal} ends the run in order");
        assert!(ended.code() == Some(code) || ended.code() == Some(0), "{signal}: {ended}");
        interrupted += usize::from(ended.code() == Some(code));
        let names = std::fs::read_dir(folder.path()).expect("the folder");
        assert_eq!(names.count(), FILES, "{signal}: a temporary file is left");
        for (path, bytes) in folder::files(folder.path()) {
            let text = String::from_utf8(bytes).expect("text");
            assert!(text == MISSING || text.contains("Disabled"), "{}: {text}", path.display());
        }
    }
    assert!(interrupted > 0, "no round was interrupted at work");
}

#[test]
fn a_signal_that_is_ignored_stays_ignored() {
    let folder = folder::empty();
    for number in 0..100 {
        folder::put(&folder.path().join(format!("{number}.tf")), MISSING.as_bytes());
    }
    let mut under_nohup = command("nohup", folder.path());
    under_nohup.args([env!("CARGO_BIN_EXE_unroot"), "--write", "-q"]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = under_nohup.spawn().expect("nohup starts");
    std::thread::sleep(Duration::from_millis(20));
    if child.try_wait().expect("the child").is_none() {
        send("HUP", &child);
    }
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn the_next_run_names_what_a_killed_one_has_left() {
    let folder = folder::with(&[("a/main.tf", MISSING), ("a/.unroot-abcdefghij.tmp", "old"), ("a/.unroot.tmp", "")]);
    let ended = run(unroot(folder.path()).arg("--check"));
    let expected = "note: a/.unroot-abcdefghij.tmp: a temporary file that a killed run has left";
    assert!(ended.err.starts_with(expected) && ended.err.lines().count() == 1, "{}", ended.err);
    assert!(folder.path().join("a/.unroot-abcdefghij.tmp").exists());
}
