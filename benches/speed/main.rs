//! Measures, with `cargo bench`; nothing is asserted.
//!
//! 1. Whole processes over a tree of 100,000 files, of which one in a thousand declares a notebook: the floor (the same
//!    walk, every file read and searched, nothing else), `unroot --check`, and `rg -l` where it is installed. The runs
//!    take turns, so that what else the machine does hits all alike; medians count.
//! 2. Parsing and fixing one file of 1 MB in process.
//! 3. A lifecycle script of 16 KiB; `cargo bench -- --scripts` measures nothing else.
//! 4. Code of a large size and half of it, with the ratio; `cargo bench -- --scaling` measures nothing else.

#![allow(clippy::print_stdout, reason = "the figures are for whoever runs the benchmark")]

mod floor;
mod process;
mod scaling;
mod scripts;
mod throughput;
mod tree;

use std::path::Path;
use std::process::Command;

use process::{Line, Runs};

/// Runs of each program, after one to warm up.
const ROUNDS: usize = 21;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, folder] = &arguments[..]
        && flag == floor::FLAG
    {
        return floor::run(Path::new(folder));
    }
    if arguments.iter().any(|argument| argument == "--scripts") {
        return scripts::run();
    }
    if arguments.iter().any(|argument| argument == "--scaling") {
        return scaling::run(Path::new(env!("CARGO_TARGET_TMPDIR")));
    }
    let tree = tree::generate(Path::new(env!("CARGO_TARGET_TMPDIR")));
    println!("{} files, {} MB, {} with a notebook", tree::FILES, tree.bytes / 1_000_000, tree::FILES / tree::HIT_EVERY);
    processes(&tree.root);
    throughput::run(Path::new(env!("CARGO_TARGET_TMPDIR")));
    scripts::run();
    scaling::run(Path::new(env!("CARGO_TARGET_TMPDIR")));
}

fn processes(root: &Path) {
    let me = std::env::current_exe().expect("a running program has a path");
    let mut floor = Runs::new("floor", || {
        let mut command = Command::new(&me);
        command.arg(floor::FLAG).arg(root);
        command
    });
    let mut unroot = Runs::new("unroot --check", || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unroot"));
        command.arg("--check").arg(root);
        command
    });
    let mut rg = Runs::new("rg -l", || {
        let mut command = Command::new("rg");
        command.arg("-l").arg(unroot::control::NEEDLE).arg(root);
        command
    });
    let has_rg = Command::new("rg").arg("--version").output().is_ok();

    for _ in 0..=ROUNDS {
        floor.run();
        unroot.run();
        if has_rg {
            rg.run();
        }
    }
    println!("\n{:16} {:>9} {:>9} {:>9} {:>9} {:>10}", "", "median", "fastest", "slowest", "CPU", "peak RSS");
    let both = [&floor as &dyn Line, &unroot];
    for runs in both.into_iter().chain(has_rg.then_some(&rg as &dyn Line)) {
        runs.print();
    }
    let ratio = |name: &str, time: f64, cpu: f64| {
        println!("unroot --check / {name}: {:.2} in time, {:.2} in CPU", unroot.median() / time, unroot.cpu() / cpu);
    };
    ratio("floor", floor.median(), floor.cpu());
    if has_rg {
        ratio("rg -l", rg.median(), rg.cpu());
    } else {
        println!("rg is not installed");
    }
}
