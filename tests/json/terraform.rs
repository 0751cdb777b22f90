//! Terraform on the same shapes: it creates the resources we see, with the member we insert, and refuses what we do.

use std::collections::BTreeMap;

use unroot::source::{SourceFile, splice};
use unroot::syntax::json;
use unroot::syntax::tree::{Expr, ExprKind, TemplatePart};

use crate::support::{folder, terraform};

/// Files that Terraform accepts.
const ACCEPTED: &[&str] = &[
    r#"{"resource":{"terraform_data":{"a":{"input":"x"}}}}"#,
    r#"{"resource":[{"terraform_data":[{"a":[{"input":"x"}]},{"b":{},"c":{"input":null}}]},{"terraform_data":{"d":{}}}]}"#,
    r#"[{"resource":{"terraform_data":{"a":{"input":"x"}}}},{"resource":{"terraform_data":{"b":{}}}}]"#,
    r#"{"resource":{"terraform_data":{"a":{"input":"x"}}},"resource":{"terraform_data":{"b":{}},"terraform_data":{"c":{}}}}"#,
    r#"{"resource":{"terraform_data":{"a":[[{"input":"x"},{"//":"c"}]],"b":null}},"//":1,"//":2}"#,
    r#"{"\u0072esource":{"terraform_d\u0061ta":{"a":{"inp\u0075t":"\u0024{\"En\"}abled"}}}}"#,
    r#"{"resource":{"terraform_data":{"a":{"input":"$${x} %%{y} $z","lifecycle":{"ignore_changes":["input"]}}}}}"#,
    r#"{"resource":{"terraform_data":{"a":{"_":[{"input":"hidden"}],"lifecycle":{"//":"c","ignore_changes":"all"}}}}}"#,
    r#"{"resource":{"terraform_data":{"a":{"input":"${true ? \"Enabled\" : \"Disabled\"}","lifecycle":null}}}}"#,
    r#"{"resource":{"terraform_data":{"a":{"provisioner":[{"local-exec":{"command":"x"}},{"local-exec":[{"command":"y"}]}]}}}}"#,
    r#"{"variable":{"v":{"type":"object({a=optional(string,\"d\")})","default":{"${x}":1},"description":"${"}},
        "resource":{"terraform_data":{"a":{}}}}"#,
    "{\r\n\t\"resource\": {\r\n\t\t\"terraform_data\": {\r\n\t\t\t\"a\": {},\r\n\t\t\t\"b\": {\r\n\t\t\t\t\"input\" : \"x\"\r\n\t\t\t}\r\n\t\t}\r\n\t}\r\n}",
];

/// Files that Terraform refuses.
const REFUSED: &[&str] = &[
    r#"{"resource":{"terraform_data":{"a":{"input":"x","input":"y"}}}}"#,
    r#"{"resource":{"terraform_data":{"a":{"input":{"x":1,"x":2}}}}}"#,
    r#"{"resource":{"terraform_data":{"a":[[{"input":1},{"input":2}]]}}}"#,
    r#"{"locals":{"a":1,"a":2}}"#,
    r#"{"variable":{"v":{"default":{"a":1,"a":2}}}}"#,
    r#"{"resource":{"//":"no comment here","terraform_data":{"a":{}}}}"#,
    r#"{"resource":[null]}"#,
    r#"{"resource":{"terraform_data":"a"}}"#,
    r#"{"resource":{"terraform_data":{"a":[1]}}}"#,
    r#"{"resource":{"terraform_data":{"a":{}}}} x"#,
    r#"{"resource":{"terraform_data":{"a":{},}}}"#,
    r#"{"resource":{"terraform_data":{"a":{"input":"${1 +"}}}}"#,
    "{\"resource\":\u{a0}{}}",
    "{\"locals\":{\"a\":\"\u{1}\"}}",
    "null",
];

/// The text of an expression of literals; `None` for `null`.
fn text_of(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Null => None,
        ExprKind::String(text) | ExprKind::Number(text) => Some(text.clone()),
        ExprKind::Bool(value) => Some(value.to_string()),
        ExprKind::Template(parts) => parts
            .iter()
            .map(|part| match part {
                TemplatePart::Literal(text, _) => Some(text.clone()),
                TemplatePart::Interpolation(inner) => text_of(inner),
                TemplatePart::If { .. } | TemplatePart::For(_) => panic!("every input is a literal"),
            })
            .collect(),
        ExprKind::Conditional(condition, yes, no) => match condition.kind {
            ExprKind::Bool(true) => text_of(yes),
            _ => text_of(no),
        },
        other => panic!("every input is an expression of literals, not {other:?}"),
    }
}

/// The resources we see by name, each with its `input`, and the text with `triggers_replace` inserted into each.
fn ours(text: &str) -> (BTreeMap<String, Option<String>>, String) {
    let file = SourceFile::new("main.tf.json", text);
    let json = json::parse(&file);
    assert_eq!(json.syntax.unreadable, [], "{text}");
    let blocks: Vec<_> = json.syntax.body.blocks_of("resource").collect();
    let input = |block: &unroot::syntax::tree::Block| {
        let escaped = block.body.blocks_of("_").find_map(|escaped| escaped.body.attribute("input"));
        let attribute = block.body.attribute("input").or(escaped)?;
        text_of(&attribute.value)
    };
    let inputs = blocks.iter().map(|block| (block.labels[1].text.clone(), input(block))).collect();
    let insert = |block| json::layout::insert(&file, block, "triggers_replace", "\"Disabled\"").expect("there is room");
    let mut splices: Vec<_> = blocks.into_iter().map(insert).collect();
    splices.sort();
    (inputs, splice(text, &splices).expect("no two overlap"))
}

#[test]
fn terraform_creates_what_we_see_with_what_we_insert() {
    if !terraform::is_there() {
        return;
    }
    let folder = folder::empty();
    let mut calls = Vec::new();
    for (n, text) in ACCEPTED.iter().enumerate() {
        folder::put(&folder.path().join(format!("m{n}/main.tf.json")), ours(text).1.as_bytes());
        calls.push(format!("module \"m{n}\" {{\n  source = \"./m{n}\"\n}}\n"));
    }
    folder::put(&folder.path().join("main.tf"), calls.concat().as_bytes());
    let plan = terraform::plan(folder.path(), &[]).expect("Terraform accepts them");
    let plan: serde_json::Value = serde_json::from_slice(&plan).expect("JSON");
    let modules = plan["planned_values"]["root_module"]["child_modules"].as_array().expect("modules");
    for (n, text) in ACCEPTED.iter().enumerate() {
        let address = format!("module.m{n}");
        let module = modules.iter().find(|module| module["address"] == address.as_str()).expect("the module");
        let mut theirs = BTreeMap::new();
        for resource in module["resources"].as_array().expect("resources") {
            let values = &resource["values"];
            assert_eq!(values["triggers_replace"], "Disabled", "{text}");
            let name = resource["name"].as_str().expect("a name").to_owned();
            theirs.insert(name, values["input"].as_str().map(str::to_owned));
        }
        assert_eq!(ours(text).0, theirs, "{text}");
    }
}

#[test]
fn terraform_refuses_what_we_refuse() {
    if !terraform::is_there() {
        return;
    }
    for text in REFUSED {
        let file = SourceFile::new("main.tf.json", *text);
        assert_ne!(json::parse(&file).syntax.unreadable, [], "{text}");
        let folder = folder::with(&[("main.tf.json", text)]);
        assert!(terraform::plan(folder.path(), &[]).is_err(), "{text}");
    }
}
