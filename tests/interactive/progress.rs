//! The line that says what a long run is doing.

use crate::session::Tree;

/// A repository that takes its time: 300 roots that pass a value on through three modules.
fn large() -> Tree {
    let module = |inner: &str| {
        format!(
            "variable \"access\" {{}}\n\nmodule \"next\" {{\n  source = \"../{inner}\"\n  access = var.access\n}}\n"
        )
    };
    let notebook = "variable \"access\" {}\n\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  \
                    root_access = var.access\n}\n";
    let root = "module \"nb\" {\n  source = \"../../modules/a\"\n  access = \"Enabled\"\n}\n";
    let (a, b) = (module("b"), module("c"));
    let roots: Vec<String> = (0..300).map(|number| format!("roots/r{number}/main.tf")).collect();
    let mut files = vec![
        (".git/HEAD", "x"),
        ("modules/a/main.tf", &*a),
        ("modules/b/main.tf", &*b),
        ("modules/c/main.tf", notebook),
    ];
    files.extend(roots.iter().map(|path| (path.as_str(), root)));
    Tree::new(&files)
}

#[test]
fn a_long_run_says_what_it_is_doing_and_cleans_up() {
    let tree = large();
    let session = tree.watch(80, 24, &["--check"]);
    let (code, shown) = session.end_with(|printed| {
        let stages = ["modules traced", "modules traced again to prove the fixes"];
        assert!(stages.iter().any(|stage| printed.contains(stage)), "{printed:?}");
    });
    assert_eq!(code, Some(1), "{shown}");
    assert!(!shown.contains("traced"), "the line is gone at the end: {shown}");
    assert!(shown.contains("300 instances of 1 notebook"), "{shown}");

    let quiet = tree.command(&["--check"]).output().expect("it runs");
    assert_eq!(String::from_utf8(quiet.stderr).expect("UTF-8"), "", "without a terminal nothing is shown");
}
