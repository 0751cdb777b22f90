//! Terragrunt units and Terraform Stacks: every one that may run a notebook's module is followed, or named.

use crate::support::folder;
use crate::support::program::{run, unroot};

/// A module whose notebook complies unless somebody says otherwise.
const MODULE: &str = r#"variable "ra" {
  default = "Disabled"
}
variable "lock" {
  default = false
}
resource "aws_sagemaker_notebook_instance" "nb" {
  name        = "x"
  root_access = VALUE
}
"#;

/// The report of `--check` on a module with a notebook of this value beside other files.
fn checked(value: &str, files: &[(&str, &str)]) -> (Option<i32>, String) {
    let module = MODULE.replace("VALUE", value);
    let mut all = vec![(".git/HEAD", ""), ("modules/nb/main.tf", module.as_str())];
    all.extend(files);
    let folder = folder::with(&all);
    let ended = run(unroot(folder.path()).arg("--check"));
    (ended.code, ended.text().to_string())
}

/// A unit with this source that includes a root configuration, and hands "Enabled" on.
fn unit(source: &str) -> String {
    format!(
        r#"include "root" {{
  path   = find_in_parent_folders("root.hcl")
  expose = true
}}
locals {{
  a = "../../modules/nb"
  b = local.a
  o = {{ src = "../../modules/nb" }}
}}
terraform {{
  source = {source}
}}
inputs = {{
  ra = "Enabled"
}}
"#
    )
}

const ROOT: &str = "locals {\n  mods = \"../../modules\"\n}\n";

#[test]
fn a_unit_is_followed_however_its_source_is_written() {
    for source in [
        r#""../../modules/nb""#,
        r#""../../modules//nb""#,
        r#""${get_parent_terragrunt_dir()}/../modules/nb""#,
        r#""${get_parent_terragrunt_dir("root")}/../modules/nb""#,
        r#""${path_relative_from_include()}/../modules/nb""#,
        r#""${include.root.locals.mods}/nb""#,
        r#""${read_terragrunt_config(find_in_parent_folders("root.hcl")).locals.mods}/nb""#,
        r#""${get_repo_root()}/modules/${basename(get_terragrunt_dir())}""#,
        r#"get_env("MODULES", "../../modules/nb")"#,
        "local.b",
        "local.o.src",
        r#"format("%s/nb", "../../modules")"#,
        r#"join("/", ["../..", "modules", "nb"])"#,
        r#"local.a == "x" ? "../other" : "../../modules/nb""#,
        r#"abspath("../../modules/nb")"#,
    ] {
        let (code, text) = checked("var.ra", &[("live/root.hcl", ROOT), ("live/nb/terragrunt.hcl", &unit(source))]);
        assert_eq!(code, Some(1), "{source}: {text}");
        assert!(text.contains("root-access-via-reference"), "{source}: {text}");
    }
}

#[test]
fn a_unit_that_is_not_followed_is_named() {
    for source in [
        r#"run_cmd("echo", "../../modules/nb")"#,
        r#"yamldecode(file("x.yaml")).source"#,
        r#"get_env("MODULES")"#,
        "local.a.b.c",
        r#""../../modules/is-not-there""#,
    ] {
        let (code, text) = checked("var.ra", &[("live/root.hcl", ROOT), ("live/dev/terragrunt.hcl", &unit(source))]);
        assert_eq!(code, Some(1), "{source}: {text}");
        assert!(text.contains("live/dev/terragrunt.hcl, whose source is not followed"), "{source}: {text}");
    }
}

#[test]
fn local_values_that_need_each_other_end() {
    let configuration =
        "locals {\n  a = local.b\n  b = local.a\n}\nterraform {\n  source = local.a\n}\ninputs = { ra = 1 }\n";
    let (code, text) = checked("var.ra", &[("live/dev/terragrunt.hcl", configuration)]);
    assert_eq!(code, Some(1), "{text}");
}

#[test]
fn a_source_is_a_path_unless_it_is_an_address() {
    let unit =
        |source: &str| format!("terraform {{\n  source = \"{source}\"\n}}\ninputs = {{\n  ra = \"Enabled\"\n}}\n");
    let (code, text) = checked("var.ra", &[("terragrunt.hcl", &unit("modules/nb"))]);
    assert_eq!(code, Some(1), "{text}");
    for address in [
        "git::https://example.com/x.git//modules/nb?ref=v1",
        "tfr:///acme/nb/aws?version=1.0.0",
        "git@example.com:x/nb.git",
        "example.com/acme/nb",
    ] {
        let (code, text) = checked("var.ra", &[("live/terragrunt.hcl", &unit(address))]);
        assert_eq!(code, Some(0), "{address}: {text}");
    }
}

/// Each of these holds twenty of the one before: written out, the last would have some 10^10 parts.
#[test]
fn local_values_that_hold_many_others_end() {
    let local = |number: usize| format!("  a{number} = \"{}\"\n", format!("${{local.a{}}}", number - 1).repeat(20));
    let locals: String = (1..9).map(local).collect();
    let text = format!(
        "locals {{\n  a0 = \"../../modules/nb\"\n{locals}}}\nterraform {{\n  source = local.a8\n}}\ninputs = {{\n  ra = \"Enabled\"\n}}\n"
    );
    let (code, report) = checked("var.ra", &[("live/dev/terragrunt.hcl", &text)]);
    assert_eq!(code, Some(1), "{report}");
    assert!(report.contains("live/dev/terragrunt.hcl, whose source is not followed"), "{report}");
}

