//! What chose a value goes with it through every operation: a choice that nothing in the tree settles stays one.

use std::path::Path;

use crate::support::folder;
use crate::support::program::{run, unroot};

/// The ways to write one choice.
const SPELLINGS: [&str; 19] = [
    "var.open ? \"Enabled\" : \"Disabled\"",
    "lower(var.open) == \"true\" ? \"Enabled\" : \"Disabled\"",
    "\"${var.open ? \"Enabled\" : \"Disabled\"}\"",
    "tostring(var.open ? \"Enabled\" : \"Disabled\")",
    "coalesce(var.open ? \"Enabled\" : \"Disabled\", \"Disabled\")",
    "var.open == true ? \"Enabled\" : \"Disabled\"",
    "{ true = \"Enabled\", false = \"Disabled\" }[tostring(var.open)]",
    "local.chosen",
    "{ r = var.open ? \"Enabled\" : \"Disabled\" }.r",
    "(var.open ? { r = \"Enabled\" } : { r = \"Disabled\" }).r",
    "(var.open ? [\"Enabled\"] : [\"Disabled\"])[0]",
    "element(var.open ? [\"Enabled\"] : [\"Disabled\"], 0)",
    "one(var.open ? [\"Enabled\"] : [\"Disabled\"])",
    "lookup(var.open ? { r = \"Enabled\" } : { r = \"Disabled\" }, \"r\", \"Disabled\")",
    "values(var.open ? { r = \"Enabled\" } : { r = \"Disabled\" })[0]",
    "[for value in(var.open ? [\"Enabled\"] : [\"Disabled\"]) : value][0]",
    "merge({ s = 1 }, var.open ? { r = \"Enabled\" } : { r = \"Disabled\" }).r",
    "concat(var.open ? [\"Enabled\"] : [\"Disabled\"], [\"x\"])[0]",
    "[for value in [\"Enabled\", \"Disabled\"] : value if (value == \"Enabled\") == var.open][0]",
];

fn tree(variable: &str, spelling: &str) -> String {
    format!(
        "variable \"open\" {{\n  type = bool\n{variable}}}\nlocals {{\n  chosen = var.open ? \"Enabled\" : \"Disabled\"\n}}\n\
         resource \"aws_sagemaker_notebook_instance\" \"n\" {{\n  name        = \"n\"\n  root_access = {spelling}\n}}\n"
    )
}

#[test]
fn what_somebody_outside_chooses_is_undetermined_in_every_spelling() {
    for spelling in SPELLINGS {
        let code = tree("", spelling);
        let folder = folder::with(&[(".git/HEAD", ""), ("main.tf", &code)]);
        let before = folder::files(folder.path());
        let ended = run(unroot(folder.path()).args(["--write", "--format", "json"]));
        assert_eq!(ended.code, Some(1), "{spelling}: {}", ended.text());
        assert_eq!(folder::files(folder.path()), before, "{spelling}");
        let report: serde_json::Value = serde_json::from_slice(&ended.out).expect("JSON");
        let notebook = &report["notebooks"][0];
        assert_eq!(notebook["rule"], "root-access-undetermined", "{spelling}: {notebook}");
        assert_eq!(notebook["fix"]["applicability"], "unsafe", "{spelling}: {notebook}");
        let ended = run(unroot(folder.path()).args(["--write", "--unsafe-fixes"]));
        assert_eq!(ended.code, Some(0), "{spelling}: {}", ended.text());
        let files = folder::files(folder.path());
        let fixed = str::from_utf8(&files[Path::new("main.tf")]).expect("text");
        assert!(fixed.contains("  root_access = \"Disabled\"\n"), "{spelling}: {fixed}");
    }
}

/// Where the choice is known, the boolean is turned in every spelling that names it.
#[test]
fn the_boolean_that_chose_is_turned_in_every_spelling() {
    let (filtered, spellings) = SPELLINGS.split_last().expect("there are some");
    for spelling in spellings {
        assert_eq!(written("  default = true\n", spelling), tree("  default = false\n", spelling), "{spelling}");
    }
    // What a filter leaves out may be a whole notebook elsewhere: there the literal takes its place.
    assert_eq!(written("  default = true\n", filtered), tree("  default = true\n", "\"Disabled\""));
}

/// What `--write` makes of the code, without anything left over.
fn written(variable: &str, spelling: &str) -> String {
    let folder = folder::with(&[(".git/HEAD", ""), ("main.tf", &tree(variable, spelling))]);
    let ended = run(unroot(folder.path()).arg("--write"));
    assert_eq!(ended.code, Some(0), "{spelling}: {}", ended.text());
    let mut files = folder::files(folder.path());
    String::from_utf8(files.remove(Path::new("main.tf")).expect("the code")).expect("text")
}

