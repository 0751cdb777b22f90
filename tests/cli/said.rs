//! What is said, how loudly, and in which colour.

use crate::support::folder;
use crate::support::program::{Ended, run, unroot};
use crate::{BROKEN, FIXED, MISSING, REFERENCE};

const FILES: &[(&str, &str)] =
    &[("broken.tf", BROKEN), ("fixed.tf", FIXED), ("missing.tf", MISSING), ("reference.tf", REFERENCE)];

fn say(files: &[(&str, &str)], arguments: &[&str]) -> Ended {
    let folder = folder::with(files);
    run(unroot(folder.path()).args(arguments))
}

#[test]
fn quiet_leaves_errors_and_what_was_asked_for() {
    for mode in ["--check", "--write"] {
        let ended = say(FILES, &[mode, "--quiet"]);
        assert_eq!(ended.text(), "", "{mode}");
        assert_eq!(ended.err.lines().count(), 1, "{mode}: {}", ended.err);
        assert!(ended.err.starts_with("error: broken.tf:2:10: "), "{mode}: {}", ended.err);
    }
    let diff = say(FILES, &["--check", "--quiet", "--diff"]);
    assert!(diff.text().starts_with("--- a/missing.tf"), "{}", diff.text());
    assert!(!diff.text().contains("root-access-"), "{}", diff.text());
}

#[test]
fn verbose_lists_what_complies_too() {
    let complies = "fixed.tf:4:19: compliant: aws_sagemaker_notebook_instance.main: ";
    assert!(say(FILES, &["--check", "--verbose"]).text().contains(complies));
    assert!(!say(FILES, &["--check"]).text().contains("fixed.tf"));
}

#[test]
fn each_finding_and_error_has_its_place() {
    let ended = say(FILES, &["--check"]);
    assert!(ended.text().contains("missing.tf:1:1: root-access-missing: aws_sagemaker_notebook_instance.main: "));
    assert!(ended.text().contains("reference.tf:2:17: root-access-undetermined: "));
    assert!(ended.text().contains("var.root_access"), "the expression is named");
    assert!(ended.text().contains("3 notebooks in 4 Terraform files: 1 fixable, 1 for review, 1 compliant; 1 error"));
}

#[test]
fn a_run_that_saw_nothing_says_so() {
    let nothing = say(&[("notes.txt", MISSING)], &[]);
    assert!(nothing.text().starts_with("No Terraform files found"), "{}", nothing.text());
    let none = say(&[("a.tf", "locals {}\n"), ("b.tf", "")], &[]);
    assert_eq!(none.text(), "No SageMaker notebook in 2 Terraform files.\n");
}

#[test]
fn colour_is_for_terminals_and_those_who_ask() {
    let coloured = |arguments: &[&str], environment: &[(&str, &str)]| {
        let folder = folder::with(FILES);
        let mut command = unroot(folder.path());
        let ended = run(command.args(arguments).envs(environment.iter().copied()));
        let escapes = [ended.text(), &ended.err].map(|text| text.contains('\u{1b}'));
        assert_eq!(escapes[0], escapes[1], "both streams alike");
        escapes[0]
    };
    assert!(!coloured(&[], &[]), "no terminal");
    assert!(!coloured(&["--color", "auto"], &[]), "no terminal");
    assert!(coloured(&["--color", "always"], &[]), "asked for");
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]), "the command line wins");
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]), "the command line wins");
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]), "forced");
    assert!(!coloured(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), "NO_COLOR wins");
}

#[test]
fn context_is_as_wide_as_asked_for() {
    let text = format!("{}{MISSING}{}", "# before\n".repeat(9), "# after\n".repeat(9));
    for (context, lines) in [(0, 1), (1, 3), (3, 7), (100, 23)] {
        let ended = say(&[("a.tf", &text)], &["--format", "diff", "-U", &context.to_string()]);
        assert_eq!(ended.text().lines().count(), lines + 3, "-U{context}: {}", ended.text());
    }
}

#[test]
fn texts_that_speak_of_the_old_default_are_named() {
    let code = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.root_access\n}\n\nvariable \"root_access\" {\n  description = \"Root. The default is Enabled.\"\n  default     = \"Enabled\"\n}\n";
    let table =
        "| Name | Default |\n|---|---|\n| [root\\_access](#input\\_root\\_access) | `\"Enabled\"` |\n| other | 1 |\n";
    let ended = say(&[("main.tf", code), ("README.md", table)], &["--check"]);
    let expected = [
        "note: main.tf:6:3: the description of var.root_access speaks of the value that the fix changes: look at it too",
        "note: README.md:3:1: this row documents var.root_access, whose default the fix changes: update it too",
    ];
    assert_eq!(ended.err.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_base_and_an_override_that_one_program_alone_loads_are_fixed_together() {
    let block = |inner: &str| format!("resource \"aws_sagemaker_notebook_instance\" \"n\" {{\n  {inner}\n}}\n");
    for base in ["name = \"n\"", "root_access = \"Enabled\""] {
        let root = block("root_access = \"Enabled\"");
        let folder = folder::with(&[("main.tf", &block(base)), ("n_override.tofu", &root)]);
        let ended = run(unroot(folder.path()).arg("--write"));
        assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{base}: {}", ended.text());
        assert_eq!(run(unroot(folder.path()).arg("--check")).code, Some(0), "{base}");
    }
}

#[test]
fn a_value_without_a_required_attribute_is_undetermined() {
    let code = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.cfg.root_access\n}\n\nvariable \"cfg\" {\n  type = object({ root_access = string })\n}\n";
    let ended = say(&[("main.tf", code), ("terraform.tfvars", "cfg = {}\n")], &["--check"]);
    assert_eq!(ended.err, "");
    assert!(
        ended.text().contains("without the attribute root_access, which is required (terraform.tfvars:1)"),
        "{}",
        ended.text()
    );
}

#[test]
fn the_environment_asks_for_colour_by_either_name() {
    let folder = folder::with(&[("main.tf", crate::MISSING)]);
    for (variables, coloured) in [
        (&[("FORCE_COLOR", "1")][..], true),
        (&[("FORCE_COLOR", "0")], false),
        (&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], false),
        (&[("CLICOLOR_FORCE", "1")], true),
        (&[], false),
    ] {
        let ended = run(unroot(folder.path()).envs(variables.iter().copied()).arg("--check"));
        assert_eq!(ended.text().contains('\u{1b}'), coloured, "{variables:?}");
    }
}
