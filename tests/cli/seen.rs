//! Whoever hands a value over is seen, wherever and however it is written.
//!
//! | kind | tests |
//! |---|---|
//! | the paths of a run hold a caller, a file of values or a unit alone | `world::whatever_lies_on_the_way_selects_the_notebook`, `world::documents_and_commands_select_what_they_feed`; at random: `tests/world`, `whatever_is_named_no_notebook_behind_it_is_missed` |
//! | a commit that turns root on under pre-commit | `tests/world`, module `pre_commit` |
//! | symbolic links to code, notebooks, files of values, units | [`a_root_whose_code_is_a_link_is_judged_in_each_folder`], `tests/harm`, module `shared`; `handed_over.txt`, `unit-…link…` |
//! | code that Terraform accepts and a parser refuses | [`what_terraform_accepts_is_read_around`]; `tests/trace/cases/{caller-that-hcl-edit-refuses,latin-1-*,tfvars-with-a-key-twice}` |
//! | code that Terraform refuses | `world::nothing_unread_complies`, module `broken`, `handed_over::a_repository_with_a_broken_file_never_complies`; at random: `tests/world`, `nothing_that_is_fed_by_a_broken_file_complies` |
//! | a broken list of installed modules | `broken::a_broken_list_of_installed_modules_hides_nothing` |
//! | several files of values at once | `world::files_of_values_count_together` |
//! | files of values elsewhere | [`files_of_values_are_found_below_and_where_commands_name_them`], `world::what_commands_hand_over_counts`, `values::files_of_values_that_commands_name_are_found_in_each_kind_of_file`, `values::files_of_values_with_other_names_are_found_where_a_setting_names_them`, `values::files_of_values_without_code_around_belong_to_what_has_their_variables` |
//! | a root that is also called | [`a_root_that_is_also_called_keeps_its_default`], `world::a_root_that_its_examples_call_keeps_its_default` |
//! | spellings of a source | [`a_source_that_begins_at_the_root_of_the_file_system_is_followed_into_the_repository`], `world::a_source_that_is_put_together_is_followed_or_a_gap`, [`a_source_is_followed_however_it_is_spelled`] |
//! | hidden and git-ignored callers, and those outside of a repository | `world::callers_count_though_git_ignores_them_or_they_are_hidden`, `world::callers_are_looked_for_in_the_working_folder_where_there_is_no_repository`, `absent::callers_in_the_repository_around_a_submodule_count` |
//! | modules that each root has installed | `values::each_root_has_modules_of_its_own`, `values::a_notebook_in_a_module_that_each_root_has_installed_is_judged_in_each` |
//! | variables of the environment, the command line, programs and services | `values::a_variable_that_a_command_sets_is_found_in_each_kind_of_file`, `values::a_variable_that_a_test_sets_counts_for_the_root_that_it_runs` |
//! | Terragrunt: sources, includes, JSON, inputs as text, generated code, stacks; Terraform Stacks | modules `handed_over` and `terragrunt` |
//! | `OpenTofu`: sources from variables and local values | `world::a_source_that_is_put_together_is_followed_or_a_gap`, `tests/trace`, module `dialects` |
//! | calls of what is not in the tree | module `absent` |
//! | plans, states, templates and other files that are no code | `world::what_is_no_code_is_an_error_that_says_what_it_is` |

use crate::support::folder;
use crate::support::program::{run, unroot};
use crate::world::MODULE;

/// `unroot --check` finds that root is on.
fn is_on(files: &[(&str, &str)], about: &str) {
    let tree = folder::with(&[&[(".git/HEAD", "")], files].concat());
    let ended = run(unroot(tree.path()).arg("--check"));
    assert_eq!(ended.code, Some(1), "{about}: {} {}", ended.text(), ended.err);
    assert!(ended.text().contains("\"Enabled\""), "{about}: {}", ended.text());
}

