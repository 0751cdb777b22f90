//! The diff does what it says when `git apply` runs on it: the new text, byte for byte, wherever it is run.

use unroot::fix::Patch;
use unroot::report::{Format, Mode, Options};

use crate::inputs::{Run, options};
use crate::support::folder;
use crate::support::program::git;

/// A repository with `before` at each path, and the patch to `after`; both relative to `folder` in it.
struct Repository {
    root: tempfile::TempDir,
    folder: &'static str,
    run: Run,
}

impl Repository {
    fn new(folder: &'static str, files: &[(&str, &str, &str)]) -> Self {
        let root = folder::empty();
        let mut run = Run::default();
        git(root.path(), &["init", "--quiet"], b"").expect("a repository");
        for (path, before, after) in files {
            folder::put(&root.path().join(folder).join(path), before.as_bytes());
            let file = run.file(path, before);
            run.patches.push(Patch::new(file, (*after).to_owned()));
        }
        Self { root, folder, run }
    }

    /// Runs `git apply` in the folder and compares every file with what it should be.
    fn apply(&self, options: &Options, arguments: &[&str]) {
        let folder = self.root.path().canonicalize().expect("the folder exists").join(self.folder);
        let options = Options { folder: folder.clone().try_into().ok(), ..options.clone() };
        let (diff, errors) = self.run.print(Format::Diff, &options);
        assert_eq!(errors, "");
        let arguments = [&["apply", "--whitespace=nowarn"], arguments].concat();
        git(&folder, &arguments, diff.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{diff}"));
        for Patch { file, after, .. } in &self.run.patches {
            let path = self.run.sources[*file].path();
            let found = std::fs::read_to_string(folder.join(path)).expect("the file is still there");
            assert_eq!(&found, after, "{path} after:\n{diff}");
        }
    }
}

const OLD: &str = "a {\n  b = 1\n}\n";
const NEW: &str = "a {\n  b = 1\n  c = 2\n}\n";

#[test]
fn every_kind_of_text_is_reproduced() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let long = (0..60).map(|line| format!("line {line}")).collect::<Vec<_>>().join("\n") + "\n";
    let changed = long.replace("line 5\n", "line five\n").replace("line 40\n", "").replace("line 59\n", "line 59");
    let files = [
        ("lf.tf", OLD.to_owned(), NEW.to_owned()),
        ("crlf.tf", crlf(OLD), crlf(NEW)),
        ("mixed.tf", OLD.replacen('\n', "\r\n", 1), NEW.replacen('\n', "\r\n", 1)),
        ("bom.tf", format!("\u{feff}{OLD}"), format!("\u{feff}{NEW}")),
        ("no-end.tf", "a {\n}".to_owned(), "a {\n  c = 2\n}".to_owned()),
        ("no-end-changed.tf", "a {}".to_owned(), "a {\n}".to_owned()),
        ("lone-cr.tf", "x\ry\nz\n".to_owned(), "x\ry\nw\n".to_owned()),
        ("minus.tf", "-- x\n++ y\n@@ -1 +1 @@\n".to_owned(), "++ y\n-- z\n@@ -1 +1 @@\n".to_owned()),
        ("日本/é.tf", "ä\n".to_owned(), "ö\n".to_owned()),
        ("controls.tf", "\u{1b}[31m\u{202e}\u{c}\n\t\n".to_owned(), "\u{1b}[31m\u{202e}\u{c}\n\t\n\u{7f}\n".to_owned()),
        ("long.tf", long, changed),
        ("equal.tf", OLD.to_owned(), OLD.to_owned()),
    ];
    let files: Vec<(&str, &str, &str)> = files.iter().map(|(path, old, new)| (*path, &**old, &**new)).collect();
    for context in [0, 1, 3, 1000] {
        let options = Options { context, ..options(Mode::Preview) };
        let arguments: &[&str] = if context == 0 { &["--unidiff-zero"] } else { &[] };
        Repository::new("", &files).apply(&options, arguments);
    }
}

#[test]
fn every_kind_of_name_is_found() {
    let names = [
        "a b.tf",
        "end .tf",
        "quo\"te.tf",
        "back\\slash.tf",
        "é.tf",
        "x 2020-01-01 00:00:00 +0000",
        "\u{202e}.tf",
        "tab\tnew\nline.tf",
    ];
    for folder in ["", "sub", "sub folder/é"] {
        let files = names.map(|name| (name, OLD, NEW));
        Repository::new(folder, &files).apply(&options(Mode::Preview), &[]);
    }
}

#[test]
fn any_folder_of_the_repository_will_do() {
    for folder in ["", "nb", "a", "b", "x/nb", "a/nb", "nb/nb", "a/b/c"] {
        let nested = [
            ("main.tf", OLD, NEW),
            ("nb/main.tf", OLD, NEW),
            ("nb/nb/main.tf", OLD, NEW),
            ("x/nb/main.tf", OLD, NEW),
            ("a/main.tf", OLD, NEW),
            ("b/c/main.tf", OLD, NEW),
            ("c/main.tf", OLD, NEW),
        ];
        Repository::new(folder, &nested).apply(&options(Mode::Preview), &[]);
        for single in nested {
            Repository::new(folder, &[single]).apply(&options(Mode::Preview), &[]);
        }
    }
}

#[test]
fn what_git_cannot_reach_is_told() {
    let mut run = Run::default();
    let file = run.file("../other/main.tf", OLD);
    run.patches.push(Patch::new(file, NEW.to_owned()));
    let (_, errors) = run.print(Format::Diff, &options(Mode::Preview));
    assert!(errors.contains("../other/main.tf: lies outside the working folder"), "{errors}");
}
