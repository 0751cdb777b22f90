//! Sizes that no person writes. A run that takes too long is stopped, and fails the test.

use crate::support::folder;
use crate::support::program::{run, run_with_reports, unroot};
use crate::{MISSING, bounded};

#[test]
fn blocks_that_never_close_are_one_thing_to_tell() {
    let text = "resource \"a\" \"b\" {\n".repeat(110_000) + MISSING;
    let folder = folder::with(&[("main.tf", &text)]);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
}

#[test]
fn many_faults_of_one_file_are_counted() {
    let text = "resource = = {\n}\n".repeat(20_000) + MISSING;
    let folder = folder::with(&[("main.tf", &text)]);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(ended.err.lines().count() < 30, "{}", ended.err.lines().count());
    assert!(ended.err.contains("19980 more"), "{}", ended.err);
}

/// A column of comments over very many lines: each fix would move all of them along with its longer value.
#[test]
fn a_fix_in_a_long_column_of_comments_stands_alone() {
    let values: Vec<String> = (1000..2500).map(|at| format!("  v{at} = \"Enabled\" # {at}\n")).collect();
    let notebook = |at: usize| {
        format!(
            "resource \"aws_sagemaker_notebook_instance\" \"n{at}\" {{\n  name        = \"n\"\n  root_access = local.v{at}\n}}\n"
        )
    };
    let code = |notebooks: &str| format!("locals {{\n{}}}\n{notebooks}", values.concat());
    let folder = folder::with(&[("main.tf", &code(&notebook(1700)))]);
    let ended = run(unroot(folder.path()).args(["--format", "diff", "-U0"]));
    assert!(ended.text().contains("+  v1700 = \"Disabled\" # 1700\n"), "{}", ended.text());
    assert_eq!(ended.text().lines().filter(|line| line.starts_with('+')).count(), 2, "{}", ended.text());
    let all: Vec<String> = (1000..2500).map(notebook).collect();
    folder::put(&folder.path().join("main.tf"), code(&all.concat()).as_bytes());
    let ended = run(&mut bounded(folder.path(), &["--write"]));
    assert!(ended.text().contains("1500 fixed"), "{}{}", ended.text(), ended.err);
}

/// A name of a quarter of a megabyte, in a label, a reference and a key.
#[test]
fn names_are_cut_where_people_read_them() {
    const LONG: usize = 1 << 18;
    let long = "n".repeat(LONG);
    let notebook = |name: &str, rest: &str| {
        format!("resource \"aws_sagemaker_notebook_instance\" \"{name}\" {{\n  name = \"n\"\n{rest}}}\n")
    };
    for code in [
        notebook(&long, ""),
        notebook("n", &format!("  root_access = module.{long}.o\n")),
        notebook("n", &format!("  root_access = var.{long}\n")) + &format!("variable \"{long}\" {{\n}}\n"),
        notebook("n", &format!("  for_each = {{ {long} = \"Enabled\" }}\n  root_access = each.value\n")),
    ] {
        let folder = folder::with(&[("main.tf", &code)]);
        let formats = ["text", "markdown", "github", "gitlab", "sarif", "rdjson", "junit"];
        let (ended, reports) = run_with_reports(unroot(folder.path()).arg("--check"), &formats);
        assert_eq!(ended.code, Some(1), "{}", ended.err);
        for (format, text) in reports {
            let longest = text.split(['\n', '"']).map(str::len).max().unwrap_or_default();
            // Platforms get the address of an instance whole, beside what is said of it.
            let most = if ["text", "markdown", "github"].contains(&format) { 4000 } else { 3 * LONG };
            assert!(longest < most, "{format}: a line of {longest} bytes");
        }
    }
}

/// What is written on one line is found by its place in it, however long the line is.
#[test]
fn comments_and_notebooks_of_one_line_are_not_held_against_each_other() {
    let one = |at: usize| format!("\"n{at}\":{{\"//\":\"unroot:ignore because\",\"name\":\"n\"}}");
    let all: Vec<String> = (0..4000).map(one).collect();
    let code = format!("{{\"resource\":{{\"aws_sagemaker_notebook_instance\":{{{}}}}}}}", all.join(","));
    let folder = folder::with(&[("main.tf.json", &code)]);
    let ended = run(&mut bounded(folder.path(), &["--check", "-q"]));
    assert_eq!(ended.code, Some(0), "{}{}", ended.text(), ended.err);
}
