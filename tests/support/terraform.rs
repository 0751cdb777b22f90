//! `terraform fmt` as the judge.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use unroot::source::BOM;

use super::folder;
use super::program::{command, run};

/// Set where the judge has to be there: without the program, a test fails instead of passing without it.
const REQUIRED: &str = "UNROOT_REQUIRE_TERRAFORM";

/// Whether the program is there; says so if it is not.
///
/// # Panics
/// If it is not there and has to be.
pub(crate) fn is_there() -> bool {
    let there =
        command("terraform", Path::new(".")).arg("version").output().is_ok_and(|output| output.status.success());
    if !there {
        assert!(std::env::var_os(REQUIRED).is_none(), "{REQUIRED} is set, and there is no terraform");
        #[expect(clippy::print_stderr, reason = "a test that has tested nothing has to say so")]
        {
            eprintln!("skipped: there is no terraform to judge the format");
        }
    }
    there
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
    let ended = run(command("terraform", folder).args(["fmt", "-recursive", "-list=false", "-no-color"]));
    assert!(matches!(ended.code, Some(0 | 2)), "terraform fmt: {}", ended.err);
    ended.err
}