/// A boolean chose between two objects, one of which an output shows as well.
#[test]
fn merge_keeps_turning_the_boolean_that_chose() {
    for chosen in ["local.chosen.root", "merge(local.chosen, {}).root", "merge({ x = 1 }, local.chosen).root"] {
        let code = |flag: bool| {
            format!(
                "locals {{\n  flag   = {flag}\n  a      = {{ root = \"Enabled\" }}\n  b      = {{ root = \"Disabled\" }}\n  \
                 chosen = local.flag ? local.a : local.b\n}}\noutput \"a\" {{\n  value = local.a\n}}\n\
                 resource \"aws_sagemaker_notebook_instance\" \"n\" {{\n  name        = \"n\"\n  root_access = {chosen}\n}}\n"
            )
        };
        let folder = folder::with(&[(".git/HEAD", ""), ("main.tf", &code(true))]);
        let ended = run(unroot(folder.path()).arg("--write"));
        assert_eq!(ended.code, Some(0), "{chosen}: {}", ended.text());
        let files = folder::files(folder.path());
        assert_eq!(str::from_utf8(&files[Path::new("main.tf")]), Ok(code(false).as_str()), "{chosen}");
    }
}

/// What a boolean chose is taken out of a collection, beside a notebook that reads the same choice plainly.
#[test]
fn notebooks_that_read_one_choice_in_different_ways_do_not_stand_in_each_others_way() {
    for other in [
        "element(values(local.chosen), 0)",
        "values(local.chosen)[0]",
        "one(values(local.chosen))",
        "join(\"\", values(local.chosen))",
        "concat(values(local.chosen), [])[0]",
        "zipmap([\"a\"], values(local.chosen)).a",
        "try(local.chosen.root, \"Enabled\")",
        "[for key, value in local.chosen : value][0]",
    ] {
        let code = |flag: bool| {
            format!(
                "variable \"flag\" {{\n  type    = bool\n  default = {flag}\n}}\nlocals {{\n  open   = {{ root = \"Enabled\" }}\n  \
                 closed = {{ root = \"Disabled\" }}\n  chosen = var.flag ? local.open : local.closed\n}}\noutput \"open\" {{\n  \
                 value = local.open\n}}\nresource \"aws_sagemaker_notebook_instance\" \"a\" {{\n  \
                 root_access = local.chosen.root\n}}\nresource \"aws_sagemaker_notebook_instance\" \"b\" {{\n  root_access = {other}\n}}\n"
            )
        };
        let folder = folder::with(&[(".git/HEAD", ""), ("main.tf", &code(true))]);
        let ended = run(unroot(folder.path()).arg("--write"));
        assert_eq!(ended.code, Some(0), "{other}: {}", ended.text());
        let files = folder::files(folder.path());
        assert_eq!(str::from_utf8(&files[Path::new("main.tf")]), Ok(code(false).as_str()), "{other}");
    }
}

#[test]
fn hops_name_what_took_part_and_nothing_else() {
    let values = "variable \"flag\" {\n  default = true\n}\nvariable \"key\" {\n  default = \"a\"\n}\nlocals {\n  base  = { ra = \"Enabled\" }\n  \
                  over  = { x = 1 }\n  on    = \"Enabled\"\n  off   = \"Disabled\"\n  list  = [\"Disabled\", \"Enabled\"]\n  \
                  maps  = { a = \"Enabled\", b = \"Disabled\" }\n  empty = []\n  none  = null\n}\n";
    for (value, hops) in [
        ("merge(local.base, local.over).ra", "local.base"),
        ("merge(local.over, local.base).ra", "local.base"),
        ("merge(local.base, { ra = local.on }).ra", "local.on"),
        ("concat(local.empty, local.list)[1]", "local.list"),
        ("coalesce(local.none, local.on)", "local.on"),
        ("coalescelist(local.empty, local.list)[1]", "local.list"),
        ("try(local.over.ra, local.on)", "local.on"),
        ("lookup(local.over, \"ra\", local.on)", "local.on"),
        ("lookup(local.maps, var.key, local.off)", "local.maps"),
        ("element(local.list, 1)", "local.list"),
        ("{ on = local.on, off = local.off }.on", "local.on"),
        ("values(local.maps)[0]", "local.maps"),
        ("[for key, value in local.maps : value if value != local.off][0]", "local.maps"),
        ("{ for key, value in local.maps : key => value }.a", "local.maps"),
        ("flatten([local.empty, local.list])[1]", "local.list"),
        ("distinct(concat(local.list, [local.off]))[1]", "local.list"),
        ("zipmap([\"a\"], [local.on]).a", "local.on"),
        ("var.flag ? local.on : local.off", "var.flag <- true <- local.on"),
    ] {
        let code =
            format!("{values}resource \"aws_sagemaker_notebook_instance\" \"n\" {{\n  root_access = {value}\n}}\n");
        let folder = folder::with(&[(".git/HEAD", ""), ("main.tf", &code)]);
        let ended = run(unroot(folder.path()).args(["--check", "--format", "json"]));
        let report: serde_json::Value = serde_json::from_slice(&ended.out).expect("JSON");
        let found = report["notebooks"][0]["values"][0]["hops"].as_array().expect("a list");
        let found: Vec<&str> = found.iter().filter_map(|hop| hop["text"].as_str()).collect();
        assert_eq!(found.join(" <- "), hops, "{value}");
    }
}
