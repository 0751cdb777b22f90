//! An `unroot.toml` that comes with the code under scan.

use std::os::unix::fs::symlink;

use crate::MISSING;
use crate::support::folder;
use crate::support::program::{command, run, unroot};

#[test]
fn a_settings_file_that_is_found_names_no_file_to_write() {
    for setting in [
        "report = [\"text=../victim/bashrc\"]",
        "report = [\"diff=.git/hooks/pre-commit\"]",
        "quiet = true\nreport = [\"json=../victim/bashrc\"]",
        "output = \"../victim/bashrc\"",
        "plan = [\"../victim/bashrc\"]",
        "from = [\"../victim/bashrc\"]",
        "write = true",
    ] {
        let folder = folder::with(&[
            ("victim/bashrc", "precious"),
            ("repo/main.tf", MISSING),
            ("repo/.git/hooks/pre-commit", "#!/bin/sh\n"),
            ("repo/unroot.toml", setting),
        ]);
        let before = folder::stamps(folder.path());
        let hook = folder.path().join("repo/.git/hooks/pre-commit");
        for arguments in [&[][..], &["--check"], &["-q"], &["--write"]] {
            let ended = run(unroot(&folder.path().join("repo")).args(arguments));
            assert_eq!(ended.code, Some(2), "{setting}: {ended:?}");
            assert!(ended.err.contains("which only the command line may do"), "{setting}: {}", ended.err);
        }
        assert_eq!(folder::stamps(folder.path()), before, "{setting}");
        assert_eq!(std::fs::read(hook).expect("the hook"), b"#!/bin/sh\n");
    }
}

/// Settings that show.
const JSON: &str = "format = \"json\"\n";

fn is_heeded(files: &[(&str, &str)], here: &str, arguments: &[&str]) -> bool {
    let folder = folder::with(files);
    let ended = run(unroot(&folder.path().join(here)).arg("--check").args(arguments));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    ended.text().starts_with('{')
}

#[test]
fn settings_are_found_in_the_repository_of_the_paths_and_nowhere_else() {
    let git = ("repo/.git/HEAD", "");
    let code = ("repo/sub/main.tf", MISSING);
    let above = [git, code, ("unroot.toml", JSON)];
    let top = [git, code, ("repo/unroot.toml", JSON)];
    for (here, path) in [("", "repo/sub"), ("repo", "sub"), ("repo/sub", "."), ("repo/sub", "main.tf"), ("repo", ".")] {
        assert!(!is_heeded(&above, here, &[path]), "{here} {path}: above the top of the repository");
        assert!(is_heeded(&top, here, &[path]), "{here} {path}");
        assert!(!is_heeded(&top, here, &[path, "--no-config"]), "{here} {path}");
    }
    // Without a repository the working folder is the end of the world.
    assert!(!is_heeded(&[code, ("unroot.toml", JSON)], "repo/sub", &["."]));
    assert!(is_heeded(&[code, ("unroot.toml", JSON)], "", &["repo/sub"]));
}

#[test]
fn settings_above_some_of_the_paths_count_for_none_and_are_named() {
    let folder = folder::with(&[(".git/HEAD", ""), ("a/main.tf", MISSING), ("a/unroot.toml", JSON), ("b/b.tf", "")]);
    let ended = run(unroot(folder.path()).args(["--check", "a", "b"]));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("a/unroot.toml: not heeded"), "{}", ended.err);
    let ended = run(unroot(folder.path()).args(["-v", "a"]));
    assert!(ended.err.contains("a/unroot.toml: the settings of this run"), "{}", ended.err);
}

#[test]
fn a_settings_file_that_leads_out_of_the_repository_is_an_error() {
    let folder = folder::with(&[("repo/.git/HEAD", ""), ("repo/main.tf", MISSING), ("secret", "password = \"x\"\n")]);
    let repo = folder.path().join("repo");
    for target in ["../secret", "/etc/passwd", "/proc/self/environ"] {
        _ = std::fs::remove_file(repo.join("unroot.toml"));
        symlink(target, repo.join("unroot.toml")).expect("a link");
        let ended = run(unroot(&repo).arg("--check"));
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.err.contains("leads out of the repository"), "{}", ended.err);
        assert!(!ended.err.contains("password"), "{}", ended.err);
    }
}

#[test]
fn any_number_of_threads_is_taken_and_bounded() {
    let folder = folder::with(&[("main.tf", MISSING), ("unroot.toml", "threads = 9223372036854775807\n")]);
    for arguments in [&["--check"][..], &["--check", "-j", "18446744073709551615"], &["--check", "-j", "5000"]] {
        // Threads reserve more addresses than they use, so that these alone are not bounded here.
        let ended = run(command("timeout", folder.path()).args(["10", env!("CARGO_BIN_EXE_unroot")]).args(arguments));
        assert_eq!((ended.code, ended.err.as_str()), (Some(1), ""), "{arguments:?}");
    }
}

/// One `quiet` in the settings of a change would hide the `exclude` beside it.
#[test]
fn settings_that_are_found_do_not_hide_what_they_leave_out() {
    let left_out = "1 Terraform file that mentions a notebook is not judged";
    for (settings, said) in [
        ("quiet = true\nexclude = [\"*\"]\n", left_out),
        ("quiet = true\n[[exempt]]\npaths = [\"**\"]\nreason = \"x\"\nuntil = 2999-01-01\n", "1 suppressed"),
    ] {
        let folder = folder::with(&[(".git/HEAD", ""), ("unroot.toml", settings), ("main.tf", MISSING)]);
        for format in ["text", "diff", "github"] {
            let ended = run(unroot(folder.path()).args(["--check", "--format", format]));
            let is_said = format!("{}{}", ended.text(), ended.err).contains(said);
            assert!(is_said || format == "diff" && said != left_out, "{format}: {ended:?}");
        }
        // Whoever asks for quiet gets it.
        let ended = run(unroot(folder.path()).args(["--check", "-q"]));
        assert!(ended.text().is_empty() && ended.err.is_empty(), "{ended:?}");
    }
}
