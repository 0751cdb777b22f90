//! The keys beside yes and no, on terminals of the sizes that people have.

use crate::session::Tree;

/// A terminal as it opens, and a small one.
const SIZES: [(u16, u16); 2] = [(80, 24), (40, 10)];

fn notebook(name: &str, value: &str) -> String {
    format!("resource \"aws_sagemaker_notebook_instance\" \"{name}\" {{\n  root_access = \"{value}\"\n}}\n")
}

fn four() -> Tree {
    let text = |name: &str| notebook(name, "Enabled");
    Tree::new(&[
        ("a/one.tf", &text("one")),
        ("a/two.tf", &text("two")),
        ("a/deep/three.tf", &text("three")),
        ("b/four.tf", &text("four")),
    ])
}

/// Which of the four notebooks have root.
fn with_root(tree: &Tree) -> Vec<&'static str> {
    let files = ["a/one.tf", "a/two.tf", "a/deep/three.tf", "b/four.tf"];
    files.into_iter().filter(|file| tree.text(file).contains("Enabled")).collect()
}

#[test]
fn d_takes_the_rest_of_the_folder_and_nothing_below_or_beside_it() {
    for (columns, rows) in SIZES {
        let tree = four();
        let mut session = tree.ask_in(columns, rows, &[]);
        session.question("[1/4]");
        let asked = session.answer("n");
        assert!(asked.contains("[2/4]") && asked.contains("Writes 1 file."), "{asked}");
        let asked = session.answer("d");
        assert!(asked.contains("Applied 2 fixes in 2 files."), "what was done is in sight: {asked}");
        assert_eq!(with_root(&tree), ["a/deep/three.tf", "b/four.tf"], "{columns}x{rows}");
        session.press("q");
        assert_eq!(session.end().0, Some(1));
    }
}

#[test]
fn d_takes_the_parts_of_a_fix_that_lie_in_the_folder() {
    let code = "variable \"access\" {}\n\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  \
                root_access = var.access\n}\n";
    let files = ["main/a.tfvars", "main/b.tfvars", "main/env/c.tfvars", "main/env/d.tfvars"];
    let on = "access = \"Enabled\"\n";
    let all = [(".git/HEAD", "x"), ("main/main.tf", code)].into_iter().chain(files.map(|file| (file, on)));
    let tree = Tree::new(&all.collect::<Vec<_>>());
    let mut session = tree.ask_in(80, 24, &[]);
    session.question("[1/4]");
    let asked = session.answer("d");
    let left = || files.into_iter().filter(|file| tree.text(file) == on).collect::<Vec<_>>();
    assert_eq!(left(), files[2..], "{asked}");
    assert!(asked.contains("main/env/c.tfvars"), "the parts elsewhere are asked about: {asked}");
    let asked = session.answer("u");
    assert_eq!(left(), files, "{asked}");
    session.answer("d");
    session.press("d");
    let (code, shown) = session.end();
    assert_eq!((code, left().len()), (Some(0), 0), "{shown}");
}

#[test]
fn u_takes_answers_back_one_by_one() {
    for (columns, rows) in SIZES {
        let tree = four();
        let mut session = tree.ask_in(columns, rows, &[]);
        session.question("[1/4]");
        let asked = session.answer("u");
        assert!(asked.contains("There is no answer to undo.") && asked.contains("[1/4]"), "{asked}");
        session.answer("n");
        session.answer("y");
        assert_eq!(with_root(&tree).len(), 3, "{columns}x{rows}");
        let asked = session.answer("u");
        assert!(asked.contains("The last answer is undone") && asked.contains("[2/4]"), "{asked}");
        assert_eq!(with_root(&tree).len(), 4, "{columns}x{rows}");
        assert!(session.answer("u").contains("[1/4]"), "{columns}x{rows}");
        session.answer("n");
        session.answer("d");
        assert_eq!(with_root(&tree).len(), 2, "{columns}x{rows}");
        session.answer("u");
        assert_eq!(with_root(&tree).len(), 4, "{columns}x{rows}: all files of an answer are restored");
        session.answer("u");
        session.press("swhy\r");
        session.wait_for("[2/4]");
        session.question("[2/4]");
        assert!(session.answer("u").contains("[1/4]"));
        session.press("q");
        let (code, shown) = session.end();
        assert_eq!(code, Some(1), "{shown}");
        for (file, name) in [("a/one.tf", "one"), ("a/two.tf", "two"), ("a/deep/three.tf", "three")] {
            assert_eq!(tree.text(file), notebook(name, "Enabled"), "{file} is as it was");
        }
        assert!(shown.contains("4 fixable."), "{shown}");
    }
}

#[test]
fn what_somebody_has_changed_since_is_not_taken_back() {
    let tree = four();
    let mut session = tree.ask_in(80, 24, &[]);
    session.question("[1/4]");
    session.answer("n");
    session.answer("d");
    let edited = format!("# my own words\n{}", tree.text("a/two.tf"));
    tree.put("a/two.tf", &edited);
    let before = with_root(&tree);
    let shown = session.answer("u");
    assert!(shown.contains("Nothing was undone: a/two.tf: "), "{shown}");
    assert_eq!(tree.text("a/two.tf"), edited, "what somebody wrote stays");
    assert_eq!(with_root(&tree), before, "and with it all that belongs to the answer");
    session.press("q");
    session.end();
}

