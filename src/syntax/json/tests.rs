//! The tree of JSON, shape by shape. `tests/json_terraform.rs` asks Terraform about the same shapes.

use super::*;
use crate::syntax::tree::{Block, Body, Expr, ExprKind, Item, TemplatePart};

fn read_text(text: &str) -> (SourceFile, Json) {
    let file = SourceFile::new("main.tf.json", text);
    let json = parse(&file);
    (file, json)
}

/// A body on one line: blocks with their labels, attributes with the text of their values.
fn outline(file: &SourceFile, body: &Body) -> String {
    let item = |item: &Item| match item {
        Item::Attribute(attribute) => format!("{}={}", attribute.key.text, file.slice(attribute.value.span)),
        Item::Block(block) => {
            let labels = block.labels.iter().fold(String::new(), |before, label| before + &label.text + " ");
            format!("{} {labels}{{{}}}", block.kind.text, outline(file, &block.body))
        }
    };
    body.items.iter().map(item).collect::<Vec<_>>().join(" ")
}

fn outline_of(text: &str) -> String {
    let (file, json) = read_text(text);
    assert_eq!(json.syntax.unreadable, [], "{text}");
    outline(&file, &json.syntax.body)
}

fn error(text: &str) -> String {
    let (file, json) = read_text(text);
    assert_eq!(json.syntax.body, Body::default(), "{text}");
    let [unreadable] = json.syntax.unreadable.as_slice() else { panic!("one error expected: {json:?}") };
    let at = file.position(unreadable.at);
    format!("{}:{}: {}", at.line, at.column, unreadable.message)
}

fn only_block(body: &Body) -> &Block {
    let blocks: Vec<_> = body.blocks().collect();
    assert_eq!(blocks.len(), 1, "{body:?}");
    blocks[0]
}

/// The value of the attribute `x` of the only resource.
fn value_of(json: &Json) -> &Expr {
    &only_block(&json.syntax.body).body.attribute("x").expect("the resource has an x").value
}

