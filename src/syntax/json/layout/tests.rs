use super::*;
use crate::syntax::json::parse;

/// The text with the member put into its first block.
fn inserted(text: &str) -> String {
    let file = SourceFile::new("main.tf.json", text);
    let json = parse(&file);
    let block = json.syntax.body.blocks().next().expect("the text has a block");
    let change = insert(&file, block, "root_access", "\"Disabled\"").expect("the block has braces");
    spliced(text, &change)
}

fn spliced(text: &str, change: &Splice) -> String {
    crate::source::splice(text, [change]).expect("the splice lies in the text")
}

/// Checks an insertion with `\n` and with `\r\n`, with and without a byte order mark.
fn check(before: &str, after: &str) {
    assert_eq!(inserted(before), after);
    let dos = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(inserted(&dos(before)), dos(after));
    assert_eq!(inserted(&format!("\u{feff}{before}")), format!("\u{feff}{after}"));
}

#[test]
fn indented_objects_get_one_line() {
    check(
        "{\n  \"resource\": {\n    \"t\": {\n      \"n\": {\n        \"a\": 1,\n        \"b\": {\n          \"c\": 2\n        }\n      }\n    }\n  }\n}\n",
        "{\n  \"resource\": {\n    \"t\": {\n      \"n\": {\n        \"a\": 1,\n        \"b\": {\n          \"c\": 2\n        },\n        \"root_access\": \"Disabled\"\n      }\n    }\n  }\n}\n",
    );
    check("{\"locals\": {\n    \"a\": 1\n}}", "{\"locals\": {\n    \"a\": 1,\n    \"root_access\": \"Disabled\"\n}}");
    check("{\"locals\":{\n\t\"a\":1\n}}", "{\"locals\":{\n\t\"a\":1,\n\t\"root_access\":\"Disabled\"\n}}");
    check(
        "{\"locals\" : {\n\n \"a\" : 1,\n\n\n \"b\" : 2 }}",
        "{\"locals\" : {\n\n \"a\" : 1,\n\n\n \"b\" : 2,\n \"root_access\" : \"Disabled\" }}",
    );
    check(
        "{\"locals\": {\n  \"a\"  : 1,\n  \"bc\" : 2\n}}",
        "{\"locals\": {\n  \"a\"  : 1,\n  \"bc\" : 2,\n  \"root_access\" : \"Disabled\"\n}}",
    );
    check(
        "{\"locals\": { \"a\": 1\n  , \"b\": 2\n  }}",
        "{\"locals\": { \"a\": 1\n  , \"b\": 2\n  , \"root_access\": \"Disabled\"\n  }}",
    );
    check("{\"locals\": {\n\"a\":\n  1\n}}", "{\"locals\": {\n\"a\":\n  1,\n\"root_access\": \"Disabled\"\n}}");
}

#[test]
fn one_line_objects_stay_on_their_line() {
    check("{\"locals\":{\"a\":1}}", "{\"locals\":{\"a\":1,\"root_access\":\"Disabled\"}}");
    check("{\"locals\": {\"a\": 1}}", "{\"locals\": {\"a\": 1, \"root_access\": \"Disabled\"}}");
    check(
        "{\n  \"locals\": { \"a\": 1, \"b\": 2 }\n}",
        "{\n  \"locals\": { \"a\": 1, \"b\": 2, \"root_access\": \"Disabled\" }\n}",
    );
    check("{\"locals\": { \"a\":1 }}", "{\"locals\": { \"a\":1, \"root_access\":\"Disabled\" }}");
    check(
        "{\"locals\": {\n  \"a\": 1, \"b\": 2\n}}",
        "{\"locals\": {\n  \"a\": 1, \"b\": 2, \"root_access\": \"Disabled\"\n}}",
    );
}

