//! Random module trees: what is said of every instance is what the plan says, and after `--write` a new plan updates in
//! place and takes root from every instance. `UNROOT_EVIDENCE_TREES` is how many are tried.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use fastrand::Rng;
use serde_json::Value;

use crate::standin;
use crate::support::folder;
use crate::support::program::{run, unroot};

/// The modules that there are to call.
const MODULES: usize = 3;

/// A root module with up to four calls, each with its own way for the value to come: calls repeat, share a module, and
/// reach theirs through a module between.
fn tree(random: &mut Rng) -> Vec<(String, String)> {
    let mut root = "data \"aws_ssm_parameter\" \"ra\" {\n  name = \"/ra\"\n}\n\nvariable \"on\" {\n  default = true\n}\n\n\
        variable \"by_key\" {\n  type    = map(string)\n  default = { a = \"Enabled\" }\n}\n\nlocals {\n  \
        known = { a = \"Enabled\", b = \"Disabled\" }\n  mixed = { a = data.aws_ssm_parameter.ra.value, b = \"Disabled\" }\n}\n"
        .to_owned();
    let mut called = BTreeSet::new();
    for number in 0..random.usize(1..=4) {
        let repeated = random.choice([Repeated::Not, Repeated::Count, Repeated::ForEach]).unwrap_or(Repeated::Not);
        let key = repeated.key();
        let value = match random.u8(0..11) {
            0 => "\"Enabled\"".to_owned(),
            1 => "\"Disabled\"".to_owned(),
            2 => "data.aws_ssm_parameter.ra.value".to_owned(),
            3 => "var.on ? \"Enabled\" : \"Disabled\"".to_owned(),
            4 => "var.on ? data.aws_ssm_parameter.ra.value : \"Disabled\"".to_owned(),
            5 => "data.aws_ssm_parameter.ra.value == \"Enabled\" ? \"Enabled\" : \"Disabled\"".to_owned(),
            6 => format!("lookup(local.known, {key}, \"Disabled\")"),
            7 => format!("lookup(local.mixed, {key}, \"Enabled\")"),
            8 => format!("lookup(var.by_key, {key}, data.aws_ssm_parameter.ra.value)"),
            9 => format!("[for k, v in local.mixed : v if k != {key}][0]"),
            _ => "null".to_owned(),
        };
        let folder = if random.u8(0..4) == 0 { "between" } else { "m" };
        let module = random.usize(0..MODULES);
        called.insert(format!("{folder}{module}"));
        called.insert(format!("m{module}"));
        _ = write!(
            root,
            "\nmodule \"c{number}\" {{\n{}  source = \"./{folder}{module}\"\n  name   = \"n{number}${{{key}}}\"\n  ra     = {value}\n}}\n",
            repeated.argument(),
        );
    }
    let mut files = vec![("main.tf".to_owned(), root)];
    if random.bool() {
        let by_key = random.choice(["{}", "{ b = \"Enabled\" }", "{ a = \"Disabled\" }"]).unwrap_or("{}");
        files.push(("terraform.tfvars".to_owned(), format!("on     = {}\nby_key = {by_key}\n", random.bool())));
    }
    let variables = "variable \"name\" {}\n\nvariable \"ra\" {\n  default = \"Disabled\"\n}\n";
    for number in 0..MODULES {
        let inner = random.choice([Repeated::Not, Repeated::Count, Repeated::ForEach]).unwrap_or(Repeated::Not);
        let attribute = match random.u8(0..8) {
            0 => "",
            1 => "  root_access   = coalesce(var.ra, \"Enabled\")\n",
            _ => "  root_access   = var.ra\n",
        };
        files.push((
            format!("m{number}/main.tf"),
            format!(
                "{variables}\nresource \"aws_sagemaker_notebook_instance\" \"n\" {{\n{}  name          = \"${{var.name}}-${{{}}}\"\n  \
                 role_arn      = \"r\"\n  instance_type = \"ml.t3.medium\"\n{attribute}}}\n",
                inner.argument(),
                inner.key(),
            ),
        ));
        let between = random.choice([Repeated::Not, Repeated::Count, Repeated::ForEach]).unwrap_or(Repeated::Not);
        files.push((
            format!("between{number}/main.tf"),
            format!(
                "{variables}\nmodule \"inner\" {{\n{}  source = \"../m{number}\"\n  name   = \"${{var.name}}-i${{{}}}\"\n  ra     = var.ra\n}}\n",
                between.argument(),
                between.key(),
            ),
        ));
    }
    // A module that nothing calls would be a program of its own, of which the plan knows nothing.
    files.retain(|(path, _)| path.split_once('/').is_none_or(|(folder, _)| called.contains(folder)));
    files
}

