//! Replacing files where the system has the last word: modes, owners, links, permissions, limits.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;

use camino::Utf8Path;
use unroot::write::{Change, Reason, Transaction, WriteError, write};

use crate::process;
use crate::tree::{root, tree};

fn replace(path: &str, before: &str, after: &str) -> Result<(), WriteError> {
    write(&[Change { path: Utf8Path::new(path), before: before.as_bytes(), after: after.as_bytes() }])
}

fn mode(path: impl AsRef<Path>, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

fn text(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).expect("the file is there")
}

fn count(folder: impl AsRef<Path>) -> usize {
    fs::read_dir(folder).expect("the folder is there").count()
}

#[test]
fn mode_bits_are_kept() {
    let folder = tree(&["a.tf: old"]);
    let path = root(&folder).join("a.tf");
    for bits in [0o600, 0o640, 0o666, 0o755, 0o200 | 0o444] {
        mode(&path, bits);
        let before = text(&path);
        replace(path.as_str(), &before, &format!("{before}+")).expect("nothing is in the way");
        assert_eq!(path.metadata().expect("the file").mode() & 0o7777, bits, "{bits:o}");
    }
    assert_eq!(text(&path), "old+++++");
}

#[test]
fn the_owner_is_kept_where_permitted() {
    let folder = tree(&["a.tf: old"]);
    let path = root(&folder).join("a.tf");
    // Only root may give files away; for anyone else the owner is the one who runs the test.
    let _ = chown(&path, Some(4321), Some(8765));
    let owner = |path: &Utf8Path| path.metadata().map(|metadata| (metadata.uid(), metadata.gid())).expect("the file");
    let before = owner(&path);
    replace(path.as_str(), "old", "new").expect("nothing is in the way");
    assert_eq!((owner(&path), text(&path).as_str()), (before, "new"));
}

#[test]
fn a_link_stays_a_link_and_its_target_is_replaced() {
    let folder = tree(&["real/a.tf: old", "links/"]);
    let link = root(&folder).join("links/b.tf");
    symlink("c.tf", &link).expect("a link");
    symlink("../real/a.tf", root(&folder).join("links/c.tf")).expect("a link");
    replace(link.as_str(), "old", "new").expect("nothing is in the way");
    assert_eq!(fs::read_link(&link).expect("still a link"), Path::new("c.tf"));
    assert_eq!(text(root(&folder).join("real/a.tf")), "new");
    assert_eq!((count(root(&folder).join("real")), count(root(&folder).join("links"))), (1, 2));
}

#[test]
fn other_names_of_a_file_keep_the_old_text() {
    let folder = tree(&["a.tf: old"]);
    let (path, other) = (root(&folder).join("a.tf"), root(&folder).join("b.tf"));
    fs::hard_link(&path, &other).expect("a hard link");
    replace(path.as_str(), "old", "new").expect("nothing is in the way");
    assert_eq!((text(&path).as_str(), text(&other).as_str()), ("new", "old"));
}

#[test]
fn a_folder_without_permission_keeps_its_file() {
    if process::child_folder().is_some() {
        let error = replace("shut/a.tf", "old", "new").expect_err("the folder is read-only");
        assert_eq!(error.to_string(), "cannot be replaced, for its folder takes no temporary file: permission denied");
        return;
    }
    let folder = tree(&["shut/a.tf: old"]);
    mode(folder.path().join("shut"), 0o555);
    let bound = process::bound_by_permissions(folder.path());
    let name = "refused::a_folder_without_permission_keeps_its_file";
    process::must_pass(&mut process::child(name, folder.path(), bound));
    assert_eq!(text(folder.path().join("shut/a.tf")), "old");
    assert_eq!(count(folder.path().join("shut")), 1);
    mode(folder.path().join("shut"), 0o755);
}

