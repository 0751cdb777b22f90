//! What an auditor is handed: each instance with its program, value, origin and owner.

use std::path::Path;

use crate::support::folder;
use crate::support::program::{command, run, unroot};

const MODULE: &str = "variable \"root_access\" {\n  type = string\n}\n\n\
    resource \"aws_sagemaker_notebook_instance\" \"this\" {\n  root_access = var.root_access\n}\n";

fn root(value: &str) -> String {
    format!("module \"nb\" {{\n  source      = \"../../modules/nb\"\n  root_access = \"{value}\"\n}}\n")
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = command("git", folder);
    git.args(["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main"]).args(arguments);
    let ended = run(&mut git);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    ended.text().trim().to_owned()
}

fn csv(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let ended = run(unroot(folder).args(["--check", "--format", "csv"]).args(arguments));
    assert!(ended.out.ends_with(b"\r\n"), "{ended:?}");
    ended.text().lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn each_instance_has_its_program_value_origin_owner_and_commit() {
    let folder = folder::with(&[
        (".github/CODEOWNERS", "* @org/platform\n/envs/ads/ @org/ads @lead\n"),
        ("modules/nb/main.tf", MODULE),
        ("envs/ads/main.tf", &root("Enabled")),
        ("envs/fraud/main.tf", &root("Disabled")),
    ]);
    let top = folder.path();
    git(top, &["init", "--quiet"]);
    git(top, &["add", "."]);
    git(top, &["commit", "--quiet", "-m", "first"]);
    let commit = git(top, &["rev-parse", "HEAD"]);
    let address = "module.nb.aws_sagemaker_notebook_instance.this";
    let expected = [
        format!(
            "fixable,Enabled,envs/ads/main.tf:3,org/ads lead,envs/ads,root,,{address},\
             aws_sagemaker_notebook_instance.this,modules/nb/main.tf,5,root-access-via-reference,\
             \"root_access gets \"\"Enabled\"\" from envs/ads/main.tf:3\",yes,,,,{commit}"
        ),
        format!(
            "compliant,Disabled,envs/fraud/main.tf:3,org/platform,envs/fraud,root,,{address},\
             aws_sagemaker_notebook_instance.this,modules/nb/main.tf,5,,,yes,,,,{commit}"
        ),
    ];
    assert_eq!(csv(top, &[]), expected);
    git(top, &["pack-refs", "--all"]);
    assert_eq!(csv(&top.join("envs"), &[".."]), expected, "paths count from the top, wherever the run was started");
    git(top, &["checkout", "--quiet", "--detach"]);
    assert_eq!(csv(top, &[]), expected);
    git(top, &["checkout", "--quiet", "main"]);
    let tree = folder::empty();
    let tree = tree.path().join("tree");
    git(top, &["worktree", "add", "--quiet", "-b", "other", tree.to_str().expect("UTF-8")]);
    assert_eq!(csv(&tree, &[]), expected, "a further work tree has a folder of git's own elsewhere");
}

#[test]
fn a_reference_leads_nowhere_else() {
    let folder = folder::with(&[
        ("secret", "0123456789012345678901234567890123456789\n"),
        ("repo/main.tf", crate::MISSING),
        ("repo/.git/HEAD", "ref: refs/../../../secret\n"),
    ]);
    let rows = csv(&folder.path().join("repo"), &[]);
    assert!(rows.iter().all(|row| row.ends_with(",yes,,,,")), "{rows:?}");
}

#[test]
fn a_platform_sees_the_literal_that_a_change_turned_on() {
    let folder =
        folder::with(&[(".git/HEAD", ""), ("modules/nb/main.tf", MODULE), ("envs/ads/main.tf", &root("Enabled"))]);
    let said = |format: &str| run(unroot(folder.path()).args(["--check", "--format", format])).text().to_owned();
    let github = said("github");
    assert!(github.starts_with("::error file=envs/ads/main.tf,line=3,"), "{github}");
    assert!(github.contains("(the notebook: modules/nb/main.tf:6)"), "{github}");
    let json = |format: &str| serde_json::from_str::<serde_json::Value>(&said(format)).expect("JSON");
    assert_eq!(json("gitlab")[0]["location"]["path"], "envs/ads/main.tf");
    let rdjson = json("rdjson");
    assert_eq!(rdjson["diagnostics"][0]["location"]["path"], "envs/ads/main.tf");
    assert_eq!(rdjson["diagnostics"][0]["suggestions"][0]["text"], "\"Disabled\"");
    let sarif = json("sarif");
    let result = &sarif["runs"][0]["results"][0];
    let uri = |place: &str| {
        result.pointer(place).and_then(|place| place.pointer("/physicalLocation/artifactLocation/uri")).cloned()
    };
    assert_eq!(uri("/locations/0"), Some("envs/ads/main.tf".into()));
    assert_eq!(uri("/relatedLocations/0"), Some("modules/nb/main.tf".into()));
}
