//! Terraform with the stand-in provider of `tests/standin`.

use std::path::{Path, PathBuf};

use crate::support::program::{Ended, run};
use crate::support::required;
use crate::support::terraform::terraform;

/// The configuration of Terraform that `tests/standin/install` has printed, from the variable `UNROOT_STANDIN`.
fn configuration() -> Option<PathBuf> {
    std::env::var_os("UNROOT_STANDIN").map(PathBuf::from)
}

/// Whether the stand-in is there; says so if it is not.
pub(crate) fn is_there() -> bool {
    required("UNROOT_REQUIRE_STANDIN", "stand-in provider", configuration().is_some_and(|file| file.is_file()))
}

/// Runs Terraform with the stand-in in a folder and returns what it prints.
///
/// # Panics
/// If it fails.
pub(crate) fn run_terraform(folder: &Path, parameter: &str, arguments: &[&str]) -> Vec<u8> {
    let configuration = configuration().expect("it is there");
    let mut terraform = terraform(folder);
    terraform.env("TF_CLI_CONFIG_FILE", configuration).env("UNROOT_STANDIN_PARAMETER", parameter);
    let Ended { code, out, err } = run(terraform.args(arguments));
    assert_eq!(code, Some(0), "terraform {arguments:?}: {:?}{err}", str::from_utf8(&out));
    out
}

/// Makes a root module ready to be planned.
pub(crate) fn init(folder: &Path) {
    run_terraform(folder, "Enabled", &["init", "-input=false", "-no-color"]);
}

/// The plan of a root module as JSON, where the parameter has a value.
pub(crate) fn plan(folder: &Path, parameter: &str) -> Vec<u8> {
    run_terraform(folder, parameter, &["plan", "-input=false", "-no-color", "-lock=false", "-out=plan.bin"]);
    run_terraform(folder, parameter, &["show", "-json", "plan.bin"])
}

/// Applies the plan that [`plan`] has left.
pub(crate) fn apply(folder: &Path, parameter: &str) {
    run_terraform(folder, parameter, &["apply", "-no-color", "-lock=false", "plan.bin"]);
}

/// The state of a root module as JSON.
pub(crate) fn state(folder: &Path) -> Vec<u8> {
    run_terraform(folder, "Enabled", &["show", "-json"])
}