/// How a block repeats.
#[derive(Clone, Copy)]
enum Repeated {
    Not,
    Count,
    ForEach,
}

impl Repeated {
    fn argument(self) -> &'static str {
        match self {
            Self::Not => "",
            Self::Count => "  count = 2\n",
            Self::ForEach => "  for_each = toset([\"a\", \"b\"])\n",
        }
    }

    /// An expression that differs from instance to instance, where there are several.
    fn key(self) -> &'static str {
        match self {
            Self::Not => "\"a\"",
            Self::Count => "count.index",
            Self::ForEach => "each.key",
        }
    }
}

/// The addresses of the notebook instances of a plan, with what is done and the value after it.
fn instances(plan: &[u8]) -> Vec<(String, Vec<String>, String)> {
    let plan: Value = serde_json::from_slice(plan).expect("the plan is JSON");
    let changes = plan["resource_changes"].as_array().expect("a list").iter();
    let mut all: Vec<_> = changes
        .filter(|change| change["type"] == "aws_sagemaker_notebook_instance")
        .map(|change| {
            let actions = change["change"]["actions"].as_array().expect("a list").iter();
            let actions = actions.map(|action| action.as_str().unwrap_or_default().to_owned()).collect();
            let after = change["change"]["after"]["root_access"].as_str().unwrap_or_default().to_owned();
            (change["address"].as_str().unwrap_or_default().to_owned(), actions, after)
        })
        .collect();
    all.sort();
    all
}

#[test]
fn what_is_said_of_every_instance_is_what_the_plan_says() {
    if !standin::is_there() {
        return;
    }
    let trees = std::env::var("UNROOT_EVIDENCE_TREES").ok().and_then(|number| number.parse().ok()).unwrap_or(4);
    let seed =
        std::env::var("UNROOT_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| fastrand::u64(..));
    #[expect(clippy::print_stdout, reason = "a randomised test prints its seed")]
    {
        println!("UNROOT_SEED={seed}");
    }
    for number in 0..trees {
        let mut random = Rng::with_seed(seed.wrapping_add(number));
        let files = tree(&mut random);
        let parameter = if random.bool() { "Enabled" } else { "Disabled" };
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let folder = folder::with(&files);
        let path = folder.path();
        let complain = |what: &str| format!("seed {}: {what}\n{files:#?}", seed.wrapping_add(number));
        standin::init(path);
        let plan = standin::plan(path, parameter);
        folder::put(&path.join("plan.json"), &plan);
        let planned = instances(&plan);

        let ended = run(unroot(path).args(["--check", "--plan", "plan.json", "--format", "json"]));
        let is_well = planned.iter().all(|(.., after)| after == "Disabled");
        assert_eq!(ended.code, Some(i32::from(!is_well)), "{}", complain(&format!("{}{}", ended.text(), ended.err)));
        let report: Value = serde_json::from_slice(&ended.out).expect("the report is JSON");
        let mut said: Vec<(String, String, String)> = Vec::new();
        for notebook in report["notebooks"].as_array().expect("a list") {
            for instance in notebook["instances"].as_array().expect("a list") {
                let value =
                    &notebook["values"][usize::try_from(instance["value"].as_u64().unwrap_or(99)).unwrap_or(99)];
                let value = value["value"].as_str().unwrap_or("Enabled").to_owned();
                let after = instance["live"]["after"].as_str().unwrap_or_default().to_owned();
                said.push((instance["address"].as_str().unwrap_or_default().to_owned(), value, after));
            }
        }
        said.sort();
        let expected: Vec<_> =
            planned.iter().map(|(address, _, after)| (address.clone(), after.clone(), after.clone())).collect();
        assert_eq!(said, expected, "{}", complain("other instances or values"));

        standin::apply(path, parameter);
        let ended = run(unroot(path).args(["--write", "--plan", "plan.json"]));
        assert_eq!(ended.code, Some(0), "{}", complain(ended.text()));
        let plan = standin::plan(path, parameter);
        folder::put(&path.join("plan.json"), &plan);
        for (address, actions, after) in instances(&plan) {
            assert_eq!(after, "Disabled", "{}", complain(&address));
            assert!(actions == ["update"] || actions == ["no-op"], "{}", complain(&address));
        }
        let ended = run(unroot(path).args(["--check", "--plan", "plan.json"]));
        assert_eq!(ended.code, Some(0), "{}", complain(ended.text()));
    }
}
