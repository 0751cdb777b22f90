//! Without `--write`, nothing is opened for writing: the kernel is asked.

use std::path::Path;

use crate::support::program::{command, run, unroot};
use crate::support::{folder, required};
use crate::{BROKEN, MISSING, REFERENCE};

#[test]
fn no_file_is_opened_for_writing() {
    let mut trial = command("strace", Path::new("."));
    let runs = trial.args(["-o", "/dev/null", "true"]).output().is_ok_and(|output| output.status.success());
    let is_there = required("UNROOT_REQUIRE_STRACE", "strace", runs);
    let files = [("a.tf", MISSING), ("b/c.tf", REFERENCE), ("d.tf", BROKEN)];
    for arguments in [&[][..], &["--check"], &["--format", "diff"], &["--format", "json"], &["--unsafe-fixes"]] {
        let folder = folder::with(&files);
        let before = folder::stamps(folder.path());
        let log = folder::empty();
        let log = log.path().join("log");
        let mut traced = command("strace", folder.path());
        traced
            .args(["-f", "-qq", "-e", "trace=file", "-o"])
            .arg(&log)
            .arg(env!("CARGO_BIN_EXE_unroot"))
            .args(arguments);
        if is_there {
            run(&mut traced);
            let log = std::fs::read_to_string(log).expect("strace has written its log");
            assert!(log.contains("a.tf"), "nothing was traced:\n{log}");
            let changing = [
                "O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "rename", "unlink", "mkdir", "link(", "linkat", "chmod",
                "truncate", "utime", "mknod",
            ];
            let writes = |line: &&str| changing.iter().any(|word| line.contains(word)) && !line.contains("readlink");
            assert_eq!(log.lines().filter(writes).collect::<Vec<_>>(), [""; 0], "{arguments:?}");
        } else {
            run(unroot(folder.path()).args(arguments));
        }
        assert_eq!(folder::stamps(folder.path()), before, "{arguments:?}");
    }
}
