//! Runs over small trees, and what they say about scripts.

use serde_json::Value;
use tempfile::TempDir;

use crate::support::folder;
use crate::support::program::{Ended, run, unroot};

/// A notebook that complies and runs the hooks of `aws_….lc`.
pub(crate) const NOTEBOOK: &str = r#"resource "aws_sagemaker_notebook_instance" "nb" {
  root_access           = "Disabled"
  lifecycle_config_name = aws_sagemaker_notebook_instance_lifecycle_configuration.lc.name
}
"#;

/// The configuration with a value of `on_start`.
pub(crate) fn configuration(on_start: &str) -> String {
    format!(
        "resource \"aws_sagemaker_notebook_instance_lifecycle_configuration\" \"lc\" {{\n  name     = \"lc\"\n  on_start = {on_start}\n}}\n"
    )
}

/// A tree of files with the notebook and the configuration in `main.tf`.
pub(crate) fn tree(on_start: &str, others: &[(&str, &str)]) -> TempDir {
    let main = format!("{NOTEBOOK}{}", configuration(on_start));
    let folder = folder::with(others);
    folder::put(&folder.path().join("main.tf"), main.as_bytes());
    folder
}

pub(crate) fn unroot_in(tree: &TempDir, arguments: &[&str]) -> Ended {
    run(unroot(tree.path()).args(arguments))
}

/// The `scripts` of the JSON report.
pub(crate) fn scripts(tree: &TempDir) -> Vec<Value> {
    let ended = unroot_in(tree, &["--format", "json"]);
    let report: Value = serde_json::from_slice(&ended.out).unwrap_or_else(|_| panic!("no JSON: {}", ended.err));
    report["scripts"].as_array().expect("a list").clone()
}

/// Each finding as `file:line:column rule severity`.
pub(crate) fn found(tree: &TempDir) -> Vec<String> {
    let line = |it: &Value| {
        let text = |key: &str| it[key].as_str().expect("a text").to_owned();
        format!("{}:{}:{} {} {}", text("file"), it["line"], it["column"], text("rule"), text("severity"))
    };
    scripts(tree).iter().map(line).collect()
}
