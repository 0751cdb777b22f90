//! The published schema of `unroot.toml` accepts what the program accepts, and nothing else.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::folder;
use crate::support::program::{run, unroot};

/// What the program makes of a file: whether it reads it, and what it says if not. By the function that `main` calls, for
/// there are hundreds of files.
fn program(file: &Path, text: &str) -> Result<(), String> {
    folder::put(file, text.as_bytes());
    let arguments = ["unroot", "--config", file.to_str().expect("a path in UTF-8"), "--color", "never"];
    let read = unroot::cli::parse_in(file.parent().expect("a folder"), arguments);
    read.map(|_| ()).map_err(|error| error.to_string())
}

/// The file as an editor holds it against a schema, where a date is a text.
fn document(text: &str) -> Value {
    fn of(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(it) => json!(it.to_string()),
            toml::Value::Array(items) => items.into_iter().map(of).collect(),
            toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, of(value))).collect(),
            toml::Value::String(it) => json!(it),
            toml::Value::Integer(it) => json!(it),
            toml::Value::Float(it) => json!(it),
            toml::Value::Boolean(it) => json!(it),
        }
    }
    of(toml::from_str(text).unwrap_or_else(|error| panic!("{text}\n{error}")))
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../docs/schema/unroot-toml.schema.json")).expect("the schema is JSON")
}

#[test]
fn the_schema_accepts_what_the_program_reads() {
    let schema = schema();
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is a schema");
    let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema);
    let validator = validator.expect("the schema can be used");
    // Each key with values of each kind, the words that some of them take among these.
    let words = schema["properties"].as_object().expect("there are keys").values();
    let words = words.filter_map(|of| of["enum"].as_array()).flatten().filter_map(Value::as_str);
    let mut values: Vec<String> = words.map(|word| format!("{word:?}")).collect();
    values.sort();
    values.dedup();
    values.extend(["true", "0", "1", "-1", "1.5", "[]", "[\"a\"]", "[1]", "\"nonsense\"", "{}"].map(str::to_owned));
    // Whether a key takes any of the values at all is seen, too: a schema without a key that is there refuses it.
    let keys = [
        "unsafe-fixes",
        "fix-at",
        "no-suppressions",
        "scripts",
        "format",
        "diff",
        "context",
        "color",
        "quiet",
        "verbose",
        "exclude",
        "hidden",
        "no-ignore",
        "threads",
        "exempt",
        "report",
        "plan",
        "from",
        "write",
        "check",
        "nonsense",
    ];
    let mut texts: Vec<String> =
        keys.iter().flat_map(|key| values.iter().map(move |value| format!("{key} = {value}\n"))).collect();
    texts.push("quiet = true\nverbose = true\n".to_owned());
    texts.push("quiet = true\nverbose = false\n".to_owned());
    texts.extend(exemptions());
    let tree = folder::empty();
    let file = tree.path().join("unroot.toml");
    let mut accepted = 0;
    for text in texts {
        let read = program(&file, &text);
        accepted += usize::from(read.is_ok());
        let errors: Vec<String> = validator.iter_errors(&document(&text)).map(|error| error.to_string()).collect();
        assert_eq!(read.is_ok(), errors.is_empty(), "{text}the program: {read:?}\nthe schema: {errors:?}");
    }
    assert!(accepted >= 30, "{accepted}");
}

/// Entries with each of their keys right, wrong and left out.
fn exemptions() -> Vec<String> {
    let mut entries = Vec::new();
    for paths in ["", "paths = [\"a/\"]\n", "paths = []\n", "paths = \"a\"\n"] {
        for instances in ["", "instances = [\"module.a\"]\n", "instances = [1]\n"] {
            for reason in ["", "reason = \"why\"\n", "reason = \" \"\n"] {
                for until in ["", "until = 2027-06-30\n", "until = \"soon\"\n", "until = 2027-06-30T10:00:00Z\n"] {
                    entries.push(format!("[[exempt]]\n{paths}{instances}{reason}{until}"));
                }
            }
        }
    }
    entries.push("[[exempt]]\npaths = [\"a\"]\nreason = \"x\"\nuntil = 2027-01-01\nmore = 1\n".to_owned());
    entries
}

#[test]
fn every_key_of_the_schema_is_an_option() {
    let schema = schema();
    let help = run(unroot(folder::empty().path()).arg("--help"));
    for key in schema["properties"].as_object().expect("there are keys").keys().filter(|key| *key != "exempt") {
        assert!(help.text().contains(&format!("--{key}")), "{key}");
    }
}
