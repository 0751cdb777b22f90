//! The README's recipe under real pre-commit: what turns root on again does not get past it, wherever it stands.
//!
//! `UNROOT_PRE_COMMIT` names the program; `.ci/run` installs it. Nothing is fetched here: the hook is a local one.

use std::path::Path;
use std::process::Command;

use crate::support::folder;
use crate::support::program::{command, run};
use crate::support::required;

const ROOT: &str = "variable \"r\" {\n  type    = string\n  default = \"Enabled\"\n}\nmodule \"nb\" {\n  source      = \"./m\"\n  root_access = var.r\n}\nmodule \"other\" {\n  source      = \"./m\"\n  root_access = \"Disabled\"\n}\nmodule \"third\" {\n  source = \"./m\"\n}\n";
const VARIABLES: &str = "variable \"root_access\" {\n  type    = string\n  default = \"Disabled\"\n}\n";
const NOTEBOOK: &str = "resource \"aws_sagemaker_notebook_instance\" \"this\" {\n  name        = \"x\"\n  root_access = var.root_access\n}\n";

/// The program, if it is there.
fn program() -> Option<String> {
    let named = std::env::var("UNROOT_PRE_COMMIT").unwrap_or_else(|_| "pre-commit".to_owned());
    let there = Command::new(&named).arg("--version").output().is_ok_and(|output| output.status.success());
    required("UNROOT_REQUIRE_PRE_COMMIT", "pre-commit", there).then_some(named)
}

/// The hook of the README, as it stands there.
fn recipe() -> String {
    let readme = include_str!("../../README.md");
    let blocks = readme.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.into_iter().find(|block| block.contains("repo: local")).expect("the README has the recipe").to_owned()
}

#[test]
fn pre_commit_stops_what_turns_root_on() {
    let Some(program) = program() else { return };
    let with_names = recipe().replace("        pass_filenames: false\n", "");
    assert_ne!(with_names, recipe(), "the recipe hands over no names");
    for hook in [recipe(), with_names] {
        let tree = folder::with(&[
            (".pre-commit-config.yaml", hook.as_str()),
            ("main.tf", ROOT),
            ("terraform.tfvars", "r = \"Disabled\"\n"),
            ("m/main.tf", NOTEBOOK),
            ("m/variables.tf", VARIABLES),
        ]);
        let cache = folder::empty();
        let top = tree.path();
        let git = |arguments: &[&str]| run(in_repository("git", top, cache.path()).args(arguments));
        let commit = |message: &str| {
            git(&["add", "--all"]);
            git(&["commit", "--quiet", "-m", message])
        };
        assert_eq!(git(&["init", "--quiet"]).code, Some(0));
        let installed = run(in_repository(&program, top, cache.path()).arg("install"));
        assert_eq!(installed.code, Some(0), "{}{}", installed.text(), installed.err);
        let first = commit("all is well");
        assert_eq!(first.code, Some(0), "{}{}", first.text(), first.err);
        for (file, before, after) in [
            ("m/variables.tf", "default = \"Disabled\"", "default = \"Enabled\""),
            ("main.tf", "root_access = \"Disabled\"", "root_access = \"Enabled\""),
            ("terraform.tfvars", "r = \"Disabled\"", "r = \"Enabled\""),
        ] {
            let text = std::fs::read_to_string(top.join(file)).expect("the file is there");
            assert!(text.contains(before), "{file}");
            folder::put(&top.join(file), text.replace(before, after).as_bytes());
            let ended = commit(file);
            let said = format!("{file}: {}{}", ended.text(), ended.err);
            assert_eq!(ended.code, Some(1), "{said}");
            assert!(said.contains("notebooks without root") && said.contains("Failed"), "{said}");
            assert!(said.contains("root-access-via-reference"), "{said}");
            folder::put(&top.join(file), text.as_bytes());
        }
        // So is the removal of a file, which pre-commit names to no hook.
        std::fs::remove_file(top.join("terraform.tfvars")).expect("the file is there");
        let ended = commit("without values");
        assert_eq!(ended.code, Some(1), "{}{}", ended.text(), ended.err);
        folder::put(&top.join("terraform.tfvars"), b"r = \"Disabled\"\n");
        // The hook lets pass what does no harm.
        folder::put(&top.join("m/outputs.tf"), b"output \"x\" {\n  value = 1\n}\n");
        let last = commit("an output");
        assert_eq!(last.code, Some(0), "{}{}", last.text(), last.err);
    }
}

/// A program in a repository, with `unroot` on the path and pre-commit's own files in a folder of the test.
fn in_repository(program: &str, top: &Path, cache: &Path) -> Command {
    let own = Path::new(env!("CARGO_BIN_EXE_unroot")).parent().expect("programs lie in a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([own.to_owned()].into_iter().chain(std::env::split_paths(&path)));
    let mut command = command(program, top);
    command.env("PATH", path.expect("a path")).env("PRE_COMMIT_HOME", cache).env("HOME", cache);
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "test").env(format!("GIT_{role}_EMAIL"), "test@example.com");
    }
    command
}
