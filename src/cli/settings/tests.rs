use super::*;
use crate::cli::{Command, parse_in};
use std::path::Path;

/// A folder that does not exist, so that no configuration file of the machine is found in it or above.
const NOWHERE: &str = "/nonexistent/folder";

fn command(arguments: &[&str]) -> Result<Command, clap::Error> {
    parse_in(Path::new(NOWHERE), [&["unroot"], arguments].concat())
}

fn settings(arguments: &[&str]) -> Settings {
    settings_in(Path::new(NOWHERE), arguments)
}

fn settings_in(folder: &Path, arguments: &[&str]) -> Settings {
    match parse_in(folder, [&["unroot"], arguments].concat()).expect("the arguments fit together") {
        Command::Run(settings) => *settings,
        Command::Print(text) => panic!("printed: {text}"),
    }
}

fn refused(arguments: &[&str]) -> String {
    let error = command(arguments).expect_err("the arguments contradict each other");
    assert_eq!(error.exit_code(), 2);
    error.to_string()
}

#[test]
fn without_arguments_the_working_folder_is_previewed() {
    let settings = settings(&[]);
    assert_eq!(settings.input, Input::Paths(vec![".".into()]));
    assert_eq!((settings.mode, settings.format, settings.context), (Mode::Preview, Format::Text, 3));
    assert_eq!(settings.verbosity, Verbosity::Normal);
    assert_eq!(settings.options.walk, Walk::default());
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
        (
            &["--format", "xml"],
            "[possible values: text, diff, json, sarif, github, gitlab, markdown, csv, junit, rdjson]",
        ),
        (&["--report", "sarif"], "expected FORMAT=FILE"),
        (&["--report", "xml=a"], "no format is named `xml`"),
        (&["--report", "json="], "the file has no name"),
        (&["--explain", "root-acess-null"], "no rule has that name; is it root-access-null?"),
        (&["--explain", "CKV_AWS_308"], "neither a rule nor a name of the control elsewhere"),
        (&["--fix"], "tip: `unroot --write` applies the fixes"),
        (&["--baseline", "x"], "tip: `unroot --exempt REASON --until DATE`"),
        (&["--dry-run"], "tip: a run without --write changes no file"),
        (&["--auto-approve", "infra"], "tip: `unroot --write`"),
        (&["-d", "infra"], "tip: the folder stands by itself: `unroot FOLDER`"),
        (&["--directory=infra"], "`unroot FOLDER`"),
        (&["-o", "json"], "tip: `--format FORMAT` says how to print"),
        (&["--soft-fail"], "tip: `--exit-zero`"),
        (&["--skip-check", "CKV_AWS_307"], "unroot:ignore"),
        (&["check", "."], "no command of that name\n\n  tip: `unroot --check`"),
        (&["fix"], "tip: `unroot --write`"),
        (&["plan", "infra"], "tip: `unroot` alone"),
        (&["--man", "--check"], "cannot be used with"),
        (&["--config", "no-such-file.toml"], "no-such-file.toml: cannot be read: no such file"),
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
        let error = parse_in(Path::new(NOWHERE), [&[OsStr::new("unroot")], arguments].concat()).expect_err("no UTF-8");
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("invalid UTF-8"), "{error}");
    }
}

#[test]
fn help_is_no_failure() {
    assert_eq!(command(&["--help"]).expect_err("help is printed").exit_code(), 0);
    assert_eq!(command(&["-V"]).expect_err("the version is printed").exit_code(), 0);
}

fn selection(arguments: &[&str]) -> String {
    let settings = settings(arguments);
    format!("{}{}", settings.flags, settings.paths)
}

#[test]
fn the_selection_can_be_pasted_into_a_shell() {
    assert_eq!(selection(&[]), "");
    assert_eq!(selection(&["--write", "infra", "it's"]), " infra \"it's\"");
    assert_eq!(
        selection(&["--exclude", "*.bak", "--hidden", "--no-ignore", "a b"]),
        " --exclude '*.bak' --hidden --no-ignore 'a b'"
    );
    assert_eq!(selection(&["--check", "--no-hidden", "-q"]), " --no-hidden");
}