/// Expressions that Terraform 1.11.4 accepts, tried with a plan.
fn unusual() -> Vec<(&'static str, String)> {
    let nested = |open: &str, close: &str, times: usize| format!("{}1{}", open.repeat(times), close.repeat(times));
    vec![
        ("a key twice", "{ a = 1, a = 2 }".to_owned()),
        ("a key twice, deeper", "{ x = { a = 1, a = 2 } }".to_owned()),
        ("a key twice in a list", "[{ a = 1, a = 2 }]".to_owned()),
        ("a key twice in a call", "merge({ a = 1, a = 2 })".to_owned()),
        ("a number twice", "{ 1 = 1, 1 = 2 }".to_owned()),
        ("a key twice as a template", "{ \"${\"a\"}\" = 1, \"${\"a\"}\" = 2 }".to_owned()),
        ("brackets", nested("[", "]", 70)),
        ("parentheses", nested("(", ")", 70)),
        ("conditionals", format!("{}1", "true ? 1 : ".repeat(70))),
        ("operators", format!("1{}", " + 1".repeat(140))),
        ("a large number", "1e400".to_owned()),
    ]
}

#[test]
fn what_terraform_accepts_is_read_around() {
    for (about, expr) in unusual() {
        let call = format!("module \"nb\" {{\n  source = \"../nb\"\n  ra     = \"Enabled\"\n  tags   = {expr}\n}}\n");
        is_on(&[("nb/main.tf", MODULE), ("env/main.tf", &call)], &format!("{about} in a call"));
        let call = "module \"nb\" {\n  source = \"../nb\"\n}\n";
        let over = format!("module \"nb\" {{\n  ra   = \"Enabled\"\n  tags = {expr}\n}}\n");
        let files = [("nb/main.tf", MODULE), ("env/main.tf", call), ("env/x_override.tf", &over)];
        is_on(&files, &format!("{about} in an override"));
        let locals = format!("locals {{\n  tags = {expr}\n  ra   = \"Enabled\"\n}}\n");
        let notebook = "resource \"aws_sagemaker_notebook_instance\" \"nb\" {\n  root_access = local.ra\n}\n";
        is_on(&[("main.tf", notebook), ("locals.tf", &locals)], &format!("{about} in local values"));
        let unit =
            format!("terraform {{\n  source = \"../nb\"\n}}\ninputs = {{\n  ra   = \"Enabled\"\n  tags = {expr}\n}}\n");
        is_on(&[("nb/main.tf", MODULE), ("live/terragrunt.hcl", &unit)], &format!("{about} in a unit"));
        if !expr.contains(['(', '$', '+', '?']) {
            let values = format!("ra   = \"Enabled\"\ntags = {expr}\n");
            is_on(&[("main.tf", MODULE), ("terraform.tfvars", &values)], &format!("{about} in a file of values"));
        }
    }
}

#[test]
fn a_source_is_followed_however_it_is_spelled() {
    for source in [
        "../nb",
        "./../nb",
        "../nb/",
        "../x/../nb",
        ".././nb",
        "..\\\\nb",
        "../x\\\\..\\\\nb",
        "../\\u006eb",
        "../m//nb",
    ] {
        let call = format!("module \"nb\" {{\n  source = \"{source}\"\n  ra     = \"Enabled\"\n}}\n");
        let module = if source.contains("//") { "m/nb/main.tf" } else { "nb/main.tf" };
        is_on(&[(module, MODULE), ("x/y.txt", ""), ("env/main.tf", &call)], source);
    }
    for text in [
        "module /* a */ \"nb\" /* b */ {\n  source /* c */ = /* d */ \"../nb\"\n  ra = \"Enabled\"\n}\n",
        "module nb {\n  source = (\"../nb\")\n  ra = \"Enabled\"\n}\n",
        "\u{feff}module \"nb\" {\r\n  source = \"../nb\"\r\n  ra = \"Enabled\"\r\n}\r\n",
    ] {
        is_on(&[("nb/main.tf", MODULE), ("env/main.tf", text)], text);
    }
    for json in [
        r#"{"module": {"nb": {"source": "..\/nb", "ra": "Enabled"}}}"#,
        r#"{"module": [{"nb": [{"source": "../nb", "ra": "${\"En\"}abled"}]}]}"#,
        r#"[{"module": {"nb": {"source": "\u002e./nb", "ra": "Enabled"}}}]"#,
        r#"{"\u006dodule": {"nb": {"s\u006furce": "..\/\u006eb", "\u0072a": "\u0045nabled"}}}"#,
    ] {
        is_on(&[("nb/main.tf", MODULE), ("env/main.tf.json", json)], json);
    }
}

