//! What the formats of other projects ask for, as strict schemas of our own. `tests/clients/test_formats.py` holds SARIF and
//! `JUnit` against the validators of those who read them.
//!
//! Sources: GitLab documentation, "Code Quality", "Code Quality report format", and its own `codeclimate.json`;
//! reviewdog/reviewdog, `proto/rdf/reviewdog.proto` and `proto/rdf/jsonschema/DiagnosticResult.json`.

use std::collections::BTreeSet;

use jsonschema::Validator;
use serde_json::{Value, json};
use unroot::report::{Format, Mode};

use crate::inputs::{self, Run, options};
use crate::script_inputs;

fn gitlab() -> Validator {
    let text = json!({ "type": "string", "minLength": 1 });
    let schema = json!({
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": text,
                "check_name": text,
                "fingerprint": text,
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["path", "lines"],
                    "properties": {
                        // Relative to the repository, without a leading `./`.
                        "path": { "type": "string", "pattern": "^(?!\\./|/)." },
                        "lines": {
                            "type": "object",
                            "additionalProperties": false,
                            "required": ["begin"],
                            "properties": { "begin": { "type": "integer", "minimum": 1 } },
                        },
                    },
                },
            },
        },
    });
    jsonschema::draft202012::new(&schema).expect("the schema can be used")
}

fn rdjson() -> Validator {
    let object = |required: &[&str], properties: Value| json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties });
    let number = json!({ "type": "integer", "minimum": 1 });
    let position = object(&["line", "column"], json!({ "line": number, "column": number }));
    let range = object(&["start", "end"], json!({ "start": position, "end": position }));
    let location = object(&["path"], json!({ "path": { "type": "string", "minLength": 1 }, "range": range }));
    let severity = json!({ "enum": ["ERROR", "WARNING", "INFO"] });
    let url = json!({ "type": "string", "pattern": "^https://" });
    let suggestion = object(&["range", "text"], json!({ "range": range, "text": { "type": "string" } }));
    let diagnostic = object(
        &["message", "location", "severity"],
        json!({
            "message": { "type": "string", "minLength": 1 },
            "location": location,
            "severity": severity,
            "code": object(&["value", "url"], json!({ "value": { "type": "string" }, "url": url })),
            "suggestions": { "type": "array", "items": suggestion },
        }),
    );
    let schema = object(
        &["source", "severity", "diagnostics"],
        json!({
            "source": object(&["name", "url"], json!({ "name": { "const": "unroot" }, "url": url })),
            "severity": severity,
            "diagnostics": { "type": "array", "items": diagnostic },
        }),
    );
    jsonschema::draft202012::new(&schema).expect("the schema can be used")
}

fn document(run: &Run, format: Format) -> Value {
    let (out, _) = run.print(format, &options(Mode::Check));
    serde_json::from_str(&out).expect("the report is JSON")
}

#[test]
fn every_report_is_what_the_platform_asks_for() {
    let runs: [fn() -> Run; 8] = [
        inputs::findings,
        inputs::fixed,
        inputs::clean,
        inputs::nothing,
        inputs::errors,
        inputs::suppressed,
        inputs::awkward,
        script_inputs::scripts,
    ];
    for (format, validator) in [(Format::Gitlab, gitlab()), (Format::Rdjson, rdjson())] {
        let mut entries = 0;
        for run in runs {
            let document = document(&run(), format);
            let errors: Vec<String> =
                validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", format.name());
            let list = document.as_array().or_else(|| document["diagnostics"].as_array()).expect("a list");
            entries += list.len();
            let fingerprints = list.iter().filter_map(|entry| entry["fingerprint"].as_str());
            let fingerprints: BTreeSet<&str> = fingerprints.collect();
            assert!(format != Format::Gitlab || fingerprints.len() == list.len(), "fingerprints are unique");
        }
        assert!(entries > 8, "{}: {entries}", format.name());
    }
}

#[test]
fn the_schemas_refuse_what_the_platforms_would() {
    let good = document(&inputs::findings(), Format::Gitlab);
    for (pointer, value) in [
        ("/0/location/path", json!("./main.tf")),
        ("/0/location/path", json!("/repo/main.tf")),
        ("/0/location/lines/begin", json!(0)),
        ("/0/severity", json!("high")),
        ("/0/fingerprint", Value::Null),
    ] {
        refuses(&gitlab(), &good, pointer, value);
    }
    let good = document(&inputs::findings(), Format::Rdjson);
    for (pointer, value) in [
        ("/diagnostics/0/location/range/start/column", json!(0)),
        ("/diagnostics/0/severity", json!("NOTE")),
        ("/source/url", json!("")),
        ("/diagnostics/0/suggestions/0/text", Value::Null),
    ] {
        refuses(&rdjson(), &good, pointer, value);
    }
}

fn refuses(validator: &Validator, good: &Value, pointer: &str, value: Value) {
    let mut bad = good.clone();
    *bad.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is there: {good:#}")) = value;
    assert!(validator.is_valid(good) && !validator.is_valid(&bad), "{pointer}");
}
