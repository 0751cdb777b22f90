//! `--exempt` lets what has root today pass, and nothing that comes later.

use std::path::Path;

use crate::support::folder;
use crate::support::program::{Ended, run, unroot};
use crate::{FIXED, MISSING};

const MODULE: &str = "variable \"r\" {\n  type = string\n}\nresource \"aws_sagemaker_notebook_instance\" \"this\" {\n  root_access = var.r\n}\n";
const IGNORED: &str = "resource \"aws_sagemaker_notebook_instance\" \"kept\" {\n  root_access = \"Disabled\"\n  lifecycle {\n    ignore_changes = [root_access]\n  }\n}\n";
const CALLS: &str = "module \"a\" {\n  source = \"../../m\"\n  r      = \"Enabled\"\n}\nmodule \"b\" {\n  source   = \"../../m\"\n  for_each = toset([\"x\", \"y\"])\n  r        = data.aws_ssm_parameter.r.value\n}\n";
const FINE: &str = "module \"a\" {\n  source = \"../../m\"\n  r      = \"Disabled\"\n}\n";

const TREE: [(&str, &str); 5] = [
    ("main.tf", MISSING),
    ("m/main.tf", MODULE),
    ("envs/dev/main.tf", CALLS),
    ("envs/prod/main.tf", FINE),
    ("odd [name]*/main.tf", MISSING),
];

fn exempt(tree: &Path, more: &[&str]) -> Ended {
    run(unroot(tree).args(["--exempt", "a \"quoted\" \\ reason", "--until", "2999-12-31"]).args(more))
}

fn check(tree: &Path) -> Ended {
    run(unroot(tree).arg("--check"))
}

#[test]
fn what_has_root_today_passes_and_what_comes_later_does_not() {
    for before in [
        None,
        Some("# ours\nhidden = false"),
        Some("[[exempt]]\npaths = [\"none/\"]\nreason = \"x\"\nuntil = 2999-01-01\n"),
    ] {
        let tree = folder::with(&TREE);
        let settings = tree.path().join("unroot.toml");
        if let Some(text) = before {
            folder::put(&settings, text.as_bytes());
        }
        assert_eq!(check(tree.path()).code, Some(1));
        let was = folder::files(tree.path());

        let shown = exempt(tree.path(), &[]);
        assert_eq!(shown.code, Some(0), "{}", shown.err);
        let head = if before.is_some() { "--- a/unroot.toml" } else { "--- /dev/null" };
        assert!(shown.text().starts_with(&format!("{head}\n+++ b/unroot.toml\n")), "{}", shown.text());
        assert!(shown.text().contains("+[[exempt]]"), "{}", shown.text());
        assert!(shown.err.contains("`--check` passes with these exemptions, until 2999-12-31"), "{}", shown.err);
        assert_eq!(folder::files(tree.path()), was);

        let written = exempt(tree.path(), &["--write"]);
        assert_eq!(written.code, Some(0), "{}", written.err);
        let text = std::fs::read_to_string(&settings).expect("the file is there");
        assert!(text.starts_with(before.unwrap_or_default()), "{text}");
        let mut now = folder::files(tree.path());
        now.remove(Path::new("unroot.toml"));
        assert!(now.iter().all(|(path, bytes)| was[path] == *bytes), "nothing else is written");

        let passes = check(tree.path());
        assert_eq!(passes.code, Some(0), "{text}{}{}", passes.text(), passes.err);
        // A second time there is nothing to add.
        let again = exempt(tree.path(), &["--write"]);
        assert_eq!((again.code, again.text()), (Some(0), ""), "{}", again.err);
        assert_eq!(std::fs::read_to_string(&settings).expect("the file is there"), text);

        // What comes later is seen: another notebook in an exempted file, another call, the same call elsewhere.
        let later = MISSING.replace("\"main\"", "\"later\"");
        for (path, text) in [
            ("main.tf", format!("{MISSING}{later}")),
            ("envs/dev/more.tf", CALLS.replace("module \"", "module \"later_")),
            ("envs/prod/main.tf", CALLS.to_owned()),
            ("new/main.tf", MISSING.to_owned()),
        ] {
            let old = std::fs::read(tree.path().join(path)).ok();
            folder::put(&tree.path().join(path), text.as_bytes());
            assert_eq!(check(tree.path()).code, Some(1), "{path}");
            match old {
                Some(bytes) => folder::put(&tree.path().join(path), &bytes),
                None => std::fs::remove_file(tree.path().join(path)).expect("the file is there"),
            }
        }
    }
}

#[test]
fn paths_limit_it_and_errors_are_told() {
    let tree = folder::with(&TREE);
    assert_eq!(exempt(tree.path(), &["--write", "main.tf"]).code, Some(0));
    assert_eq!(run(unroot(tree.path()).args(["--check", "main.tf"])).code, Some(0));
    assert_eq!(run(unroot(tree.path()).args(["--check", "envs"])).code, Some(1));
    // What `ignore_changes` keeps from existing instances is exempted like a value.
    let kept = folder::with(&[("main.tf", IGNORED)]);
    assert_eq!(check(kept.path()).code, Some(1));
    let ended = exempt(kept.path(), &["--write"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let passes = check(kept.path());
    assert_eq!(passes.code, Some(0), "{}{}", passes.text(), passes.err);
    assert!(passes.text().contains("1 suppressed"), "{}", passes.text());
    let broken = folder::with(&[("main.tf", MISSING), ("b.tf", crate::BROKEN)]);
    let ended = exempt(broken.path(), &[]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("b.tf"), "{}", ended.err);
    let fine = folder::with(&[("main.tf", FIXED)]);
    let ended = exempt(fine.path(), &["--write"]);
    assert_eq!(ended.code, Some(0));
    assert!(ended.err.contains("no notebook has root"), "{}", ended.err);
    assert!(!fine.path().join("unroot.toml").exists());
}

#[test]
fn what_is_asked_for_wrongly_is_refused() {
    let tree = folder::with(&TREE);
    for arguments in [
        &["--exempt", "x"][..],
        &["--until", "2999-01-01"],
        &["--exempt", " ", "--until", "2999-01-01"],
        &["--exempt", "x", "--until", "2999-13-01"],
        &["--exempt", "x", "--until", "soon"],
        &["--exempt", "x", "--until", "2999-01-01", "--check"],
        &["--exempt", "x", "--until", "2999-01-01", "-i"],
        &["--exempt", "x", "--until", "2999-01-01", "--no-config"],
        &["--exempt", "x", "--until", "2999-01-01", "-"],
    ] {
        assert_eq!(run(unroot(tree.path()).args(arguments)).code, Some(2), "{arguments:?}");
    }
    assert!(!tree.path().join("unroot.toml").exists());
}
