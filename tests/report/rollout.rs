//! The order in which a change should reach environments.

use crate::support::folder;
use crate::support::program::{run, unroot};

const MODULE: &str = "variable \"root_access\" {\n  default = \"Enabled\"\n}\n\n\
    resource \"aws_sagemaker_notebook_instance\" \"this\" {\n  root_access = var.root_access\n}\n";

/// A root that calls the module, with a value of its own or without.
fn root(value: &str) -> String {
    format!("module \"notebook\" {{\n  source = \"../../modules/notebook\"\n{value}}}\n")
}

#[test]
fn production_comes_last_and_what_is_shared_is_named() {
    let own = root("  root_access = \"Enabled\"\n");
    let folder = folder::with(&[
        (".git/HEAD", "x"),
        ("modules/notebook/main.tf", MODULE),
        ("envs/prod/main.tf", &own),
        ("envs/dev/main.tf", &own),
        ("envs/it's uat/main.tf", &own),
        ("envs/alpha/main.tf", &own),
        ("shared/dev/main.tf", &root("")),
        ("shared/prod/main.tf", &root("")),
    ]);
    let said = |arguments: &[&str]| run(unroot(folder.path()).args(arguments)).text().to_owned();
    let order = "Roll out in this order:\n\
        \x20 1. dev: 2 instances, 1 file\n     unroot --write --no-config envs/dev/main.tf\n\
        \x20 2. staging: 1 instance, 1 file\n     unroot --write --no-config \"envs/it's uat/main.tf\"\n\
        \x20 3. no environment in the name: 1 instance, 1 file\n     unroot --write --no-config envs/alpha/main.tf\n\
        \x20 4. production: 2 instances, 1 file\n     unroot --write --no-config envs/prod/main.tf\n\
        \x20 modules/notebook/main.tf changes several of them at once: dev, production\n";
    for arguments in [&["--no-config"][..], &["--no-config", "--check"]] {
        let text = said(arguments);
        assert!(text.contains(order), "{text}");
    }
    let checked = said(&["--check"]);
    assert!(checked.contains("[fixable: 2 in dev, 1 in staging, 1 elsewhere, 2 in production]"), "{checked}");
    let markdown = said(&["--format", "markdown"]);
    for line in [
        "| 1 | dev | 2 | `envs/dev`, `shared/dev` | `envs/dev/main.tf` |",
        "| 4 | production | 2 | `envs/prod`, `shared/prod` | `envs/prod/main.tf` |",
        "- `modules/notebook/main.tf`: dev, production",
    ] {
        assert!(markdown.lines().any(|one| one == line), "{line}\n{markdown}");
    }
    // Each command changes what it says, and nothing else.
    let first = said(&["--no-config", "--write", "envs/dev/main.tf"]);
    assert!(first.contains("1 fixed"), "{first}");
    let rest = said(&["--no-config"]);
    assert!(rest.contains("Roll out in this order:\n  1. dev: 1 instance\n  2. staging"), "{rest}");
}

#[test]
fn many_findings_of_a_check_stand_by_module_and_environment() {
    let folder = folder::empty();
    for name in ["prod", "dev", "test"] {
        for number in 0..8 {
            let code = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  name = \"n\"\n}\n";
            folder::put(&folder.path().join(format!("envs/{name}/n{number}/main.tf")), code.as_bytes());
        }
    }
    let text = run(unroot(folder.path()).arg("--check")).text().to_owned();
    let heads: Vec<&str> = text.lines().filter(|line| line.starts_with("envs/*")).collect();
    assert_eq!(heads.len(), 8, "{text}");
    let expected = ["dev", "test", "prod"].map(|name| format!("envs/{name}/n0/main.tf:1:1:"));
    let lines: Vec<&str> = text.lines().take(4).collect();
    assert_eq!(lines[0], "envs/*/n0: 3 findings");
    for (line, start) in lines[1..].iter().zip(expected) {
        assert!(line.starts_with(&start), "{text}");
    }
    assert!(text.contains("Roll out in this order:\n  1. dev: 8 instances, 8 files\n"), "{text}");
}
