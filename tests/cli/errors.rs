//! What cannot be read is named with its place, and stops nothing else.

use crate::support::folder;
use crate::support::program::{run, unroot};
use crate::{FIXED, MISSING};

#[test]
fn one_bad_file_stops_no_other() {
    let latin1 = b"resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  name = \"caf\xe9\"\n}\n";
    let folder = folder::with(&[
        ("a.tf", MISSING),
        ("m/syntax.tf", "# é\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  näme = = 1\n}\n"),
        ("z.tf", MISSING),
    ]);
    folder::put(&folder.path().join("m/latin1.tf"), latin1);
    let ended = run(unroot(folder.path()).arg("--write"));
    assert_eq!(ended.code, Some(2));
    let places: Vec<&str> = ended.err.lines().map(|line| line.split(": ").nth(1).expect("a place")).collect();
    assert_eq!(places, ["m/latin1.tf:2:14", "m/syntax.tf:3:10"], "{}", ended.err);
    let files = folder::files(folder.path());
    for name in ["a.tf", "z.tf"] {
        assert_eq!(files[std::path::Path::new(name)], FIXED.as_bytes(), "{name}");
    }
    assert_eq!(files[std::path::Path::new("m/latin1.tf")], latin1);
}

#[test]
fn an_error_stands_where_somebody_would_look_for_it() {
    let open = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  name = \"x\n}\n";
    let json = "{ \"resource\": { \"aws_sagemaker_notebook_instance\": { \"n\": { \"name\": 1,, } } } }";
    let folder = folder::with(&[("open.tf", open), ("comma.tf.json", json)]);
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!(ended.code, Some(2));
    let errors: Vec<&str> = ended.err.lines().collect();
    assert_eq!(
        errors,
        [
            "error: comma.tf.json:1:71: invalid JSON: unexpected token in object",
            "error: open.tf:2:10: a quoted string must end on the line it starts on"
        ]
    );
}

#[test]
fn a_caller_beside_the_working_folder_is_named_from_there() {
    let module = "variable \"root_access\" {}\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = \
                  var.root_access\n}\n";
    let call = "module \"m\" {\n  source      = \"../../modules/nb\"\n  root_access = \"Enabled\"\n}\n";
    let folder = folder::with(&[("modules/nb/main.tf", module), ("envs/dev/main.tf", call), (".git/HEAD", "")]);
    let ended = run(unroot(&folder.path().join("modules/nb")).arg("--check"));
    assert!(ended.text().contains("would have to change ../../envs/dev/main.tf,"), "{}", ended.text());
}

#[test]
fn a_notebook_in_utf_16_is_no_silence() {
    let folder = folder::with(&[("a.tf", FIXED)]);
    let wide: Vec<u8> = format!("\u{feff}{MISSING}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder::put(&folder.path().join("wide.tf"), &wide);
    let ended = run(unroot(folder.path()).arg("--write"));
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.starts_with("error: wide.tf:1:1: not valid UTF-8"), "{}", ended.err);
    assert!(ended.err.contains("UTF-16"), "{}", ended.err);
    assert_eq!(folder::files(folder.path())[std::path::Path::new("wide.tf")], wide);
}

#[test]
fn a_notebook_in_a_template_is_a_note() {
    let stack = "resource \"aws_cloudformation_stack\" \"s\" {\n  name          = \"s\"\n  template_body = <<-EOT\n    \
                 Resources:\n      Hooks: { Type: AWS::SageMaker::NotebookInstanceLifecycleConfig }\n      \
                 Notebook: { Type: AWS::SageMaker::NotebookInstance }\n  EOT\n}\n";
    let rule = "resource \"aws_config_config_rule\" \"r\" {\n  types = [\"AWS::SageMaker::NotebookInstance\"]\n}\n";
    let folder = folder::with(&[("stack.tf", stack), ("rule.tf", rule)]);
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!(ended.code, Some(0));
    let notes: Vec<&str> = ended.err.lines().collect();
    assert_eq!(notes.len(), 1, "{}", ended.err);
    assert!(notes[0].starts_with("note: stack.tf:6:25: this notebook instance is created through a template"));
}

#[test]
fn the_report_lists_them() {
    let folder = folder::with(&[("bad.tf", crate::BROKEN), ("good.tf", FIXED)]);
    let ended = run(unroot(folder.path()).args(["--format", "json"]));
    let report: serde_json::Value = serde_json::from_str(ended.text()).expect("the report is JSON");
    let error = &report["errors"][0];
    assert_eq!((&error["file"], &error["line"], &error["column"]), (&"bad.tf".into(), &2.into(), &10.into()));
    assert_eq!(report["summary"]["errors"], 1);
    assert_eq!(report["summary"]["compliant"], 1);
}

#[test]
fn a_path_that_is_not_there_is_an_error_beside_those_that_are() {
    let folder = folder::with(&[("a.tf", MISSING)]);
    let ended = run(unroot(folder.path()).args(["--write", "a.tf", "b.tf", "c"]));
    assert_eq!(ended.code, Some(2));
    assert_eq!(ended.err.lines().count(), 2, "{}", ended.err);
    for path in ["b.tf", "c"] {
        assert!(ended.err.contains(&format!("error: {path}: cannot be read: ")), "{}", ended.err);
    }
    assert_eq!(folder::files(folder.path())[std::path::Path::new("a.tf")], FIXED.as_bytes());
}

#[test]
fn what_hides_no_notebook_is_a_note_and_no_error() {
    let folder = folder::with(&[("a.tf", &format!("locals {{\n  a = = 1\n}}\n\n{FIXED}"))]);
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!(ended.code, Some(0));
    assert!(ended.err.starts_with("note: a.tf:2:7: "), "{}", ended.err);
    assert_eq!(run(unroot(folder.path()).args(["--check", "--quiet"])).err, "");
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder::with(&[("a.tf", MISSING), ("shut.tf", MISSING), ("shut/a.tf", MISSING)]);
    let mode = |name: &str, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.path().join(name), permissions).expect("a mode");
    };
    mode("shut.tf", 0);
    mode("shut", 0);
    let ended = run(&mut crate::refused::bound(folder.path(), &["--write"]));
    mode("shut", 0o755);
    mode("shut.tf", 0o644);
    assert_eq!(ended.code, Some(2));
    assert_eq!(
        ended.err,
        "error: shut: cannot be read: permission denied\nerror: shut.tf: cannot be read: permission denied\n"
    );
    assert!(ended.text().contains("1 notebook"), "{}", ended.text());
}

/// What a file that is named has a say in cannot be told where it cannot be read, though no notebook is in it.
#[test]
fn a_named_file_that_cannot_be_parsed_is_an_error() {
    let module = "variable \"ra\" {\n  default = \"Disabled\"\n}\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.ra\n}\n";
    for (name, bytes) in [
        ("envs/dev/main.tf", &b"variable \""[..]),
        ("envs/dev/main.tf.json", b"{\"module\": {"),
        ("envs/dev/dev.tfvars", b"ra = \"Ena"),
        ("live/common.hcl", b"\xff\xfei\x00n\x00"),
        ("live/common.hcl", b"inputs = {"),
    ] {
        let tree = folder::with(&[(".git/HEAD", ""), ("modules/nb/main.tf", module)]);
        folder::put(&tree.path().join(name), bytes);
        let ended = run(unroot(tree.path()).args(["--check", name]));
        assert_eq!(ended.code, Some(2), "{name}: {}{}", ended.text(), ended.err);
        assert!(ended.err.contains(&format!("error: {name}:")), "{name}: {}", ended.err);
    }
}
