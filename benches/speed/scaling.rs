//! Whole processes over code that people may write in such sizes, once and twice as large: the time may grow by 2.3.

#[path = "../../tests/support/sizes.rs"]
mod sizes;

use std::path::Path;
use std::process::Command;

use crate::process::Runs;
use crate::tree;
use sizes::{
    Files, calls, deployments, documents, elements, folders, keys, locals, members, modules, notebooks, references,
    row, services, suppressed, unclosed, units, value_files,
};

const ROUNDS: usize = 5;

/// Prints the processor time of each size and the ratio for twice the size.
pub(crate) fn run(folder: &Path) {
    println!("\nonce and twice as much, processor seconds");
    for (name, make, number) in [
        ("notebooks with variables", notebooks as fn(usize) -> Files, 3_000),
        ("notebooks with elements of a map", elements, 1_500),
        ("notebooks in a row", references, 1_500),
        ("units that read one document", documents, 500),
        ("files of values", value_files, 2_000),
        ("calls in a folder", calls, 10_000),
        ("keys of for_each", keys, 20_000),
        ("members of a set", members, 20_000),
        ("local values in a column", locals, 3_000),
        ("unclosed blocks", unclosed, 110_000),
        ("modules in a row", row, 2_000),
        ("suppressed notebooks", suppressed, 5_000),
        ("folders", folders, 3_000),
        ("modules of one root", modules, 2_000),
        ("Terragrunt units", units, 2_000),
        ("deployments", deployments, 3_000),
        ("variables of a service", services, 3_000),
    ] {
        let mut measured = [number / 2, number].map(|number| {
            let root = folder.join(format!("scaling-{}-{number}", name.replace(' ', "-")));
            put(&root, &make(number));
            Runs::new(name, move || {
                let mut command = Command::new(env!("CARGO_BIN_EXE_unroot"));
                command.arg("--check").arg(&root);
                command
            })
        });
        for _ in 0..=ROUNDS {
            measured.iter_mut().for_each(Runs::run);
        }
        let [half, whole] = &measured;
        println!(
            "{name:26} {number:>7}: {:>6.2} s {:>6.2} s  times {:>4.2}",
            half.cpu(),
            whole.cpu(),
            whole.cpu() / half.cpu()
        );
    }
}

fn put(folder: &Path, files: &Files) {
    let head = (".git/HEAD".to_owned(), String::new());
    for (path, text) in files.iter().chain([&head]) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder");
        tree::put(&path, text);
    }
}
