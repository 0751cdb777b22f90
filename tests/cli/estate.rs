//! A monorepo: 300 modules, three owners, and one notebook that gets its value in 47 ways.

use std::path::Path;

use tempfile::TempDir;

use crate::support::folder;
use crate::support::program::{run, run_with_reports, unroot};

const NOTEBOOK: &str = "variable \"name\" {}\nvariable \"root_access\" {}\n\n\
    resource \"aws_sagemaker_notebook_instance\" \"this\" {\n  name          = var.name\n  \
    instance_type = \"ml.t3.medium\"\n  root_access   = var.root_access\n}\n";
const WORKSPACE: &str = "variable \"name\" {}\nvariable \"admin\" {\n  type = bool\n}\n\n\
    module \"notebook\" {\n  source      = \"../notebook\"\n  name        = var.name\n  \
    root_access = var.admin ? \"Enabled\" : \"Disabled\"\n}\n";
const OWNERS: &str = "/teams/ @org/research\n/workspaces/ @org/workspaces\n/live/ @org/platform\n\
    /legacy/ @org/platform\n/modules/ @org/platform\n";
const TEAMS: [&str; 8] = ["ads", "fraud", "growth", "maps", "pricing", "risk", "search", "supply"];
const ENVIRONMENTS: [(&str, &str); 3] = [("dev", "Enabled"), ("test", "Enabled"), ("prod", "Disabled")];

/// The repository in a folder; `production` is what the first unit of production passes.
fn estate(top: &Path, production: &str) {
    let put = |path: String, text: String| folder::put(&top.join(path), text.as_bytes());
    put(".git/HEAD".to_owned(), "x".to_owned());
    put("CODEOWNERS".to_owned(), OWNERS.to_owned());
    put("modules/notebook/main.tf".to_owned(), NOTEBOOK.to_owned());
    put("modules/workspace/main.tf".to_owned(), WORKSPACE.to_owned());
    for team in TEAMS {
        let code = format!(
            "variable \"root_access\" {{}}\n\nmodule \"notebook\" {{\n  source      = \"../../modules/notebook\"\n  \
             name        = \"{team}\"\n  root_access = var.root_access\n}}\n"
        );
        put(format!("teams/{team}/main.tf"), code);
        for (name, value) in ENVIRONMENTS {
            put(format!("teams/{team}/env/{name}.tfvars"), format!("root_access = \"{value}\"\n"));
        }
    }
    for number in 0..8 {
        let admin = number % 2 == 1;
        let code = format!(
            "module \"workspace\" {{\n  source = \"../../modules/workspace\"\n  name   = \"w{number}\"\n  \
             admin  = {admin}\n}}\n"
        );
        put(format!("workspaces/w{number}/main.tf"), code);
    }
    for (name, value) in ENVIRONMENTS {
        put(format!("live/{name}/env.hcl"), format!("locals {{\n  root_access = \"{value}\"\n}}\n"));
        for number in 0..5 {
            let value = if name == "prod" && number == 0 { production } else { "local.env.locals.root_access" };
            let unit = format!(
                "locals {{\n  env = read_terragrunt_config(find_in_parent_folders(\"env.hcl\"))\n}}\n\n\
                 terraform {{\n  source = \"../../../modules/notebook\"\n}}\n\n\
                 inputs = {{\n  name        = \"{name}-{number}\"\n  root_access = {value}\n}}\n"
            );
            put(format!("live/{name}/u{number}/terragrunt.hcl"), unit);
        }
    }
    for number in 0..10 {
        let code = format!("resource \"aws_sagemaker_notebook_instance\" \"old\" {{\n  name = \"old-{number}\"\n}}\n");
        put(format!("legacy/l{number}/main.tf"), code);
    }
    for number in 0..290 {
        let code = "variable \"name\" {}\n\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = var.name\n}\n";
        put(format!("modules/fill{number}/main.tf"), code.to_owned());
    }
}

fn known() -> TempDir {
    let folder = folder::empty();
    estate(folder.path(), "local.env.locals.root_access");
    folder
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    let ended = run(unroot(folder).args(arguments));
    assert_ne!(ended.code, Some(2), "{}{}", ended.text(), ended.err);
    ended.text().to_owned()
}

#[test]
fn the_text_says_what_is_wrong_where_and_what_to_type() {
    let folder = known();
    let text = said(folder.path(), &[]);
    for line in [
        "error: modules/notebook/main.tf:7:19: root-access-via-reference: root_access gets \"Enabled\" from \
         live/dev/env.hcl:2 and 18 more places; nothing else uses var.admin then",
        "  7 |   root_access   = var.root_access",
        "  30 instances in 14 folders:",
        "    live/dev: 5, \"Enabled\" from live/dev/env.hcl:2",
        "    teams/ads: 2, \"Enabled\" from teams/ads/env/dev.tfvars:1, teams/ads/env/test.tfvars:1",
        "57 instances of 11 notebooks in 318 Terraform files: 40 fixable, 17 compliant.",
        "Nothing was written. Run `unroot --write` to apply the fixes.",
        "  1. dev: 13 instances, 9 files",
        "  2. test: 13 instances, 9 files",
        "  3. no environment in the name: 14 instances, 11 files",
        "     unroot --write legacy modules",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}\n{text}");
    }
    let reason = text.find("root-access-via-reference").expect("it is told");
    assert!(reason < text.find("teams/ads/env/dev.tfvars\n@@").expect("its diff"), "the reason comes first");
    let longest = text.lines().map(str::len).max();
    assert!(longest < Some(400) && text.lines().count() < 300, "{longest:?} {}", text.lines().count());
    let checked = said(folder.path(), &["--check"]);
    assert!(checked.contains("root_access gets \"Enabled\" from live/dev/env.hcl:2 and 18 more places"), "{checked}");
}

