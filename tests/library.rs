//! The library as a program would use it.

#[path = "support/mod.rs"]
mod support;

use camino::Utf8PathBuf;
use support::folder;
use unroot::{Options, Outcome, Status, analyse};

fn analysed(files: &[(&str, &str)]) -> (tempfile::TempDir, Outcome) {
    let tree = folder::with(files);
    let path = Utf8PathBuf::try_from(tree.path().to_owned()).expect("a temporary path is UTF-8");
    let outcome = analyse([path], &Options::default()).expect("no glob is malformed");
    (tree, outcome)
}

#[test]
fn findings_and_new_texts_come_back_and_nothing_is_written() {
    let text = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = \"Enabled\"\n}\n";
    let (tree, outcome) = analysed(&[("main.tf", text), (".git/HEAD", "")]);
    assert_eq!(outcome.findings.len(), 1);
    assert_eq!(outcome.findings[0].status(), Status::Fixable);
    assert_eq!(outcome.patches.len(), 1);
    assert_eq!(outcome.patches[0].after, text.replace("Enabled", "Disabled"));
    assert_eq!(folder::files(tree.path())[std::path::Path::new("main.tf")], text.as_bytes());
}

/// The thread of a test has 2 MiB of stack, less than deeply nested code takes.
#[test]
fn deeply_nested_code_does_not_exhaust_the_callers_stack() {
    for depth in [60, 399, 5_000] {
        let value = format!("{}\"Enabled\"{}", "(".repeat(depth), ")".repeat(depth));
        let text = format!("resource \"aws_sagemaker_notebook_instance\" \"n\" {{\n  root_access = {value}\n}}\n");
        let (_tree, outcome) = analysed(&[("main.tf", &text), (".git/HEAD", "")]);
        let complies = outcome.findings.iter().any(|finding| finding.status() == Status::Compliant);
        assert!(!complies && outcome.findings.len() + outcome.problems.len() > 0, "{depth}");
    }
}
