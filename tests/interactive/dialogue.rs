//! The dialogue as it is shown and what its keys do.

use crate::session::Tree;

/// Three files with a safe fix each, one of them with an unsafe one, too.
fn tree() -> Tree {
    Tree::new(&[
        (
            "a.tf",
            "resource \"aws_sagemaker_notebook_instance\" \"first\" {\n  name        = \"first\"\n  \
             root_access = \"Enabled\"\n}\n",
        ),
        (
            "b/unknown.tf",
            "variable \"root\" {}\n\nresource \"aws_sagemaker_notebook_instance\" \"unknown\" {\n  \
             root_access = var.root\n}\n",
        ),
        (
            "c.tf",
            "resource \"aws_sagemaker_notebook_instance\" \"second\" {\n  name          = \"second\"\n  \
             instance_type = \"ml.t3.medium\"\n}\n\nresource \"aws_sagemaker_notebook_instance\" \"third\" {\n}\n",
        ),
    ])
}

const A: &str = "resource \"aws_sagemaker_notebook_instance\" \"first\" {\n  name        = \"first\"\n  \
                 root_access = \"Disabled\"\n}\n";

fn assert_snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn a_dialogue_with_every_key() {
    let tree = tree();
    let mut session = tree.ask(80, &[]);
    session.question("[1/4]");
    session.press("?");
    session.wait_for_end("show this\nWrites 1 file.\nApply? [y n d a u q e s p ?]:");
    session.press("x");
    session.wait_for_end("? for help\nWrites 1 file.\nApply? [y n d a u q e s p ?]:");
    session.press("y");
    session.question("[2/4]");
    assert_eq!(tree.text("a.tf"), A, "what is accepted is written at once");
    session.press("e");
    session.wait_for_end("the reason\n\nWrites 1 file.\nApply? [! n d a u q e s p ?]:");
    session.answer("\r");
    session.press("n");
    session.question("[3/4]");
    session.press("s");
    session.wait_for_end("Reason:");
    session.press("shered\u{7f}\u{7f}\u{7f}\u{7f}ared with finance");
    session.wait_for_end("shared with finance");
    session.press("\r");
    session.question("[4/4]");
    session.press("a");
    let (code, shown) = session.end();
    assert_eq!(code, Some(1), "one was left");
    assert_snapshot("interactive", &shown);
    let expected = "# unroot:ignore[root-access-missing] shared with finance\n\
         resource \"aws_sagemaker_notebook_instance\" \"second\" {\n  name          = \"second\"\n  \
         instance_type = \"ml.t3.medium\"\n}\n\nresource \"aws_sagemaker_notebook_instance\" \"third\" {\n  \
         root_access = \"Disabled\"\n}\n";
    assert_eq!(tree.text("c.tf"), expected);
    assert!(tree.text("b/unknown.tf").contains("= var.root\n"), "no leaves a file as it is");
}

#[test]
fn all_takes_what_is_safe_and_asks_on() {
    let tree = tree();
    let mut session = tree.ask(80, &[]);
    session.question("[1/4]");
    session.press("a");
    session.question("[4/4] unsafe:");
    assert_eq!(tree.text("c.tf").matches("= \"Disabled\"\n").count(), 2);
    let shown = session.answer("y");
    assert!(shown.contains("This fix is unsafe: `!` applies it."), "{shown}");
    session.press("!");
    let (code, shown) = session.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("4 notebooks in 3 Terraform files: 4 fixed."), "{shown}");
    assert!(tree.text("b/unknown.tf").contains("= \"Disabled\"\n"));
}

#[test]
fn the_very_last_answer_can_be_undone() {
    let tree = Tree::new(&[("a.tf", &A.replace("Disabled", "Enabled"))]);
    let mut session = tree.ask(80, &[]);
    session.question("[1/1]");
    session.press("y");
    session.wait_for_end("That was the last. Undo it? [u Enter]:");
    assert_eq!(tree.text("a.tf"), A, "it is written all the same");
    session.press("u");
    session.question("[1/1]");
    assert!(tree.text("a.tf").contains("= \"Enabled\""), "it is undone");
    session.press("n");
    let (code, shown) = session.end();
    assert_eq!(code, Some(1), "{shown}");
    assert!(shown.contains("The last answer is undone; restored a.tf."), "{shown}");
}

#[test]
fn a_window_of_forty_columns_is_enough() {
    let tree = tree();
    let mut session = tree.ask(40, &["--color", "always"]);
    session.question("[1/4]");
    session.press("e");
    session.wait_for_end("the reason\n\nWrites 1 file.\nApply? [y n d a u q e s p ?]:");
    session.press("n");
    session.question("[2/4]");
    session.press("s");
    session.wait_for_end("Reason:");
    session.press("a reason that is longer than the window");
    session.wait_for_end("is longer than the window");
    session.press("\r");
    session.question("[3/4]");
    session.press("q");
    let (code, shown) = session.end();
    assert_eq!(code, Some(1));
    assert_snapshot("interactive-40", &shown);
    assert!(tree.text("b/unknown.tf").contains("] a reason that is longer than the window\n"));
}

#[test]
fn a_window_may_be_resized_between_two_questions() {
    let tree = tree();
    let mut session = tree.ask(120, &[]);
    let wide = session.question("[1/4]");
    assert!(wide.contains("  aws_sagemaker_notebook_instance.first: root_access is \"Enabled\"\n"), "{wide}");
    session.resize(40);
    session.press("n");
    let narrow = session.question("[2/4]");
    assert!(
        narrow.contains("This may change what the author meant.\n`!` applies it; `a` and `d` do not.\n"),
        "{narrow}"
    );
    session.press("q");
    session.end();
}

#[test]
fn notebooks_that_share_an_origin_are_one_question() {
    let notebook = |name: &str| {
        format!("resource \"aws_sagemaker_notebook_instance\" \"{name}\" {{\n  root_access = var.root\n}}\n")
    };
    let variable = "variable \"root\" {\n  default = \"Enabled\"\n}\n";
    let tree = Tree::new(&[("a.tf", &notebook("a")), ("b.tf", &notebook("b")), ("variables.tf", variable)]);
    let mut session = tree.ask(80, &[]);
    let shown = session.question("[1/1]");
    assert!(shown.contains("instance.a:") && shown.contains("instance.b:"), "{shown}");
    session.press("y");
    let (code, shown) = session.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("2 fixed."), "{shown}");
    assert_eq!(tree.text("variables.tf"), variable.replace("Enabled", "Disabled"));

    tree.put("variables.tf", variable);
    let mut session = tree.ask(80, &[]);
    session.question("[1/1]");
    session.press("swhy\r");
    let (code, shown) = session.end();
    assert_eq!(code, Some(0), "{shown}");
    for name in ["a", "b"] {
        let comment = "# unroot:ignore[root-access-via-reference] why\n";
        assert_eq!(tree.text(&format!("{name}.tf")), format!("{comment}{}", notebook(name)));
    }
}

#[test]
fn a_comment_in_json_is_a_member() {
    let text = "{\"resource\": {\"aws_sagemaker_notebook_instance\": {\"n\": {\"name\": \"n\"}}}}\n";
    let tree = Tree::new(&[("main.tf.json", text)]);
    let mut session = tree.ask(80, &[]);
    session.question("[1/1]");
    session.press("swhy\r");
    let (code, shown) = session.end();
    assert_eq!(code, Some(0), "{shown}");
    let expected = "{\"name\": \"n\", \"//\": \"unroot:ignore[root-access-missing] why\"}";
    assert_eq!(tree.text("main.tf.json"), text.replace("{\"name\": \"n\"}", expected));
}
