use super::*;
use crate::fix::Patch;
use crate::model::Store;
use crate::source::{SourceFile, Splice, splice};

const NATIVE: &str = r#"resource "aws_sagemaker_notebook_instance" "a" {
  name          = "a" # the first
  instance_type = "t"
  root_access   = var.root ? "Enabled" : "Disabled"
  user_data     = <<-EOT
    one
    two
  EOT
  lifecycle {
    ignore_changes = [tags, root_access] # both
  }
}

resource "aws_sagemaker_notebook_instance" "b" {
  name = "b"
}
"#;

const JSON: &str = r#"{
  "resource": {
    "aws_sagemaker_notebook_instance": {
      "a": {
        "//": "the first",
        "name": "a",
        "root_access": "${var.root ? \"Enabled\" : \"x\"}"
      },
      "b": {
        "name": "b  c"
      }
    }
  }
}
"#;

/// The place of the only occurrence of a text.
fn at(text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap_or_else(|| panic!("{part} is not part of the text"));
    assert_eq!(text.rfind(part), Some(start), "{part} is there twice");
    Span::new(start, start + part.len())
}

/// What the proof says of some splices, given as parts of the text and what replaces them.
fn proved(path: &str, text: &str, splices: &[(&str, &str)], intents: &[Intent]) -> Result<(), Unproved> {
    let store = Store::default();
    let file = store.insert(SourceFile::new(path, text));
    let mut splices: Vec<Splice> = splices.iter().map(|(old, new)| Splice::new(at(text, old), *new)).collect();
    splices.sort();
    let after = splice(text, &splices).expect("the splices fit");
    let change = Change { splices, intents: intents.iter().cloned().collect() };
    let before = View::new(&store, &[]);
    carried_out(&change, &before, &View::new(&store, &[Patch::new(file, after)]), file)
}

fn replace(text: &str, part: &str, by: &str) -> Intent {
    Intent::Replace { expression: at(text, part), text: by.to_owned() }
}

/// The one more argument of block `name`.
fn insert(path: &str, text: &str, name: &str) -> Intent {
    let syntax = crate::syntax::parse(&SourceFile::new(path, text));
    let block = syntax.body.blocks().find(|block| block.labels[1].text == name).expect("the block is there");
    let value = "\"Disabled\"".to_owned();
    Intent::Insert { block: block.span, key: "root_access".to_owned(), value }
}

/// A change that is proved, with its intents; the sabotage below adds to it.
const HONEST: [(&str, &str); 1] = [("\"Enabled\"", "\"Disabled\"")];

