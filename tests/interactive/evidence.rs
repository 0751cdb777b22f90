//! The dialogue with findings of other tools and with a plan.

use crate::session::Tree;

fn notebook(name: &str) -> String {
    format!("resource \"aws_sagemaker_notebook_instance\" \"{name}\" {{\n  name = \"{name}\"\n}}\n")
}

#[test]
fn only_what_another_tool_has_found_is_asked_about() {
    let finding = r#"[{
        "SchemaVersion": "2018-10-08", "GeneratorId": "security-control/SageMaker.3", "AwsAccountId": "123456789012",
        "Compliance": { "Status": "FAILED", "SecurityControlId": "SageMaker.3" },
        "Resources": [{
            "Type": "AwsSageMakerNotebookInstance", "Region": "eu-west-1",
            "Id": "arn:aws:sagemaker:eu-west-1:123456789012:notebook-instance/b"
        }]
    }]"#;
    let tree = Tree::new(&[
        (".git/HEAD", "x"),
        ("a.tf", &notebook("a")),
        ("b.tf", &notebook("b")),
        ("c.tf", &notebook("c")),
        ("findings.json", finding),
    ]);
    let mut session = tree.ask(100, &["--from", "findings.json"]);
    let asked = session.question("[1/1]");
    assert!(asked.contains("b.tf") && !asked.contains("a.tf") && !asked.contains("c.tf"), "{asked}");
    session.press("a");
    let (code, shown) = session.end();
    assert_eq!(code, Some(0), "{shown}");
    assert_eq!(tree.text("a.tf"), notebook("a"));
    assert_eq!(tree.text("b.tf"), notebook("b").replace("\n}", "\n\n  root_access = \"Disabled\"\n}"));
    assert_eq!(tree.text("c.tf"), notebook("c"));
}

#[test]
fn what_a_plan_settles_is_asked_about_as_a_safe_fix() {
    let code = format!(
        "data \"aws_ssm_parameter\" \"ra\" {{\n  name = \"ra\"\n}}\n\n{}",
        notebook("n").replace("\n}", "\n  root_access = data.aws_ssm_parameter.ra.value\n}")
    );
    let plan = r#"{ "format_version": "1.2", "resource_changes": [{
        "address": "aws_sagemaker_notebook_instance.n", "mode": "managed", "type": "aws_sagemaker_notebook_instance",
        "change": { "actions": ["create"], "before": null, "after": { "root_access": "Enabled" }, "after_unknown": {} }
    }] }"#;
    let tree = Tree::new(&[(".git/HEAD", "x"), ("main.tf", &code), ("plan.json", plan)]);
    let ask = || tree.ask(100, &["--plan", "plan.json"]);
    let mut session = ask();
    let asked = session.question("[1/1]");
    assert!(asked.contains("what code leaves unknown, plan.json"), "{asked}");
    session.press("a");
    let (code_of_run, shown) = session.end();
    assert_eq!(code_of_run, Some(0), "{shown}");
    assert_eq!(tree.text("main.tf"), code.replace("= data.aws_ssm_parameter.ra.value", "= \"Disabled\""));

    // The same plan and the new code disagree, also where another fix was applied in between.
    tree.put("other.tf", &notebook("other"));
    let mut session = ask();
    session.question("[1/1]");
    session.press("y");
    let (code_of_run, shown) = session.end();
    assert_eq!(code_of_run, Some(1), "{shown}");
    assert!(shown.contains("so plan and code disagree"), "{shown}");
}