#[test]
fn what_is_only_printed_needs_no_settings() {
    for (arguments, part) in [
        (&["--explain"][..], "AWS Security Hub: SageMaker.3"),
        (&["--explain", "root-access-null"], "root-access-null (error)"),
        (&["--completions", "bash"], "complete -F _unroot"),
        (&["--completions", "zsh"], "#compdef unroot"),
        (&["--completions", "fish"], "complete -c unroot"),
        (&["--completions", "powershell"], "Register-ArgumentCompleter"),
        (&["--man"], ".TH unroot 1"),
        (&["--man"], ".SH EXAMPLES\n.TP\n\\fBunroot\\fR\nshow what"),
        (&["--man"], ".SH \"EXIT STATUS\"\n.TP\n\\fB0\\fR\n"),
        (&["--man"], ".SH FILES\n.TP\n\\fBunroot.toml\\fR\n"),
        (&["--man"], ".SH ENVIRONMENT\n"),
        (&["--completions", "bash"], "root-access-missing"),
        (&["--explain", "CKV_AWS_307"], "Checkov calls this control CKV_AWS_307: exactly"),
        (&["--explain", "security-control/SageMaker.3"], "AWS Security Hub calls this control SageMaker.3: "),
        (
            &["--explain", "sagemaker-notebook-instance-root-access-check"],
            "HashiCorp Sentinel (FSBP) calls this control",
        ),
        (&["--explain", "extra7103"], "Prowler calls this control"),
        (&["--explain", "ct.sagemaker.pr.3"], "AWS Control Tower"),
        (&["--explain", "AC-6"], "NIST 800-53"),
        (&["--explain", "Root-Access-Null"], "root-access-null (error)"),
    ] {
        match command(arguments).expect("the arguments fit together") {
            Command::Print(text) => assert!(text.contains(part), "{arguments:?}: {text}"),
            Command::Run(settings) => panic!("{arguments:?}: {settings:?}"),
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test's own file needs no atomic write")]
fn the_nearest_configuration_file_counts_and_the_command_line_wins() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let inner = root.path().join("a/b");
    std::fs::create_dir_all(&inner).expect("a folder");
    std::fs::create_dir(root.path().join(".git")).expect("a folder");
    let text =
        "hidden = true\nunsafe-fixes = true\ncontext = 1\nformat = \"json\"\nexclude = [\"x\"]\nverbose = true\n";
    std::fs::write(root.path().join("a/unroot.toml"), text).expect("the file can be written");
    std::fs::write(root.path().join("unroot.toml"), "nonsense").expect("the file can be written");

    let found = settings_in(&inner, &[]);
    assert!(found.options.walk.hidden && found.options.unsafe_fixes);
    assert_eq!((found.context, found.format, found.verbosity), (1, Format::Json, Verbosity::Verbose));

    let line = ["--no-hidden", "--no-unsafe-fixes", "-U5", "--format", "text", "--exclude", "y", "-q"];
    let found = settings_in(&inner, &line);
    assert!(!found.options.walk.hidden && !found.options.unsafe_fixes);
    assert_eq!((found.context, found.format, found.verbosity), (5, Format::Text, Verbosity::Quiet));
    assert_eq!(found.options.walk.exclude, ["y"]);

    let error = parse_in(root.path(), ["unroot"]).expect_err("the file is nonsense");
    assert!(error.to_string().contains("unroot.toml:1:"), "{error}");
    assert_eq!(error.exit_code(), 2);
    assert!(settings_in(root.path(), &["--config", "a/unroot.toml"]).options.walk.hidden);
}

#[test]
fn ignore_comments_count_unless_told_otherwise() {
    assert!(settings(&[]).options.suppressions);
    let without = settings(&["--no-suppressions"]);
    assert!(!without.options.suppressions);
    assert_eq!(without.report_options(None).flags, " --no-suppressions");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test's own file needs no atomic write")]
fn who_is_asked_reads_text() {
    let asked = settings(&["-i", "infra"]);
    assert_eq!((asked.mode, asked.format), (Mode::Interactive, Format::Text));
    for other in ["--check", "--write", "--diff", "-", "--format=json"] {
        refused(&["--interactive", other]);
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("unroot.toml"), "format = \"json\"\n").expect("the file can be written");
    assert_eq!(settings_in(folder.path(), &["-i"]).format, Format::Text);
}
