//! Writing where the system refuses, or ends the run.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::folder;
use crate::support::program::{command, run, unroot};
use crate::{FIXED, MISSING};

/// The program, bound by permissions: for root, the capabilities that exempt it are taken away.
pub(crate) fn bound(folder: &Path, arguments: &[&str]) -> Command {
    let program = env!("CARGO_BIN_EXE_unroot");
    let is_root = folder.metadata().expect("the folder exists").uid() == 0;
    let mut bound = if is_root {
        let mut wrapped = command("setpriv", folder);
        wrapped.args(["--bounding-set=-all", "--inh-caps=-all", program]);
        wrapped
    } else {
        command(program, folder)
    };
    bound.args(arguments);
    bound
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a readable file")
}

#[test]
fn a_read_only_file_is_left_alone_and_the_others_are_fixed() {
    let folder = folder::with(&[("a.tf", MISSING), ("b.tf", MISSING), ("c.tf", MISSING)]);
    mode(&folder.path().join("b.tf"), 0o444);
    let ended = run(&mut bound(folder.path(), &["--write"]));
    assert_eq!(ended.code, Some(2));
    assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
    assert!(ended.err.starts_with("error: b.tf: "), "{}", ended.err);
    let texts = ["a.tf", "b.tf", "c.tf"].map(|name| text(&folder.path().join(name)));
    assert_eq!(texts, [FIXED, MISSING, FIXED]);
    assert!(ended.text().contains("2 fixed, 1 fixable"), "{}", ended.text());
}

#[test]
fn a_read_only_folder_keeps_its_files() {
    let folder = folder::with(&[("a.tf", MISSING), ("shut/b.tf", MISSING)]);
    mode(&folder.path().join("shut"), 0o555);
    let ended = run(&mut bound(folder.path(), &["--write"]));
    mode(&folder.path().join("shut"), 0o755);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.starts_with("error: shut/b.tf: "), "{}", ended.err);
    assert_eq!(text(&folder.path().join("shut/b.tf")), MISSING);
    assert_eq!(text(&folder.path().join("a.tf")), FIXED);
    assert_eq!(folder::files(folder.path()).len(), 2, "something was left behind");
}

/// No room for the file: a limit on the size of files does the same as a full disk, and needs no rights.
#[test]
fn a_file_that_does_not_fit_is_left_whole() {
    let long = format!("{MISSING}{}", "# long\n".repeat(10_000));
    let folder = folder::with(&[("a-small.tf", MISSING), ("b-long.tf", &long), ("c-small.tf", MISSING)]);
    let mut limited = command("sh", folder.path());
    limited.args(["-c", "ulimit -f 16; trap '' XFSZ; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_unroot"), "--write"]);
    let ended = run(&mut limited);
    assert_eq!(ended.code, Some(2), "{}", ended.err);
    assert!(ended.err.starts_with("error: b-long.tf: "), "{}", ended.err);
    assert_eq!(text(&folder.path().join("b-long.tf")), long);
    for name in ["a-small.tf", "c-small.tf"] {
        assert_eq!(text(&folder.path().join(name)), FIXED);
    }
    assert_eq!(folder::files(folder.path()).len(), 3, "something was left behind");
}

#[test]
fn a_full_standard_output_is_an_error() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = folder::with(&[("a.tf", MISSING)]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
    let output = unroot(folder.path()).stdin(Stdio::null()).stdout(full).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stderr.starts_with(b"error: "), "{}", output.stderr.escape_ascii());
}

#[test]
fn modes_and_links_survive() {
    let folder = folder::with(&[("real/a.tf", MISSING), ("links/keep", "")]);
    let (real, link) = (folder.path().join("real/a.tf"), folder.path().join("links/b.tf"));
    symlink("../real/a.tf", &link).expect("a link");
    mode(&real, 0o640);
    let ended = run(unroot(folder.path()).args(["--write", "links/b.tf"]));
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert_eq!(text(&real), FIXED);
    assert_eq!(real.metadata().expect("the file").mode() & 0o7777, 0o640);
    assert_eq!(std::fs::read_link(&link).expect("still a link"), Path::new("../real/a.tf"));
}

#[test]
fn a_killed_run_leaves_each_file_old_or_new() {
    const FILES: usize = 60;
    let (mut old, mut new) = (0, 0);
    for round in 0..12u64 {
        let folder = folder::empty();
        let paths: Vec<_> = (0..FILES).map(|number| folder.path().join(format!("file{number}.tf"))).collect();
        for path in &paths {
            folder::put(path, MISSING.as_bytes());
        }
        let mut child = unroot(folder.path()).arg("--write").stdout(Stdio::null()).spawn().expect("the program starts");
        // Each round a little later, from the first file to the last.
        while text(&paths[0]) == MISSING && child.try_wait().expect("the child").is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_millis(3 * round));
        child.kill().expect("the child can be killed, or has ended");
        child.wait().expect("the child has ended");
        for path in &paths {
            match text(path).as_str() {
                MISSING => old += 1,
                FIXED => new += 1,
                other => panic!("neither old nor new: {other}"),
            }
        }
        let again = run(unroot(folder.path()).args(["--write", "--hidden"]));
        assert_eq!(again.code, Some(0), "{again:?}");
        let is_told = |line: &str| line.contains("a temporary file that a killed run had left; it is gone now");
        assert!(again.err.lines().all(is_told), "{}", again.err);
        assert!(paths.iter().all(|path| text(path) == FIXED));
    }
    assert!(new > 0, "no round got to writing");
    #[expect(clippy::print_stderr, reason = "where no round was killed at work, the test has shown less")]
    if old == 0 {
        eprintln!("each round had ended before it was killed");
    }
}
