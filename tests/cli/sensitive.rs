//! What Terraform would not show is in no report, and what is long is cut.

use crate::support::folder;
use crate::support::program::{run, run_with_reports, unroot};

const FORMATS: [&str; 6] = ["text", "json", "github", "gitlab", "sarif", "markdown"];

#[test]
fn sensitive_values_are_in_no_report() {
    let variable = "variable \"secret\" {\n  type      = string\n  sensitive = true\n}\n";
    for value in [
        "var.secret",
        "\"${var.secret}-x\"",
        "lower(var.secret)",
        "local.secret",
        "{ a = \"x\" }[var.secret]",
        "[var.secret][0]",
        "merge({}, { a = var.secret }).a",
        "sensitive(local.plain)",
        "keys({ (var.secret) = 1 })[0]",
        "keys({ for x in [var.secret] : x => 1 })[0]",
        "join(\"\", [for k, v in zipmap([var.secret], [1]) : k])",
    ] {
        let locals = "locals {\n  secret = var.secret\n  plain  = join(\"\", [\"hunter2\", \"SECRET\"])\n}\n";
        let folder = folder::with(&[
            (".git/HEAD", ""),
            (
                "main.tf",
                &format!(
                    "{variable}{locals}resource \"aws_sagemaker_notebook_instance\" \"n\" {{\n  root_access = {value}\n}}\n"
                ),
            ),
            ("terraform.tfvars", "secret = \"hunter2SECRET\"\n"),
        ]);
        let arguments = ["--check", "--fix-at", "resource"];
        let (ended, reports) = run_with_reports(unroot(folder.path()).args(arguments), &FORMATS);
        assert_eq!(ended.code, Some(1), "{value}: {}", ended.text());
        for (format, text) in reports {
            assert!(!text.to_lowercase().contains("hunter2secret"), "{value} {format}: {text}");
        }
    }
}

/// Nor in what people read of the fix, of the addresses, and of scripts.
#[test]
fn sensitive_values_are_hidden_where_they_stand_and_where_they_arrive() {
    let variable = "variable \"secret\" {\n  sensitive = true\n  default   = \"hunter2SECRET\"\n}\n";
    let notebook = |arguments: &str| {
        format!("{variable}resource \"aws_sagemaker_notebook_instance\" \"n\" {{\n  name = \"n\"\n{arguments}}}\n")
    };
    let hook = "resource \"aws_sagemaker_notebook_instance_lifecycle_configuration\" \"a\" {\n  on_start = base64encode(SCRIPT)\n}\n";
    let cases = [
        ("its literal", notebook("  root_access = var.secret\n"), "-  default   = (sensitive)"),
        ("the function", notebook("  root_access = sensitive(\"hunter2SECRET\")\n"), "root_access is (sensitive)"),
        ("keys", notebook("  for_each    = toset([var.secret])\n  root_access = \"Enabled\"\n"), "for_each"),
        (
            "a script",
            variable.to_owned() + &hook.replace("SCRIPT", "\"sudo -u ec2-user sudo ${var.secret} x\\n\""),
            "sudo ${var.secret}",
        ),
        (
            "a template",
            variable.to_owned() + &hook.replace("SCRIPT", "templatefile(\"x.sh\", { t = var.secret })"),
            "sudo ${t}",
        ),
        (
            "a whole script",
            variable.to_owned() + &hook.replace("SCRIPT", "sensitive(\"sudo hunter2SECRET\")"),
            "sensitive",
        ),
    ];
    for (what, code, shown) in cases {
        let folder = folder::with(&[("main.tf", &code), ("x.sh", "sudo -u ec2-user sudo ${t} x\n"), (".git/HEAD", "")]);
        let formats: Vec<&str> = FORMATS.into_iter().chain(["csv", "junit", "rdjson"]).collect();
        for mode in [&[][..], &["--check"], &["-v"]] {
            let (ended, reports) = run_with_reports(unroot(folder.path()).args(mode), &formats);
            assert!(!mode.is_empty() || ended.text().contains(shown) || what == "keys", "{what}: {}", ended.text());
            let printed = [("stdout", ended.text().to_owned()), ("stderr", ended.err.clone())];
            for (format, text) in reports.iter().chain(&printed) {
                assert!(!text.contains("hunter2SECRET"), "{what} {format} {mode:?}: {text}");
            }
        }
    }
}

#[test]
fn long_values_are_cut() {
    let long = "x".repeat(500);
    let folder = folder::with(&[(
        "main.tf",
        &format!(
            "locals {{\n  a = \"{long}\"\n}}\nresource \"aws_sagemaker_notebook_instance\" \"n\" {{\n  root_access = local.a\n}}\n"
        ),
    )]);
    for format in ["text", "github"] {
        let ended = run(unroot(folder.path()).args(["--check", "--format", format]));
        assert_eq!(ended.code, Some(1), "{}", ended.text());
        assert!(!ended.text().contains(&"x".repeat(100)), "{}", ended.text());
    }
}
