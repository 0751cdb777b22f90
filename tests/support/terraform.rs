//! The `terraform` program: `terraform fmt` as the judge of a format, and what other judgements start from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use unroot::source::BOM;

use super::folder;
use super::program::{Ended, command, run};
use super::required;

/// The program in `folder`, without the user's settings and variables.
pub(crate) fn terraform(folder: &Path) -> Command {
    command("terraform", folder)
}

/// Whether the program is there; says so if it is not.
///
/// # Panics
/// If it is not there and `UNROOT_REQUIRE_TERRAFORM` is set.
pub(crate) fn is_there() -> bool {
    static THERE: OnceLock<bool> = OnceLock::new();
    let runs = || terraform(Path::new(".")).arg("version").output().is_ok_and(|output| output.status.success());
    required("UNROOT_REQUIRE_TERRAFORM", "terraform", *THERE.get_or_init(runs))
}

/// Runs the program and returns what it prints.
///
/// # Errors
/// Everything that it printed, if it failed.
pub(crate) fn succeed(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let Ended { code, out, err } = run(terraform(folder).args(arguments));
    if code == Some(0) {
        return Ok(out);
    }
    let out = String::from_utf8(out).expect("Terraform writes UTF-8");
    Err(format!("terraform {} in {}:\n{out}{err}", arguments.join(" "), folder.display()))
}

/// Plans a root module without a state, a backend, a network, or providers that are not built in; returns the plan in
/// Terraform's JSON format.
///
/// # Errors
/// What Terraform said when it refused.
pub(crate) fn plan(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    // What has no modules has nothing to install, and each start takes as long as a plan.
    if needs_init(root) {
        succeed(root, &["init", "-input=false", "-no-color", "-backend=false"])?;
    }
    let plan = ["plan", "-input=false", "-no-color", "-lock=false", "-refresh=false", "-out=plan.bin"];
    succeed(root, &[&plan, arguments].concat())?;
    succeed(root, &["show", "-json", "plan.bin"])
}

/// Whether a file of a root module has a word that may ask for something to be installed.
fn needs_init(root: &Path) -> bool {
    let entries = root.read_dir().expect("the root module is there").map(|entry| entry.expect("an entry").path());
    let mut files = entries.filter(|path| path.is_file());
    let has_word = |text: Vec<u8>| {
        let text = String::from_utf8_lossy(&text);
        ["module", "provider", "required_", "backend", "cloud"].iter().any(|word| text.contains(word))
    };
    files.any(|path| std::fs::read(path).is_ok_and(has_word))
}

/// For each `*.tf` file below a folder, by its path from there, whether `terraform fmt` would leave it as it is; and
/// what is wrong with those that do not parse.
///
/// One call for all files, for each takes 50 ms. The files are formatted in place. What does not parse stays as it
/// is, and so counts as clean: with the same syntax error before and after, that does not matter. A byte order mark
/// does not count either, though `terraform fmt` drops it.
pub(crate) fn clean(folder: &Path) -> (BTreeMap<PathBuf, bool>, String) {
    let tf = |(path, _): &(PathBuf, Vec<u8>)| path.extension().is_some_and(|extension| extension == "tf");
    let before: BTreeMap<_, _> = folder::files(folder).into_iter().filter(tf).collect();
    let errors = format(folder);
    let after = folder::files(folder);
    let unmarked = |bytes: &[u8]| bytes.strip_prefix(BOM.as_bytes()).unwrap_or(bytes).to_vec();
    let same = |(path, bytes): (PathBuf, Vec<u8>)| {
        let same = after.get(&path).is_some_and(|after| unmarked(after) == unmarked(&bytes));
        (path, same)
    };
    (before.into_iter().map(same).collect(), errors)
}

/// Formats every `*.tf` file below a folder, and returns what is wrong with those that do not parse.
pub(crate) fn format(folder: &Path) -> String {
    let ended = run(terraform(folder).args(["fmt", "-recursive", "-list=false", "-no-color"]));
    assert!(matches!(ended.code, Some(0 | 2)), "terraform fmt: {}", ended.err);
    ended.err
}
