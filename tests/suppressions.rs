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
    assert!(out.contains("1 fixed, 2 suppressed"), "{out}");
    assert!(out.contains("suppressed by unroot: shared with finance"), "{out}");
    assert!(err.contains("main.tf:6:36: unroot:ignore gives no reason\n"), "{err}");
    let expired = "main.tf:17:27: unroot:ignore expired on 2020-01-01 and suppresses nothing any more\n";
    assert!(err.contains(expired), "{err}");

    let (code, out, err) = tree.run(&["--check"]);
    assert_eq!(code, Some(0), "what is suppressed does not fail a check: {out}{err}");
    assert!(out.contains("1 compliant") && out.contains("2 suppressed"), "{out}");
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
    let missing = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n}\n";
    let default = format!("{VARIABLE}variable \"root\" {{\n  default = \"Enabled\"\n}}\n");
    for comment in ["# checkov:skip=CKV_AWS_307:approved in SEC-1", "# unroot:ignore approved in SEC-1"] {
        for (module, arguments) in [(literal, ""), (missing, ""), (&*default, "")] {
            let main = calls(comment, arguments);
            let folder = folder::with(&[(".git/HEAD", "x"), ("main.tf", &main), ("m/main.tf", module)]);
            let ended = run(unroot(folder.path()).arg("--write"));
            let said = ended.text();
            assert_eq!((ended.code, &*ended.err), (Some(1), ""), "{said}");
            assert!(said.contains("would also change instances that are suppressed at main.tf:2"), "{said}");
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

/// A notebook whose value is an argument of its module.
const VARIABLE: &str = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.root\n}\n\n";

#[test]
fn what_a_comment_on_a_call_does_not_cover_is_fixed_where_it_comes_from() {
    let required = format!("{VARIABLE}variable \"root\" {{}}\n");
    for comment in ["# checkov:skip=CKV_AWS_307:approved in SEC-1", "# unroot:ignore approved in SEC-1"] {
        let main = calls(comment, "  root   = \"Enabled\"\n");
        let folder = folder::with(&[(".git/HEAD", "x"), ("main.tf", &main), ("m/main.tf", &required)]);
        let ended = run(unroot(folder.path()).arg("--write"));
        assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{}", ended.text());
        assert!(ended.text().contains("1 fixed"), "{}", ended.text());
        let text = |path: &str| std::fs::read_to_string(folder.path().join(path)).expect("a file");
        let (kept, other) = main.split_once("module \"other\"").expect("the other call");
        let expected = format!("{kept}module \"other\"{}", other.replace("Enabled", "Disabled"));
        assert_eq!((text("main.tf"), text("m/main.tf")), (expected.clone(), required.clone()));
        let ended = run(unroot(folder.path()).arg("--write"));
        assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{}", ended.text());
        assert!(
            ended.text().contains("2 instances of 1 notebook in 2 Terraform files: 1 suppressed, 1 compliant."),
            "{}",
            ended.text()
        );
        assert_eq!(text("main.tf"), expected, "a second run changes nothing");
        // Without the comment's say, what is left is wrong.
        let ended = run(unroot(folder.path()).args(["--check", "--no-suppressions"]));
        assert_eq!(ended.code, Some(1), "{}", ended.text());
    }
}

#[test]
fn a_comment_on_a_call_counts_for_the_rules_that_it_names() {
    let required = format!("{VARIABLE}variable \"root\" {{}}\n");
    for (rule, code) in [("root-access-via-reference", 0), ("root-access-missing", 1)] {
        let main = calls(&format!("# unroot:ignore[{rule}] why"), "  root   = \"Enabled\"\n");
        let alone = main.split_inclusive("}\n").next().unwrap_or_default();
        let folder = folder::with(&[(".git/HEAD", "x"), ("main.tf", alone), ("m/main.tf", &required)]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(code), "{rule}: {}{}", ended.text(), ended.err);
        assert_eq!(ended.err.contains("is unused"), code == 1, "{rule}: {}", ended.err);
    }
}

/// A tree of two environments that call a module, and one notebook by itself, with an `unroot.toml`.
fn estate(settings: &str) -> TempDir {
    let required = format!("{VARIABLE}variable \"root\" {{}}\n");
    let call = "module \"team\" {\n  for_each = toset([\"a\", \"b\"])\n  source   = \"../../m\"\n  root     = \"Enabled\"\n}\n";
    folder::with(&[
        (".git/HEAD", "x"),
        ("unroot.toml", settings),
        ("m/main.tf", &required),
        ("envs/dev/main.tf", call),
        ("envs/prod/main.tf", call),
        ("legacy/main.tf", "resource \"aws_sagemaker_notebook_instance\" \"old\" {\n  root_access = \"Enabled\"\n}\n"),
    ])
}

fn exempt(what: &str, until: &str) -> String {
    format!("# what stays\n\n[[exempt]]\n{what}\nreason = \"approved in SEC-9\"\nuntil = {until}\n")
}

#[test]
fn an_exemption_covers_what_lies_in_its_paths() {
    let folder = estate(&exempt("paths = [\"legacy/\", \"envs/dev/\"]", "2999-12-31"));
    let before = folder::files(folder.path());
    let ended = run(unroot(folder.path()).arg("--write"));
    assert_eq!(ended.code, Some(0), "{}{}", ended.text(), ended.err);
    assert!(ended.text().contains("2 fixed, 3 suppressed"), "{}", ended.text());
    assert!(ended.text().contains("suppressed by unroot.toml: approved in SEC-9"), "{}", ended.text());
    let told = "note: unroot.toml:3:1: this exemption lets aws_sagemaker_notebook_instance.n and \
                aws_sagemaker_notebook_instance.old keep root until 2999-12-31: approved in SEC-9\n";
    assert_eq!(ended.err, told);
    let after = folder::files(folder.path());
    let changed: Vec<_> = before.keys().filter(|path| before[*path] != after[*path]).collect();
    assert_eq!(changed, [std::path::Path::new("envs/prod/main.tf")]);

    // It is visible in every report, and strangers' settings can be passed over.
    for format in ["json", "sarif", "github", "gitlab", "markdown", "diff"] {
        let ended = run(unroot(folder.path()).args(["--check", "--format", format]));
        let said = format!("{}{}", ended.text(), ended.err);
        assert!(said.contains("approved in SEC-9") && said.contains("unroot.toml"), "{format}: {said}");
        assert_eq!(ended.code, Some(0), "{format}: {said}");
    }
    for flag in ["--no-config", "--no-suppressions"] {
        let ended = run(unroot(folder.path()).args(["--check", flag]));
        assert_eq!(ended.code, Some(1), "{flag}: {}", ended.text());
        assert!(!ended.err.contains("exemption") && !ended.text().contains("suppressed"), "{flag}: {}", ended.err);
    }
}

#[test]
fn an_exemption_covers_instances_by_their_addresses() {
    for (what, code, said) in [
        ("instances = [\"aws_sagemaker_notebook_instance.old\"]", 1, "1 suppressed"),
        ("instances = [\"module.team\"]", 1, "1 fixable, 4 suppressed"),
        ("instances = [\"module.team\", \"aws_sagemaker_notebook_instance.old\"]", 0, "5 suppressed"),
        ("instances = ['module.team[\"a\"]']", 1, "are suppressed at unroot.toml:3"),
        (
            "paths = [\"envs/dev/\"]\ninstances = [\"module.team\"]",
            1,
            "gets \"Enabled\" from envs/prod/main.tf:4 [fixable]",
        ),
        ("paths = [\"envs/dev/\"]\ninstances = [\"module.other\"]", 1, "5 fixable"),
    ] {
        let folder = estate(&exempt(what, "2999-12-31"));
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(code), "{what}: {}{}", ended.text(), ended.err);
        assert!(ended.text().contains(said), "{what}: {}", ended.text());
        assert_eq!(ended.err.contains("is unused"), what.contains("other"), "{what}: {}", ended.err);
    }
}

