//! Files that are no evidence, or evidence of other code.

use serde_json::{Value, json};

use crate::support::folder;
use crate::support::program::{run, unroot};

const NOTEBOOK: &str = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = \"Disabled\"\n}\n";

/// The plan of one notebook.
fn plan(address: &str, change: &Value) -> Value {
    let changed = json!({
        "address": address, "mode": "managed", "type": "aws_sagemaker_notebook_instance", "name": "n", "change": change,
    });
    json!({ "format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {}, "resource_changes": [changed] })
}

fn created(root_access: &str) -> Value {
    json!({ "actions": ["create"], "before": null, "after": { "root_access": root_access }, "after_unknown": {} })
}

/// The exit code, and what is printed.
fn checked(code: &str, plan: &[u8]) -> (Option<i32>, String) {
    let folder = folder::with(&[("main.tf", code)]);
    folder::put(&folder.path().join("plan.json"), plan);
    let ended = run(unroot(folder.path()).args(["--check", "--plan", "plan.json"]));
    (ended.code, format!("{}{}", ended.text(), ended.err))
}

#[test]
fn what_is_no_evidence_is_an_error_that_says_what_to_do() {
    let good = plan("aws_sagemaker_notebook_instance.n", &created("Disabled"));
    let with = |key: &str, value: Value| {
        let mut plan = good.clone();
        plan[key] = value;
        plan.to_string()
    };
    assert_eq!(checked(NOTEBOOK, good.to_string().as_bytes()).0, Some(0));
    // What `terraform show -json` prints where there is no state yet.
    assert_eq!(checked(NOTEBOOK, b"{\"format_version\":\"1.0\"}").0, Some(0));
    for (text, message) in [
        ("not JSON".to_owned(), "`terraform show -json PLAN` prints it"),
        ("{}".to_owned(), "is no JSON of a plan or state"),
        ("[]".to_owned(), "is no JSON of a plan or state"),
        (
            "{\"format_version\": \"1.0\", \"valid\": true, \"diagnostics\": []}".to_owned(),
            "is no JSON of a plan or state",
        ),
        ("{\"format_version\": \"1.0\", \"provider_schemas\": {}}".to_owned(), "is no JSON of a plan or state"),
        ("PK\u{3}\u{4}".to_owned(), "is no JSON of a plan or state"),
        (
            "{\"version\": 4, \"terraform_version\": \"1.11.4\", \"resources\": []}".to_owned(),
            "is no JSON of a plan or state",
        ),
        (with("format_version", json!("2.0")), "has format version 2.0"),
        (with("errored", json!(true)), "is the plan of a run that failed"),
        (with("complete", json!(false)), "is an incomplete plan"),
        (
            plan("module.other.aws_sagemaker_notebook_instance.n", &created("Disabled")).to_string(),
            "does not fit the code",
        ),
    ] {
        let (code, printed) = checked(NOTEBOOK, text.as_bytes());
        assert_eq!(code, Some(2), "{text}: {printed}");
        assert!(printed.contains(message), "{text}: {printed}");
    }
    let folder = folder::with(&[("main.tf", NOTEBOOK)]);
    let ended = run(unroot(folder.path()).args(["--check", "--plan", "missing.json"]));
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("missing.json: cannot be read"), "{}", ended.err);
}

#[test]
fn code_and_plan_that_disagree_are_both_shown() {
    let unknown =
        json!({ "actions": ["create"], "before": null, "after": {}, "after_unknown": { "root_access": true } });
    let missing = json!({ "actions": ["create"], "before": null, "after": { "name": "x" }, "after_unknown": {} });
    for (change, said) in [
        (created("Enabled"), "plan.json has \"Enabled\" for aws_sagemaker_notebook_instance.n"),
        (unknown, "plan.json has a value that is known after the apply"),
        (missing, "plan.json has null"),
    ] {
        let (code, printed) =
            checked(NOTEBOOK, plan("aws_sagemaker_notebook_instance.n", &change).to_string().as_bytes());
        assert_eq!(code, Some(1), "{printed}");
        assert!(printed.contains(said) && printed.contains("[review]"), "{said}: {printed}");
        assert!(printed.contains("1 notebook in 1 Terraform file: 1 for review."), "{printed}");
    }
    // Nor is such an instance counted as compliant.
    let two = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  for_each    = { a = \"Enabled\", b = \"Disabled\" }\n  root_access = each.value\n}\n";
    let change = |key: &str| plan(&format!("aws_sagemaker_notebook_instance.n[\"{key}\"]"), &created("Enabled"));
    let mut both = change("a");
    both["resource_changes"].as_array_mut().expect("a list").push(change("b")["resource_changes"][0].clone());
    let (_, printed) = checked(two, both.to_string().as_bytes());
    assert!(printed.contains("2 instances of 1 notebook in 1 Terraform file: 2 for review."), "{printed}");
    let bad = NOTEBOOK.replace("Disabled", "Enabled");
    let (code, printed) =
        checked(&bad, plan("aws_sagemaker_notebook_instance.n", &created("Disabled")).to_string().as_bytes());
    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains("so plan and code disagree"), "{printed}");
}

#[test]
fn a_sensitive_value_is_never_printed() {
    let change = json!({
        "actions": ["update"], "before": { "root_access": "Secret1" }, "before_sensitive": { "root_access": true },
        "after": { "root_access": "Secret2" }, "after_unknown": {}, "after_sensitive": { "root_access": true },
    });
    let (code, printed) = checked(NOTEBOOK, plan("aws_sagemaker_notebook_instance.n", &change).to_string().as_bytes());
    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains("(sensitive)") && !printed.contains("Secret"), "{printed}");
}

