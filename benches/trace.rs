//! Measures how the time to trace values grows with the number of modules, with `cargo bench --bench trace`; nothing is
//! asserted.
//!
//! Trees of 1,000, 2,000 and 5,000 modules. One module in ten holds a notebook and has 20 callers; every fifth of the
//! others stands in between and is itself called by two. The values arrive from literals, locals, variables and tfvars
//! files, one in four of them to be fixed.

#![allow(clippy::print_stdout, reason = "the figures are for whoever runs the benchmark")]
#![allow(clippy::disallowed_methods, reason = "the benchmark makes the trees")]

#[path = "speed/process.rs"]
mod process;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use process::{Line as _, Runs};

const SIZES: [(usize, &str); 3] = [(1_000, "1,000 modules"), (2_000, "2,000 modules"), (5_000, "5,000 modules")];

/// Runs of each size, after one to warm up.
const ROUNDS: usize = 5;

/// Callers of each notebook module.
const CALLERS: usize = 20;

fn main() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trace-bench-2");
    println!(
        "{:16} {:>9} {:>9} {:>9} {:>9} {:>10}",
        "unroot --check", "median", "fastest", "slowest", "CPU", "peak RSS"
    );
    let mut base = None;
    for (size, name) in SIZES {
        let root = generate(&folder, size);
        let mut runs = Runs::new(name, || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_unroot"));
            command.arg("--check").arg(&root);
            command
        });
        for _ in 0..=ROUNDS {
            runs.run();
        }
        runs.print();
        let (first, time, cpu) = *base.get_or_insert((size, runs.median(), runs.cpu()));
        println!(
            "{:16} {:.1} times the modules, {:.1} times the time, {:.1} times the CPU",
            "",
            ratio(size, first),
            runs.median() / time,
            runs.cpu() / cpu
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "the sizes are small")]
fn ratio(size: usize, first: usize) -> f64 {
    size as f64 / first as f64
}

/// Makes the tree, unless it is there from an earlier run.
fn generate(folder: &Path, modules: usize) -> PathBuf {
    let root = folder.join(modules.to_string());
    let done = root.join(".git/HEAD");
    if done.exists() {
        return root;
    }
    let notebooks = modules / 10;
    let others = modules - notebooks;
    for number in 0..notebooks {
        put(&root.join(format!("modules/notebook{number}/main.tf")), &notebook(number));
    }
    // The calls are dealt out in turn, so that each notebook has its callers and each caller about as many calls.
    let mut calls: Vec<Vec<String>> = vec![Vec::new(); others];
    for call in 0..notebooks * CALLERS {
        calls[call % others].push(format!("../notebook{}", call % notebooks));
    }
    let between = others / 5;
    for number in 0..between {
        for caller in [between + number * 4, between + number * 4 + 1] {
            calls[caller % others].push(format!("../between{number}"));
        }
    }
    for (number, calls) in calls.iter().enumerate() {
        let folder = if number < between { format!("between{number}") } else { format!("root{number}") };
        let folder = root.join("modules").join(folder);
        let is_root = number >= between;
        put(&folder.join("main.tf"), &caller(number, calls));
        if is_root && dice(number) / 16 % 4 == 1 {
            put(&folder.join("terraform.tfvars"), &format!("root_access = \"{}\"\n", value(number)));
        }
    }
    put(&done, "ref: refs/heads/main\n");
    root
}

fn notebook(number: usize) -> String {
    format!(
        "variable \"root_access\" {{\n  type    = string\n  default = \"Disabled\"\n}}\n\n\
         resource \"aws_sagemaker_notebook_instance\" \"this\" {{\n  name          = \"notebook-{number}\"\n  \
         instance_type = \"ml.t3.medium\"\n  root_access   = var.root_access\n}}\n"
    )
}

fn caller(number: usize, calls: &[String]) -> String {
    let expression = match dice(number) / 16 % 4 {
        0 => format!("\"{}\"", value(number)),
        1 => "var.root_access".to_owned(),
        2 => "local.root_access".to_owned(),
        _ => "var.root ? \"Enabled\" : \"Disabled\"".to_owned(),
    };
    let mut text = format!(
        "variable \"root_access\" {{\n  type    = string\n  default = \"Disabled\"\n}}\n\n\
         variable \"root\" {{\n  type    = bool\n  default = {}\n}}\n\n\
         locals {{\n  root_access = \"{}\"\n}}\n",
        value(number) == "Enabled",
        value(number)
    );
    for (index, source) in calls.iter().enumerate() {
        _ = write!(
            text,
            "\nmodule \"call_{index}\" {{\n  source      = \"{source}\"\n  root_access = {expression}\n}}\n"
        );
    }
    text
}

/// One caller in four leaves root on.
fn value(number: usize) -> &'static str {
    if dice(number) % 16 < 4 { "Enabled" } else { "Disabled" }
}

/// A number that has nothing to do with its neighbours': the callers of a notebook stand at regular distances, which
/// differ from size to size.
fn dice(number: usize) -> usize {
    (number + 1).wrapping_mul(0x9E37_79B9) >> 12
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}
