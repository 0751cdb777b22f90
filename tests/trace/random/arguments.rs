//! What files give a root module, as the arguments of a call.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use hcl_edit::Span as _;
use hcl_edit::structure::Body;

/// The arguments, as lines. Of several files the first one that has a value wins.
pub(super) fn arguments(tree: &Path, files: &[String]) -> String {
    let mut values = BTreeMap::new();
    for file in files.iter().rev() {
        let text = fs::read_to_string(tree.join(file)).expect("the file was generated");
        if file.ends_with("json") {
            let body: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text).expect("generated as JSON");
            // JSON without template markers is an expression of the native syntax too.
            values.extend(body.into_iter().map(|(name, value)| (name, value.to_string())));
        } else {
            let body = hcl_edit::parser::parse_body(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            values.extend(if file.ends_with("terragrunt.hcl") { inputs(&text, &body) } else { entries(&text, &body) });
        }
    }
    values.into_iter().map(|(name, value)| format!("  {name} = {value}\n")).collect::<Vec<_>>().concat()
}

fn entries(text: &str, body: &Body) -> Vec<(String, String)> {
    let entry = |attribute: &hcl_edit::structure::Attribute| {
        let value = attribute.value.span().expect("parsed text has spans");
        (attribute.key.as_str().to_owned(), text[value].to_owned())
    };
    body.attributes().map(entry).collect()
}

fn inputs(text: &str, body: &Body) -> Vec<(String, String)> {
    let inputs =
        body.get_attribute("inputs").and_then(|inputs| inputs.value.as_object()).expect("generated with inputs");
    let entry = |(key, value): (&hcl_edit::expr::ObjectKey, &hcl_edit::expr::ObjectValue)| {
        let value = value.expr().span().expect("parsed text has spans");
        (key.as_ident().expect("generated so").as_str().to_owned(), text[value].to_owned())
    };
    inputs.iter().map(entry).collect()
}