#[test]
fn blocks_stand_in_objects_and_arrays_at_every_level() {
    for (text, expected) in [
        (r#"{"resource":{"t":{"n":{"x":1}}}}"#, "resource t n {x=1}"),
        (
            r#"{"resource":{"t":{"n":{"x":1},"m":{}},"u":{"n":{}}}}"#,
            "resource t n {x=1} resource t m {} resource u n {}",
        ),
        (r#"{"resource":[{"t":{"n":{"x":1}}},{"t":{"m":{}}}]}"#, "resource t n {x=1} resource t m {}"),
        (r#"{"resource":{"t":[{"n":{"x":1}},{"m":{},"o":{}}]}}"#, "resource t n {x=1} resource t m {} resource t o {}"),
        (r#"{"resource":{"t":{"n":[{"x":1}]}}}"#, "resource t n {x=1}"),
        (r#"{"resource":{"t":{"n":[{"x":1},{"x":2}]}}}"#, "resource t n {x=1} resource t n {x=2}"),
        (r#"{"resource":{"t":{"n":[[{"x":1},{"y":2}]]}}}"#, "resource t n {x=1 y=2}"),
        (r#"[{"resource":{"t":{"n":{}}}},{"resource":{"t":{"m":{}}}}]"#, "resource t n {} resource t m {}"),
        (r#"{"resource":{"t":{"n":[null],"m":null}}}"#, "resource t n {}"),
        (r#"{"resource":{"t":{"n":[]}},"data":null}"#, ""),
        (
            r#"{"resource":{"t":{"n":{}}},"resource":{"t":{"m":{}},"t":{"o":{}}}}"#,
            "resource t n {} resource t m {} resource t o {}",
        ),
        (r#"{"\u0072esource":{"\u0074":{"n":{"\u0078":1}}}}"#, "resource t n {x=1}"),
    ] {
        assert_eq!(outline_of(text), expected, "{text}");
    }
}

#[test]
fn every_block_type_has_its_labels() {
    for (text, expected) in [
        (r#"{"data":{"t":{"n":{"x":1}}},"ephemeral":{"t":{"n":{}}}}"#, "data t n {x=1} ephemeral t n {}"),
        (r#"{"variable":{"v":{"default":1}},"output":{"o":{"value":1}}}"#, "variable v {default=1} output o {value=1}"),
        (r#"{"locals":{"a":1},"locals":[{"b":{"c":2}}]}"#, "locals {a=1} locals {b={\"c\":2}}"),
        (r#"{"module":{"m":{"source":"./m"}}}"#, r#"module m {source="./m"}"#),
        (r#"{"provider":{"aws":[{"region":1},{"alias":2}]}}"#, "provider aws {region=1} provider aws {alias=2}"),
        (
            r#"{"terraform":{"required_version":"1","backend":{"s3":{"bucket":"b"}},"required_providers":{"a":{}}}}"#,
            r#"terraform {required_version="1" backend s3 {bucket="b"} required_providers {a={}}}"#,
        ),
        (
            r#"{"moved":[{"from":"a"},{"from":"b"}],"import":{"to":"c"}}"#,
            r#"moved {from="a"} moved {from="b"} import {to="c"}"#,
        ),
        (r#"{"check":{"c":{"data":{"t":{"n":{}}},"assert":[{}]}}}"#, "check c {data t n {} assert {}}"),
        (r#"{"something_new":{"a":1}}"#, "something_new={\"a\":1}"),
    ] {
        assert_eq!(outline_of(text), expected, "{text}");
    }
}

#[test]
fn terraforms_own_nested_blocks_are_blocks_and_the_providers_attributes() {
    let text = r#"{"resource":{"t":{"n":{
        "tags":{"a":1}, "ebs":[{"s":1},{"s":2}], "_":{"x":1},
        "lifecycle":{"ignore_changes":["x"],"precondition":[{}]},
        "provisioner":[{"local-exec":{"command":"c"}},{"local-exec":[{},{}]}], "connection":{"h":1},
        "dynamic":{"ebs":{"for_each":[1],"content":{"s":3}}}}}}}"#;
    assert_eq!(
        outline_of(text),
        "resource t n {tags={\"a\":1} ebs=[{\"s\":1},{\"s\":2}] _ {x=1} \
         lifecycle {ignore_changes=[\"x\"] precondition {}} \
         provisioner local-exec {command=\"c\"} provisioner local-exec {} provisioner local-exec {} connection {h=1} \
         dynamic ebs {for_each=[1] content {s=3}}}"
    );
}

#[test]
fn comments_are_no_arguments_and_are_kept_beside_the_tree() {
    let text = r#"{"//":"top","resource":{"t":{"n":{"//":["one","t\u0077o"],"//":{"any":1},"x":{"//":1}}}}}"#;
    let (file, json) = read_text(text);
    assert_eq!(outline(&file, &json.syntax.body), r#"resource t n {x={"//":1}}"#);
    let comments: Vec<_> =
        json.comments.iter().map(|comment| (comment.text.as_str(), file.slice(comment.span))).collect();
    assert_eq!(comments, [("top", "\"top\""), ("one", "\"one\""), ("two", r#""t\u0077o""#)]);
    let block = only_block(&json.syntax.body);
    assert_eq!(json.comments[1].object, Span::new(block.open, block.close + 1));
    assert!(!json.syntax.generated);
}

#[test]
fn output_of_cdk_for_terraform_is_recognised() {
    let stack = r#"{"//":{"metadata":{"backend":"local","stackName":"root","version":"0.17.0"},"outputs":{}}}"#;
    let resource = r#"{"resource":{"t":{"n":{"//":{"metadata":{"path":"root/n","uniqueId":"n"}}}}}}"#;
    assert!(read_text(stack).1.syntax.generated);
    assert!(read_text(resource).1.syntax.generated);
    assert!(!read_text(r#"{"//":{"metadata":{"owner":"us"}}}"#).1.syntax.generated);
}

#[test]
fn spans_count_from_the_start_of_the_file() {
    let text = "\u{feff}{\r\n \"resource\": {\"t\": {\"é\": {\"x\": \"y\"}, \"m\": [{\"x\": 1}, {\"x\": 2}]}}}";
    let (file, json) = read_text(text);
    let blocks: Vec<_> = json.syntax.body.blocks().collect();
    assert_eq!(file.slice(blocks[0].span), "\"é\": {\"x\": \"y\"}");
    assert_eq!(file.slice(blocks[1].span), "\"m\": [{\"x\": 1}");
    assert_eq!(file.slice(blocks[2].span), "{\"x\": 2}");
    for block in blocks {
        assert_eq!((&text[block.open..=block.open], &text[block.close..=block.close]), ("{", "}"));
        assert_eq!(file.slice(block.kind.span), "\"resource\"");
        assert_eq!(file.slice(block.labels[0].span), "\"t\"");
        let x = block.body.attribute("x").expect("both have an x");
        assert_eq!(file.slice(x.span), format!("\"x\": {}", file.slice(x.value.span)));
    }
}

#[test]
fn strings_are_templates() {
    let kind = |string: &str| {
        let (_, json) = read_text(&format!(r#"{{"resource":{{"t":{{"n":{{"x":"{string}"}}}}}}}}"#));
        assert_eq!(json.syntax.unreadable, [], "{string}");
        value_of(&json).kind.clone()
    };
    let string = |text: &str| ExprKind::String(text.to_owned());
    assert_eq!(kind("Enabled"), string("Enabled"));
    assert_eq!(kind(""), string(""));
    assert_eq!(kind(r"\u0045n\tabled \ud83d\ude00"), string("En\tabled \u{1f600}"));
    assert_eq!(kind("$${a} %%{b} $c %d $"), string("${a} %{b} $c %d $"));
    let ExprKind::Template(parts) = kind("${var.x}") else { panic!("a template") };
    assert!(matches!(parts.as_slice(), [TemplatePart::Interpolation(Expr { kind: ExprKind::Traversal(..), .. })]));
    let ExprKind::Template(parts) = kind("a${var.x}b") else { panic!("a template") };
    assert!(matches!(
        parts.as_slice(),
        [TemplatePart::Literal(..), TemplatePart::Interpolation(_), TemplatePart::Literal(..)]
    ));
    let ExprKind::Template(parts) = kind("%{ if var.x }a%{ else }b%{ endif }") else { panic!("a template") };
    assert!(matches!(parts.as_slice(), [TemplatePart::If { .. } | TemplatePart::For(_)]));
}

#[test]
fn expressions_in_strings_have_the_spans_of_their_own_text() {
    let text = "{\"resource\":{\"t\":{\"n\":{\"x\":\"\\u00e9${\\nvar.a ? \\\"Enabled\\\" : f(\\\"\\ud83d\\ude00\\\", local.b)}!\"}}}}";
    let (file, json) = read_text(text);
    let ExprKind::Template(parts) = &value_of(&json).kind else { panic!("a template") };
    let [TemplatePart::Literal(_, literal), TemplatePart::Interpolation(conditional), _] = parts.as_slice() else {
        panic!("three parts: {parts:?}")
    };
    assert_eq!(file.slice(*literal), r"\u00e9");
    let ExprKind::Conditional(condition, enabled, call) = &conditional.kind else { panic!("a conditional") };
    assert_eq!(file.slice(condition.span), "var.a");
    assert_eq!(file.slice(enabled.span), r#"\"Enabled\""#);
    assert_eq!(file.slice(call.span), r#"f(\"\ud83d\ude00\", local.b)"#);
}

#[test]
fn variables_hold_literals_and_types() {
    let text = r#"{"variable":{"v":{"type":"object({a=optional(string,\"d\")})","default":{"${k}":"${1}"},"description":"${"}}}"#;
    let (file, json) = read_text(text);
    assert_eq!(json.syntax.unreadable, []);
    let body = &only_block(&json.syntax.body).body;
    let value = |key: &str| &body.attribute(key).expect("it is there").value;
    assert!(matches!(&value("type").kind, ExprKind::Call { name, .. } if name == "object"));
    assert_eq!(file.slice(value("type").span), r#""object({a=optional(string,\"d\")})""#);
    let ExprKind::Object(items) = &value("default").kind else { panic!("an object") };
    assert_eq!(items[0].key.kind, ExprKind::String("${k}".to_owned()));
    assert_eq!(items[0].value.kind, ExprKind::String("${1}".to_owned()));
}

#[test]
fn files_of_values_are_literal() {
    let values = |text: &str| parse_values(&SourceFile::new("terraform.tfvars.json", text));
    let json = values(r#"{"//":"c","root_access":"${1}","resource":{"a":1}}"#);
    let body = &json.syntax.body;
    assert_eq!(
        body.attribute("root_access").map(|found| &found.value.kind),
        Some(&ExprKind::String("${1}".to_owned()))
    );
    assert_eq!((body.attributes().count(), body.blocks().count()), (2, 0));
    assert_eq!(values("[{\"a\":1}]").syntax.unreadable.len(), 1);
    assert_eq!(values("{\"a\":1,\"a\":2}").syntax.unreadable.len(), 1);
}

#[test]
fn a_string_that_is_no_template_is_unknown_and_reported() {
    let (file, json) = read_text("{\"resource\":{\"t\":{\"n\":{\n\"x\":\"\\n${ 1 +\",\"y\":2}}}}");
    assert!(matches!(&value_of(&json).kind, ExprKind::Unread(_)));
    let [unreadable] = json.syntax.unreadable.as_slice() else { panic!("one error: {json:?}") };
    assert_eq!(file.slice(unreadable.span), "\"\\n${ 1 +\"");
    assert_eq!(file.position(unreadable.at).line, 2);
}

#[test]
fn what_terraform_refuses_is_located() {
    for (text, expected) in [
        ("{\n  \"locals\": {\"a\": 1,\n  \"a\": 2}}", "3:3: duplicate key \"a\""),
        (r#"{"resource":{"t":{"n":{"x":1,"x":2}}}}"#, "1:30: duplicate key \"x\""),
        (r#"{"resource":{"t":{"n":{"x":{"y":1,"\u0079":2}}}}}"#, "1:35: duplicate key \"y\""),
        (r#"{"resource":{"t":{"n":[[{"x":1},{"x":2}]]}}}"#, "1:34: duplicate key \"x\""),
        (r#"{"variable":{"v":{"default":{"a":1,"a":2}}}}"#, "1:36: duplicate key \"a\""),
        (r#"{"module":{"m":{"a":{},"a":{}}}}"#, "1:24: duplicate key \"a\""),
        (r#"{"resource":{"//":"no comment here","t":{}}}"#, "1:19: a JSON object is required here"),
        (r#"{"resource":{"t":"n"}}"#, "1:18: a JSON object is required here"),
        (r#"{"resource":[null]}"#, "1:14: a JSON object is required here"),
        (r#"{"resource":{"t":{"n":[1]}}}"#, "1:24: a JSON object is required here"),
        ("\"x\"", "1:1: a JSON object is required here"),
        ("null", "1:1: a JSON object is required here"),
        ("{}\n{}", "2:1: invalid JSON: text cannot contain more than one JSON value"),
        ("\u{feff}{\"é\" 1}", "1:6: invalid JSON: expected colon after the string or word in object property"),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn a_nested_block_of_a_provider_may_be_written_as_a_repeated_key() {
    let text = r#"{"resource":{"t":{"n":{"ebs":{"s":1},"ebs":[{"s":2}],"ebs":null,"x":1}}}}"#;
    assert_eq!(outline_of(text), r#"resource t n {ebs={"s":1} ebs=[{"s":2}] ebs=null x=1}"#);
}

#[test]
fn large_and_deep_files_are_read() {
    let members: Vec<_> = (0..20_000).map(|n| format!("\"n{n}\":{{\"x\":\"a${{var.v{n}}}\"}}")).collect();
    let (_, json) = read_text(&format!("{{\"resource\":{{\"t\":{{{}}}}}}}", members.join(",")));
    assert_eq!(json.syntax.body.blocks().count(), 20_000);
    let deep = format!("{{\"locals\":{{\"a\":{}1{}}}}}", "{\"a\":".repeat(200), "}".repeat(200));
    assert_eq!(read_text(&deep).1.syntax.unreadable, []);
    let too_deep = format!("{{\"locals\":{{\"a\":{}", "{\"a\":".repeat(100_000));
    assert_eq!(read_text(&too_deep).1.syntax.unreadable.len(), 1);
}