#[test]
fn what_an_include_or_a_generate_block_may_set_is_not_known() {
    let source = "terraform {\n  source = \"../../modules/nb\"\n}\n";
    for (what, more) in [
        ("this include may set", "include \"root\" {\n  path = run_cmd(\"x\")\n}\n"),
        (
            "this generate block may set",
            "generate \"o\" {\n  path     = \"o_override.tf\"\n  contents = \"variable \\\"ra\\\" { default = 1 }\"\n}\n",
        ),
    ] {
        let (code, text) = checked("var.ra", &[("live/dev/terragrunt.hcl", &format!("{more}{source}"))]);
        assert_eq!(code, Some(1), "{text}");
        assert!(text.contains(what), "{text}");
    }
    let provider = "generate \"p\" {\n  path     = \"provider.tf\"\n  contents = \"provider \\\"aws\\\" {}\"\n}\n";
    let (code, text) = checked("var.ra", &[("live/dev/terragrunt.hcl", &format!("{provider}{source}"))]);
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn inputs_reach_a_variable_without_a_type_as_text() {
    let configuration = "terraform {\n  source = \"../../modules/nb\"\n}\ninputs = {\n  lock = true\n}\n";
    let (code, text) =
        checked("var.lock == true ? \"Disabled\" : \"Enabled\"", &[("live/dev/terragrunt.hcl", configuration)]);
    assert_eq!(code, Some(1), "{text}");
}

#[test]
fn configurations_in_json_and_components_of_stacks_count() {
    for (path, text) in [
        (
            "live/dev/terragrunt.hcl.json",
            r#"{"terraform": {"source": "../../modules/nb"}, "inputs": {"ra": "Enabled"}}"#,
        ),
        (
            "stack/main.tfcomponent.hcl",
            "component \"nb\" {\n  source = \"../modules/nb\"\n  inputs = {\n    ra = \"Enabled\"\n  }\n}\n",
        ),
        (
            "stack/main.tfstack.hcl",
            "component \"nb\" {\n  for_each = var.regions\n  source = \"../modules/nb\"\n  inputs = {\n    ra = var.access\n  }\n}\n",
        ),
    ] {
        let (code, report) = checked("var.ra", &[(path, text)]);
        assert_eq!(code, Some(1), "{path}: {report}");
    }
}

/// A configuration that is included by a unit nobody can follow is not edited for one that can be.
#[test]
fn a_unit_that_is_not_followed_uses_what_it_includes() {
    let include = "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n}\n";
    let folder = folder::with(&[
        (".git/HEAD", ""),
        ("modules/nb/main.tf", &MODULE.replace("VALUE", "var.ra")),
        ("live/root.hcl", "inputs = {\n  ra = \"Enabled\"\n}\n"),
        ("live/nb/terragrunt.hcl", &format!("{include}terraform {{\n  source = \"../../modules/nb\"\n}}\n")),
        ("live/vpn/terragrunt.hcl", &format!("{include}terraform {{\n  source = run_cmd(\"vpn\")\n}}\n")),
    ]);
    let ended = run(unroot(folder.path()).arg("--write"));
    let files = folder::files(folder.path());
    assert_eq!(
        files[std::path::Path::new("live/root.hcl")],
        b"inputs = {\n  ra = \"Enabled\"\n}\n",
        "{}",
        ended.text()
    );
}

#[test]
fn a_stack_that_hands_values_over_is_named() {
    for block in ["unit", "stack"] {
        let stack = format!(
            "{block} \"one\" {{\n  source = \"git::https://example.com/units.git//one\"\n  path   = \"one\"\n  values = {{\n    ra = \"Enabled\"\n  }}\n}}\n"
        );
        let (status, text) = checked("var.ra", &[("live/terragrunt.stack.hcl", &stack)]);
        assert_eq!(status, Some(1), "{text}");
        assert!(text.contains("live/terragrunt.stack.hcl"), "{text}");
    }
}

/// A file of values that two units name is changed only if it feeds nothing but notebooks in both.
#[test]
fn a_file_of_values_that_a_unit_with_code_elsewhere_names_too_is_not_edited() {
    let unit = |source: &str| {
        format!(
            "terraform {{\n  source = \"{source}\"\n  extra_arguments \"common\" {{\n    commands           = [\"plan\", \"apply\"]\n    \
             required_var_files = [\"${{get_terragrunt_dir()}}/../common.tfvars\"]\n  }}\n}}\n"
        )
    };
    let module = "variable \"ra\" {\n  default = \"Disabled\"\n}\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.ra\n}\n";
    for other in ["git::https://example.com/vpn.git", "${get_env(\"CODE\")}/vpn"] {
        let folder = folder::with(&[
            (".git/HEAD", ""),
            ("modules/nb/main.tf", module),
            ("live/common.tfvars", "ra = \"Enabled\"\n"),
            ("live/nb/terragrunt.hcl", &unit("../../modules/nb")),
            ("live/vpn/terragrunt.hcl", &unit(other)),
        ]);
        let ended = run(unroot(folder.path()).arg("--write"));
        let files = folder::files(folder.path());
        let values = str::from_utf8(&files[std::path::Path::new("live/common.tfvars")]);
        assert_eq!(values, Ok("ra = \"Enabled\"\n"), "{other}: {}", ended.text());
    }
}