#[test]
fn a_file_of_someone_else_is_not_replaced_though_its_folder_would_allow_it() {
    if process::child_folder().is_some() {
        let error = replace("a.tf", "old", "new").expect_err("the file is someone else's");
        assert_eq!(error.to_string(), "cannot be written: permission denied");
        return;
    }
    let folder = tree(&["a.tf: old"]);
    let path = folder.path().join("a.tf");
    mode(&path, 0o644);
    if chown(&path, Some(4321), Some(8765)).is_err() {
        return; // Only root can make a file that is someone else's.
    }
    let bound = process::bound_by_permissions(folder.path());
    let name = "refused::a_file_of_someone_else_is_not_replaced_though_its_folder_would_allow_it";
    process::must_pass(&mut process::child(name, folder.path(), bound));
    assert_eq!((text(&path).as_str(), count(&folder)), ("old", 1));
}

#[test]
fn a_rename_that_fails_takes_the_other_files_back() {
    let name = "refused::a_rename_that_fails_takes_the_other_files_back";
    if process::child_folder().is_some() {
        let changes = ["a/one.tf", "b/two.tf"].map(|path| Change { path: path.into(), before: b"old", after: b"new" });
        let staged = Transaction::stage(&changes).expect("nothing is in the way yet");
        mode("b", 0o555);
        let error = staged.commit().expect_err("the second folder is read-only now");
        mode("b", 0o755);
        assert_eq!(error.to_string(), "cannot be replaced: permission denied");
        assert_eq!((error.path.as_str(), error.stuck.len()), ("b/two.tf", 0));
        return;
    }
    let folder = tree(&["a/one.tf: old", "b/two.tf: old"]);
    let bound = process::bound_by_permissions(folder.path());
    process::must_pass(&mut process::child(name, folder.path(), bound));
    assert_eq!(text(folder.path().join("a/one.tf")), "old");
    assert_eq!(text(folder.path().join("b/two.tf")), "old");
    assert_eq!(count(folder.path().join("a")), 1, "no temporary file stays where it can be removed");
}

#[test]
fn a_disk_without_space_keeps_every_file() {
    let name = "refused::a_disk_without_space_keeps_every_file";
    if process::child_folder().is_some() {
        let long = "new ".repeat(1 << 18);
        let changes = [("a.tf", "short"), ("b.tf", &long)].map(|(path, after)| Change {
            path: path.into(),
            before: b"old",
            after: after.as_bytes(),
        });
        let error = write(&changes).expect_err("a megabyte is above the limit");
        assert!(matches!(error.reason, Reason::System { action: "written", .. }), "{error:?}");
        assert_eq!((error.path.as_str(), error.to_string().as_str()), ("b.tf", "cannot be written: file too large"));
        return;
    }
    let folder = tree(&["a.tf: old", "b.tf: old"]);
    // A limit on the size of files stops a write halfway, as a full disk does, and needs no disk to fill. The signal
    // that comes with it must be ignored, or it would end the process before it can clean up.
    let limited = ["sh", "-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""];
    process::must_pass(&mut process::child(name, folder.path(), &limited));
    assert_eq!((text(folder.path().join("a.tf")), text(folder.path().join("b.tf"))), ("old".into(), "old".into()));
    assert_eq!(count(&folder), 2, "no temporary file stays");
}

#[test]
fn a_change_may_have_more_files_than_a_process_may_have_open() {
    let name = "refused::a_change_may_have_more_files_than_a_process_may_have_open";
    let files: Vec<_> = (0..60).map(|at| format!("{at}.tf")).collect();
    if process::child_folder().is_some() {
        let change = |path| Change { path: Utf8Path::new(path), before: b"old", after: b"new" };
        let changes: Vec<_> = files.iter().map(|path| change(path.as_str())).collect();
        write(&changes).expect("nothing is in the way");
        return;
    }
    let texts: Vec<_> = files.iter().map(|name| format!("{name}: old")).collect();
    let folder = tree(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let limited = ["sh", "-c", "ulimit -n 40; exec \"$0\" \"$@\""];
    process::must_pass(&mut process::child(name, folder.path(), &limited));
    assert!(files.iter().all(|name| text(folder.path().join(name)) == "new"));
    assert_eq!(count(&folder), 60);
}
