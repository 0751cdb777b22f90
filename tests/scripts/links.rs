//! Which notebooks run a script.

use crate::run::{NOTEBOOK, configuration, found, scripts, tree, unroot_in};
use crate::support::folder;

const ERROR: &str = "base64encode(\"setcap x=ep /bin/x\")";

/// The severity of the one finding, and the notebooks it names.
fn linked(files: &[(&str, &str)]) -> (String, Vec<String>) {
    let scripts = scripts(&folder::with(files));
    assert_eq!(scripts.len(), 1, "{scripts:#?}");
    let notebooks = scripts[0]["notebooks"].as_array().expect("a list");
    let severity = scripts[0]["severity"].as_str().expect("a text").to_owned();
    (severity, notebooks.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect())
}

#[test]
fn notebooks_are_linked_in_every_form() {
    let address = "aws_sagemaker_notebook_instance_lifecycle_configuration.lc";
    for link in [
        format!("{address}.name"),
        format!("{address}.id"),
        format!("{address}[0].name"),
        format!("{address}[each.key].name"),
        format!("var.x ? {address}.name : null"),
        format!("element(concat({address}.*.id, [\"\"]), 0)"),
        format!("join(\"\", {address}[*].name)"),
        format!("try({address}[0].name, null)"),
        format!("\"${{{address}.name}}\""),
        "local.lc".to_owned(),
        "\"lc\"".to_owned(),
    ] {
        let notebook =
            format!("resource \"aws_sagemaker_notebook_instance\" \"nb\" {{\n  lifecycle_config_name = {link}\n}}\n");
        let locals = format!("locals {{\n  lc = {address}.name\n}}\n");
        let files = [("a.tf", configuration(ERROR)), ("b.tf", notebook), ("c.tf", locals)];
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let expected = ("error".to_owned(), vec!["aws_sagemaker_notebook_instance.nb".to_owned()]);
        assert_eq!(linked(&files), expected, "{link}");
    }
}

#[test]
fn notebooks_are_linked_across_modules() {
    let root =
        "module \"lc\" {\n  source = \"./lc\"\n}\nmodule \"nb\" {\n  source = \"./nb\"\n  config = module.lc.name\n}\n";
    let lc = configuration(ERROR)
        + "output \"name\" {\n  value = aws_sagemaker_notebook_instance_lifecycle_configuration.lc.name\n}\n";
    let nb = "variable \"config\" {}\nresource \"aws_sagemaker_notebook_instance\" \"nb\" {\n  lifecycle_config_name = var.config\n}\n";
    let (severity, notebooks) = linked(&[("main.tf", root), ("lc/main.tf", &lc), ("nb/main.tf", nb)]);
    assert_eq!((severity.as_str(), notebooks.len()), ("error", 1));
}

#[test]
fn the_other_provider_is_read_too() {
    let text = "resource \"awscc_sagemaker_notebook_instance\" \"nb\" {\n  notebook_instance_lifecycle_config_name = \"lc\"\n  \
                lifecycle_config_name = \"lc\"\n}\n\
                resource \"awscc_sagemaker_notebook_instance_lifecycle_config\" \"lc\" {\n  \
                notebook_instance_lifecycle_config_name = \"lc\"\n  on_create = [{\n    \
                content = base64encode(\"setcap x=ep /bin/x\")\n  }]\n}\n";
    assert_eq!(linked(&[("main.tf", text)]).0, "error");
}

#[test]
fn an_unused_configuration_gets_notes() {
    let (severity, notebooks) = linked(&[("main.tf", &configuration(ERROR))]);
    assert_eq!((severity.as_str(), notebooks.len()), ("note", 0));
    let tree = folder::with(&[("main.tf", &configuration(ERROR))]);
    assert_eq!(unroot_in(&tree, &["--check", "--scripts", "deny"]).code, Some(0));
}

#[test]
fn a_shared_script_is_judged_once_and_names_all() {
    let other = format!("{NOTEBOOK}{}", configuration("filebase64(\"${path.module}/../s.sh\")"));
    let script = "#!/bin/bash\nsetcap x=ep /bin/x\nsudo ls\n";
    let third = other.replace("\"nb\"", "\"third\"");
    let tree = folder::with(&[("a/main.tf", &other), ("b/main.tf", &third), ("s.sh", script)]);
    assert_eq!(found(&tree), ["s.sh:2:1 setuid-or-capability error", "s.sh:3:1 redundant-sudo note"]);
    let expected = serde_json::json!(["aws_sagemaker_notebook_instance.nb", "aws_sagemaker_notebook_instance.third"]);
    assert_eq!(scripts(&tree)[0]["notebooks"], expected);
    let out = unroot_in(&tree, &[]);
    assert!(out.text().contains("1 lifecycle script: 1 error, 1 note."), "{}", out.text());
}

#[test]
fn a_configuration_in_json_is_read() {
    let json = r#"{"resource": {"aws_sagemaker_notebook_instance_lifecycle_configuration": {"lc": {
  "name": "lc",
  "on_start": "${base64encode(\"ls\\nsetcap x=ep /bin/x\")}"
}}}}"#;
    let found = found(&folder::with(&[("main.tf", NOTEBOOK), ("lc.tf.json", json)]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("lc.tf.json:3:") && found[0].ends_with("setuid-or-capability error"), "{found:?}");
}

#[test]
fn without_scripts_nothing_is_read() {
    let tree = tree("filebase64(\"no.sh\")", &[]);
    let ended = unroot_in(&tree, &["--scripts", "off"]);
    assert!(!ended.text().contains("unanalysed") && !ended.text().contains("lifecycle script"), "{}", ended.text());
}
