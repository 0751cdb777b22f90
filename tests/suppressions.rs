//! Ignore comments, from the command line to the file on disk.

#[path = "support/mod.rs"]
mod support;

use std::path::PathBuf;

use tempfile::TempDir;

use support::folder;
use support::program::{Ended, run, run_with, unroot};

const MAIN: &str = r#"# unroot:ignore[root-access-missing] until=2999-12-31 shared with finance
resource "aws_sagemaker_notebook_instance" "kept" {
  name = "kept"

  lifecycle {
    ignore_changes = [root_access] # unroot:ignore
  }
}

resource "aws_sagemaker_notebook_instance" "unknown" {
  # checkov:skip=CKV_AWS_307:the variable is checked elsewhere
  root_access = var.root
}

resource "aws_sagemaker_notebook_instance" "late" {
  name        = "late"
  root_access = "Enabled" # unroot:ignore until=2020-01-01 the old image
}
"#;

struct Tree(TempDir);

impl Tree {
    fn new(text: &str) -> Self {
        Self(folder::with(&[("main.tf", text)]))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("main.tf")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.path()).expect("the file")
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let Ended { code, out, err } = run(unroot(self.0.path()).args(arguments));
        (code, String::from_utf8(out).expect("UTF-8"), err)
    }
}

#[test]
fn what_is_suppressed_is_never_written_and_always_counted() {
    let tree = Tree::new(MAIN);
    let (code, out, err) = tree.run(&["--write", "--unsafe-fixes"]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert_eq!(tree.text(), MAIN.replace("\"Enabled\" #", "\"Disabled\" #"));
    assert!(out.contains("1 fixed, 3 suppressed"), "{out}");
    assert!(out.contains("suppressed by unroot: shared with finance"), "{out}");
    assert!(err.contains("main.tf:6:36: unroot:ignore gives no reason\n"), "{err}");
    let expired = "main.tf:17:27: unroot:ignore expired on 2020-01-01 and suppresses nothing any more\n";
    assert!(err.contains(expired), "{err}");

    let (code, out, err) = tree.run(&["--check"]);
    assert_eq!(code, Some(0), "what is suppressed does not fail a check: {out}{err}");
    assert!(out.contains("1 compliant") && out.contains("3 suppressed"), "{out}");
}

#[test]
fn the_json_report_has_the_comment() {
    let tree = Tree::new(MAIN);
    let (_, out, _) = tree.run(&["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let suppression = &report["notebooks"][0]["suppression"];
    let expected = serde_json::json!({"kind": "unroot", "reason": "shared with finance", "file": "main.tf", "line": 1});
    assert_eq!(suppression, &expected);
    assert_eq!(report["notebooks"][0]["status"], "suppressed");
    assert_eq!(report["notebooks"][0]["fix"], serde_json::Value::Null);
    assert_eq!(report["summary"]["suppressed"], 3);
}

#[test]
fn without_suppressions_every_notebook_is_judged() {
    let tree = Tree::new(MAIN);
    let (code, out, err) = tree.run(&["--check", "--no-suppressions"]);
    assert_eq!(code, Some(1));
    assert!(!out.contains("suppressed") && !err.contains("unroot:ignore"), "{out}{err}");
    assert!(out.contains("unroot --write --no-suppressions"), "the next command selects the same: {out}");
    assert!(out.contains("root-access-undetermined"), "{out}");
}

#[test]
fn standard_input_is_judged_alike() {
    let tree = Tree::new(MAIN);
    let ended = run_with(unroot(tree.0.path()).arg("-"), MAIN.as_bytes());
    assert_eq!(ended.text(), MAIN.replace("\"Enabled\" #", "\"Disabled\" #"));
}

/// Two notebooks that share a variable, the first with a comment.
fn shared(comment: &str) -> String {
    format!(
        "variable \"root\" {{\n  default = \"Enabled\"\n}}\n\n\
         resource \"aws_sagemaker_notebook_instance\" \"a\" {{\n  root_access = var.root{comment}\n}}\n\n\
         resource \"aws_sagemaker_notebook_instance\" \"b\" {{\n  root_access = var.root\n}}\n"
    )
}

#[test]
fn a_fix_of_another_notebook_leaves_a_suppressed_one_its_value() {
    let tree = Tree::new(&shared(""));
    tree.run(&["--write"]);
    assert_eq!(tree.text(), shared("").replace("Enabled", "Disabled"), "without the comment, the default is fixed");

    let comment = " # unroot:ignore why";
    let tree = Tree::new(&shared(comment));
    let (code, out, err) = tree.run(&["--write"]);
    let expected = shared(comment).replace("var.root\n", "\"Disabled\"\n");
    assert_eq!((code, tree.text()), (Some(0), expected), "{out}{err}");
    assert!(out.contains("1 fixed, 1 suppressed"), "{out}");
}

#[test]
fn a_boolean_that_a_suppressed_notebook_uses_otherwise_stays() {
    let text = "variable \"root\" {\n  default = true\n}\n\n\
         resource \"aws_sagemaker_notebook_instance\" \"a\" {\n  # unroot:ignore why\n  \
         root_access = !var.root ? \"Disabled\" : upper(\"x\") == \"X\" ? \"Enabled\" : \"Disabled\"\n}\n\n\
         resource \"aws_sagemaker_notebook_instance\" \"b\" {\n  root_access = var.root ? \"Enabled\" : \"Disabled\"\n}\n";
    let tree = Tree::new(text);
    let (_, out, err) = tree.run(&["--write", "--unsafe-fixes"]);
    assert!(tree.text().contains("default = true"), "{out}{err}{}", tree.text());
    assert!(!out.contains("bug") && !err.contains("bug"), "{out}{err}");
}

/// Two calls of a module, the first with a comment.
fn calls(comment: &str, arguments: &str) -> String {
    let call =
        |name: &str, comment: &str| format!("module \"{name}\" {{\n  {comment}\n  source = \"./m\"\n{arguments}}}\n");
    call("approved", comment) + &call("other", "")
}

#[test]
fn a_comment_on_a_module_call_keeps_the_instances_behind_it() {
    let literal = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = \"Enabled\"\n}\n";
    let variable =
        "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.root\n}\n\nvariable \"root\" {}\n";
    for comment in ["# checkov:skip=CKV_AWS_307:approved in SEC-1", "# unroot:ignore approved in SEC-1"] {
        for (module, arguments) in [(literal, ""), (variable, "  root   = \"Enabled\"\n")] {
            let main = calls(comment, arguments);
            let folder = folder::with(&[(".git/HEAD", "x"), ("main.tf", &main), ("m/main.tf", module)]);
            let ended = run(unroot(folder.path()).arg("--write"));
            let said = ended.text();
            assert_eq!((ended.code, &*ended.err), (Some(1), ""), "{said}");
            assert!(said.contains("its fix would also change module.approved, suppressed at main.tf:2"), "{said}");
            let text = |path: &str| std::fs::read_to_string(folder.path().join(path)).expect("a file");
            assert_eq!((text("main.tf"), text("m/main.tf")), (main, module.to_owned()));

            // With no other call, the notebook is suppressed as a whole.
            let alone = calls(comment, arguments).split_inclusive("}\n").next().unwrap_or_default().to_owned();
            let folder = folder::with(&[(".git/HEAD", "x"), ("main.tf", &alone), ("m/main.tf", module)]);
            let ended = run(unroot(folder.path()).arg("--write"));
            assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{}", ended.text());
            assert!(ended.text().contains("1 suppressed"), "{}", ended.text());
        }
    }
}

#[test]
fn a_comment_on_a_terragrunt_unit_keeps_its_instances() {
    let module = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.root\n}\n\nvariable \"root\" {\n  default = \"Enabled\"\n}\n";
    let unit = "terraform {\n  source = \"../../m\"\n}\n";
    let kept = format!("# unroot:ignore the old image\n{unit}");
    let files =
        [(".git/HEAD", "x"), ("m/main.tf", module), ("live/a/terragrunt.hcl", &kept), ("live/b/terragrunt.hcl", unit)];
    let folder = folder::with(&files);
    let ended = run(unroot(folder.path()).arg("--write"));
    let said = ended.text();
    assert_eq!(ended.code, Some(1), "{said}{}", ended.err);
    assert!(said.contains("would also change live/a/terragrunt.hcl, suppressed at live/a/terragrunt.hcl:1"), "{said}");
    let ended = run(unroot(folder::with(&files[..3]).path()).arg("--write"));
    assert_eq!(ended.code, Some(0), "{}{}", ended.text(), ended.err);
}
