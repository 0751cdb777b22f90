//! The work of a run grows as the code does: counted, not timed. Twice the code may ask for 2.3 times the memory in all, and as
//! many allocations. The benchmark `speed` measures the time at full size.
//!
//! A binary of its own, and a process each case, since what is counted is all that the process asks for.

#[path = "support/sizes.rs"]
mod sizes;
#[path = "support/mod.rs"]
mod support;

use std::alloc::System;
use std::process::Command;
use std::sync::Mutex;

use camino::Utf8PathBuf;
use sizes::{
    Files, calls, deployments, documents, elements, folders, keys, locals, members, modules, notebooks, references,
    row, services, suppressed, unclosed, units, value_files,
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

const CASES: [Case; 17] = [
    ("notebooks", notebooks, 300),
    ("elements of one map", elements, 300),
    ("notebooks in a row", references, 800),
    ("Terragrunt units that read one document", documents, 100),
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
    ("variables of a service", services, 240),
];

/// Names the case that a process counts.
const CASE: &str = "UNROOT_LINEAR_CASE";

#[test]
fn twice_the_code_asks_for_twice_the_memory() {
    if let Ok(name) = std::env::var(CASE) {
        let case = CASES.iter().find(|(what, ..)| *what == name);
        return grows_as_the_code_does(case.expect("the case is there"));
    }
    let cases = Mutex::new(CASES.iter());
    let work = || loop {
        let Some((what, ..)) = cases.lock().expect("nobody panics beside it").next() else { break };
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        let ended = command.args(["--exact", "twice_the_code_asks_for_twice_the_memory"]).env(CASE, what).output();
        let ended = ended.expect("it starts");
        assert!(ended.status.success(), "{}", ended.stdout.escape_ascii().to_string().replace("\\n", "\n"));
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
}

fn grows_as_the_code_does((what, make, number): &Case) {
    let (once, twice) = (asked_for(&make(*number)), asked_for(&make(2 * number)));
    for (counted, once, twice) in [("bytes", once[0], twice[0]), ("allocations", once[1], twice[1])] {
        assert!(10 * twice <= 23 * once, "{what}: {once} {counted} for {number}, {twice} for twice as many");
    }
}