#[test]
fn json_with_bytes_that_are_no_utf_8_is_read_as_terraform_does() {
    let caller =
        b"{\"module\": {\"nb\": {\"source\": \"../nb\", \"tags\": \"caf\xe9\", \"ra\": \"Enabled\"}}}".to_vec();
    let values = b"{\"tags\": \"caf\xe9\", \"ra\": \"Enabled\"}".to_vec();
    for (path, bytes) in [("env/main.tf.json", caller), ("nb/x.auto.tfvars.json", values)] {
        let tree = folder::with(&[(".git/HEAD", ""), ("nb/main.tf", MODULE)]);
        folder::put(&tree.path().join(path), &bytes);
        let ended = run(unroot(tree.path()).arg("--check"));
        assert_eq!(ended.code, Some(1), "{path}: {} {}", ended.text(), ended.err);
        assert!(ended.text().contains("\"Enabled\""), "{path}: {}", ended.text());
    }
}

/// Terraform copies what lies at an absolute path.
#[cfg(unix)]
#[test]
fn a_source_that_begins_at_the_root_of_the_file_system_is_followed_into_the_repository() {
    let tree = folder::with(&[(".git/HEAD", ""), ("nb/main.tf", MODULE)]);
    let top = tree.path().canonicalize().expect("the folder exists");
    for source in [format!("{}/nb", top.display()), format!("git::file://{}//nb?ref=main", top.display())] {
        let call = format!("module \"nb\" {{\n  source = \"{source}\"\n  ra     = \"Enabled\"\n}}\n");
        folder::put(&tree.path().join("env/main.tf"), call.as_bytes());
        for path in [".", "env"] {
            let ended = run(unroot(tree.path()).args(["--check", path]));
            assert_eq!(ended.code, Some(1), "{source}: {} {}", ended.text(), ended.err);
            assert!(ended.text().contains("\"Enabled\""), "{source}: {}", ended.text());
        }
    }
}

#[test]
fn a_folder_with_the_name_of_a_file_is_a_folder() {
    let call = "module \"nb\" {\n  source = \"./nb.tf\"\n  ra     = \"Enabled\"\n}\n";
    is_on(&[("nb.tf/main.tf", MODULE), ("main.tf", call), ("old.tf/notes.txt", "")], "a module");
}

#[test]
fn files_of_values_are_found_below_and_where_commands_name_them() {
    const BAD: &str = "ra = \"Enabled\"\n";
    for path in
        ["a/b/c/d/e/f/dev.tfvars", ".envs/dev.tfvars", "x.tf.d/dev.tfvars", ".local.auto.tfvars", ".auto.tfvars"]
    {
        is_on(&[("main.tf", MODULE), (path, BAD)], path);
    }
    is_on(
        &[
            ("main.tf", MODULE),
            ("a.auto.tfvars", "ra = \"Disabled\"\n"),
            ("a.auto.tfvars.json", "{\"ra\": \"Enabled\"}"),
        ],
        "JSON comes later",
    );
    for path in ["cfg/dev.vars", "cfg/dev.json", "cfg/with/code/dev.tfvars"] {
        let values = if path.ends_with("json") { "{\"ra\": \"Enabled\"}" } else { BAD };
        let makefile = format!("plan:\n\tterraform -chdir=tf plan -var-file=../{path}\n");
        let files = [("tf/main.tf", MODULE), (path, values), ("cfg/with/code/main.tf", ""), ("Makefile", &makefile)];
        is_on(&files, path);
    }
}

#[test]
fn a_root_that_is_also_called_keeps_its_default() {
    let on = MODULE.replace("\"Disabled\"", "\"Enabled\"");
    let call = "module \"nb\" {\n  source = \"../../\"\n  ra     = \"Disabled\"\n}\n";
    let elsewhere = "module \"nb\" {\n  source = \"../root\"\n  ra     = \"Disabled\"\n}\n";
    is_on(&[("main.tf", &on), ("examples/full/main.tf", call)], "its examples");
    is_on(&[("main.tf", &on), ("tests/setup/main.tf", call)], "its tests");
    for (path, text) in [
        ("root/provider.tf", "provider \"aws\" {\n}\n"),
        ("root/backend.tf", "terraform {\n  backend \"s3\" {\n  }\n}\n"),
        ("root/.terraform.lock.hcl", ""),
        ("root/terraform.tfstate", "{}"),
        ("root/backend.hcl", "bucket = \"x\"\n"),
        ("root/dev.tfvars", "tags = {}\n"),
    ] {
        is_on(&[("root/main.tf", &on), ("env/main.tf", elsewhere), (path, text)], path);
    }
}

