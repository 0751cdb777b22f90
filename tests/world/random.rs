//! Random repositories. `UNROOT_WORLD_TREES` says how many are made, `UNROOT_WORLD_SEED` from which seed on.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fastrand::Rng;
use serde_json::Value;
use tempfile::TempDir;

use crate::estate::Estate;
use crate::support::folder;
use crate::support::program::{run, unroot};

/// As many as take a few seconds.
const DEFAULT_TREES: u64 = 12;

fn seeds() -> std::ops::Range<u64> {
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|error| panic!("{name}: {error}")))
    };
    let (trees, first) = (number("UNROOT_WORLD_TREES", DEFAULT_TREES), number("UNROOT_WORLD_SEED", 1));
    first..first + trees
}

fn made(estate: &Estate) -> TempDir {
    let tree = folder::empty();
    folder::put(&tree.path().join(".git/HEAD"), b"");
    for (path, text) in &estate.files {
        folder::put(&tree.path().join(path), text.as_bytes());
    }
    tree
}

/// The exit code, and the files of the notebooks that do not comply.
fn failing(top: &Path, paths: &[&str]) -> (Option<i32>, BTreeSet<String>) {
    let ended = run(unroot(top).args(["--check", "--format", "json"]).args(paths));
    let report: Value = serde_json::from_slice(&ended.out).unwrap_or_else(|error| panic!("{error}: {}", ended.err));
    let notebooks = report["notebooks"].as_array().expect("a list").iter();
    let bad = notebooks.filter(|notebook| notebook["status"] != "compliant");
    (ended.code, bad.map(|notebook| notebook["file"].as_str().expect("a path").to_owned()).collect())
}

/// Whatever subset of the files is named, no notebook that a run over everything fails is missing when a file on its way is
/// named.
#[test]
fn whatever_is_named_no_notebook_behind_it_is_missed() {
    for seed in seeds() {
        let mut rng = Rng::with_seed(seed);
        let estate = Estate::new(&mut rng);
        let tree = made(&estate);
        let bad: BTreeSet<String> =
            estate.notebooks.iter().filter(|notebook| notebook.is_bad).map(|notebook| notebook.file.clone()).collect();
        let (code, all) = failing(tree.path(), &["."]);
        assert_eq!((code, &all), (Some(i32::from(!bad.is_empty())), &bad), "seed {seed}: {:#?}", estate.files);
        for _ in 0..5 {
            let share = rng.usize(1..=estate.files.len());
            let files: Vec<&str> = estate.files.keys().map(String::as_str).collect();
            let named: BTreeSet<&str> = (0..share).map(|_| files[rng.usize(..files.len())]).collect();
            let behind = estate.notebooks.iter().filter(|notebook| {
                let own = notebook.way.iter().chain([&notebook.file]);
                notebook.is_bad && own.into_iter().any(|file| named.contains(file.as_str()))
            });
            let behind: BTreeSet<String> = behind.map(|notebook| notebook.file.clone()).collect();
            let (code, found) = failing(tree.path(), &named.iter().copied().collect::<Vec<_>>());
            let told = format!("seed {seed}, {named:?}: {behind:?} against {found:?} in {:#?}", estate.files);
            assert!(behind.is_subset(&found), "{told}");
            assert!(found.is_subset(&all), "{told}");
            assert_eq!(code, Some(i32::from(!found.is_empty())), "{told}");
        }
    }
}

/// A file that is broken in a way that Terraform refuses, or that it cannot even open.
fn broken(path: &Path, text: &str, rng: &mut Rng) -> String {
    let bytes = text.as_bytes();
    let at = rng.usize(..bytes.len());
    let (bytes, how): (Vec<u8>, String) = match rng.u8(0..6) {
        0 => ([&bytes[..at], b" [ \"\n", &bytes[at..]].concat(), format!("a bracket and a quote at {at}")),
        1 => {
            let open = |end: &usize| {
                let part = &text[..*end];
                part.matches('{').count() > part.matches('}').count() || part.matches('"').count() % 2 == 1
            };
            let ends: Vec<usize> = (1..bytes.len()).filter(open).collect();
            let end = ends[rng.usize(..ends.len())];
            (bytes[..end].to_vec(), format!("cut at {end}"))
        }
        2 => ([&bytes[..at], b"\xe9", &bytes[at..]].concat(), format!("a byte that is no UTF-8 at {at}")),
        3 => {
            let units = format!("\u{feff}{text}");
            (units.encode_utf16().flat_map(u16::to_le_bytes).collect(), "UTF-16".to_owned())
        }
        4 => {
            let signs: Vec<usize> = (0..bytes.len()).filter(|&at| b"{}\"".contains(&bytes[at])).collect();
            let at = signs[rng.usize(..signs.len())];
            ([&bytes[..at], &bytes[at + 1..]].concat(), format!("without {:?} at {at}", char::from(bytes[at])))
        }
        _ => {
            fs::remove_file(path).expect("the file is there");
            #[cfg(unix)]
            std::os::unix::fs::symlink("nowhere", path).expect("a link");
            return "a link that leads nowhere".to_owned();
        }
    };
    folder::put(path, &bytes);
    how
}

/// One file that feeds the notebook is broken: then its value is not known, whatever the rest says.
#[test]
fn nothing_that_is_fed_by_a_broken_file_complies() {
    for seed in seeds() {
        let mut rng = Rng::with_seed(seed);
        let estate = Estate::with_root(&mut rng);
        let feeding: Vec<&String> = estate.notebooks.iter().flat_map(|notebook| &notebook.way).collect();
        for _ in 0..4 {
            let tree = made(&estate);
            let file = feeding[rng.usize(..feeding.len())];
            let path = tree.path().join(file);
            let how = broken(&path, &estate.files[file], &mut rng);
            for paths in [vec!["."], vec![file.as_str()], vec!["modules"]] {
                let ended = run(unroot(tree.path()).args(["--check", "--format", "json"]).args(&paths));
                let told = format!("seed {seed}, {file}: {how}, {paths:?}: {} {}", ended.text(), ended.err);
                assert!(matches!(ended.code, Some(1 | 2)), "{told} {:#?}", estate.files);
                let report: Value =
                    serde_json::from_slice(&ended.out).unwrap_or_else(|error| panic!("{error}: {told}"));
                let mut notebooks = report["notebooks"].as_array().expect("a list").iter();
                assert!(notebooks.all(|notebook| notebook["status"] != "compliant"), "{told} {:#?}", estate.files);
            }
        }
    }
}