#[test]
fn an_instance_that_no_code_here_creates_is_said_and_counts() {
    let mut both = plan("aws_sagemaker_notebook_instance.n", &created("Disabled"));
    let other = plan("aws_sagemaker_notebook_instance.other", &created("Enabled"));
    both["resource_changes"].as_array_mut().expect("a list").push(other["resource_changes"][0].clone());
    let (code, printed) = checked(NOTEBOOK, both.to_string().as_bytes());
    assert_eq!(code, Some(1), "{printed}");
    let part =
        "create: aws_sagemaker_notebook_instance.other: root_access will be \"Enabled\"; no code here creates it";
    assert!(printed.contains(part), "{printed}");
}

#[test]
fn a_notebook_that_cannot_be_understood_is_no_notebook_that_complies() {
    for change in [json!({ "actions": ["create"], "after": "odd" }), json!("odd"), json!(null)] {
        let plan = plan("aws_sagemaker_notebook_instance.n", &change).to_string();
        let (code, printed) = checked(NOTEBOOK, plan.as_bytes());
        assert_eq!(code, Some(2), "{change}: {printed}");
        assert!(printed.contains("plan.json: is no JSON of a plan or state: "), "{change}: {printed}");
    }
}

#[test]
fn what_goes_away_does_not_count() {
    for actions in [json!(["delete"]), json!(["forget"])] {
        let gone = json!({ "actions": actions, "before": { "root_access": "Enabled" }, "after": null });
        let (code, printed) =
            checked(NOTEBOOK, plan("aws_sagemaker_notebook_instance.old", &gone).to_string().as_bytes());
        assert_eq!(code, Some(0), "{printed}");
    }
}

/// What is not about notebooks is passed over while it is read.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_follow_the_size_of_a_plan() {
    use std::io::Write as _;
    use std::process::Stdio;

    let folder = folder::with(&[("main.tf", NOTEBOOK)]);
    let mut child = unroot(folder.path())
        .args(["--check", "--plan", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let other = json!({
        "address": "aws_s3_object.o", "mode": "managed", "type": "aws_s3_object", "name": "o",
        "change": { "actions": ["create"], "before": null, "after": { "content": "x".repeat(4000) }, "after_unknown": {} },
    });
    let plan = plan("aws_sagemaker_notebook_instance.n", &created("Disabled")).to_string();
    let (before, after) = plan.split_once("\"resource_changes\":[").expect("the list");
    write!(stdin, "{before}\"resource_changes\":[").expect("it reads");
    let status = format!("/proc/{}/status", child.id());
    let peak = || {
        let status = std::fs::read_to_string(&status).expect("a running process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the peak of its memory");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number of KiB")
    };
    let mut send = |megabytes: usize| {
        for _ in 0..megabytes * 250 {
            write!(stdin, "{other},").expect("it reads");
        }
    };
    send(1);
    let first = peak();
    send(20);
    let last = peak();
    write!(stdin, "{after}").expect("it reads");
    drop(stdin);
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(last < first + 4096, "{first} KiB, and {last} KiB after 20 MiB more");
}
