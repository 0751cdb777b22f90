//! Links, loops of them, and what else a Unix file system can put in a walk's way.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

use tempfile::TempDir;
use unroot::discover::Walk;

use crate::process;
use crate::tree::{HIT, hits_with, names, root, tree, walk};

fn link(folder: &TempDir, target: &str, name: &str) {
    symlink(target, folder.path().join(name)).expect("a link");
}

fn all(folder: &TempDir) -> (Vec<String>, usize) {
    below(folder, "")
}

/// The files that a walk of a part of the folder finds, as seen from there, and the number of Terraform files.
fn below(folder: &TempDir, part: &str) -> (Vec<String>, usize) {
    let root = root(folder).join(part);
    let found = walk(std::slice::from_ref(&root), &Walk::default());
    assert_eq!(found.problems, []);
    (names(&found, &root), found.files)
}

#[test]
fn a_linked_file_is_met_once_under_its_own_path() {
    let folder = tree(&["z/real.tf", "a/"]);
    link(&folder, "../z/real.tf", "a/link.tf");
    link(&folder, "link.tf", "a/again.tf");
    assert_eq!(all(&folder), (vec!["z/real.tf".into()], 1));
    let named = walk(&[root(&folder).join("a/link.tf"), root(&folder)], &Walk::default());
    assert_eq!(names(&named, &root(&folder)), ["z/real.tf"]);
}

#[test]
fn a_file_beside_the_tree_is_met_once_under_its_first_link() {
    let folder = tree(&[".git/", "out/real.tf", "out/text.tmpl", "in/a/", "in/b/", "in/.hidden/h.tf"]);
    link(&folder, "../../out/real.tf", "in/b/one.tf");
    link(&folder, "../../out/real.tf", "in/a/two.tf");
    link(&folder, "../../out/text.tmpl", "in/a/by-its-own-name.tf");
    link(&folder, "../../out/real.tf", "in/a/not-terraform.txt");
    link(&folder, ".hidden/h.tf", "in/shown.tf");
    let expected = ["a/by-its-own-name.tf", "a/two.tf", "shown.tf"].map(Into::into).to_vec();
    assert_eq!(below(&folder, "in"), (expected, 3));
}

#[test]
fn a_link_out_of_the_repository_is_not_followed_and_said_where_terraform_would_follow() {
    let folder = tree(&["out/real.tf", "out/m/a.tf", "in/.git/", "in/b.tf"]);
    for (target, name) in [("../out/real.tf", "in/one.tf"), ("../out/real.tf", "in/text"), ("../out/m", "in/m")] {
        link(&folder, target, name);
    }
    let root = root(&folder).join("in");
    let found = walk(std::slice::from_ref(&root), &Walk::default());
    assert_eq!((names(&found, &root), found.files), (vec!["b.tf".into()], 1));
    let problems: Vec<_> = found.problems.iter().map(|one| (one.file.as_str(), one.message.as_str())).collect();
    assert_eq!(problems, [(root.join("one.tf").as_str(), "leads out of the repository, so it was not read")]);
}

#[test]
fn linked_folders_are_walked_once() {
    let folder = tree(&[".git/", "lib/a.tf", "lib/deep/b.tf", "in/m/c.tf", "in/.hidden/d.tf", "in/one/", "in/two/"]);
    link(&folder, "../../lib", "lib/deep/up");
    for stack in ["in/one", "in/two"] {
        link(&folder, "../m", &format!("{stack}/m"));
        link(&folder, "../../lib", &format!("{stack}/lib"));
        link(&folder, "../.hidden", &format!("{stack}/h"));
    }
    link(&folder, "../lib/deep", "in/first");
    let expected = ["m/c.tf", "one/h/d.tf", "one/lib/a.tf", "one/lib/deep/b.tf"];
    assert_eq!(below(&folder, "in"), (expected.map(Into::into).to_vec(), 4));
    let named = walk(&[root(&folder).join("in/first")], &Walk::default());
    assert_eq!(names(&named, &root(&folder)), ["in/first/b.tf"], "a loop that leads above the walk is not followed");
}

#[test]
fn a_link_to_a_folder_above_another_path_meets_that_one_once() {
    let folder = tree(&[".git/", "x/a.tf", "x/y/b.tf", "x/y/.h/c.tf", "in/d.tf"]);
    link(&folder, "../x", "in/x");
    let found = walk(&[root(&folder).join("x/y"), root(&folder).join("in")], &Walk::default());
    assert_eq!(
        (names(&found, &root(&folder)), found.files),
        (vec!["in/d.tf".into(), "in/x/a.tf".into(), "x/y/b.tf".into()], 3)
    );
}

