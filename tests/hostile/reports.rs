//! Reports whose names lead somewhere else.

use std::os::unix::fs::symlink;

use crate::support::folder;
use crate::support::program::{run, unroot};
use crate::{MISSING, bounded, pipe};

#[test]
fn a_link_at_the_place_of_a_report_is_replaced_and_not_followed() {
    let folder = folder::with(&[("repo/main.tf", MISSING), ("victim", "precious")]);
    let (repo, victim) = (folder.path().join("repo"), folder.path().join("victim"));
    pipe(&folder.path().join("pipe"));
    for target in ["../victim", "../pipe", "/dev/full", "/dev/null", "nowhere"] {
        let report = repo.join("unroot.sarif");
        _ = std::fs::remove_file(&report);
        symlink(target, &report).expect("a link");
        let ended = run(&mut bounded(&repo, &["--check", "-q", "--report", "sarif=unroot.sarif"]));
        assert_eq!(ended.code, Some(1), "{target}: {ended:?}");
        assert!(report.symlink_metadata().expect("the report").is_file(), "{target}");
        assert!(std::fs::read_to_string(&report).expect("the report").contains("sarif"), "{target}");
        assert_eq!(std::fs::read(&victim).expect("it is there"), b"precious");
    }
    assert!(!repo.join("nowhere").exists());
}

#[test]
fn what_is_no_regular_file_is_left_alone_and_the_other_reports_are_written() {
    let folder = folder::with(&[("main.tf", MISSING)]);
    pipe(&folder.path().join("pipe"));
    std::fs::create_dir(folder.path().join("folder")).expect("a folder");
    for name in ["pipe", "folder", "no/such/folder"] {
        let ok = folder.path().join("ok.json");
        _ = std::fs::remove_file(&ok);
        let report = format!("json={name}");
        let ended = run(&mut bounded(folder.path(), &["--check", "--report", &report, "--report", "json=ok.json"]));
        assert_eq!(ended.code, Some(2), "{name}: {ended:?}");
        assert!(ended.err.contains(&format!("{name}: the report is not written: ")), "{}", ended.err);
        assert!(!ended.err.contains("os error") && !ended.err.contains(".tmp"), "{}", ended.err);
        assert!(ok.is_file(), "{name}: the other report is lost");
    }
}

#[test]
fn no_link_of_the_repository_leads_a_report_out_of_it() {
    let folder = folder::with(&[("repo/main.tf", MISSING), ("home/profile", "precious"), ("repo/.git/HEAD", "")]);
    let repo = folder.path().join("repo");
    symlink("../home", repo.join("out")).expect("a link");
    std::fs::create_dir(repo.join("sub")).expect("a folder");
    for (here, name) in [("repo", "out/profile"), ("repo/sub", "../out/profile"), ("", "repo/out/profile")] {
        let ended = run(unroot(&folder.path().join(here)).args(["--check", "--report"]).arg(format!("json={name}")));
        assert_eq!(ended.code, Some(2), "{name}: {ended:?}");
        assert!(ended.err.contains("leads out of the repository"), "{}", ended.err);
        assert_eq!(std::fs::read(folder.path().join("home/profile")).expect("it is there"), b"precious");
    }
    // A link of the user's own is no business of ours.
    symlink("repo", folder.path().join("mine")).expect("a link");
    let ended = run(unroot(&repo).args(["--check", "--report", "json=../mine/report.json"]));
    assert_eq!(ended.code, Some(1), "{ended:?}");
}

#[test]
fn a_process_may_be_handed_a_report() {
    let folder = folder::with(&[("main.tf", MISSING)]);
    let ended = run(unroot(folder.path()).args(["--check", "-q", "--report", "json=/dev/stdout"]));
    assert!(ended.text().contains("\"version\""), "{ended:?}");
}
