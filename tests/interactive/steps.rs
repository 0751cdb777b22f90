//! Fixes of several files of values, decided on one by one.

use crate::session::Tree;

const CODE: &str =
    "variable \"access\" {}\n\nresource \"aws_sagemaker_notebook_instance\" \"own\" {\n  root_access = var.access\n}\n";
const ON: &str = "access = \"Enabled\"\n";
const OFF: &str = "access = \"Disabled\"\n";
const FILES: [&str; 3] = ["dev.tfvars", "prod.tfvars", "test.tfvars"];

fn tree() -> Tree {
    Tree::new(&[(".git/HEAD", "x"), ("main.tf", CODE), (FILES[0], ON), (FILES[1], ON), (FILES[2], ON)])
}

#[test]
fn each_file_of_values_is_a_question() {
    let tree = tree();
    let mut session = tree.ask(100, &[]);
    let asked = session.question("[1/3]");
    assert!(asked.contains("set \"Disabled\" at dev.tfvars:1") && !asked.contains("+++ b/prod.tfvars"), "{asked}");
    session.press("y");
    let asked = session.question("[2/3]");
    assert!(asked.contains("set \"Disabled\" at prod.tfvars:1"), "{asked}");
    assert_eq!(FILES.map(|file| tree.text(file)), [OFF, ON, ON], "what was accepted is written at once");
    session.press("n");
    session.question("[3/3]");
    session.press("y");
    let (code, text) = session.end();
    assert_eq!(FILES.map(|file| tree.text(file)), [OFF, ON, OFF]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("root_access gets \"Enabled\" from prod.tfvars:1"), "{text}");
    assert!(text.contains("3 instances of 1 notebook in 1 Terraform file: 1 fixable, 2 compliant."), "{text}");
}

#[test]
fn all_the_rest_leaves_out_what_was_declined() {
    let tree = tree();
    let mut session = tree.ask(100, &[]);
    session.question("[1/3]");
    session.press("n");
    session.question("[2/3]");
    session.press("a");
    let (code, text) = session.end();
    assert_eq!(FILES.map(|file| tree.text(file)), [ON, OFF, OFF]);
    assert_eq!(code, Some(1), "{text}");
}

#[test]
fn the_last_part_makes_the_notebook_fixed() {
    let tree = tree();
    let mut session = tree.ask(100, &[]);
    for number in ["[1/3]", "[2/3]", "[3/3]"] {
        session.question(number);
        session.press("y");
    }
    let (code, text) = session.end();
    assert_eq!(FILES.map(|file| tree.text(file)), [OFF, OFF, OFF]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("3 instances of 1 notebook in 1 Terraform file: 3 fixed."), "{text}");
}
