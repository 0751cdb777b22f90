//! Every kind of fix on the real resource types: what is applied before is updated in place after, in `root_access` alone.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value};

use crate::standin;
use crate::support::folder;
use crate::support::program::{run, unroot};

/// How a value comes to a notebook: the name, what stands in its block, and what else there is in the file.
const KINDS: [(&str, &str, &str); 16] = [
    ("missing", "", ""),
    ("literal", "root_access = \"Enabled\"", ""),
    ("null", "root_access = null", ""),
    ("local", "root_access = local.own", "locals {\n  own = \"Enabled\"\n}\n"),
    (
        "shared",
        "root_access = local.shared",
        "locals {\n  shared = \"Enabled\"\n}\n\noutput \"shared\" {\n  value = local.shared\n}\n",
    ),
    ("default", "root_access = var.default", "variable \"default\" {\n  default = \"Enabled\"\n}\n"),
    ("given", "root_access = var.given", "variable \"given\" {}\n"),
    (
        "flag",
        "root_access = var.flag ? \"Enabled\" : \"Disabled\"",
        "variable \"flag\" {\n  type    = bool\n  default = true\n}\n",
    ),
    (
        "counted",
        "count       = var.counted ? 2 : 1\n  root_access = var.counted ? \"Enabled\" : \"Disabled\"",
        "variable \"counted\" {\n  default = true\n}\n",
    ),
    (
        "books",
        "for_each    = var.books\n  root_access = each.value.root ? \"Enabled\" : \"Disabled\"",
        "variable \"books\" {\n  type = map(object({ root = bool }))\n  default = {\n    a = { root = true }\n    b = { root = false }\n  }\n}\n",
    ),
    (
        "optional",
        "for_each    = var.optional\n  root_access = each.value.root",
        "variable \"optional\" {\n  type = map(object({ root = optional(string, \"Enabled\") }))\n  default = {\n    a = {}\n    b = { root = \"Disabled\" }\n  }\n}\n",
    ),
    ("merged", "root_access = merge(local.base, { size = 5 }).root", "locals {\n  base = { root = \"Enabled\" }\n}\n"),
    ("read", "root_access = data.aws_ssm_parameter.p.value == \"Enabled\" ? \"Enabled\" : \"Disabled\"", ""),
    ("title", "root_access = title(local.lower)", "locals {\n  lower = \"enabled\"\n}\n"),
    ("overridden", "root_access = \"Disabled\"", ""),
    (
        "demanded",
        "root_access = var.demanded",
        "variable \"demanded\" {\n  default = \"Enabled\"\n}\n\nvariable \"mode\" {\n  default = \"debug\"\n  validation {\n    condition     = !(var.mode == \"debug\" && var.demanded != \"Enabled\")\n    error_message = \"Debugging needs root.\"\n  }\n}\n",
    ),
];

/// The arguments that every notebook has to have.
const REQUIRED: &str = "role_arn = \"r\"\n  instance_type = \"ml.t3.medium\"";

/// One root module with a notebook of every kind, in a file of its own each, and with modules around some.
fn tree() -> Vec<(String, String)> {
    let mut files = vec![
        ("terraform.tfvars".to_owned(), "given = \"Enabled\"\n".to_owned()),
        ("data.tf".to_owned(), "data \"aws_ssm_parameter\" \"p\" {\n  name = \"/p\"\n}\n".to_owned()),
        (
            "z_override.tf".to_owned(),
            "resource \"aws_sagemaker_notebook_instance\" \"overridden\" {\n  root_access = \"Enabled\"\n}\n".to_owned(),
        ),
        (
            "cloud.tf".to_owned(),
            format!("resource \"awscc_sagemaker_notebook_instance\" \"n\" {{\n  {REQUIRED}\n  root_access = \"Enabled\"\n}}\n"),
        ),
        (
            "nb/main.tf".to_owned(),
            format!(
                "variable \"name\" {{}}\n\nvariable \"access\" {{\n  default = \"Enabled\"\n}}\n\nresource \"aws_sagemaker_notebook_instance\" \"n\" {{\n  name = var.name\n  {REQUIRED}\n  root_access = var.access\n}}\n"
            ),
        ),
        (
            "modules.tf".to_owned(),
            "module \"absent\" {\n  source = \"./nb\"\n  name   = \"absent\"\n}\n\nmodule \"argument\" {\n  source = \"./nb\"\n  name   = \"argument\"\n  access = \"Enabled\"\n}\n".to_owned(),
        ),
    ];
    for (name, own, other) in KINDS {
        let mut text = format!("{other}\nresource \"aws_sagemaker_notebook_instance\" \"{name}\" {{\n");
        let key = if own.starts_with("count") {
            "-${count.index}"
        } else if own.starts_with("for_each") {
            "-${each.key}"
        } else {
            ""
        };
        _ = write!(text, "  name = \"{name}{key}\"\n  {REQUIRED}\n  {own}\n}}\n");
        files.push((format!("{name}.tf"), text));
    }
    files
}

fn planned(folder: &Path) -> Value {
    serde_json::from_slice(&standin::plan(folder, "Enabled")).expect("the plan is JSON")
}

/// The instances of notebooks that a plan knows: the address, what is done, and the values before and after.
fn notebooks(plan: &Value) -> Vec<(&str, &Value, &Map<String, Value>, &Value)> {
    let changes = plan["resource_changes"].as_array().expect("a list").iter();
    let nothing = &Value::Null;
    let told = changes.filter_map(|change| {
        let after = change["change"]["after"].as_object()?;
        let before = change["change"].get("before").unwrap_or(nothing);
        Some((change["address"].as_str()?, &change["change"]["actions"], after, before))
    });
    told.filter(|(address, ..)| address.contains("sagemaker_notebook_instance")).collect()
}

#[test]
fn every_kind_of_fix_updates_in_place_and_changes_nothing_else() {
    if !standin::is_there() {
        return;
    }
    let files = tree();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let folder = folder::with(&files);
    let path = folder.path();
    standin::init(path);
    let before = planned(path);
    let root_on = notebooks(&before).iter().filter(|(_, _, after, _)| after["root_access"] != "Disabled").count();
    // All but one of each of the two maps that have a closed book.
    assert_eq!((notebooks(&before).len(), root_on), (22, 20), "{before:#}");
    standin::apply(path, "Enabled");

    let ended = run(unroot(path).arg("--write"));
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{}", ended.text());
    let after = planned(path);
    assert_eq!(before["planned_values"]["outputs"], after["planned_values"]["outputs"]);
    let mut updated = 0;
    for (address, actions, now, was) in notebooks(&after) {
        assert_eq!(now["root_access"], "Disabled", "{address}");
        let differing: Vec<&str> =
            now.iter().filter(|(key, value)| was[key.as_str()] != **value).map(|(key, _)| key.as_str()).collect();
        match differing.as_slice() {
            [] => assert_eq!(actions, &serde_json::json!(["no-op"]), "{address}"),
            differing => {
                assert_eq!((differing, actions), (&["root_access"][..], &serde_json::json!(["update"])), "{address}");
                updated += 1;
            }
        }
    }
    assert_eq!((notebooks(&after).len(), updated), (22, root_on));
    assert_eq!(run(unroot(path).arg("--check")).code, Some(0));
}