#[test]
fn an_unsafe_fix_has_a_key_of_its_own() {
    for (columns, rows) in SIZES {
        let code = "variable \"root\" {}\n\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  \
                    root_access = var.root\n}\n";
        let tree = Tree::new(&[("main.tf", code)]);
        let mut session = tree.ask_in(columns, rows, &[]);
        let asked = session.question("[1/1]");
        assert!(asked.trim_end().ends_with("Apply? [! n d a u q e s p ?]:"), "{asked}");
        for key in ["y", "\r", "x", "a", "d"] {
            session.answer(key);
            assert_eq!(tree.text("main.tf"), code, "{key:?}");
        }
        session.press("!");
        assert_eq!(session.end().0, Some(0));
        assert_eq!(tree.text("main.tf"), code.replace("var.root", "\"Disabled\""));
    }
}

#[test]
fn keys_pressed_before_a_question_is_seen_answer_nothing() {
    for (columns, rows) in SIZES {
        let tree = four();
        let mut session = tree.ask_in(columns, rows, &[]);
        session.question("[1/4]");
        let asked = session.answer("yyyy");
        assert!(asked.contains("[2/4]"), "{asked}");
        assert_eq!(with_root(&tree).len(), 3, "{columns}x{rows}: one answer for one question");
        let asked = session.answer("\r");
        assert!(asked.contains("[2/4]"), "{asked}");
        assert_eq!(with_root(&tree).len(), 3, "Enter decides nothing");
        session.press("q");
        session.end();
    }
}

#[test]
fn a_long_diff_leaves_the_question_in_sight_and_is_read_by_pages() {
    let module = "variable \"access\" {}\n\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  \
                  root_access = var.access\n}\n";
    let names: Vec<String> = (10..40).map(|number| format!("t{number}/main.tf")).collect();
    let call = "module \"nb\" {\n  source = \"../m\"\n  access = \"Enabled\"\n}\n";
    let mut files = vec![(".git/HEAD", "x"), ("m/main.tf", module)];
    files.extend(names.iter().map(|name| (name.as_str(), call)));
    for (columns, rows) in SIZES {
        let tree = Tree::new(&files);
        let mut session = tree.ask_in(columns, rows, &[]);
        let asked = session.question("[1/1]");
        assert!(asked.contains("Writes 30 files in 30 folders."), "{asked}");
        session.press("p");
        session.wait_for_end("-- more: space; back: q --");
        let first = session.text();
        assert!(first.contains("m/main.tf:"), "the reason comes first: {first}");
        session.press(" ");
        session.wait_for("t11/main.tf");
        session.wait_for_end("-- more: space; back: q --");
        let asked = session.answer("q");
        assert!(asked.contains("[1/1]"), "{asked}");
        session.press("e");
        session.wait_for_end("-- more: space; back: q --");
        let asked = session.answer("q");
        assert!(asked.contains("[1/1]"), "{asked}");
        session.press("y");
        let (code, shown) = session.end();
        assert_eq!(code, Some(0), "{shown}");
        assert!(names.iter().all(|name| tree.text(name) == call.replace("Enabled", "Disabled")));
    }
}

#[test]
fn what_a_script_does_without_root_stands_beside_the_notebook() {
    let code = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  \
                lifecycle_config_name = aws_sagemaker_notebook_instance_lifecycle_configuration.c.name\n}\n\n\
                resource \"aws_sagemaker_notebook_instance\" \"same\" {\n  \
                lifecycle_config_name = aws_sagemaker_notebook_instance_lifecycle_configuration.c.name\n}\n\n\
                resource \"aws_sagemaker_notebook_instance\" \"plain\" {\n  name = \"plain\"\n}\n\n\
                resource \"aws_sagemaker_notebook_instance_lifecycle_configuration\" \"c\" {\n  \
                on_start = filebase64(\"${path.module}/start.sh\")\n}\n";
    let script = "#!/bin/bash\nset -e\nsudo -u ec2-user -i <<'EOF'\nsudo ldconfig\nEOF\n";
    let tree = Tree::new(&[("main.tf", code), ("start.sh", script)]);
    let mut session = tree.ask_in(80, 24, &[]);
    let asked = session.question("[1/3]");
    assert!(asked.contains("its script, start.sh:4: error: `sudo ldconfig` runs as ec2-user"), "{asked}");
    let asked = session.answer("n");
    let second = &asked[asked.find("[2/3]").expect("it is asked")..];
    assert!(second.contains("its script, start.sh: as shown at aws_sagemaker_notebook_instance.n"), "{second}");
    let asked = session.answer("n");
    let third = &asked[asked.find("[3/3]").expect("it is asked")..];
    assert!(!third.contains("its script"), "{third}");
    session.press("q");
    session.end();
}
