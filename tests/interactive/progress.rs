//! The line that says what a long run is doing.

use std::fmt::Write as _;

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

/// 60 notebooks, each with a script of its own.
#[test]
fn the_scripts_are_a_stage_of_their_own() {
    let mut script = "#!/bin/bash\n".to_owned();
    for line in 0..80 {
        _ = writeln!(script, "if [ -e /opt/{line} ]; then sudo -u ec2-user touch /tmp/{line}; fi");
    }
    let mut code = String::new();
    for number in 0..60 {
        _ = write!(
            code,
            "resource \"aws_sagemaker_notebook_instance\" \"n{number}\" {{\n  lifecycle_config_name = \
             aws_sagemaker_notebook_instance_lifecycle_configuration.c{number}.name\n}}\n\n\
             resource \"aws_sagemaker_notebook_instance_lifecycle_configuration\" \"c{number}\" {{\n  \
             on_start = filebase64(\"s{number}.sh\")\n}}\n"
        );
    }
    let names: Vec<String> = (0..60).map(|number| format!("s{number}.sh")).collect();
    let mut files = vec![(".git/HEAD", "x"), ("main.tf", &*code)];
    files.extend(names.iter().map(|name| (name.as_str(), &*script)));
    let tree = Tree::new(&files);
    let session = tree.watch(80, 24, &["--check"]);
    let (_, shown) = session.end_with(|printed| assert!(printed.contains("lifecycle scripts judged"), "{printed:?}"));
    assert!(!shown.contains("scripts judged"), "the line is gone at the end: {shown}");
}
