//! An `unroot.toml` that comes with the code under scan.

use crate::MISSING;
use crate::support::folder;
use crate::support::program::{run, unroot};

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