/// Environments are often kept alike by links to one file.
#[test]
#[cfg(unix)]
fn a_root_whose_code_is_a_link_is_judged_in_each_folder() {
    let common = "variable \"ra\" {\n}\nmodule \"nb\" {\n  source = \"../../modules/nb\"\n  ra     = var.ra\n}\n";
    let tree = folder::with(&[
        (".git/HEAD", ""),
        ("modules/nb/main.tf", MODULE),
        ("envs/common.tf", common),
        ("envs/dev/terraform.tfvars", "ra = \"Enabled\"\n"),
        ("envs/prod/terraform.tfvars", "ra = \"Disabled\"\n"),
    ]);
    for environment in ["dev", "prod"] {
        let link = tree.path().join("envs").join(environment).join("main.tf");
        std::os::unix::fs::symlink("../common.tf", link).expect("a link can be made");
    }
    let ended = run(unroot(tree.path()).arg("--check"));
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    assert!(ended.text().contains("envs/dev/terraform.tfvars:1"), "{}", ended.text());
}

/// A file that lies where nothing declares what it refers to is code of the folders that link to it alone.
#[cfg(unix)]
#[test]
fn a_folder_of_files_for_others_is_no_root_module() {
    const NOTEBOOK: &str = "resource \"aws_sagemaker_notebook_instance\" \"nb\" {\n  root_access = var.ra\n}\n";
    let default = |value: &str| format!("variable \"ra\" {{\n  default = \"{value}\"\n}}\n");
    for (own, code) in [("Disabled", 0), ("Enabled", 1)] {
        let tree = folder::with(&[
            (".git/HEAD", ""),
            ("shared/nb.tf", NOTEBOOK),
            ("a/variables.tf", &default("Disabled")),
            ("b/variables.tf", &default(own)),
        ]);
        for root in ["a", "b"] {
            std::os::unix::fs::symlink("../shared/nb.tf", tree.path().join(root).join("nb.tf")).expect("a link");
        }
        let ended = run(unroot(tree.path()).arg("--check"));
        assert_eq!(ended.code, Some(code), "{own}: {}", ended.text());
        assert!(!ended.text().contains("review"), "{own}: {}", ended.text());
        // What calls the folder would run it, if Terraform took it.
        let call = "module \"nb\" {\n  source = \"../shared\"\n}\n";
        folder::put(&tree.path().join("c/main.tf"), call.as_bytes());
        let ended = run(unroot(tree.path()).arg("--check"));
        assert!(ended.text().contains("[review]"), "{own}: {}", ended.text());
    }
}

#[test]
fn a_module_that_open_tofu_alone_calls_is_no_root_module() {
    let on = MODULE.replace("\"Disabled\"", "\"Enabled\"");
    let call = |value: &str| format!("module \"nb\" {{\n  source = \"../nb\"\n  ra     = \"{value}\"\n}}\n");
    for (value, more, code) in
        [("Disabled", "x.txt", 0), ("Enabled", "x.txt", 1), ("Disabled", "nb/.terraform.lock.hcl", 1)]
    {
        let files = [(".git/HEAD", ""), ("nb/main.tf", &on), ("env/main.tofu", &call(value)), (more, "")];
        let tree = folder::with(&files);
        let ended = run(unroot(tree.path()).arg("--check"));
        assert_eq!(ended.code, Some(code), "{value}, {more}: {}", ended.text());
    }
}

#[test]
fn a_stray_byte_of_json_in_what_terraform_looks_up_hides_no_caller() {
    for text in [
        &b"{\"module\": {\"nb\": {\"source\": \"../n\xe9b\", \"ra\": \"Enabled\"}}}"[..],
        b"{\"mod\xe9ule\": {\"nb\": {\"source\": \"../nb\", \"ra\": \"Enabled\"}}}",
        b"{\"module\": {\"nb\": {\"source\": \"../nb\", \"ra\": \"${local.\xe9}\"}}}",
        b"{\"module\": \xe9{\"nb\": {\"source\": \"../nb\", \"ra\": \"Enabled\"}}}",
    ] {
        let tree = folder::with(&[(".git/HEAD", ""), ("nb/main.tf", MODULE)]);
        folder::put(&tree.path().join("env/main.tf.json"), text);
        let ended = run(unroot(tree.path()).arg("--check"));
        assert_eq!(ended.code, Some(2), "{}: {} {}", text.escape_ascii(), ended.text(), ended.err);
        assert!(ended.err.contains("env/main.tf.json"), "{}", ended.err);
    }
}