#[test]
fn what_is_intended_is_accepted() {
    let enabled = replace(NATIVE, "\"Enabled\"", "\"Disabled\"");
    assert_eq!(proved("a.tf", NATIVE, &HONEST, &[enabled]), Ok(()));
    let list = at(NATIVE, ", root_access");
    let element = Intent::Remove { element: Span::new(list.start + 2, list.end) };
    assert_eq!(proved("a.tf", NATIVE, &[(", root_access", "")], &[element]), Ok(()));
    assert_eq!(proved("a.tf", NATIVE, &[("  instance_type", "    instance_type")], &[]), Ok(()), "layout");
    let escaped = replace(JSON, r#"\"Enabled\""#, r#"\"Disabled\""#);
    assert_eq!(proved("a.tf.json", JSON, &[(r#"\"Enabled\""#, r#"\"Disabled\""#)], &[escaped]), Ok(()));
    let comment = Intent::Comment { block: Span::empty(0), text: "why".to_owned() };
    assert_eq!(proved("a.tf", NATIVE, &[("\n\n", "\n# why\n\n")], &[comment]), Ok(()));
}

#[test]
fn an_insertion_is_accepted_in_its_own_block_alone() {
    for (path, text) in [("a.tf", NATIVE), ("a.tf.json", JSON)] {
        let store = Store::default();
        let file = store.insert(SourceFile::new(path, text));
        let before = View::new(&store, &[]);
        let body = &before.syntax(file).body;
        let block = body.blocks().find(|block| block.labels[1].text == "b").expect("the block is there");
        let splices =
            crate::syntax::layout::insert_attribute(before.source(file), body, block, "root_access", "\"Disabled\"");
        let after = splice(text, &splices).expect("the splices fit");
        let after = View::new(&store, &[Patch::new(file, after)]);
        for (name, is_right) in [("b", true), ("a", false)] {
            let change = Change { splices: splices.clone(), intents: [insert(path, text, name)].into() };
            assert_eq!(carried_out(&change, &before, &after, file).is_ok(), is_right, "{path} {name}");
        }
    }
}

#[test]
fn sabotage_is_refused() {
    let honest = || vec![replace(NATIVE, "\"Enabled\"", "\"Disabled\"")];
    for (what, old, new) in [
        ("another argument changed", "\"t\"", "\"sabotaged\""),
        ("another argument removed", "  instance_type = \"t\"\n", ""),
        ("another argument renamed", "instance_type", "instance_kind"),
        ("another argument added", "  lifecycle", "  volume = 1\n  lifecycle"),
        (
            "a second block",
            "\nresource \"aws_sagemaker_notebook_instance\" \"b\"",
            "\nlocals {}\nresource \"aws_sagemaker_notebook_instance\" \"b\"",
        ),
        ("a block removed", "\nresource \"aws_sagemaker_notebook_instance\" \"b\" {\n  name = \"b\"\n}\n", "\n"),
        ("a block renamed", "\"b\" {", "\"c\" {"),
        ("a comment lost", " # the first", ""),
        ("a comment changed", "# the first", "# the second"),
        ("a comment added", "# both", "# both\n# more"),
        ("a byte of a heredoc", "    two", "    tow"),
        ("white space of a heredoc", "    one\n    two", "      one\n      two"),
        ("a blank line of a heredoc", "    two\n", "    two\n\n"),
        ("an element of a list removed", "tags, ", ""),
        ("an element of a list changed", "[tags", "[tags_all"),
        ("another branch", "\"Disabled\"", "\"Enabled\""),
        ("the condition", "var.root ?", "var.boot ?"),
        ("white space of a string", "\"t\"", "\"t \""),
        ("what does not parse", "  lifecycle {", "  lifecycle {{"),
    ] {
        let splices = [HONEST[0], (old, new)];
        assert!(proved("a.tf", NATIVE, &splices, &honest()).is_err(), "{what}");
    }
    // Moved: taken out at one place and put in at another.
    let moved = [HONEST[0], ("  instance_type = \"t\"\n", ""), ("  lifecycle", "  instance_type = \"t\"\n  lifecycle")];
    assert!(proved("a.tf", NATIVE, &moved, &honest()).is_err(), "another argument moved");
    for (what, old, new) in [
        ("another member changed", "\"a\",", "\"z\","),
        ("another member added", "\"a\",", "\"a\", \"x\": 1,"),
        ("a comment lost", "\"//\": \"the first\",", ""),
        ("a comment changed", "the first", "the last"),
        ("white space of a string", "b  c", "b c"),
        ("an escape", "b  c", "b\\u0020 c"),
        ("the template around", "${var.root ?", "${!var.root ?"),
    ] {
        let splices = [(r#"\"Enabled\""#, r#"\"Disabled\""#), (old, new)];
        let intents = [replace(JSON, r#"\"Enabled\""#, r#"\"Disabled\""#)];
        assert!(proved("a.tf.json", JSON, &splices, &intents).is_err(), "JSON: {what}");
    }
}

#[test]
fn an_intent_that_is_not_carried_out_is_refused() {
    let enabled = replace(NATIVE, "\"Enabled\"", "\"Disabled\"");
    assert!(proved("a.tf", NATIVE, &[], std::slice::from_ref(&enabled)).is_err(), "nothing was done");
    let inserted = insert("a.tf", NATIVE, "b");
    assert!(proved("a.tf", NATIVE, &HONEST, &[enabled, inserted]).is_err(), "half of it was done");
    let other = replace(NATIVE, "\"Enabled\"", "\"Disabled \"");
    assert!(proved("a.tf", NATIVE, &HONEST, &[other]).is_err(), "something else was done");
    let comment = Intent::Comment { block: Span::empty(0), text: "why".to_owned() };
    let hidden = [("\n\n", "\n# why\nlocals {}\n\n")];
    assert!(proved("a.tf", NATIVE, &hidden, &[comment]).is_err(), "a comment and a block");
}
