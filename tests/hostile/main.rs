//! What a repository of a stranger may try, and what must not come of it. Each test is an input that has done harm once.

#![cfg(unix)]

#[path = "../support/mod.rs"]
mod support;

mod documented;
mod fuzzed;
mod generated;
mod hidden;
mod leaks;
mod logs;
mod reads;
mod reports;
mod settings;
mod signals;
mod size;
mod small;
mod unread;
mod work;
mod writes;

use std::path::Path;
use std::process::Command;

use support::program::command;

/// The program within bounds that no honest input comes near: twenty seconds of computing, of a build that is not optimised,
/// and a gigabyte of address space.
fn bounded(folder: &Path, arguments: &[&str]) -> Command {
    let mut bounded = command("timeout", folder);
    bounded.args(["120", "prlimit", "--cpu=20", "--as=1073741824", env!("CARGO_BIN_EXE_unroot")]).args(arguments);
    bounded
}

/// Makes a named pipe.
fn pipe(path: &Path) {
    let made = command("mkfifo", Path::new("/")).arg(path).status().expect("mkfifo starts");
    assert!(made.success());
}

/// A notebook without `root_access`.
const MISSING: &str = "resource \"aws_sagemaker_notebook_instance\" \"main\" {\n  name = \"main\"\n}\n";
