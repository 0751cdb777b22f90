//! `terraform fmt` judges many generated files at once.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::generate::code;
use crate::support::program::{run, unroot};
use crate::support::{folder, terraform};

/// Generated files; each is there as it is, and as `terraform fmt` writes it.
const FILES: u32 = 100;

#[test]
fn formatted_files_stay_formatted_and_all_stay_terraform() {
    if !terraform::is_there() {
        return;
    }
    let mut runner = TestRunner::deterministic();
    let strategy = code();
    let generated = folder::empty();
    for number in 0..crate::config(FILES).cases {
        let code = strategy.new_tree(&mut runner).expect("nothing is filtered for long").current();
        for part in ["raw", "formatted"] {
            let path = generated.path().join(format!("{part}/{number}/main.tf"));
            folder::put(&path, code.on_disk().as_bytes());
        }
    }
    terraform::format(&generated.path().join("formatted"));
    let before = folder::files(generated.path());
    let was_clean = judged(&before);

    let ended = run(unroot(generated.path()).args(["--write", "--quiet"]));
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    let after = folder::files(generated.path());
    let is_clean = judged(&after);

    let clean: Vec<_> = was_clean.iter().filter(|(_, clean)| **clean).map(|(path, _)| path).collect();
    for path in &clean {
        let show = |files: &Files| String::from_utf8(files[*path].clone()).expect("generated as text");
        assert!(is_clean[*path], "{path:?} was formatted:\n{}\n{}", show(&before), show(&after));
    }
    assert!(clean.len() > before.len() / 2, "only {} of {} files were formatted", clean.len(), before.len());
}

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// What `terraform fmt` says of files, which all have to be Terraform.
fn judged(files: &Files) -> BTreeMap<PathBuf, bool> {
    let copy = folder::empty();
    for (path, bytes) in files {
        folder::put(&copy.path().join(path), bytes);
    }
    let (clean, errors) = terraform::clean(copy.path());
    assert_eq!(errors, "", "this is no Terraform");
    clean
}
