//! What the walk finds, what it passes over, and how it names things.

use std::fs;
use std::path::Path;

use camino::Utf8Path;
use unroot::discover::{Walk, discover};

use crate::process;
use crate::tree::{HIT, hits, hits_with, names, root, tree, walk};

#[test]
fn terraform_files_are_found_by_name_and_by_what_they_mention() {
    let folder =
        tree(&["b.tf", "a/z.tofu", "a/c.tf.json", "d.tofu.json", "e.tfvars", "f.txt", "g.tf: locals {}", "h/"]);
    let found = walk(&[root(&folder)], &Walk::default());
    assert_eq!(names(&found, &root(&folder)), ["a/c.tf.json", "a/z.tofu", "b.tf", "d.tofu.json"]);
    assert_eq!(found.files, 5, "the file without a notebook counts as seen");
    assert_eq!(found.problems, []);
    assert!(found.hits.iter().all(|hit| hit.bytes == HIT.as_bytes()));
}

#[test]
fn what_git_ignores_is_left_out_inside_a_repository_only() {
    let files =
        [".gitignore: out/\n*.gen.tf\n!keep.gen.tf", "out/a.tf", "b.gen.tf", "keep.gen.tf", "sub/c.gen.tf", "d.tf"];
    let folder = tree(&files);
    assert_eq!(hits(&folder).len(), 5, "without a repository a .gitignore says nothing");
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    assert_eq!(hits(&folder), ["d.tf", "keep.gen.tf"]);
    assert_eq!(hits_with(&folder, &Walk { no_ignore: true, ..Walk::default() }).len(), 5);
    let below = walk(&[root(&folder).join("sub")], &Walk::default());
    assert_eq!(names(&below, &root(&folder)), [] as [&str; 0], "the file of the parent folder counts");
}

#[test]
fn a_file_for_search_tools_hides_nothing() {
    assert_eq!(hits(&tree(&[".ignore: *.tf", ".git/", "a.tf"])), ["a.tf"]);
}

#[test]
fn hidden_places_are_walked_on_request_and_copies_never() {
    let folder = tree(&[".h/a.tf", ".b.tf", "c.tf", ".git/d.tf", "m/.terraform/e.tf", ".terragrunt-cache/x/f.tf"]);
    assert_eq!(hits(&folder), ["c.tf"]);
    let all = Walk { hidden: true, no_ignore: true, ..Walk::default() };
    assert_eq!(hits_with(&folder, &all), [".b.tf", ".h/a.tf", "c.tf"]);
    for inside in ["m/.terraform", "m/.terraform/e.tf"] {
        let named = walk(&[root(&folder).join(inside)], &all);
        assert_eq!((named.hits.len(), named.problems.len()), (0, 1), "{inside}");
        assert!(named.problems[0].message.contains(".terraform"), "{}", named.problems[0].message);
    }
}

#[test]
fn globs_exclude_files_and_folders() {
    let folder = tree(&["a.tf", "examples/b.tf", "m/examples/c.tf", "m/d.gen.tf", "m/keep.gen.tf"]);
    let exclude = |globs: &[&str]| {
        let exclude = globs.iter().map(ToString::to_string).collect();
        hits_with(&folder, &Walk { exclude, ..Walk::default() })
    };
    assert_eq!(exclude(&["examples/"]), ["a.tf", "m/d.gen.tf", "m/keep.gen.tf"]);
    assert_eq!(exclude(&["**/m/examples", "*.gen.tf", "!keep.gen.tf"]), ["a.tf", "examples/b.tf", "m/keep.gen.tf"]);
    let bad = Walk { exclude: vec!["ok".into(), "a[".into()], ..Walk::default() };
    let error = discover(&[root(&folder)], &bad, &|_| {}).expect_err("an unclosed class is no glob");
    assert_eq!(error.glob, "a[");
}

