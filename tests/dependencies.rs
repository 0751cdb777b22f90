//! Whose code the program is made of, and under which terms: read from what cargo knows, without a network.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

/// Terms that let the program be given to anyone under its own.
const LICENCES: [&str; 9] = [
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSL-1.0",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Code that talks to others or runs programs, which this program promises not to do.
const BANNED: [&str; 10] =
    ["openssl", "native-tls", "rustls", "reqwest", "hyper", "ureq", "curl", "git2", "tokio", "duct"];

/// Whether an expression of licences can be met by those that are allowed.
fn is_allowed(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], "").replace(" / ", " OR ").replace('/', " OR ");
    plain.split(" AND ").all(|all| all.split(" OR ").any(|one| LICENCES.contains(&one.trim())))
}

fn strings<'v>(values: &'v Value, key: &str) -> Vec<&'v str> {
    values.as_array().into_iter().flatten().filter_map(|value| value[key].as_str()).collect()
}

#[test]
fn every_crate_comes_from_the_registry_under_terms_that_are_allowed() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version", "1", "--locked", "--offline", "--manifest-path"]);
    let output = cargo.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).output().expect("cargo is there");
    assert!(output.status.success(), "{}", output.stderr.escape_ascii());
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let root = metadata["resolve"]["root"].as_str().expect("a root");
    let nodes = metadata["resolve"]["nodes"].as_array().expect("nodes");
    // What the program is made of, without what only its tests need.
    let (mut built, mut open) = (BTreeSet::new(), vec![root]);
    while let Some(id) = open.pop() {
        if built.insert(id) {
            let node = nodes.iter().find(|node| node["id"] == id).expect("a node");
            let needed = node["deps"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|one| one["dep_kinds"].as_array().into_iter().flatten().any(|kind| kind["kind"] != "dev"));
            open.extend(needed.filter_map(|one| one["pkg"].as_str()));
        }
    }
    assert!(built.len() > 50, "{} crates", built.len());
    let mut names = BTreeSet::new();
    for package in metadata["packages"].as_array().expect("packages").iter().filter(|one| one["id"] != root) {
        let name = package["name"].as_str().unwrap_or_default();
        assert_eq!(package["source"], "registry+https://github.com/rust-lang/crates.io-index", "{name}");
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_allowed(licence), "{name}: {licence:?}");
        if package["id"].as_str().is_some_and(|id| built.contains(id)) {
            assert!(!BANNED.contains(&name), "{name}");
            assert!(names.insert(name), "{name} is there in two versions");
        }
    }
    assert!(strings(&metadata["packages"], "name").contains(&"hcl-edit"));
}

#[test]
fn licences_are_told_apart() {
    for allowed in ["MIT", "MIT OR GPL-3.0", "MIT/Apache-2.0", "(MIT OR Apache-2.0) AND Unicode-3.0"] {
        assert!(is_allowed(allowed), "{allowed}");
    }
    for refused in ["", "GPL-3.0", "MIT AND GPL-3.0"] {
        assert!(!is_allowed(refused), "{refused}");
    }
}
