//! What is called and not read: callers further out where no repository bounds the search, modules that are not in the
//! tree, what leads out of the repository.

use crate::support::folder;
use crate::support::program::{run, unroot};

const MODULE: &str = "variable \"root_access\" {\n  type    = string\n  default = \"Disabled\"\n}\nresource \"aws_sagemaker_notebook_instance\" \"nb\" {\n  root_access = var.root_access\n}\n";

fn call(source: &str) -> String {
    format!("module \"nb\" {{\n  source      = \"{source}\"\n  root_access = \"Enabled\"\n}}\n")
}

#[test]
fn callers_further_out_are_not_known_without_a_repository() {
    const SAID: &str = "modules/nb/main.tf:5:1: callers of this module outside of";
    let folder = folder::with(&[("modules/nb/main.tf", MODULE), ("envs/dev/main.tf", &call("../../modules/nb"))]);
    let modules = folder.path().join("modules");
    for (from, said) in [(&modules, SAID.trim_start_matches("modules/")), (&modules.join("nb"), "main.tf:5:1: callers")]
    {
        let ended = run(unroot(from).arg("--check"));
        assert_eq!(ended.code, Some(0), "{}", ended.text());
        assert!(ended.err.contains(said), "{}", ended.err);
        assert!(ended.err.contains("outside of the working folder are not known: no `.git`"), "{}", ended.err);
    }
    folder::put(&folder.path().join(".git/HEAD"), b"");
    let ended = run(unroot(&modules).arg("--check"));
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    assert!(!ended.err.contains("are not known"), "{}", ended.err);
}

/// A submodule is called by the repository around it.
#[test]
fn callers_in_the_repository_around_a_submodule_count() {
    let folder = folder::with(&[
        (".git/HEAD", ""),
        ("main.tf", &call("./vendor/nb")),
        ("vendor/.git", "gitdir: ../.git/modules/vendor\n"),
        ("vendor/nb/main.tf", MODULE),
    ]);
    for path in [".", "main.tf", "vendor", "vendor/nb/main.tf"] {
        let ended = run(unroot(folder.path()).args(["--check", path]));
        assert_eq!((ended.code, ended.err.as_str()), (Some(1), ""), "{path}: {}", ended.text());
    }
    let ended = run(unroot(&folder.path().join("vendor")).arg("--check"));
    assert_eq!((ended.code, ended.err.as_str()), (Some(1), ""), "{}", ended.text());
    // A work tree is the whole of its repository.
    folder::put(&folder.path().join("vendor/.git"), b"gitdir: /elsewhere/.git/worktrees/vendor\n");
    let ended = run(unroot(folder.path()).args(["--check", "vendor"]));
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.text());
}

/// Checked out alone, a submodule does not say who calls it.
#[test]
fn callers_around_a_submodule_that_lies_alone_are_not_known() {
    let folder = folder::with(&[("vendor/.git", "gitdir: ../.git/modules/vendor\n"), ("vendor/nb/main.tf", MODULE)]);
    let ended = run(unroot(folder.path()).args(["--check", "vendor"]));
    assert_eq!(ended.code, Some(0), "{}", ended.text());
    let said = "outside of vendor are not known: it is a git submodule: name the repository around it";
    assert!(ended.err.contains(said), "{}", ended.err);
}

#[test]
fn what_no_caller_can_change_is_said_without_a_note() {
    let literal = MODULE.replace("var.root_access", "\"Disabled\"");
    let folder = folder::with(&[("modules/nb/main.tf", &literal)]);
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.text());
}

