//! The JSON format keeps to its published schema.

use serde_json::{Value, json};
use unroot::report::{Format, Mode};

use crate::inputs::{self, Run, options};

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schema/unroot-report-v1.schema.json");

fn schema() -> Value {
    let text = std::fs::read_to_string(SCHEMA).expect("the schema is there");
    serde_json::from_str(&text).expect("the schema is JSON")
}

fn document(run: &Run) -> Value {
    let (out, _) = run.print(Format::Json, &options(Mode::Preview));
    serde_json::from_str(&out).expect("the report is JSON")
}

#[test]
fn every_report_fits_the_schema() {
    let schema = schema();
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is a schema");
    let validator = jsonschema::draft202012::new(&schema).expect("the schema can be used");
    let runs = [
        inputs::findings(),
        inputs::fixed(),
        inputs::clean(),
        inputs::nothing(),
        inputs::errors(),
        inputs::suppressed(),
        inputs::awkward(),
        crate::script_inputs::scripts(),
    ];
    for run in runs {
        let document = document(&run);
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn the_schema_refuses_what_is_not_in_it() {
    let validator = jsonschema::draft202012::new(&schema()).expect("the schema can be used");
    let good = document(&inputs::findings());
    assert!(validator.is_valid(&good));
    for (pointer, value) in [
        ("/version", json!(2)),
        ("/notebooks/0/status", json!("unknown")),
        ("/notebooks/0/rule", json!("root-access")),
        ("/notebooks/0/start/line", json!(0)),
        ("/notebooks/0/values/0/value", json!({ "known": "x" })),
        ("/notebooks/0/fix/applicability", json!("maybe")),
        ("/summary/files", Value::Null),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).expect("the report has that field") = value;
        assert!(!validator.is_valid(&bad), "{pointer}");
    }
    let mut more = good;
    more["notebooks"][0]["extra"] = json!(1);
    assert!(!validator.is_valid(&more), "an additional field");
}

/// `UPDATE_DOCS=1 cargo test` writes the list of rules anew.
#[test]
#[expect(clippy::disallowed_methods, reason = "a page of the project itself, written on request")]
fn the_schema_names_every_rule_and_status() {
    let rules: Vec<&str> =
        unroot::rules::Rule::ALL.iter().filter(|rule| !rule.is_on_scripts()).map(|rule| rule.code()).collect();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let text = std::fs::read_to_string(SCHEMA).expect("the schema is there");
        let start = "\"rule\": {\n      \"description\": \"What is wrong.\",\n      \"enum\": [\n";
        let start = text.find(start).expect("the list of rules") + start.len();
        let end = start + text[start..].find("\n      ]").expect("the end of the list");
        let list: Vec<String> = rules.iter().map(|code| format!("        \"{code}\"")).collect();
        let text = format!("{}{}{}", &text[..start], list.join(",\n"), &text[end..]);
        std::fs::write(SCHEMA, text).expect("the schema can be written");
    }
    let schema = schema();
    let names = |pointer: &str| schema.pointer(pointer).and_then(Value::as_array).expect("a list of names").clone();
    assert_eq!(names("/$defs/rule/enum"), rules.iter().map(|code| json!(code)).collect::<Vec<_>>());
    assert_eq!(
        names("/$defs/status/enum"),
        ["compliant", "fixable", "fixed", "review", "suppressed"].map(|s| json!(s))
    );
}

#[test]
fn positions_count_lines_characters_and_bytes() {
    let document = document(&inputs::awkward());
    let notebook = &document["notebooks"][0];
    let header = "\u{feff}# Notebooks of the dät\u{e4} 日本 team\r\n".len();
    assert_eq!(notebook["start"], json!({ "line": 2, "column": 1, "byte": header }));
    assert_eq!(notebook["fix"]["edits"][0]["start"], notebook["fix"]["edits"][0]["end"]);
}
