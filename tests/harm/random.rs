//! Random repositories. `UNROOT_HARM_TREES` says how many are made, `UNROOT_HARM_SEED` from which seed on.

use std::collections::BTreeMap;

use fastrand::Rng;

use crate::repository::Repository;
use crate::support::terraform;

/// As many as take a few seconds.
const DEFAULT_TREES: u64 = 8;

#[test]
fn after_writing_nothing_differs_but_what_is_said() {
    if !terraform::is_there() {
        return;
    }
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|error| panic!("{name}: {error}")))
    };
    let (trees, first) = (number("UNROOT_HARM_TREES", DEFAULT_TREES), number("UNROOT_HARM_SEED", 1));
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for seed in first..first + trees {
        match repository(&mut Rng::with_seed(seed)).judge() {
            Ok(Some(said)) => {
                *counts.entry("repositories".to_owned()).or_default() += 1;
                for (_, _, status) in said {
                    *counts.entry(status).or_default() += 1;
                }
            }
            Ok(None) => *counts.entry("refused".to_owned()).or_default() += 1,
            Err(error) => wrong.push(format!("seed {seed}: {error}")),
        }
    }
    let told = format!("{} of {trees} from seed {first} are wrong; {counts:?}", wrong.len());
    #[expect(clippy::print_stderr, reason = "a long run has to say what it did")]
    {
        eprintln!("{told}");
    }
    wrong.truncate(3);
    assert!(wrong.is_empty(), "{told}\n{}", wrong.join("\n"));
    assert!(counts.get("fixed").is_some_and(|fixed| *fixed > 0), "nothing was fixed: {told}");
}

/// One to three roots, some of whose files are shared.
fn repository(rng: &mut Rng) -> Repository {
    let mut made = Repository::default();
    let roots = ["dev", "prod", "test"];
    let count = rng.usize(1..=3);
    let is_flag = rng.bool();
    let declaration = declaration(rng, is_flag);
    let shares_declaration = rng.bool();
    if shares_declaration {
        made.add("shared/variables.tf", &declaration);
    }
    let (values, shares_values) = (rng.u8(0..4), rng.bool());
    let value = if is_flag { "true" } else { "\"Enabled\"" };
    if values > 0 && shares_values {
        made.add("shared/terraform.tfvars", &format!("root = {value}\n"));
    }
    for root in &roots[..count] {
        made.roots.push(((*root).to_owned(), Vec::new()));
        if shares_declaration {
            made.links.insert(format!("{root}/variables.tf"), "../shared/variables.tf".to_owned());
        } else {
            made.add(format!("{root}/variables.tf"), &declaration);
        }
        match values {
            0 => {}
            _ if shares_values => {
                _ = made.links.insert(format!("{root}/terraform.tfvars"), "../shared/terraform.tfvars".to_owned());
            }
            1 => made.add(format!("{root}/terraform.tfvars"), &format!("root = {value}\n")),
            2 => made.add(format!("{root}/x.auto.tfvars"), &format!("root = {value}\n")),
            _ => {
                made.add(format!("{root}/values/own.tfvars"), &format!("root = {value}\n"));
                if let Some((_, files)) = made.roots.last_mut() {
                    files.push("values/own.tfvars".to_owned());
                }
            }
        }
        let text = root_module(rng, &mut made, is_flag);
        made.add(format!("{root}/main.tf"), &text);
    }
    made.add(format!("{}/base.json", roots[0]), STATE);
    for root in &roots[1..count] {
        made.add(format!("{root}/base.json"), STATE);
    }
    made
}

const STATE: &str = r#"{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"a","outputs":{"base":{"value":"b","type":"string"}},"resources":[]}"#;

