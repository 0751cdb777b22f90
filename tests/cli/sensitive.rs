//! What Terraform would not show is in no report, and what is long is cut.

use crate::support::folder;
use crate::support::program::{run, unroot};

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
        for format in FORMATS {
            let ended = run(unroot(folder.path()).args(["--check", "--fix-at", "resource", "--format", format]));
            assert_eq!(ended.code, Some(1), "{value} {format}: {}", ended.text());
            let text = ended.text().to_lowercase();
            assert!(!text.contains("hunter2secret"), "{value} {format}: {text}");
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
