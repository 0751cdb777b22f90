//! Properties of the splices and of the parser.

use proptest::prelude::*;
use unroot::source::{SourceFile, Splice, splice};
use unroot::syntax::json;
use unroot::syntax::tree::Block;

use crate::print::{Json, file, members, style};

fn parse(text: &str) -> (SourceFile, Vec<Block>) {
    let file = SourceFile::new("main.tf.json", text);
    let syntax = json::parse(&file).syntax;
    let blocks = syntax.body.blocks().cloned().collect();
    (file, blocks)
}

fn insertion(text: &str) -> Option<Splice> {
    let (file, blocks) = parse(text);
    json::layout::insert(&file, blocks.first()?, "root_access", "\"Disabled\"")
}

fn inserted(text: &str) -> Option<String> {
    splice(text, [&insertion(text)?])
}

fn with_root_access(mut members: Vec<(String, Json)>) -> Vec<(String, Json)> {
    members.push(("\"root_access\"".to_owned(), Json::Scalar("\"Disabled\"".to_owned())));
    members
}

/// The text with white space put around its structural characters, as `choices` say.
fn loosened(text: &str, choices: &[&str]) -> String {
    let mut result = String::new();
    let (mut in_string, mut escaped) = (false, false);
    let mut choices = choices.iter().copied().cycle();
    for character in text.chars() {
        let structural = !in_string && "{}[]:,".contains(character);
        result.extend(choices.next().filter(|_| structural));
        result.push(character);
        result.extend(choices.next().filter(|_| structural));
        if in_string {
            in_string = escaped || character != '"';
            escaped = character == '\\' && !escaped;
        } else {
            in_string = character == '"';
        }
    }
    result
}

proptest! {
    /// What a printer set comes out as the same printer sets it with one more member.
    #[test]
    fn an_insertion_is_what_the_printer_would_have_written(members in members(), style in style(), shape in 0usize..16) {
        let before = style.print(&file(members.clone(), shape));
        let after = style.print(&file(with_root_access(members), shape));
        prop_assert_eq!(inserted(&before), Some(after));
    }

    /// Whatever the white space: the value is the old one with one more member, nothing but white space is replaced,
    /// and line ends make no other difference.
    #[test]
    fn an_insertion_adds_one_member(
        members in members(),
        style in style(),
        shape in 0usize..16,
        choices in prop::collection::vec(prop_oneof![Just(""), Just(" "), Just("\n"), Just("\n\n  "), Just("\t")], 1..20),
    ) {
        let style = crate::print::Style { newline: "\n", ..style };
        let before = loosened(&style.print(&file(members.clone(), shape)), &choices);
        let change = insertion(&before).expect("every shape has an object");
        prop_assert!(before[change.span.range()].trim().is_empty());
        let after = splice(&before, [&change]).expect("the splice lies in the text");
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}'));
        let wanted = style.print(&file(with_root_access(members), shape));
        prop_assert_eq!(json(&after).expect("still JSON"), json(&wanted).expect("JSON"));
        let dos = |text: &str| text.replace('\n', "\r\n");
        prop_assert_eq!(inserted(&dos(&before)), Some(dos(&after)));
        let (_, blocks) = parse(&after);
        prop_assert!(blocks[0].body.attribute("root_access").is_some());
    }

    /// Text that is nearly JSON never panics, and what can be changed stays readable.
    #[test]
    fn no_text_panics(
        pieces in prop::collection::vec(
            prop_oneof![
                Just("{"), Just("}"), Just("["), Just("]"), Just(","), Just(":"), Just("\"resource\""), Just("\"a\""),
                Just("\"//\""), Just("\"${a}\\u00e9${\\\"b\\\"}\""), Just("\"%{ if"), Just("null"), Just("1"),
                Just("\r\n"), Just("é"), Just("\\"), Just("\"lifecycle\""), Just("\"variable\""), Just("\"type\""),
            ],
            0..40,
        ),
    ) {
        let text = pieces.concat();
        let (file, blocks) = parse(&text);
        let _ = json::parse_values(&file);
        for block in &blocks {
            if let Some(change) = json::layout::insert(&file, block, "x", "1") {
                let after = splice(&text, [&change]).expect("the splice lies in the text");
                prop_assert_eq!(parse(&after).1.len(), blocks.len());
            }
            for attribute in block.body.attributes() {
                let change = json::layout::replace(&file, attribute.value.span, "\"Disabled\"");
                let after = splice(&text, [&change]).expect("the splice lies in the text");
                prop_assert_eq!(parse(&after).1.len(), blocks.len());
            }
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC*") {
        parse(&text);
    }
}
