use super::*;
use crate::cli::parse;

fn settings(arguments: &[&str]) -> Settings {
    parse([&["unroot"], arguments].concat()).expect("the arguments fit together")
}

fn refused(arguments: &[&str]) -> String {
    let error = parse([&["unroot"], arguments].concat()).expect_err("the arguments contradict each other");
    assert_eq!(error.exit_code(), 2);
    error.to_string()
}

#[test]
fn without_arguments_the_working_folder_is_previewed() {
    let settings = settings(&[]);
    assert_eq!(settings.input, Input::Paths(vec![".".into()]));
    assert_eq!((settings.mode, settings.format, settings.context), (Mode::Preview, Format::Text, 3));
    assert_eq!(settings.verbosity, Verbosity::Normal);
    assert_eq!(settings.walk, Walk::default());
}

#[test]
fn the_modes_are_named_by_their_flags() {
    assert_eq!(settings(&["--check"]).mode, Mode::Check);
    assert_eq!(settings(&["-w"]).mode, Mode::Write);
    assert_eq!(settings(&["-"]).mode, Mode::Filter);
    assert_eq!(settings(&["-", "--check"]).mode, Mode::Check);
    assert_eq!(settings(&["-", "--format", "diff"]).mode, Mode::Preview);
    assert_eq!(settings(&["-", "--diff"]).mode, Mode::Preview);
}

#[test]
fn standard_input_takes_the_name_it_is_given() {
    assert_eq!(settings(&["-"]).input, Input::Stdin("<stdin>".into()));
    assert_eq!(settings(&["-", "--stdin-filename", "a/b.tf"]).input, Input::Stdin("a/b.tf".into()));
    assert_eq!(settings(&["./-"]).input, Input::Paths(vec!["./-".into()]));
}

#[test]
fn contradictions_are_refused_with_a_hint() {
    for (arguments, hint) in [
        (&["--check", "--write"][..], "'--check' cannot be used with '--write'"),
        (&["-q", "-v"], "cannot be used with"),
        (&["-", "infra"], "tip: write `./-` for a file of that name"),
        (&["-", "-"], "cannot be used with other paths"),
        (&["-", "--write"], "tip: leave out --write"),
        (&["--stdin-filename", "a.tf"], "tip: add `-`"),
        (&["--check", "--diff", "--format", "json"], "tip: leave out --diff or --format"),
        (&["-j", "0"], "'0' for '--threads"),
        (&["-U", "-1"], "-1"),
        (&["--format", "xml"], "[possible values: text, diff, json]"),
    ] {
        let message = refused(arguments);
        assert!(message.contains(hint), "{arguments:?}: {message}");
    }
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_utf8_is_a_usage_error() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    for arguments in [&[OsStr::from_bytes(b"caf\xe9.tf")][..], &[OsStr::new("--exclude"), OsStr::from_bytes(b"\xff")]] {
        let error = parse([&[OsStr::new("unroot")], arguments].concat()).expect_err("no UTF-8");
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("invalid UTF-8"), "{error}");
    }
}

#[test]
fn help_is_no_failure() {
    assert_eq!(parse(["unroot", "--help"]).expect_err("help is printed").exit_code(), 0);
    assert_eq!(parse(["unroot", "-V"]).expect_err("the version is printed").exit_code(), 0);
}

#[test]
fn the_selection_can_be_pasted_into_a_shell() {
    assert_eq!(settings(&[]).selection(), "");
    assert_eq!(settings(&["--write", "infra", "it's"]).selection(), " infra \"it's\"");
    assert_eq!(
        settings(&["--exclude", "*.bak", "--hidden", "--no-ignore", "a b"]).selection(),
        " --exclude '*.bak' --hidden --no-ignore 'a b'"
    );
}

#[test]
fn ignore_comments_count_unless_told_otherwise() {
    assert_eq!(settings(&[]).suppressions, Some(crate::suppress::today()));
    let without = settings(&["--no-suppressions"]);
    assert_eq!(without.suppressions, None);
    assert_eq!(without.report_options(None).selection, " --no-suppressions");
}
