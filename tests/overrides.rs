//! Terraform as the judge of override files: the value it plans is the one we say decides.
//!
//! The notebook is a `terraform_data`, its `root_access` the `input`.

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeMap;

use unroot::model::files::{ModuleFiles, Tool};
use unroot::model::overrides::{Placed, merge};
use unroot::source::{FileId, SourceFile, Sources};
use unroot::syntax;
use unroot::syntax::tree::{Body, ExprKind};

use support::{folder, program, terraform};

type Files = &'static [(&'static str, &'static str)];

const MAIN: (&str, &str) = ("main.tf", "resource \"terraform_data\" \"a\" {\n  input = \"base\"\n}\n");

/// Modules that Terraform accepts.
const ACCEPTED: &[Files] = &[
    &[MAIN],
    &[MAIN, ("x_override.tf", "resource terraform_data a {\n  input = \"x\"\n}\n")],
    &[
        MAIN,
        ("b_override.tf", "resource terraform_data a {\n  input = \"b\"\n}\n"),
        ("B_override.tf", "resource terraform_data a {\n  input = \"B\"\n}\n"),
        ("a_override.tf", "resource terraform_data a {\n  input = \"a\"\n}\n"),
    ],
    &[
        MAIN,
        ("override.tf", "resource terraform_data a {\n  input = \"native\"\n}\n"),
        ("override.tf.json", r#"{"resource":{"terraform_data":{"a":{"input":"json"}}}}"#),
        ("a_override.tf.json", r#"{"resource":{"terraform_data":{"a":{"input":"a"}}}}"#),
    ],
    &[MAIN, ("override.tf.json", r#"{"resource":{"terraform_data":{"a":[{"input":"one"},{"input":"two"}]}}}"#)],
    &[MAIN, ("_override.tf", "resource terraform_data a {\n  input = null\n}\n")],
    &[MAIN, ("override.tf", "resource terraform_data a {\n  _ {\n    input = \"escaped\"\n  }\n}\n")],
    &[
        ("main.tf", "resource terraform_data a {\n  _ {\n    input = \"escaped\"\n  }\n}\n"),
        ("override.tf", "resource terraform_data a {\n  input = \"plain\"\n}\n"),
    ],
    &[
        MAIN,
        (
            "override.tf",
            "resource terraform_data a {\n  triggers_replace = 1\n}\nresource terraform_data a {\n  input = \"2\"\n}\n",
        ),
    ],
    &[
        MAIN,
        (".hidden_override.tf", "resource terraform_data a {\n  input = \"hidden\"\n}\n"),
        ("x_override.tofu", "resource terraform_data a {\n  input = \"tofu\"\n}\n"),
        ("x_override.tf~", "resource terraform_data a {\n  input = \"backup\"\n}\n"),
        ("myoverride.tf", "resource terraform_data b {\n  input = \"primary\"\n}\n"),
    ],
];

/// Modules that Terraform refuses, with an orphan each.
const ORPHANS: &[Files] = &[
    &[MAIN, ("override.tf", "resource terraform_data b {\n}\n")],
    &[("override.tf", "resource terraform_data a {\n}\n")],
];

struct Module {
    sources: Sources,
    bodies: Vec<(FileId, Body)>,
    primary: usize,
}

impl Module {
    fn read(files: Files) -> Self {
        let loaded = ModuleFiles::new(files.iter().map(|(name, _)| *name), Tool::Terraform);
        let sources = Sources::default();
        let mut bodies = Vec::new();
        for name in loaded.primary.iter().chain(&loaded.overrides) {
            let (_, text) = files.iter().find(|(other, _)| other == name).expect("one of the files");
            let file = SourceFile::new(*name, *text);
            let body = syntax::parse(&file).body;
            bodies.push((sources.add(file), body));
        }
        Self { sources, bodies, primary: loaded.primary.len() }
    }

    /// The resources by name with what they take as `input`, and how many overrides have no base.
    fn inputs(&self) -> (BTreeMap<String, Option<String>>, usize) {
        let placed = |bodies: std::ops::Range<usize>| {
            self.bodies[bodies].iter().map(|(file, node)| Placed { file: *file, node })
        };
        let merged = merge("resource", placed(0..self.primary), placed(self.primary..self.bodies.len()));
        let inputs = merged.blocks.iter().map(|block| {
            let input = block.attribute("input").expect("every resource has one");
            assert!(self.sources[input.file].text().contains("input"));
            let value = match &input.node.value.kind {
                ExprKind::Null => None,
                ExprKind::String(text) => Some(text.clone()),
                other => panic!("a literal, not {other:?}"),
            };
            (block.base.node.labels[1].text.clone(), value)
        });
        (inputs.collect(), merged.orphans.len())
    }
}

#[test]
fn the_planned_value_is_the_one_that_wins() {
    if !terraform::is_there() {
        return;
    }
    let root = folder::empty();
    let mut calls = Vec::new();
    for (n, files) in ACCEPTED.iter().enumerate() {
        for (name, text) in *files {
            folder::put(&root.path().join(format!("m{n}")).join(name), text.as_bytes());
        }
        calls.push(format!("module \"m{n}\" {{\n  source = \"./m{n}\"\n}}\n"));
    }
    folder::put(&root.path().join("main.tf"), calls.concat().as_bytes());
    let plan = terraform::plan(root.path(), &[]).expect("Terraform accepts them");
    let plan: serde_json::Value = serde_json::from_slice(&plan).expect("JSON");
    let modules = plan["planned_values"]["root_module"]["child_modules"].as_array().expect("modules");
    for (n, files) in ACCEPTED.iter().enumerate() {
        let address = format!("module.m{n}");
        let module = modules.iter().find(|module| module["address"] == address.as_str()).expect("the module");
        let resources = module["resources"].as_array().expect("resources");
        let planned = resources.iter().map(|resource| {
            let name = resource["name"].as_str().expect("a name").to_owned();
            (name, resource["values"]["input"].as_str().map(str::to_owned))
        });
        assert_eq!(Module::read(files).inputs(), (planned.collect(), 0), "{files:?}");
    }
}

#[test]
fn an_override_without_a_base_is_refused() {
    if !terraform::is_there() {
        return;
    }
    for files in ORPHANS {
        let module = Module::read(files);
        let placed = |(file, node)| Placed { file, node };
        let bodies = || module.bodies.iter().map(|(file, body)| (*file, body));
        let merged =
            merge("resource", bodies().take(module.primary).map(placed), bodies().skip(module.primary).map(placed));
        assert_eq!(merged.orphans.len(), 1, "{files:?}");
        let folder = folder::with(files);
        let ended = program::run(terraform::terraform(folder.path()).args(["init", "-no-color"]));
        let text = format!("{}{}", ended.text(), ended.err);
        assert!(text.contains("Missing resource to override"), "{text}");
    }
}
