//! Runs that are killed while they write: each file is old or new, what lies between two steps of a fix plans, and the next
//! run finishes the fix and clears what was left. `UNROOT_HARM_KILLS` says how often a run over many files is killed,
//! `UNROOT_HARM_SEED` by which moments.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::repository::Repository;
use crate::support::folder::{self, files};
use crate::support::program::{Ended, command, run, unroot};
use crate::support::{required, terraform};

/// As many as take a few seconds, over as many files.
const DEFAULT: (u64, usize) = (4, 100);

/// The files of a long test.
const MANY: usize = 500;

const MISSING: &str = "resource \"aws_sagemaker_notebook_instance\" \"own\" {\n  name = \"n\"\n}\n";

type Files = BTreeMap<PathBuf, Vec<u8>>;

fn strace_is_there() -> bool {
    let runs = command("strace", Path::new(".")).arg("-V").output().is_ok_and(|output| output.status.success());
    required("UNROOT_REQUIRE_STRACE", "strace", runs)
}

/// Writes the fixes in a folder, killed when it makes one of these calls of the system for the given time; whether it was.
fn killed_at(folder: &Path, calls: &str, time: usize) -> bool {
    let mut traced = command("strace", folder);
    traced.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={calls}")]);
    traced.args(["-e", &format!("inject={calls}:signal=SIGKILL:when={time}")]);
    traced.args([env!("CARGO_BIN_EXE_unroot"), "--write", "-q"]).stdin(Stdio::null());
    let status = traced.status().expect("strace starts");
    status.code().is_none_or(|code| code > 2)
}

/// What `--write` makes of a folder that nobody disturbs.
fn finished(repository: &Repository) -> Files {
    let folder = repository.make();
    run(unroot(folder.path()).args(["--write", "-q"]));
    files(folder.path())
}

/// Compares a folder in which a run was killed with the texts from before and after, and lets the next run finish.
fn next_run_finishes(folder: &Path, before: &Files, after: &Files, what: &str) {
    for (path, text) in files(folder) {
        let is_known = [before, after].iter().any(|texts| texts.get(&path) == Some(&text));
        let is_temporary = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".unroot-"));
        assert!(is_known || is_temporary, "{what}: {} is neither old nor new", path.display());
    }
    let Ended { err, .. } = run(unroot(folder).arg("--write"));
    assert!(!err.contains("error:"), "{what}: {err}");
    let found = files(folder);
    assert_eq!(found.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{what}: {err}");
    assert!(found == *after, "{what}: the next run did not finish");
}

/// Two files of values that a fix has to change one after the other: with `late` alone the root would not plan. By their
/// names they stand the other way round.
fn in_order() -> Repository {
    let mut made = Repository::default();
    made.add(
        "dev/main.tf",
        "variable \"early\" {}\n\nvariable \"late\" {\n  validation {\n    \
         condition     = !(var.late == \"Disabled\" && var.early == \"Enabled\")\n    error_message = \"No.\"\n  }\n}\n\n\
         module \"a\" {\n  source = \"../nb\"\n  access = var.early\n}\n\nmodule \"b\" {\n  source = \"../nb\"\n  access = var.late\n}\n",
    );
    made.add("dev/a.auto.tfvars", "late = \"Enabled\"\n");
    made.add("dev/z.auto.tfvars", "early = \"Enabled\"\n");
    made.add("nb/main.tf", "variable \"access\" {}\n\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.access\n}\n");
    made.add("other/main.tf", MISSING);
    made.roots.push(("dev".to_owned(), Vec::new()));
    made
}

