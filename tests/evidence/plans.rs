//! What a plan or state makes of the verdicts.

use serde_json::Value;
use tempfile::TempDir;

use crate::standin;
use crate::support::folder;
use crate::support::program::{Ended, run, run_with, unroot};

const MODULE: &str = r#"variable "ra" {
  type = string
}

variable "names" {
  type = set(string)
}

resource "aws_sagemaker_notebook_instance" "n" {
  for_each      = var.names
  name          = each.key
  role_arn      = "arn:aws:iam::123456789012:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = var.ra
}
"#;

const ROOT: &str = r#"data "aws_ssm_parameter" "ra" {
  name = "/notebooks/root-access"
}

module "nb" {
  source = "../../modules/nb"
  names  = ["a", "b"]
  ra     = data.aws_ssm_parameter.ra.value
}
"#;

/// Two instances whose value only a plan knows.
pub(crate) fn tree() -> TempDir {
    folder::with(&[(".git/HEAD", ""), ("modules/nb/main.tf", MODULE), ("envs/dev/main.tf", ROOT)])
}

pub(crate) const FIXTURES: [(&str, &str); 4] = [
    ("create.json", include_str!("plans/create.json")),
    ("state.json", include_str!("plans/state.json")),
    ("update.json", include_str!("plans/update.json")),
    ("replace.json", include_str!("plans/replace.json")),
];

/// The tree with a fixture, and what `unroot --check --plan` says.
fn checked(tree: &TempDir, plan: &str) -> Ended {
    let (_, text) = FIXTURES.iter().find(|(name, _)| *name == plan).expect("a fixture of that name");
    folder::put(&tree.path().join(plan), text.as_bytes());
    run(unroot(tree.path()).args(["--check", "--plan", plan]))
}

/// Makes the fixtures as they were made: created, then updated in place, then with another name for one instance.
/// `UPDATE_PLANS=1` keeps them.
#[test]
fn the_plans_are_what_terraform_makes() {
    if !standin::is_there() {
        return;
    }
    let tree = tree();
    let root = tree.path().join("envs/dev");
    standin::init(&root);
    let mut made = vec![standin::plan(&root, "Enabled")];
    standin::apply(&root, "Enabled");
    made.push(standin::state(&root));
    made.push(standin::plan(&root, "Disabled"));
    let named = MODULE.replace("= each.key", "= \"new-${each.key}\"");
    folder::put(&tree.path().join("modules/nb/main.tf"), named.as_bytes());
    made.push(standin::plan(&root, "Enabled"));
    for ((name, kept), made) in FIXTURES.iter().zip(&made) {
        if std::env::var_os("UPDATE_PLANS").is_some() {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evidence/plans").join(name);
            folder::put(&path, made);
            continue;
        }
        let parsed = |text: &[u8]| -> Value {
            let mut value: Value = serde_json::from_slice(text).expect("the plan is JSON");
            for volatile in ["timestamp", "terraform_version", "prior_state"] {
                value.as_object_mut().expect("an object").remove(volatile);
            }
            value
        };
        assert_eq!(parsed(kept.as_bytes()), parsed(made), "{name}");
    }
}

#[test]
fn a_plan_settles_what_code_leaves_unknown() {
    let tree = tree();
    let ended = run(unroot(tree.path()).arg("--check"));
    assert!(ended.text().contains("root-access-undetermined"), "{}", ended.text());

    let ended = checked(&tree, "create.json");
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    for part in [
        "root-access-via-reference: aws_sagemaker_notebook_instance.n: root_access is \"Enabled\": what code leaves unknown, create.json has [fixable]",
        "Plan create.json of envs/dev: 2 notebook instances",
        "create: module.nb.aws_sagemaker_notebook_instance.n[\"b\"]: root_access will be \"Enabled\"",
        "2 of 2 with root after the apply; 0 with root now",
    ] {
        assert!(ended.text().contains(part), "{part}\n{}", ended.text());
    }

    let ended = checked(&tree, "update.json");
    assert_eq!(ended.code, Some(0), "{}", ended.text());
    for part in ["2 compliant", "it is stopped, and started again if it is in service", "2 with root now"] {
        assert!(ended.text().contains(part), "{part}\n{}", ended.text());
    }
}

