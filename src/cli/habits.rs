//! What people who come from other tools type, and what it is called here.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Options of ruff, zizmor, Checkov, Trivy, tflint, terraform and sed, and what to type instead.
const OPTIONS: [(&[&str], &str); 14] = [
    (
        &[
            "--fix",
            "--apply",
            "--autofix",
            "--auto-fix",
            "--in-place",
            "--inplace",
            "--auto-approve",
            "--yes",
            "-y",
            "--fix-only",
        ],
        "`unroot --write` applies the fixes, `unroot --interactive` asks for each",
    ),
    (
        &["--dry-run", "--preview", "--no-write", "--noop", "-n"],
        "a run without --write changes no file: `unroot` shows the diff, `unroot --check` lists the findings",
    ),
    (&["--recursive", "-r"], "a folder is always searched with all that is below it"),
    (&["-d", "--directory", "--dir", "--chdir", "-C"], "the folder stands by itself: `unroot FOLDER`"),
    (&["-f", "--file"], "the file stands by itself: `unroot FILE`"),
    (
        &["-o", "--output", "--output-format", "--output-file", "--out"],
        "`--format FORMAT` says how to print, `--report FORMAT=FILE` also writes a file",
    ),
    (&["--json", "--sarif", "--junit", "--csv"], "the format has an option: `--format json`"),
    (&["--soft-fail", "-s", "--no-exit-codes", "--no-fail", "--force"], "`--exit-zero` ends with 0 whatever is found"),
    (
        &["--skip-check", "--skip-rule", "--disable-rule", "--skip"],
        "`# unroot:ignore[RULE] REASON` in the code suppresses a finding",
    ),
    (&["--skip-path", "--skip-dirs", "--skip-files", "--ignore-path"], "`--exclude GLOB` leaves out files and folders"),
    (
        &["--baseline", "--create-baseline", "--write-baseline", "--add-noqa"],
        "`unroot --exempt REASON --until DATE` lets what has root today keep it until a day",
    ),
    (&["--list", "--list-rules", "--rules", "-l"], "`unroot --explain` lists the rules"),
    (&["--no-color", "--no-colour"], "`--color never`"),
    (&["--tfvars", "--var"], "`--var-file FILE` gives values to the root modules"),
];

/// Commands of such tools, and what to type instead.
const COMMANDS: [(&[&str], &str); 7] = [
    (&["check", "scan", "lint", "validate", "test"], "`unroot --check`"),
    (&["fix", "apply", "write", "format", "fmt"], "`unroot --write`"),
    (&["plan", "diff", "preview", "show"], "`unroot` alone shows what would change"),
    (&["explain", "rule", "rules"], "`unroot --explain`"),
    (&["help"], "`unroot --help`"),
    (&["version"], "`unroot --version`"),
    (&["init"], "nothing has to be set up"),
];

/// What to type instead of a command of another tool.
pub(super) fn command(word: &str) -> Option<&'static str> {
    find(&COMMANDS, word)
}

/// Gives an error on an option that is not known the tip for it, where there is one.
pub(super) fn with_tip(mut error: clap::Error) -> clap::Error {
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else { return error };
    let name = option.split(['=', ' ']).next().unwrap_or_default();
    let Some(tip) = find(&OPTIONS, name) else { return error };
    error.remove(ContextKind::SuggestedArg);
    error.remove(ContextKind::SuggestedValue);
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    error
}

fn find(table: &'static [(&[&str], &str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(words, _)| words.contains(&word)).map(|(_, tip)| *tip)
}