#[test]
fn a_named_file_is_read_whatever_its_name_and_though_it_is_left_out_of_walks() {
    let folder = tree(&[".gitignore: *.txt", ".git/", "a.txt", ".b", "c.tf", "d.md: nothing"]);
    let root = root(&folder);
    let paths = ["a.txt", ".b", "c.tf", "d.md"].map(|name| root.join(name));
    let found = walk(&paths, &Walk { exclude: vec!["c.tf".into()], ..Walk::default() });
    assert_eq!(names(&found, &root), [".b", "a.txt", "c.tf"]);
    assert_eq!(found.files, 4);
    let both = walk(&[root.clone(), root.join("a.txt")], &Walk::default());
    assert_eq!(names(&both, &root), ["a.txt", "c.tf"], "also beside a walk that passes over it");
}

#[test]
fn each_file_is_met_once_however_often_it_is_given() {
    let folder = tree(&["a.tf", "m/b.tf", "m/n/c.tf", ".h/i/d.tf"]);
    let root = root(&folder);
    let paths = ["", "m", "m/n", "m/../m", "a.tf", "m/b.tf", "a.tf", ".h/i", ".h"].map(|name| root.join(name));
    let found = walk(&paths, &Walk::default());
    assert_eq!(names(&found, &root), [".h/i/d.tf", "a.tf", "m/b.tf", "m/n/c.tf"]);
    assert_eq!(found.files, 4);
}

#[test]
fn paths_that_lead_nowhere_are_reported_and_the_rest_is_walked() {
    let folder = tree(&["a.tf"]);
    let found = walk(&[root(&folder).join("gone"), root(&folder)], &Walk::default());
    assert_eq!(names(&found, &root(&folder)), ["a.tf"]);
    assert_eq!(found.problems.len(), 1);
    assert_eq!(found.problems[0].file, root(&folder).join("gone"));
    assert!(found.problems[0].message.contains("no such file or folder"), "{}", found.problems[0].message);
}

#[test]
fn paths_are_shown_as_they_are_given() {
    if process::child_folder().is_some() {
        let shown = |path: &str| {
            let found = walk(&[path.into()], &Walk::default());
            found.hits.into_iter().map(|hit| hit.path.as_str().replace('\\', "/")).collect::<Vec<_>>()
        };
        assert_eq!(shown("."), ["m/a.tf"]);
        assert_eq!(shown("./"), ["m/a.tf"]);
        assert_eq!(shown("m//"), ["m/a.tf"]);
        assert_eq!(shown("./m/./a.tf"), ["m/a.tf"]);
        assert_eq!(shown("../x"), ["../x/b.tf"]);
        assert_eq!(shown("m/../m"), ["m/../m/a.tf"]);
        let exclude = |glob: &str, path: &Path| {
            let path = Utf8Path::from_path(path).expect("a plain name").to_owned();
            walk(&[path], &Walk { exclude: vec![glob.into()], ..Walk::default() }).hits.len()
        };
        let here = std::env::current_dir().expect("the child has a folder");
        assert_eq!(exclude("/m/a.tf", Path::new(".")), 0, "a glob is seen from the working folder");
        assert_eq!(exclude("/m/a.tf", &here), 0, "also for an absolute path");
        assert_eq!(exclude("/a.tf", Path::new("m")), 1);
        return;
    }
    let folder = tree(&["here/m/a.tf", "x/b.tf"]);
    process::must_pass(&mut process::child(
        "walk::paths_are_shown_as_they_are_given",
        &folder.path().join("here"),
        &[],
    ));
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let files: Vec<_> = (0..300).map(|at| format!("d{}/e{}/f{at}.tf", at % 7, at % 11)).collect();
    let folder = tree(&files.iter().map(String::as_str).collect::<Vec<_>>());
    let with = |threads| walk(&[root(&folder)], &Walk { threads: Some(threads), ..Walk::default() });
    let one = with(1);
    assert_eq!((one.files, one.hits.len()), (300, 300));
    assert!(one.hits.is_sorted_by(|a, b| a.path < b.path));
    for threads in [2, 3, 8] {
        assert_eq!(one, with(threads), "{threads} threads");
    }
}

#[test]
fn every_file_seen_is_told() {
    let folder = tree(&["a.tf", "b.tf", "c.tf: x", "d.md"]);
    let told = std::sync::atomic::AtomicUsize::new(0);
    let tell = |count| _ = told.fetch_add(count, std::sync::atomic::Ordering::Relaxed);
    discover(&[root(&folder)], &Walk::default(), &tell).expect("no globs");
    assert_eq!(told.into_inner(), 3);
}