#[test]
fn loops_of_links_are_harmless() {
    let folder = tree(&["a.tf", "m/n/b.tf"]);
    for (target, name) in [("..", "m/up"), (".", "self"), ("/", "root"), ("two", "one"), ("one", "two"), ("gone", "no")]
    {
        link(&folder, target, name);
    }
    link(&folder, "../../m", "m/n/m");
    assert_eq!(all(&folder), (vec!["a.tf".into(), "m/n/b.tf".into()], 2));
}

#[test]
fn many_folders_that_link_to_each_other_are_walked_in_no_time() {
    let folder = tree(&[".git/", "in/"]);
    for from in 0..12 {
        let one = folder.path().join(format!("out/{from}"));
        fs::create_dir_all(&one).expect("a folder");
        fs::write(one.join("a.tf"), HIT).expect("a file");
        for to in 0..12 {
            symlink(format!("../{to}"), one.join(format!("to{to}"))).expect("a link");
        }
    }
    link(&folder, "../out/0", "in/start");
    assert_eq!(below(&folder, "in").1, 12, "every way through them would be twelve factorial");
}

#[test]
fn a_copy_is_looked_at_where_a_link_of_the_code_leads_to_it() {
    let folder = tree(&[".terraform/modules/m/a.tf", "cache/c.tf", "b.tf"]);
    link(&folder, ".terraform/modules/m", "m");
    link(&folder, "cache", ".terragrunt-cache");
    let everything = Walk { hidden: true, no_ignore: true, ..Walk::default() };
    assert_eq!(hits_with(&folder, &everything), ["b.tf", "cache/c.tf", "m/a.tf"]);
}

#[test]
fn a_terraform_file_that_links_nowhere_is_reported_and_an_editors_lock_is_not() {
    let folder = tree(&["a.tf"]);
    link(&folder, "gone.tf", "broken.tf");
    link(&folder, "user@host.1", ".#a.tf");
    let found = walk(&[root(&folder)], &Walk { hidden: true, ..Walk::default() });
    let named: Vec<_> = found.problems.iter().map(|problem| problem.file.as_str()).collect();
    assert_eq!(named, [root(&folder).join("broken.tf")]);
}

#[test]
fn pipes_and_sockets_are_reported_and_never_opened() {
    let folder = tree(&["a.tf", "folder.tf/b.tf"]);
    let pipe = folder.path().join("pipe.tf");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket.tf")).expect("a socket");
    link(&folder, "pipe.tf", "linked.tf");
    let root = root(&folder);
    let found = walk(&[root.clone(), root.join("pipe.tf")], &Walk::default());
    assert_eq!(names(&found, &root), ["a.tf", "folder.tf/b.tf"]);
    let mut named: Vec<_> = found.problems.iter().map(|problem| problem.file.replace(root.as_str(), "")).collect();
    named.dedup();
    assert_eq!(named, ["/linked.tf", "/pipe.tf", "/socket.tf"]);
}

#[test]
fn a_name_that_is_not_utf8_is_reported_if_it_matters() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"odd\xff"));
    if fs::create_dir(&odd).is_err() {
        return; // a file system that allows UTF-8 only
    }
    fs::write(odd.join("hit.tf"), HIT).expect("a file");
    fs::write(odd.join("miss.tf"), "locals {}").expect("a file");
    let found = walk(&[root(&folder)], &Walk::default());
    assert_eq!((found.files, found.hits.len(), found.problems.len()), (2, 0, 1));
    assert!(found.problems[0].file.ends_with("odd\\xff/hit.tf"), "{}", found.problems[0].file);
}

#[test]
fn what_may_not_be_read_is_reported_and_the_rest_is_walked() {
    let name = "links::what_may_not_be_read_is_reported_and_the_rest_is_walked";
    if let Some(folder) = process::child_folder() {
        let found = walk(&[".".into()], &Walk::default());
        let problems: Vec<_> = found.problems.iter().map(|one| (one.file.as_str(), one.message.as_str())).collect();
        let denied = "cannot be read: permission denied";
        assert_eq!(problems, [("closed", denied), ("secret.tf", denied)], "in {}", folder.display());
        assert_eq!((found.hits.len(), found.files), (1, 2));
        return;
    }
    let folder = tree(&["a.tf", "secret.tf", "closed/b.tf"]);
    let mode = |path: &str, mode| {
        fs::set_permissions(folder.path().join(path), fs::Permissions::from_mode(mode)).expect("a mode");
    };
    mode("secret.tf", 0);
    mode("closed", 0);
    let mut child = process::child(name, folder.path(), process::bound_by_permissions(folder.path()));
    process::must_pass(&mut child);
    mode("closed", 0o755);
}