#[test]
fn one_environment_can_go_first() {
    let folder = known();
    let first = said(folder.path(), &["--write", "live/dev"]);
    assert!(
        first.contains("47 instances of 1 notebook in 1 Terraform file: 5 fixed, 25 for review, 17 compliant."),
        "{first}"
    );
    let rest = said(folder.path(), &["--write"]);
    assert!(rest.contains("57 instances of 11 notebooks in 318 Terraform files: 35 fixed, 22 compliant."), "{rest}");
    let last = said(folder.path(), &["--check"]);
    assert!(last.contains("57 instances of 11 notebooks in 318 Terraform files: 57 compliant."), "{last}");
}

#[test]
fn what_one_unit_leaves_unknown_leaves_the_others_their_fixes() {
    let folder = folder::empty();
    estate(folder.path(), "get_env(\"ROOT_ACCESS\")");
    let text = said(folder.path(), &["--write"]);
    assert!(text.contains("\"Enabled\" in 30 instances, unknown in 1, \"Disabled\" in 16"), "{text}");
    // None of the notebook complies while one value is not known.
    assert!(text.contains("57 instances of 11 notebooks in 318 Terraform files: 40 fixed, 17 for review."), "{text}");
    assert!(text.contains("live/prod: 5, \"Disabled\", unknown: `get_env(\"ROOT_ACCESS\")`"), "{text}");
}

#[test]
fn the_pull_request_names_the_owners_the_files_and_who_restarts() {
    let folder = known();
    let text = said(folder.path(), &["--format", "markdown"]);
    let text = text.replace('\u{2060}', "");
    for line in [
        "`unroot --write` would set `root_access = \"Disabled\"` on 40 of 57 notebook instances, in 29 files.",
        "| owner | instances that change and restart | for review | suppressed | compliant |",
        "| @org/platform | 20 | 0 | 0 | 5 |",
        "| @org/research | 16 | 0 | 0 | 8 |",
        "| @org/workspaces | 4 | 0 | 0 | 4 |",
        "- `teams/supply/env/test.tfvars`",
        "| 1 | dev | 13 | `live/dev/u0`, `live/dev/u1`, `live/dev/u2`, `live/dev/u3`, `live/dev/u4` and 8 more | \
         `live/dev/env.hcl`, `teams/ads/env/dev.tfvars`, `teams/fraud/env/dev.tfvars`, `teams/growth/env/dev.tfvars`, \
         `teams/maps/env/dev.tfvars` and 4 more |",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}\n{text}");
    }
    assert!(text.chars().count() < 65_536);
}

#[test]
fn the_table_has_a_row_for_each_instance_from_wherever_the_run_is_started() {
    let folder = known();
    let rows = |folder: &Path, arguments: &[&str]| {
        let text = said(folder, &[&["--check", "--format", "csv"], arguments].concat());
        let mut rows: Vec<String> = text.lines().skip(1).map(str::to_owned).collect();
        // Programs are in the order of their folders as they are seen from there.
        rows.sort();
        rows
    };
    let all = rows(folder.path(), &[]);
    assert_eq!(all.len(), 57);
    for (status, number) in [("fixable", 40), ("compliant", 17)] {
        assert_eq!(all.iter().filter(|row| row.starts_with(&format!("{status},"))).count(), number, "{all:#?}");
    }
    let ads = all.iter().find(|row| row.contains("teams/ads/env/dev.tfvars")).expect("it is listed");
    assert!(ads.starts_with("fixable,Enabled,teams/ads/env/dev.tfvars:1,org/research,teams/ads,root,"), "{ads}");
    assert_eq!(rows(&folder.path().join("live"), &[".."]), all);
}

/// Paths as they are in places and in sentences.
#[test]
fn what_a_platform_reads_counts_from_the_top_of_the_repository() {
    let folder = folder::empty();
    estate(&folder.path().join("infra"), "get_env(\"ROOT_ACCESS\")");
    std::fs::rename(folder.path().join("infra/.git"), folder.path().join(".git")).expect("it can be moved");
    let formats = ["sarif", "github", "gitlab", "junit", "rdjson", "csv", "markdown"];
    let (ended, reports) = run_with_reports(&mut unroot(&folder.path().join("infra")), &formats);
    assert_ne!(ended.code, Some(2), "{}{}", ended.text(), ended.err);
    for (format, text) in reports {
        let from_top = |name: &str| text.matches(&format!("infra/{name}")).count();
        for name in ["live/dev/env.hcl", "modules/notebook/main.tf", "legacy/l0/main.tf"] {
            let encoded = name.replace('/', "%2F");
            let all = text.matches(name).count() + text.matches(&encoded).count();
            assert!(all > 0, "{format}: {name} is named\n{text}");
            assert_eq!(from_top(name), all, "{format}: {name}");
        }
    }
}