#[test]
fn expired_and_unused_exemptions_are_told() {
    let folder = estate(&exempt("paths = [\"legacy/\"]", "2020-01-01"));
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.err, "note: unroot.toml:3:1: this exemption expired on 2020-01-01 and covers nothing any more\n");

    let folder = estate(&exempt("paths = [\"m/none/\"]", "2999-01-01"));
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!(ended.err, "note: unroot.toml:3:1: this exemption is unused: no notebook that it covers has root\n");
    let ended = run(unroot(folder.path()).args(["--check", "envs"]));
    assert_eq!(ended.err, "", "what it covers may lie elsewhere");
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
    assert!(said.contains("would also change instances that are suppressed at live/a/terragrunt.hcl:1"), "{said}");
    let ended = run(unroot(folder::with(&files[..3]).path()).arg("--write"));
    assert_eq!(ended.code, Some(0), "{}{}", ended.text(), ended.err);
}

#[test]
fn a_comment_on_a_component_keeps_its_instances() {
    let module = format!("{VARIABLE}variable \"root\" {{}}\n");
    let component = |name: &str, comment: &str| {
        format!("component \"{name}\" {{\n{comment}  source = \"./m\"\n  inputs = {{ root = \"Enabled\" }}\n}}\n")
    };
    let (kept, other) = (component("kept", "  # unroot:ignore the old image\n"), component("other", ""));
    let stack = format!("{kept}\n{other}");
    let deployment = "deployment \"x\" {\n  inputs = {}\n}\n";
    let files = [
        (".git/HEAD", "x"),
        ("m/main.tf", &*module),
        ("main.tfcomponent.hcl", &*stack),
        ("x.tfdeploy.hcl", deployment),
    ];
    let folder = folder::with(&files);
    let ended = run(unroot(folder.path()).arg("--write"));
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{}", ended.text());
    let text = std::fs::read_to_string(folder.path().join("main.tfcomponent.hcl")).expect("a file");
    assert_eq!(text, format!("{kept}\n{}", other.replace("Enabled", "Disabled")));
}

#[test]
fn a_comment_on_a_call_covers_no_caller_that_is_not_read_or_followed() {
    let module = format!("{VARIABLE}variable \"root\" {{}}\n");
    let call = "module \"a\" {\n  # unroot:ignore the old image\n  source = \"../m\"\n  root   = \"Enabled\"\n}\n";
    for (other, code) in [
        ("module \"b\" {\n  source = \"../m\"\n  root   = \"Enab\n}\n", 2),
        ("variable \"s\" {}\n\nmodule \"b\" {\n  source = \"../${var.s}\"\n  root   = \"Enabled\"\n}\n", 1),
    ] {
        let files = [(".git/HEAD", "x"), ("m/main.tf", &*module), ("a/main.tf", call), ("b/main.tf", other)];
        let ended = run(unroot(folder::with(&files).path()).arg("--check"));
        assert_eq!(ended.code, Some(code), "{}{}", ended.text(), ended.err);
        assert!(!ended.text().contains("[suppressed"), "{}", ended.text());
    }
}
