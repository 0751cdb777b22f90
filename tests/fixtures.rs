//! One folder a behaviour: `tests/fixtures/<case>/input` is what there is, `expected` what `--write` makes of it.
//!
//! Each case runs forwards, again (which changes nothing), with `--check` before and after, and through `git apply`.
//! A `case.toml` beside the two folders says what is special about it, see [`Case`].

mod support;

use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;
use support::program::{git, run, run_with_reports, unroot};
use support::{folder, terraform};

/// An empty folder of fixtures must not pass.
const AT_LEAST: usize = 60;

/// What is special about a case; each field has the usual value where it is not given.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Case {
    /// Arguments of every run.
    args: Vec<String>,
    /// Exit code of `--check` on the input.
    check: i32,
    /// Exit code of `--write`.
    write: i32,
    /// Exit code of `--check` after it.
    after: i32,
    /// Added and removed lines, where they are not as few as an insertion or a rewrite needs.
    lines: Option<(usize, usize)>,
    /// What `--check` on the input says, among other things.
    says: Vec<String>,
    /// What it does not say.
    says_not: Vec<String>,
}

impl Default for Case {
    fn default() -> Self {
        Self { args: vec![], check: 1, write: 0, after: 0, lines: None, says: vec![], says_not: vec![] }
    }
}

fn main() -> std::process::ExitCode {
    let cases = cases();
    let count = cases.len();
    let mut trials: Vec<Trial> =
        cases.iter().cloned().map(|case| Trial::test(name(&case), move || check(&case))).collect();
    trials.push(Trial::test("there_are_enough_cases", move || {
        ensure(count >= AT_LEAST, || format!("{count} cases, not {AT_LEAST}"))
    }));
    trials.push(Trial::test("what_terraform_fmt_accepts_stays_accepted", move || formatted(&cases)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let entries =
        folder.read_dir().expect("the folder of fixtures is there").map(|entry| entry.expect("an entry").path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

fn name(case: &Path) -> String {
    case.file_name().and_then(|name| name.to_str()).expect("cases have plain names").to_owned()
}

fn ensure(holds: bool, message: impl FnOnce() -> String) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(message().into()) }
}

fn check(path: &Path) -> Result<(), Failed> {
    let case: Case = match std::fs::read_to_string(path.join("case.toml")) {
        Ok(text) => toml::from_str(&text)?,
        Err(_) => Case::default(),
    };
    let [input, expected] = ["input", "expected"].map(|part| folder::fixture(&path.join(part)));
    ensure(!input.is_empty(), || "there is no input".to_owned())?;

    let work = folder::empty();
    let work = work.path();
    let repository = folder::empty();
    for folder in [work, repository.path()] {
        folder::copy_fixture(&path.join("input"), folder);
    }
    git(repository.path(), &["init", "--quiet"], b"")?;
    // Lists of ignored files count in a repository only, and a folder of this name is all that makes one.
    std::fs::create_dir(work.join(".git"))?;
    let command = |arguments: &[&str]| {
        let mut command = unroot(work);
        command.args(&case.args).args(arguments);
        command
    };
    let unroot = |arguments: &[&str]| run(&mut command(arguments));

    let before = folder::stamps(work);
    let said = unroot(&["--check"]);
    code("--check", &said, case.check)?;
    let text = format!("{}{}", said.text(), said.err);
    for (texts, wanted) in [(&case.says, true), (&case.says_not, false)] {
        for part in texts {
            let verb = if wanted { "lacks" } else { "has" };
            ensure(text.contains(part) == wanted, || format!("--check {verb} {part:?}:\n{text}"))?;
        }
    }

    let (diff, reports) = run_with_reports(&mut command(&["--format", "diff"]), &["json"]);
    let json = &reports[0].1;
    ensure(folder::stamps(work) == before, || "a file was touched without --write".to_owned())?;
    minimal(&case, diff.text(), json)?;
    if diff.out.is_empty() {
        ensure(input == expected, || "there is no diff, and something to change".to_owned())?;
    } else {
        git(repository.path(), &["apply", "--whitespace=nowarn"], &diff.out)?;
    }
    same("git apply", &folder::files(repository.path()), &expected)?;

    code("--write", &unroot(&["--write"]), case.write)?;
    same("--write", &folder::files(work), &expected)?;
    let written = folder::stamps(work);
    code("--write again", &unroot(&["--write"]), case.write)?;
    same("--write again", &folder::files(work), &expected)?;
    ensure(folder::stamps(work) == written, || "--write again touched a file".to_owned())?;
    code("--check after --write", &unroot(&["--check"]), case.after)
}

fn code(what: &str, ended: &support::program::Ended, wanted: i32) -> Result<(), Failed> {
    let message = || format!("{what}: exit code {:?}, not {wanted}\n{}{}", ended.code, ended.text(), ended.err);
    ensure(ended.code == Some(wanted), message)
}

type Files = std::collections::BTreeMap<PathBuf, Vec<u8>>;

fn same(what: &str, found: &Files, expected: &Files) -> Result<(), Failed> {
    ensure(found.keys().eq(expected.keys()), || format!("{what}: {:?}, not {:?}", found.keys(), expected.keys()))?;
    for (path, bytes) in found {
        let wanted = &expected[path];
        let message =
            || format!("{what}: {} is\n{}\nand not\n{}", path.display(), bytes.escape_ascii(), wanted.escape_ascii());
        ensure(bytes == wanted, message)?;
    }
    Ok(())
}

/// One line changes for a rewrite; one is added for an insertion, or two where it is a group of its own.
fn minimal(case: &Case, diff: &str, json: &str) -> Result<(), Failed> {
    let count = |sign: char, header: &str| {
        diff.lines().filter(|line| line.starts_with(sign) && !line.starts_with(header)).count()
    };
    let (added, removed) = (count('+', "+++ "), count('-', "--- "));
    let document: serde_json::Value = serde_json::from_str(json)?;
    let notebooks = document["notebooks"].as_array().ok_or("there is no list of notebooks")?;
    let fixed = notebooks.iter().filter(|notebook| notebook["status"] == "fixable");
    let (inserted, rewritten): (Vec<_>, Vec<_>) = fixed.partition(|fixed| fixed["rule"] == "root-access-missing");
    let (least, most) = (rewritten.len() + inserted.len(), rewritten.len() + 2 * inserted.len());
    match case.lines {
        Some(lines) => ensure((added, removed) == lines, || format!("+{added} -{removed} lines, not {lines:?}")),
        None => ensure(removed == rewritten.len() && (least..=most).contains(&added), || {
            format!("+{added} -{removed} lines for {} insertions, {} rewrites", inserted.len(), rewritten.len())
        }),
    }
}

/// A file that `terraform fmt` leaves alone before is left alone after.
fn formatted(cases: &[PathBuf]) -> Result<(), Failed> {
    if !terraform::is_there() {
        return Ok(());
    }
    let parts = ["input", "expected"];
    let folder = folder::empty();
    for case in cases {
        for part in parts {
            folder::copy_fixture(&case.join(part), &folder.path().join(part).join(name(case)));
        }
    }
    let [before, after] = parts.map(|part| terraform::clean(&folder.path().join(part)).0);
    let clean: Vec<_> = before.iter().filter(|(_, clean)| **clean).map(|(path, _)| path).collect();
    let dirtied: Vec<_> = clean.iter().filter(|path| after.get(**path) == Some(&false)).collect();
    ensure(dirtied.is_empty(), || format!("not formatted any more: {dirtied:?}"))?;
    ensure(2 * clean.len() > before.len(), || format!("only {} files were formatted before", clean.len()))
}
