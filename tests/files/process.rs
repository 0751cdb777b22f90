//! Runs a test of the same binary again in a process of its own: in another folder, without a root user's exemption
//! from permissions, under a limit, or to be killed.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Set in the child to the folder it works in; a test that finds it does the child's part.
const FOLDER: &str = "UNROOT_TEST_FOLDER";

/// The folder to work in, in the child; `None` in the parent.
pub(crate) fn child_folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(Into::into)
}

/// The command that runs `test` as a child with `folder` as its working folder, behind a `wrapper` command.
pub(crate) fn child(test: &str, folder: &Path, wrapper: &[&str]) -> Command {
    let binary = std::env::current_exe().expect("the test binary has a path");
    let mut words = wrapper.iter().map(std::ffi::OsStr::new).chain([binary.as_os_str()]);
    let mut command = Command::new(words.next().expect("there is a program to run"));
    command.args(words).args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.current_dir(folder).env(FOLDER, folder);
    command
}

/// A wrapper under which permissions bind the process: none for an ordinary user; for root, the capabilities that
/// exempt it are taken away, and it stays the owner of its files as anyone else would.
#[cfg(unix)]
pub(crate) fn bound_by_permissions(folder: &Path) -> &'static [&'static str] {
    use std::os::unix::fs::MetadataExt;
    let is_root = folder.metadata().expect("the folder exists").uid() == 0;
    if is_root { &["setpriv", "--bounding-set=-all", "--inh-caps=-all"] } else { &[] }
}

/// Runs the child and fails with what it said if it failed.
pub(crate) fn must_pass(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let (out, err) = (output.stdout.escape_ascii(), output.stderr.escape_ascii());
    assert!(output.status.success(), "{command:?}: {}\n{out}\n{err}", output.status);
    let ran_one = output.stdout.windows(8).any(|window| window == b"1 passed");
    assert!(ran_one, "{command:?} ran no test: {out}");
}