#[test]
fn a_call_of_a_module_that_is_not_here_is_said() {
    let stack = |source: &str| {
        format!(
            "component \"nb\" {{\n  source = \"{source}\"\n  inputs = {{\n    root_access = \"Enabled\"\n  }}\n}}\n"
        )
    };
    let unit = |source: &str| {
        format!("terraform {{\n  source = \"{source}\"\n}}\ninputs = {{\n  root_access = \"Enabled\"\n}}\n")
    };
    let nested =
        "module \"nb\" {\n  source  = \"acme/nb/aws\"\n  options = { notebook_root_access = \"Enabled\" }\n}\n";
    for (path, text, place, what) in [
        ("main.tf", call("./missing"), "3:3", "./missing, which is not there"),
        ("main.tf", call("./docs"), "3:3", "./docs, where no Terraform code is"),
        ("main.tf", call("acme/nb/aws"), "3:3", "acme/nb/aws, which is not in the tree"),
        ("main.tf", call("git::https://example.com/nb.git?ref=v1"), "3:3", "`terraform init` would bring it"),
        ("main.tofu", call("${var.base}/nb"), "3:3", "which is known only when the call is made"),
        ("main.tf", nested.to_owned(), "3:3", "hands options to acme/nb/aws"),
        (
            "main.tf.json",
            "{\"module\":{\"nb\":{\"source\":\"acme/nb/aws\",\"root_access\":\"Enabled\"}}}".to_owned(),
            "1:41",
            "acme/nb/aws",
        ),
        (
            "nb.tfcomponent.hcl",
            stack("git::https://example.com/nb.git"),
            "3:3",
            "component.nb hands root_access to git::",
        ),
        ("nb.tfstack.hcl", stack("./missing"), "3:3", "component.nb hands root_access to ./missing"),
        ("terragrunt.hcl", unit("git::https://example.com/nb.git"), "4:1", "this unit hands root_access to git::"),
        ("terragrunt.hcl", unit("./missing"), "4:1", "this unit hands root_access to ./missing"),
    ] {
        let folder = folder::with(&[(".git/HEAD", ""), ("docs/x.md", "x"), (path, &text)]);
        for given in [".", path] {
            let ended = run(unroot(folder.path()).args(["--check", given]));
            assert_eq!(ended.code, Some(0), "{given}, {text}: {} {}", ended.text(), ended.err);
            assert!(
                ended.err.contains(&format!("note: {path}:{place}: module-not-in-tree: ")),
                "{text}: {}",
                ended.err
            );
            assert!(ended.err.contains(what), "{text}: {}", ended.err);
        }
        let quiet = run(unroot(folder.path()).args(["--check", "-q"]));
        assert_eq!(quiet.err, "", "{text}");
    }
}

#[test]
fn a_call_of_a_module_that_is_here_is_not() {
    let other = "module \"vpc\" {\n  source = \"acme/vpc/aws\"\n  name   = \"root\"\n}\n";
    let folder = folder::with(&[
        (".git/HEAD", ""),
        ("modules/nb/main.tf", &MODULE.replace("default = \"Disabled\"", "default = \"x\"")),
        ("main.tf", &call("./modules/nb").replace("Enabled", "Disabled")),
        ("vpc.tf", other),
    ]);
    let ended = run(unroot(folder.path()).args(["--check"]));
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.text());
}

#[test]
fn an_ignore_comment_on_the_call_silences_the_note() {
    let silenced =
        call("acme/nb/aws").replace("\n  root", "\n  # unroot:ignore[module-not-in-tree] judged elsewhere\n  root");
    let folder = folder::with(&[(".git/HEAD", ""), ("main.tf", &silenced)]);
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.text());
    let ended = run(unroot(folder.path()).args(["--check", "--no-suppressions"]));
    assert!(ended.err.contains("module-not-in-tree"), "{}", ended.err);
}

#[cfg(unix)]
#[test]
fn what_leads_out_of_the_repository_is_said_and_not_read() {
    use std::os::unix::fs::symlink;
    let folder = folder::with(&[
        ("out/main.tf", MODULE),
        ("repository/.git/HEAD", ""),
        ("repository/live/main.tf", &call("../../out").replace("  root_access = \"Enabled\"\n", "")),
        ("repository/flat/main.tf", &call("../linked")),
    ]);
    let top = folder.path().join("repository");
    symlink("../out", top.join("linked")).expect("a link");
    for given in [vec!["."], vec!["live", "flat"], vec!["live/main.tf", "flat/main.tf"]] {
        let ended = run(unroot(&top).arg("--check").args(&given));
        assert_eq!(ended.code, Some(0), "{}", ended.text());
        for said in [
            "live/main.tf:2:3: module-not-in-tree: module.nb leads out of the repository (../../out)",
            "flat/main.tf:3:3: module-not-in-tree: module.nb leads out of the repository (../linked)",
        ] {
            assert!(ended.err.contains(said), "{given:?}: {}", ended.err);
        }
        assert_eq!(given == ["."], ended.err.contains("note: linked: leads out of the repository"), "{}", ended.err);
        assert!(!ended.text().contains("1 notebook"), "{}", ended.text());
    }
    std::fs::remove_file(top.join("linked")).expect("the link");
    symlink("../../out/main.tf", top.join("live/nb.tf")).expect("a link");
    let ended = run(unroot(&top).arg("--check"));
    assert_eq!(ended.code, Some(2), "{}", ended.text());
    assert!(ended.err.contains("live/nb.tf: leads out of the repository"), "{}", ended.err);
}
