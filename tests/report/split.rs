//! A change in parts, each of which applies, is proved and passes alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tempfile::TempDir;

use crate::support::folder;
use crate::support::program::{git, run, unroot};

const MODULE: &str = "variable \"root_access\" {}\n\nresource \"aws_sagemaker_notebook_instance\" \"this\" {\n  \
                      root_access = var.root_access\n}\n";
const OWN: &str = "resource \"aws_sagemaker_notebook_instance\" \"own\" {\n}\n";
const OWNERS: &str = "/modules/ @org/platform\n/teams/ads/ @org/ads\n/teams/risk/ @org/risk @jo\n";

/// Two teams that call one module, one of them with files of values; notebooks of the platform and of nobody.
fn tree() -> TempDir {
    let call = "module \"nb\" {\n  source      = \"../../modules/nb\"\n  root_access = \"Enabled\"\n}\n";
    let by_values = "variable \"access\" {}\n\nmodule \"nb\" {\n  source      = \"../../modules/nb\"\n  root_access = var.access\n}\n";
    folder::with(&[
        ("CODEOWNERS", OWNERS),
        ("modules/nb/main.tf", MODULE),
        ("modules/own/main.tf", OWN),
        ("teams/ads/main.tf", by_values),
        ("teams/ads/dev.tfvars", "access = \"Enabled\"\n"),
        ("teams/ads/prod.tfvars", "access = \"Enabled\"\n"),
        ("teams/risk/main.tf", call),
        ("legacy/old.tf", OWN),
    ])
}

/// Runs git with a patch, or with nothing, on standard input.
fn run_git(folder: &Path, arguments: &[&str], input: &str) {
    git(folder, arguments, input.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{input}"));
}

/// The reports of a split, by name.
fn split(tree: &Path, by: &str) -> BTreeMap<String, String> {
    let reports = ["--report", "diff=parts/", "--report", "markdown=parts/"];
    let ended = run(unroot(tree).args(["--split-by", by]).args(reports));
    assert_eq!(ended.code, Some(0), "{}{}", ended.text(), ended.err);
    let parts = folder::files(&tree.join("parts"));
    std::fs::remove_dir_all(tree.join("parts")).expect("it can be removed");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    parts.into_iter().map(|(name, bytes)| (name.to_string_lossy().into_owned(), text(bytes))).collect()
}

/// How each instance stands, in the order of the table.
fn instances(tree: &Path) -> Vec<(String, String, String)> {
    let ended = run(unroot(tree).args(["--check", "--format", "csv"]));
    let rows = ended.text().lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    rows.map(|row| (row[4].clone(), row[6].clone(), row[1].clone())).collect()
}

#[test]
fn each_part_applies_and_passes_alone_and_all_of_them_are_the_whole() {
    for (by, names) in [
        ("owner", &["no-owner", "org-ads", "org-platform", "org-risk-jo"][..]),
        ("folder", &["legacy", "modules-own", "teams-ads", "teams-risk"]),
    ] {
        let tree = tree();
        run_git(tree.path(), &["init", "--quiet"], "");
        let before = folder::files(tree.path());
        let parts = split(tree.path(), by);
        let expected: BTreeSet<String> =
            names.iter().flat_map(|name| [format!("{name}.md"), format!("{name}.patch")]).collect();
        assert_eq!(parts.keys().cloned().collect::<BTreeSet<_>>(), expected);
        assert_eq!(folder::files(tree.path()), before, "nothing is written but the reports");

        let whole = self::tree();
        assert_eq!(run(unroot(whole.path()).arg("--write")).code, Some(0));
        let whole = folder::files(whole.path());
        let all = instances(tree.path());
        for name in names {
            let patch = &parts[&format!("{name}.patch")];
            run_git(tree.path(), &["apply"], patch);
            let after = folder::files(tree.path());
            let changed: Vec<_> = after.iter().filter(|(path, text)| before[*path] != **text).collect();
            assert_eq!(patch.matches("+++ ").count(), changed.len(), "{patch}");
            for (path, text) in changed {
                assert_eq!(whole[path], *text, "{}", path.display());
            }
            // What the part is about complies, all else is as it was, and nothing is left to do about it.
            let mut settled = 0;
            for (before, after) in all.iter().zip(instances(tree.path())) {
                assert_eq!((&before.0, &before.1), (&after.0, &after.1));
                settled += usize::from(before.2 != after.2);
                assert!(before.2 == after.2 || after.2 == "Disabled", "{before:?} {after:?}");
            }
            let text = &parts[&format!("{name}.md")];
            let sentence = format!("Sets `root_access = \"Disabled\"` on {settled} of ");
            assert!(settled > 0 && text.contains(&sentence), "{settled}\n{text}");
            run_git(tree.path(), &["apply", "--reverse"], patch);
            assert_eq!(folder::files(tree.path()), before);
        }
        for name in names {
            run_git(tree.path(), &["apply"], &parts[&format!("{name}.patch")]);
        }
        assert_eq!(folder::files(tree.path()), whole);
        assert_eq!(run(unroot(tree.path()).arg("--check")).code, Some(0));
        let ended = run(unroot(tree.path()).args(["--split-by", "owner", "--report", "diff=parts/"]));
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        assert!(!tree.path().join("parts").exists(), "there are no parts left");
    }
}

/// What one literal decides cannot be split, whoever owns the modules behind it.
#[test]
fn what_changes_together_is_one_part() {
    let tree = folder::with(&[
        (".git/HEAD", "x"),
        ("CODEOWNERS", "/a/ @a\n/b/ @b\n/live/ @live\n"),
        ("a/main.tf", MODULE),
        ("b/main.tf", MODULE),
        (
            "live/main.tf",
            "locals {\n  access = \"Enabled\"\n}\n\nmodule \"a\" {\n  source      = \"../a\"\n  root_access = local.access\n}\n\n\
             module \"b\" {\n  source      = \"../b\"\n  root_access = local.access\n}\n",
        ),
    ]);
    let parts = split(tree.path(), "owner");
    assert_eq!(parts.keys().collect::<Vec<_>>(), ["live.md", "live.patch"]);
    assert!(parts["live.md"].contains("on 2 of 2 notebook instances, in 1 file."), "{}", parts["live.md"]);
}

#[test]
fn the_command_line_says_what_is_missing() {
    let tree = tree();
    for (arguments, part) in [
        (&["--report", "diff=parts/"][..], "add --split-by, or name a file"),
        (&["--split-by", "owner", "--report", "diff=all.patch"], "no --report names one"),
        (&["--split-by", "owner"], "--report"),
        (&["--split-by", "owner", "--report", "diff=parts/", "--write"], "cannot be used with"),
        (&["--split-by", "owner", "--report", "diff=parts/", "-"], "name files or folders"),
    ] {
        let ended = run(unroot(tree.path()).args(arguments));
        assert_eq!(ended.code, Some(2), "{arguments:?}");
        assert!(ended.err.contains(part), "{arguments:?}: {}", ended.err);
    }
}