/// The variable that decides, and others that may look at it.
fn declaration(rng: &mut Rng, is_flag: bool) -> String {
    let (kind, value, good) =
        if is_flag { ("bool", "true", "!var.root") } else { ("string", "\"Enabled\"", "var.root == \"Disabled\"") };
    let typed = if rng.bool() { format!("  type    = {kind}\n") } else { String::new() };
    let own = match rng.u8(0..6) {
        0 => "  validation {\n    condition     = var.root != null\n    error_message = \"Null.\"\n  }\n".to_owned(),
        1 => format!("  validation {{\n    condition     = !({good})\n    error_message = \"Root is needed.\"\n  }}\n"),
        _ => String::new(),
    };
    let other = match rng.u8(0..5) {
        0 => format!(
            "\nvariable \"mode\" {{\n  default = \"{}\"\n  validation {{\n    condition     = !(var.mode == \"debug\" && {good})\n    error_message = \"Debugging needs root.\"\n  }}\n}}\n",
            if rng.bool() { "debug" } else { "standard" }
        ),
        _ => String::new(),
    };
    format!("variable \"root\" {{\n{typed}  default = {value}\n{own}}}\n{other}")
}

/// Notebooks, and what else the variable feeds.
fn root_module(rng: &mut Rng, made: &mut Repository, is_flag: bool) -> String {
    let mut parts: Vec<String> = Vec::new();
    let value = if is_flag { "var.root ? \"Enabled\" : \"Disabled\"" } else { "var.root" };
    let is_on = if is_flag { "var.root" } else { "var.root == \"Enabled\"" };
    let access = match rng.u8(0..6) {
        0 => {
            parts.push(format!("locals {{\n  access = {value}\n}}\n"));
            "local.access".to_owned()
        }
        1 => {
            parts.push(format!(
                "locals {{\n  books = {{ a = {{ access = {value} }}, b = {{ access = \"Enabled\" }} }}\n}}\n\n"
            ));
            "local.books[\"a\"].access".to_owned()
        }
        2 => format!("coalesce({value}, \"Enabled\")"),
        3 => format!("{is_on} ? \"Enabled\" : \"Disabled\""),
        _ => value.to_owned(),
    };
    if rng.u8(0..3) == 0 {
        made.files.entry("modules/nb/main.tf".to_owned()).or_insert_with(|| {
            "variable \"access\" {\n  default = \"Enabled\"\n}\n\nresource \"aws_sagemaker_notebook_instance\" \"inner\" {\n  root_access = var.access\n}\n\noutput \"access\" {\n  value = var.access\n}\n".to_owned()
        });
        let argument = if rng.bool() { format!("  access = {access}\n") } else { String::new() };
        parts.push(format!("module \"nb\" {{\n  source = \"../modules/nb\"\n{argument}}}\n"));
    }
    let repeated = match rng.u8(0..5) {
        0 => format!("  count = {is_on} ? 2 : 1\n"),
        1 => "  for_each = toset([\"x\", \"y\"])\n".to_owned(),
        _ => String::new(),
    };
    parts.push(format!(
        "resource \"aws_sagemaker_notebook_instance\" \"outer\" {{\n{repeated}  root_access = {access}\n}}\n"
    ));
    for (at, what) in [
        format!("output \"o\" {{\n  value = {access}\n}}"),
        format!("resource \"terraform_data\" \"o\" {{\n  input = {access}\n}}"),
        format!("resource \"terraform_data\" \"c\" {{\n  count = {is_on} ? 1 : 0\n}}"),
        format!(
            "data \"terraform_remote_state\" \"s\" {{\n  count   = {is_on} ? 1 : 0\n  backend = \"local\"\n  config  = {{ path = \"${{path.module}}/base.json\" }}\n}}\n\noutput \"s\" {{\n  value = data.terraform_remote_state.s[0].outputs.base\n}}"
        ),
        format!(
            "output \"p\" {{\n  value = 1\n  precondition {{\n    condition     = {is_on}\n    error_message = \"No root.\"\n  }}\n}}"
        ),
        format!("check \"c\" {{\n  assert {{\n    condition     = {is_on}\n    error_message = \"No root.\"\n  }}\n}}"),
        format!("resource \"terraform_data\" \"e\" {{\n  for_each = {is_on} ? toset([\"a\"]) : toset([])\n  input    = each.key\n}}"),
        "output \"names\" {\n  value = \"unrelated\"\n}".to_owned(),
    ]
    .into_iter()
    .enumerate()
    {
        if rng.u8(0..9) == 0 || at == 7 {
            parts.push(format!("{what}\n"));
        }
    }
    parts.join(
        "
",
    )
}