#[test]
fn empty_objects_are_opened_up_where_they_stand_alone() {
    check("{\"locals\":{}}", "{\"locals\":{\"root_access\":\"Disabled\"}}");
    check("{\"locals\": { }}", "{\"locals\": { \"root_access\": \"Disabled\" }}");
    check(
        "{\n  \"locals\": {},\n  \"x\": 1\n}",
        "{\n  \"locals\": {\n    \"root_access\": \"Disabled\"\n  },\n  \"x\": 1\n}",
    );
    check(
        "{\n\t\"locals\": [\n\t\t{}\n\t]\n}",
        "{\n\t\"locals\": [\n\t\t{\n\t\t\t\"root_access\": \"Disabled\"\n\t\t}\n\t]\n}",
    );
    check("{\n  \"locals\": {\n  }\n}", "{\n  \"locals\": {\n    \"root_access\": \"Disabled\"\n  }\n}");
    check("{\n  \"locals\": { }\n}", "{\n  \"locals\": { \"root_access\": \"Disabled\" }\n}");
    check(
        "{\n  \"resource\": {\"t\": {\"n\": {}}}\n}",
        "{\n  \"resource\": {\"t\": {\"n\": {\"root_access\": \"Disabled\"}}}\n}",
    );
    check("{\"locals\": {\n}\n}", "{\"locals\": {\n\"root_access\": \"Disabled\"\n}\n}");
}

#[test]
fn comments_stay_and_the_last_of_several_objects_is_taken() {
    check(
        "{\"locals\": {\n  \"//\": \"c\"\n}}",
        "{\"locals\": {\n  \"//\": \"c\",\n  \"root_access\": \"Disabled\"\n}}",
    );
    check("{\"locals\":[[{\"a\":1},{\"b\":2}]]}", "{\"locals\":[[{\"a\":1},{\"b\":2,\"root_access\":\"Disabled\"}]]}");
}

#[test]
fn there_is_no_place_in_a_block_without_an_object() {
    for text in ["{\"resource\":{\"t\":{\"n\":[null]}}}", "{\"resource\":{\"t\":{\"n\":[[]]}}}"] {
        let file = SourceFile::new("main.tf.json", text);
        let json = parse(&file);
        let block = json.syntax.body.blocks().next().expect("there is a block");
        assert_eq!(insert(&file, block, "a", "1"), None, "{text}");
    }
}

#[test]
fn literals_are_escaped_where_they_stand_in_a_template() {
    for (text, literal, expected) in [
        (r#"{"a": "Enabled"}"#, r#""Enabled""#, r#"{"a": "Disabled"}"#),
        (r#"{"a": null}"#, "null", r#"{"a": "Disabled"}"#),
        (r#"{"a": "${x ? \"Enabled\" : y}"}"#, r#"\"Enabled\""#, r#"{"a": "${x ? \"Disabled\" : y}"}"#),
        ("\u{feff}{\"a\": \"${null}\"}", "null", "\u{feff}{\"a\": \"${\\\"Disabled\\\"}\"}"),
    ] {
        let file = SourceFile::new("main.tf.json", text);
        let at = text.find(literal).expect("it is there");
        let change = replace(&file, Span::new(at, at + literal.len()), "\"Disabled\"");
        assert_eq!(spliced(text, &change), expected);
    }
}

#[test]
fn elements_are_removed_with_their_comma() {
    for (list, index, expected) in [
        (r#"["a"]"#, 0, "[]"),
        (r#"[ "a" ]"#, 0, "[]"),
        (r#"["a","b"]"#, 0, r#"["b"]"#),
        (r#"["a", "b"]"#, 1, r#"["a"]"#),
        ("[\n  \"a\",\n  \"b\",\n  \"c\"\n]", 1, "[\n  \"a\",\n  \"c\"\n]"),
        ("[\n  \"a\",\n  \"b\"\n]", 1, "[\n  \"a\"\n]"),
    ] {
        let text = format!("{{\"locals\":{{\"x\":{list}}}}}");
        let json = parse(&SourceFile::new("main.tf.json", text.as_str()));
        let block = json.syntax.body.blocks().next().expect("there is a block");
        let value = &block.body.attribute("x").expect("it is there").value;
        let change = remove(value, &value.children().into_iter().cloned().collect::<Vec<_>>(), index);
        assert_eq!(spliced(&text, &change), format!("{{\"locals\":{{\"x\":{expected}}}}}"));
    }
}