#[test]
fn a_condition_that_only_terraform_knows_is_settled_too() {
    let tree = tree();
    let root = ROOT.replace("ra.value\n", "ra.value == \"x\" ? \"Disabled\" : \"Enabled\"\n");
    folder::put(&tree.path().join("envs/dev/main.tf"), root.as_bytes());
    assert_eq!(run(unroot(tree.path()).arg("--check")).code, Some(1));
    assert_eq!(checked(&tree, "update.json").code, Some(0));
    let ended = checked(&tree, "create.json");
    assert!(ended.text().contains("what code leaves unknown, create.json has [fixable]"), "{}", ended.text());
}

#[test]
fn what_a_plan_has_settled_is_written_as_a_literal() {
    let tree = tree();
    checked(&tree, "create.json");
    let ended = run(unroot(tree.path()).args(["--write", "--plan", "create.json"]));
    assert_eq!(ended.code, Some(0), "{}", ended.text());
    let module = std::fs::read_to_string(tree.path().join("modules/nb/main.tf")).expect("a readable file");
    assert_eq!(module, MODULE.replace("= var.ra", "= \"Disabled\""));
    // The old plan and the new code disagree now, and a new plan agrees.
    let ended = checked(&tree, "create.json");
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    assert!(ended.text().contains("so plan and code disagree [review]"), "{}", ended.text());
    if standin::is_there() {
        let root = tree.path().join("envs/dev");
        standin::init(&root);
        folder::put(&tree.path().join("new.json"), &standin::plan(&root, "Enabled"));
        let ended = run(unroot(tree.path()).args(["--check", "--plan", "new.json"]));
        assert_eq!(ended.code, Some(0), "{}", ended.text());
    }
}

#[test]
fn a_state_says_which_instances_have_root_and_settles_nothing() {
    let ended = checked(&tree(), "state.json");
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    for part in ["root-access-undetermined", "State state.json of envs/dev", "2 of 2 with root now"] {
        assert!(ended.text().contains(part), "{part}\n{}", ended.text());
    }
}

#[test]
fn a_replacement_is_an_error_and_other_changes_are_named() {
    let ended = checked(&tree(), "replace.json");
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    let part = "error: it is deleted and created anew, and all that is on its volume is lost; also changes name";
    assert!(ended.text().contains(part), "{}", ended.text());
}

#[test]
fn an_ignore_comment_does_not_hide_what_a_plan_gives_root() {
    let tree = tree();
    let ignored = MODULE.replace("  root_access", "  # unroot:ignore kept for a while\n  root_access");
    folder::put(&tree.path().join("modules/nb/main.tf"), ignored.as_bytes());
    let ended = checked(&tree, "create.json");
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    assert!(ended.text().contains("2 suppressed"), "{}", ended.text());
    let said = "the plan leaves root on, which fails a check all the same [suppressed";
    assert!(ended.text().contains(said), "{}", ended.text());
    let ended = checked(&tree, "update.json");
    assert_eq!(ended.code, Some(0));
    assert!(!ended.text().contains("leaves root on"), "{}", ended.text());
}

#[test]
fn instances_in_json_have_what_is_live() {
    let tree = tree();
    checked(&tree, "update.json");
    let ended = run(unroot(tree.path()).args(["--format", "json", "--plan", "update.json"]));
    let report: Value = serde_json::from_slice(&ended.out).expect("the report is JSON");
    let live = &report["notebooks"][0]["instances"][0]["live"];
    assert_eq!(live["action"], "update", "{report:#}");
    assert_eq!(live["root_access"], "Enabled");
    assert_eq!(live["arn"], "arn:aws:sagemaker:eu-west-1:123456789012:notebook-instance/a");
}

#[test]
fn a_plan_comes_from_standard_input_too() {
    let ended = run_with(unroot(tree().path()).args(["--check", "--plan", "-"]), FIXTURES[2].1.as_bytes());
    assert_eq!(ended.code, Some(0), "{}", ended.text());
    assert!(ended.text().contains("Plan standard input of envs/dev"), "{}", ended.text());
}

#[test]
fn a_plan_that_fits_several_roots_needs_a_folder() {
    let tree = tree();
    folder::put(&tree.path().join("envs/prod/main.tf"), ROOT.as_bytes());
    let ended = checked(&tree, "update.json");
    assert_eq!(ended.code, Some(2), "{}", ended.text());
    let part = "fits the root modules in envs/dev and envs/prod alike; say whose it is with --plan FOLDER=update.json";
    assert!(ended.err.contains(part), "{}", ended.err);

    let ended = run(unroot(tree.path()).args(["--check", "--plan", "envs/dev=update.json"]));
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    assert!(
        ended.text().contains("part of it is known from update.json [review: 2 in dev, 2 in production]"),
        "{}",
        ended.text()
    );
    let both = ["--check", "--plan", "envs/dev=update.json", "--plan", "./envs/prod/=update.json"];
    let ended = run(unroot(tree.path()).args(both));
    assert_eq!(ended.code, Some(0), "{}", ended.text());
}

