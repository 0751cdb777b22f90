//! `unroot --format diff | git apply` gives what `--write` gives, from wherever it is run.

use std::path::Path;

use crate::support::folder;
use crate::support::program::{git, run, unroot};
use crate::{FIXED, MISSING};

/// A repository with the same notebook at each path.
fn repository(paths: &[&str]) -> tempfile::TempDir {
    let files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, MISSING)).collect();
    let folder = folder::with(&files);
    git(folder.path(), &["init", "--quiet"], b"").expect("git is there");
    folder
}

/// Applies the diff of `arguments`, made in a folder of the repository, in the same folder.
fn apply(repository: &Path, from: &str, arguments: &[&str]) {
    let from = repository.join(from);
    let ended = run(unroot(&from).args(["--format", "diff"]).args(arguments));
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    git(&from, &["apply", "--whitespace=nowarn"], &ended.out)
        .unwrap_or_else(|error| panic!("{error}\n{}", ended.text()));
}

fn fixed(repository: &Path) -> Vec<String> {
    let fixed = folder::files(repository).into_iter().filter(|(_, bytes)| bytes == FIXED.as_bytes());
    fixed.map(|(path, _)| path.to_str().expect("a UTF-8 name").to_owned()).collect()
}

#[test]
fn from_the_top_and_from_every_folder_below() {
    let paths = ["a/a/main.tf", "infra/live/infra/live/main.tf", "infra/live/main.tf", "infra/main.tf", "main.tf"];
    for (from, expected) in
        [("", &paths[..]), ("infra", &paths[1..4]), ("infra/live", &paths[1..3]), ("a", &paths[..1])]
    {
        let repository = repository(&paths);
        apply(repository.path(), from, &[]);
        assert_eq!(fixed(repository.path()), expected, "from {from:?}");
    }
}

#[test]
fn with_paths_named_in_any_way() {
    let paths = ["infra/live/main.tf", "infra/main.tf", "main.tf"];
    let repository = repository(&paths);
    let absolute = repository.path().canonicalize().expect("the folder exists").join("infra/main.tf");
    apply(repository.path(), "infra", &["./live//main.tf", absolute.to_str().expect("a plain name")]);
    assert_eq!(fixed(repository.path()), paths[..2]);
}

#[test]
fn what_git_cannot_reach_is_said() {
    let repository = repository(&["live/main.tf", "modules/main.tf"]);
    let ended = run(unroot(&repository.path().join("live")).args(["--format", "diff", ".", "../modules"]));
    assert!(ended.err.contains("../modules/main.tf"), "{}", ended.err);
}

#[cfg(unix)]
#[test]
fn with_names_of_all_kinds() {
    let mut paths = vec![
        "-dash.tf",
        "a folder/main file.tf",
        "b/it's.tf",
        "back\\slash.tf",
        "größe/日本.tf",
        "new\nline.tf",
        "quotes \"\".tf",
        "tab\t.tf",
        "trailing /x .tf",
        "{a,b}*?.tf",
        "\u{1b}[31m.tf",
        "\u{202e}.tf",
    ];
    paths.sort_unstable();
    let repository = repository(&paths);
    apply(repository.path(), "", &[]);
    assert_eq!(fixed(repository.path()), paths);
}

#[test]
fn a_patch_and_a_write_agree_on_every_form_of_text() {
    let crlf = MISSING.replace('\n', "\r\n");
    let bom = format!("\u{feff}{crlf}");
    let mixed = MISSING.replacen('\n', "\r\n", 2);
    let texts = [MISSING, MISSING.trim_end(), &crlf, crlf.trim_end(), &bom, &mixed];
    let files: Vec<(String, &str)> =
        texts.iter().enumerate().map(|(number, text)| (format!("{number}.tf"), *text)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let [patched, written] = [folder::with(&files), folder::with(&files)];
    git(patched.path(), &["init", "--quiet"], b"").expect("git is there");
    apply(patched.path(), "", &[]);
    assert_eq!(run(unroot(written.path()).arg("--write")).code, Some(0));
    assert_eq!(folder::files(patched.path()), folder::files(written.path()));
}
