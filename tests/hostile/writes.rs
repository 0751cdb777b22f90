//! Ways that lead a fix out of the paths of a run.

use std::os::unix::fs::symlink;
use std::path::Path;

use crate::MISSING;
use crate::support::folder;
use crate::support::program::{Ended, run, unroot};

/// Fixes what lies in `here` and says whether the file outside is as it was.
fn keeps(folder: &Path, here: &str, outside: &str) -> Ended {
    let outside = folder.join(outside);
    let before = std::fs::read(&outside).expect("the file outside");
    let ended = run(unroot(&folder.join(here)).args(["--write", "--unsafe-fixes", "--hidden", "--no-ignore"]));
    assert_eq!(std::fs::read(&outside).expect("the file outside"), before, "{ended:?}");
    ended
}

#[test]
fn a_list_of_modules_leads_nowhere() {
    let folder = folder::with(&[("repo/.git/HEAD", ""), ("repo/main.tf", ""), ("out/mod/main.tf", MISSING)]);
    let absolute = folder.path().join("out/mod");
    for module in [".terraform/../../out/mod", "../out/mod", absolute.to_str().expect("UTF-8")] {
        let list = format!("{{\"Modules\": [{{\"Key\": \"x\", \"Source\": \"\", \"Dir\": \"{module}\"}}]}}");
        folder::put(&folder.path().join("repo/.terraform/modules/modules.json"), list.as_bytes());
        let ended = keeps(folder.path(), "repo", "out/mod/main.tf");
        assert!(!ended.text().contains("out/mod"), "{module}: {ended:?}");
    }
    symlink("../../out/mod", folder.path().join("repo/.terraform/evil")).expect("a link");
    let list = "{\"Modules\": [{\"Key\": \"x\", \"Source\": \"\", \"Dir\": \".terraform/evil\"}]}";
    folder::put(&folder.path().join("repo/.terraform/modules/modules.json"), list.as_bytes());
    keeps(folder.path(), "repo", "out/mod/main.tf");
}

#[test]
fn links_out_of_the_repository_are_neither_read_nor_written() {
    let folder = folder::with(&[("repo/.git/HEAD", ""), ("repo/main.tf", ""), ("out/one.tf", MISSING)]);
    symlink("../out/one.tf", folder.path().join("repo/link.tf")).expect("a link");
    let ended = keeps(folder.path(), "repo", "out/one.tf");
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.err.contains("link.tf: leads out of the repository"), "{}", ended.err);
    std::fs::remove_file(folder.path().join("repo/link.tf")).expect("the link");
    for target in ["../out", "/proc", "/", "/dev"] {
        let link = folder.path().join("repo/folder");
        symlink(target, &link).expect("a link");
        let ended = keeps(folder.path(), "repo", "out/one.tf");
        assert!(!ended.text().contains("folder/"), "{ended:?}");
        let note = "note: folder: leads out of the repository, so what is behind it is not looked at\n";
        assert_eq!(ended.err, note, "{ended:?}");
        std::fs::remove_file(link).expect("the link");
    }
}

#[test]
fn links_to_other_parts_of_the_repository_are_read_and_not_written() {
    let folder = folder::with(&[(".git/HEAD", ""), ("team/main.tf", ""), ("other/one.tf", MISSING)]);
    symlink("../other/one.tf", folder.path().join("team/link.tf")).expect("a link");
    symlink("../other", folder.path().join("team/folder")).expect("a link");
    let ended = keeps(folder.path(), "team", "other/one.tf");
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.text().contains("root-access-missing"), "{ended:?}");
}

#[test]
fn a_link_that_is_named_is_the_file_it_leads_to() {
    let folder = folder::with(&[("repo/.git/HEAD", ""), ("out/one.tf", MISSING)]);
    symlink("../out/one.tf", folder.path().join("repo/link.tf")).expect("a link");
    let ended = run(unroot(&folder.path().join("repo")).args(["--write", "link.tf"]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let text = std::fs::read_to_string(folder.path().join("out/one.tf")).expect("the file");
    assert!(text.contains("root_access = \"Disabled\""), "{text}");
}

#[test]
fn copies_behind_links_are_judged_and_never_written() {
    let folder = folder::with(&[("main.tf", ""), (".terraform/evil.tf", MISSING), (".terraform/m/a.tf", MISSING)]);
    symlink(".terraform/evil.tf", folder.path().join("x.tf")).expect("a link");
    symlink(".terraform/m", folder.path().join("m")).expect("a link");
    keeps(folder.path(), "", ".terraform/m/a.tf");
    let ended = keeps(folder.path(), "", ".terraform/evil.tf");
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.text().contains("x.tf:1:") && ended.text().contains("m/a.tf:1:"), "{ended:?}");
}