#[test]
fn the_same_plan_twice_speaks_for_one_program() {
    let tree = tree();
    let root = ROOT.replace("  ra     = data", "  ra     = var.on ? \"Disabled\" : data") + "\nvariable \"on\" {}\n";
    folder::put(&tree.path().join("envs/dev/main.tf"), root.as_bytes());
    for name in ["a", "b"] {
        folder::put(&tree.path().join(format!("envs/dev/{name}.tfvars")), b"on = false\n");
    }
    let mut plan: Value = serde_json::from_str(FIXTURES[2].1).expect("the plan is JSON");
    let argument = &mut plan["configuration"]["root_module"]["module_calls"]["nb"]["expressions"]["ra"];
    argument["references"].as_array_mut().expect("a list").push("var.on".into());
    for name in ["update.json", "again.json"] {
        folder::put(&tree.path().join(name), plan.to_string().as_bytes());
    }
    let twice = ["--check", "--plan", "update.json", "--plan", "again.json"];
    let ended = run(unroot(tree.path()).args(twice));
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    // A plan with other variables is that of another program.
    plan["variables"] = serde_json::json!({ "on": { "value": false } });
    folder::put(&tree.path().join("again.json"), plan.to_string().as_bytes());
    let ended = run(unroot(tree.path()).args(twice));
    assert_eq!(ended.code, Some(0), "{}", ended.text());
}

/// A plan that was made from other code must not settle what this code leaves unknown.
#[test]
fn a_plan_of_other_code_is_refused_with_the_difference() {
    for (from, to, difference) in [
        ("../../modules/nb\"", "../../modules/../modules/nb/\"", None),
        ("ra.value", "ra.insecure_value", None),
        (
            "../../modules/nb\"",
            "../../modules/other\"",
            Some(
                "it was made with the source \"../../modules/nb\" of module.nb, and the code has \"../../modules/other\"",
            ),
        ),
        ("\"nb\"", "\"other\"", Some("no root module here creates module.nb.aws_sagemaker_notebook_instance.n")),
        ("[\"a\", \"b\"]", "var.names", Some("it was made with another names in module.nb")),
        ("data.aws_ssm_parameter.ra.value", "data.aws_ssm_parameter.other.value", Some("another ra in module.nb")),
        ("data.aws_ssm_parameter.ra.value", "\"Enabled\"", Some("another ra in module.nb")),
        ("  names", "  more   = 1\n  names", Some("another more in module.nb")),
    ] {
        let tree = tree();
        folder::put(&tree.path().join("envs/dev/main.tf"), ROOT.replace(from, to).as_bytes());
        if to.contains("modules/other") {
            folder::put(&tree.path().join("modules/other/main.tf"), MODULE.as_bytes());
        }
        let ended = checked(&tree, "update.json");
        let code = if difference.is_some() { 2 } else { 0 };
        assert_eq!(ended.code, Some(code), "{to}: {}{}", ended.text(), ended.err);
        assert!(ended.err.contains(difference.unwrap_or_default()), "{to}: {}", ended.err);
    }
    let tree = tree();
    let module = MODULE.replace("var.ra\n", "local.ra\n") + "\nlocals {\n  ra = var.ra\n}\n";
    folder::put(&tree.path().join("modules/nb/main.tf"), module.as_bytes());
    let ended = checked(&tree, "update.json");
    assert!(ended.err.contains("another root_access in module.nb.aws_sagemaker_notebook_instance.n"), "{}", ended.err);
}

#[test]
fn a_state_is_read_by_the_addresses_that_moved_blocks_give() {
    let tree = tree();
    let moved = "\nmoved {\n  from = module.nb\n  to   = module.notebooks\n}\n";
    let root = ROOT.replace("module \"nb\"", "module \"notebooks\"") + moved;
    folder::put(&tree.path().join("envs/dev/main.tf"), root.as_bytes());
    let ended = checked(&tree, "state.json");
    let part = "module.notebooks.aws_sagemaker_notebook_instance.n[\"a\"] (was module.nb.aws_sagemaker_notebook_instance.n[\"a\"]): \
                root_access is \"Enabled\"\n";
    assert!(ended.text().contains(part), "{}{}", ended.text(), ended.err);
}
