//! Random module trees: what is said of every instance is what the plan says, and after `--write` a new plan updates in
//! place and takes root from every instance. `UNROOT_EVIDENCE_TREES` is how many are tried.

use std::fmt::Write as _;

use fastrand::Rng;
use serde_json::Value;

use crate::standin;
use crate::support::folder;
use crate::support::program::{run, unroot};

/// A root module with up to four notebook modules, each with its own way for the value to come.
fn tree(random: &mut Rng) -> Vec<(String, String)> {
    let mut root =
        "data \"aws_ssm_parameter\" \"ra\" {\n  name = \"/ra\"\n}\n\nvariable \"on\" {\n  default = true\n}\n"
            .to_owned();
    let mut files = Vec::new();
    for number in 0..random.usize(1..=4) {
        let value = match random.u8(0..7) {
            0 => "\"Enabled\"",
            1 => "\"Disabled\"",
            2 => "data.aws_ssm_parameter.ra.value",
            3 => "var.on ? \"Enabled\" : \"Disabled\"",
            4 => "var.on ? data.aws_ssm_parameter.ra.value : \"Disabled\"",
            5 => "data.aws_ssm_parameter.ra.value == \"Enabled\" ? \"Enabled\" : \"Disabled\"",
            _ => "null",
        };
        let repeated = match random.u8(0..3) {
            0 => "  count = 2\n",
            1 => "  for_each = toset([\"a\", \"b\"])\n",
            _ => "",
        };
        let key = match repeated {
            "" => "",
            repeated if repeated.contains("count") => "-${count.index}",
            _ => "-${each.key}",
        };
        let inner = ["", "  count = 2\n", "  for_each = toset([\"x\", \"y\"])\n"][random.usize(0..3)];
        let inner_key = match inner {
            "" => "",
            inner if inner.contains("count") => "-${count.index}",
            _ => "-${each.key}",
        };
        _ = write!(
            root,
            "\nmodule \"m{number}\" {{\n{repeated}  source = \"./m{number}\"\n  name = \"n{number}{key}\"\n  ra = {value}\n}}\n"
        );
        let attribute = if random.u8(0..5) == 0 { "" } else { "  root_access = var.ra\n" };
        files.push((
            format!("m{number}/main.tf"),
            format!(
                "variable \"name\" {{}}\n\nvariable \"ra\" {{\n  default = \"Disabled\"\n}}\n\nresource \"aws_sagemaker_notebook_instance\" \"n\" \
                 {{\n{inner}  name = \"${{var.name}}{inner_key}\"\n  role_arn = \"r\"\n  instance_type = \"ml.t3.medium\"\n{attribute}}}\n"
            ),
        ));
    }
    files.push(("main.tf".to_owned(), root));
    files
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
