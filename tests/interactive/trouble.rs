//! What may come between: Ctrl-C, other writers, files that cannot be written, no terminal.

use std::os::unix::fs::PermissionsExt as _;

use crate::session::Tree;

fn notebook(name: &str, value: &str) -> String {
    format!("resource \"aws_sagemaker_notebook_instance\" \"{name}\" {{\n  root_access = \"{value}\"\n}}\n")
}

fn two() -> Tree {
    Tree::new(&[("a.tf", &notebook("a", "Enabled")), ("b.tf", &notebook("b", "Enabled"))])
}

#[test]
fn control_c_loses_nothing_that_was_accepted() {
    for keys in ["\u{3}", "q", "\u{4}", "s\u{3}q", "sa reason\u{3}q"] {
        let tree = two();
        let mut session = tree.ask(80, &[]);
        session.question("[1/2]");
        session.press("y");
        session.question("[2/2]");
        session.press(keys);
        let (code, shown) = session.end();
        assert_eq!(code, Some(1), "{keys:?}: {shown}");
        assert!(shown.contains("2 notebooks in 2 Terraform files: 1 fixed, 1 fixable."), "{shown}");
        assert_eq!(tree.text("a.tf"), notebook("a", "Disabled"));
        assert_eq!(tree.text("b.tf"), notebook("b", "Enabled"));
    }
}

#[test]
fn a_program_that_is_killed_loses_nothing_either() {
    let tree = two();
    let mut session = tree.ask(80, &[]);
    session.question("[1/2]");
    session.press("y");
    session.question("[2/2]");
    session.kill();
    assert_eq!(tree.text("a.tf"), notebook("a", "Disabled"));
    assert_eq!(tree.text("b.tf"), notebook("b", "Enabled"));
}

#[test]
fn a_signal_gives_the_terminal_back_and_keeps_what_was_accepted() {
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("INT", 130)] {
        let tree = two();
        let mut session = tree.ask(80, &[]);
        session.question("[1/2]");
        session.press("y");
        session.question("[2/2]");
        session.signal(signal);
        assert_eq!(session.end().0, Some(code), "{signal}");
        assert_eq!(tree.text("a.tf"), notebook("a", "Disabled"));
        assert_eq!(tree.text("b.tf"), notebook("b", "Enabled"));
    }
}

#[test]
fn a_file_that_changes_while_the_question_stands_is_read_again() {
    for key in ["y", "a", "swhy\r"] {
        let tree = two();
        let mut session = tree.ask(80, &[]);
        session.question("[1/2]");
        let edited = format!("# somebody's edit\n\n{}", notebook("a", "enabled"));
        tree.put("a.tf", &edited);
        session.press(key);
        session.wait_for("a.tf has changed meanwhile and was read again");
        let shown = session.question(if key == "a" { "[2/2]" } else { "[1/2]" });
        assert!(shown.contains("a.tf:4:17: root-access-invalid\n"), "the new place and reason: {shown}");
        assert_eq!(tree.text("a.tf"), edited, "{key}");
        session.press("y");
        if key != "a" {
            session.question("[2/2]");
            session.press("n");
        }
        let (code, shown) = session.end();
        assert_eq!(code, Some(i32::from(key != "a")), "{shown}");
        assert_eq!(tree.text("a.tf"), edited.replace("\"enabled\"", "\"Disabled\""));
    }
}

#[test]
fn a_file_that_goes_or_cannot_be_written_is_reported_and_the_others_are_asked_about() {
    for gone in [true, false] {
        let tree = two();
        let mut session = tree.ask(80, &[]);
        session.question("[1/2]");
        let path = tree.path().join("a.tf");
        if gone {
            std::fs::remove_file(path).expect("it was there");
        } else {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o444)).expect("it is ours");
        }
        session.press("y");
        let shown = session.question("[2/2]");
        assert!(shown.contains("Nothing was written. a.tf: "), "{shown}");
        session.press("y");
        let (code, shown) = session.end();
        assert_eq!(code, Some(2), "{shown}");
        assert!(shown.contains("error: a.tf: "), "{shown}");
        assert_eq!(tree.text("b.tf"), notebook("b", "Disabled"));
    }
}

#[test]
fn a_reason_that_would_not_suppress_writes_nothing() {
    let tree = two();
    let mut session = tree.ask(80, &[]);
    for (reason, why) in [
        ("until=2020-01-01 x", "The `until` date is in the past."),
        ("until=tomorrow x", "would not be understood: `until=` takes a date"),
        ("until=2999-01-01", "The reason is missing."),
    ] {
        session.question("[1/2]");
        session.press(&format!("s{reason}\r"));
        session.wait_for(why);
    }
    session.question("[1/2]");
    session.press("q");
    let (code, _) = session.end();
    assert_eq!(code, Some(1));
    assert_eq!(tree.text("a.tf"), notebook("a", "Enabled"));

    let mut session = tree.ask(80, &["--no-suppressions"]);
    session.question("[1/2]");
    session.press("sx\r");
    session.wait_for("do not count with --no-suppressions");
    session.question("[1/2]");
    session.press("q");
    session.end();
}

#[test]
fn nothing_to_ask_ends_at_once() {
    let tree = Tree::new(&[("a.tf", &notebook("a", "Disabled"))]);
    let (code, shown) = tree.ask(80, &[]).end();
    assert_eq!((code, shown.trim_end()), (Some(0), "1 notebook in 1 Terraform file: 1 compliant."));
}

#[test]
fn without_a_terminal_the_flags_for_scripts_are_named() {
    let tree = two();
    let output = tree.command(&["-i"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(error.contains("--write") && error.contains("--check"), "{error}");
    assert_eq!(tree.text("a.tf"), notebook("a", "Enabled"));
    for arguments in [["-i", "--check"], ["-i", "--write"], ["-i", "-"], ["-i", "--format=json"], ["-i", "--diff"]] {
        let output = tree.command(&arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