#[test]
fn a_run_that_is_killed_at_any_step_does_no_harm_and_is_finished_by_the_next() {
    if !strace_is_there() || !terraform::is_there() {
        return;
    }
    let repository = in_order();
    let before = files(repository.make().path());
    let after = finished(&repository);
    let changed = before.iter().filter(|(path, text)| after[*path] != **text).count();
    assert_eq!(changed, 3, "both files of values, and the notebook by itself");
    for calls in ["rename,renameat,renameat2", "fsync", "flock"] {
        let (mut time, mut between) = (1, 0);
        loop {
            let folder = repository.make();
            let killed = killed_at(folder.path(), calls, time);
            let what = format!("{calls}, time {time}");
            let halfway = files(folder.path()).iter().filter(|(path, text)| before.get(*path) != Some(*text)).count();
            if calls.starts_with("rename") && killed {
                between += usize::from(halfway > 0);
                repository.plan(folder.path()).unwrap_or_else(|error| panic!("{what}: {error}"));
            }
            next_run_finishes(folder.path(), &before, &after, &what);
            if !killed {
                break;
            }
            time += 1;
        }
        assert!(time > 2, "{calls}: {time}");
        assert!(between > 0 || !calls.starts_with("rename"), "no kill came between two steps");
    }
}

#[test]
fn a_run_over_many_files_that_is_killed_at_random_is_finished_by_the_next() {
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|error| panic!("{name}: {error}")))
    };
    let (kills, seed) = (number("UNROOT_HARM_KILLS", DEFAULT.0), number("UNROOT_HARM_SEED", 1));
    let many = if kills > DEFAULT.0 { MANY } else { DEFAULT.1 };
    let mut repository = Repository::default();
    for at in 0..many {
        repository.add(format!("{}/{at}.tf", at % 7), &MISSING.replace("own", &format!("n{at}")));
    }
    let before = files(repository.make().path());
    let start = Instant::now();
    let after = finished(&repository);
    let whole = start.elapsed();
    let mut rng = Rng::with_seed(seed);
    let (mut at_work, mut left_over) = (0, 0);
    for kill in 0..kills {
        let folder = repository.make();
        let wait = whole.mul_f64(rng.f64());
        let mut child = unroot(folder.path()).args(["--write", "-q"]).stdin(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(wait);
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        let found = files(folder.path());
        let written = found.iter().filter(|(path, text)| after.get(*path) == Some(*text)).count();
        at_work += usize::from(written > 0 && written < many);
        left_over += usize::from(found.len() > many);
        next_run_finishes(folder.path(), &before, &after, &format!("seed {seed}, kill {kill} after {wait:?}"));
    }
    #[expect(clippy::print_stderr, reason = "a long run has to say what it did")]
    {
        let limit = Duration::from_millis(1);
        assert!(whole > limit, "{whole:?} is too short to be killed in");
        eprintln!("{kills} kills, seed {seed}: {at_work} while files were written, {left_over} left temporary files");
    }
    assert!(kills <= DEFAULT.0 || at_work > 0 && left_over > 0, "no kill met a run at work, so nothing was shown");
}

#[test]
fn only_a_run_that_writes_removes_what_a_killed_one_has_left_and_only_in_its_paths() {
    let folder = folder::with(&[
        ("a/main.tf", MISSING),
        ("b/main.tf", MISSING),
        ("a/.unroot-abcdefghij.tmp", "old"),
        ("b/.unroot-abcdefghij.tmp", "old"),
    ]);
    let exists = |name: &str| folder.path().join(name).join(".unroot-abcdefghij.tmp").exists();
    for arguments in [&[][..], &["--check"], &["--format", "diff"]] {
        let ended = run(unroot(folder.path()).args(arguments));
        assert!(
            ended.err.contains("a/.unroot-abcdefghij.tmp: a temporary file that a killed run has left"),
            "{ended:?}"
        );
        assert!(exists("a") && exists("b"));
    }
    let ended = run(unroot(folder.path()).args(["--write", "a/main.tf"]));
    assert!(ended.err.contains("a/.unroot-abcdefghij.tmp: a temporary file that a killed run had left"), "{ended:?}");
    assert!(!exists("a") && exists("b"));
}
