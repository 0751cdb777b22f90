//! The work of a run grows as the code does: counted, not timed. Twice the code may ask for 2.3 times the memory in all, and as
//! many allocations. The benchmark `speed` measures the time at full size.
//!
//! A binary of its own, and a process each case, since what is counted is all that the process asks for.

#[path = "support/sizes.rs"]
mod sizes;
#[path = "support/mod.rs"]
mod support;

use std::alloc::System;
use std::process::{Command, ExitCode};

use camino::Utf8PathBuf;
use libtest_mimic::{Arguments, Failed, Trial};
use sizes::{
    Files, calls, deployments, folders, keys, locals, members, modules, notebooks, row, suppressed, unclosed, units,
    value_files,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use support::folder;
use unroot::{Options, analyse};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The bytes and the number of all allocations of a run over some files.
fn asked_for(files: &Files) -> [usize; 2] {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let tree = folder::with(&files);
    let path = Utf8PathBuf::try_from(tree.path().to_owned()).expect("a temporary path is UTF-8");
    let region = Region::new(COUNTED);
    let outcome = analyse([path], &Options::default()).expect("no glob is malformed");
    let stats = region.change();
    assert!(!outcome.findings.is_empty(), "there is a notebook");
    [stats.bytes_allocated, stats.allocations]
}

/// The code of a case, how it is made in a size, and the smaller size.
type Case = (&'static str, fn(usize) -> Files, usize);

const CASES: [Case; 13] = [
    ("notebooks", notebooks, 300),
    ("files of values", value_files, 300),
    ("calls", calls, 800),
    ("keys", keys, 1500),
    ("members of a set", members, 1500),
    ("local values in a column", locals, 600),
    ("unclosed blocks", unclosed, 8000),
    ("a row of modules", row, 700),
    ("suppressed notebooks", suppressed, 400),
    ("folders", folders, 200),
    ("modules of one root", modules, 200),
    ("Terragrunt units", units, 200),
    ("deployments of a stack", deployments, 200),
];

/// Names the case that a process counts.
const CASE: &str = "UNROOT_LINEAR_CASE";

fn main() -> ExitCode {
    if let Ok(name) = std::env::var(CASE) {
        let case = CASES.iter().find(|(what, ..)| *what == name);
        twice_the_code_asks_for_twice_the_memory(case.expect("the case is there"));
        return ExitCode::SUCCESS;
    }
    // A process each, for what is counted is all that one asks for.
    let trials = CASES.iter().map(|(what, ..)| Trial::test(what.replace(' ', "_"), || counted(what)));
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

fn counted(what: &str) -> Result<(), Failed> {
    let output = Command::new(std::env::current_exe()?).env(CASE, what).output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8(output.stderr)?.into()) }
}

fn twice_the_code_asks_for_twice_the_memory((what, make, number): &Case) {
    let (once, twice) = (asked_for(&make(*number)), asked_for(&make(2 * number)));
    for (counted, once, twice) in [("bytes", once[0], twice[0]), ("allocations", once[1], twice[1])] {
        assert!(10 * twice <= 23 * once, "{what}: {once} {counted} for {number}, {twice} for twice as many");
    }
}
