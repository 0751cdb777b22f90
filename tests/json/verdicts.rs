//! Notebooks in JSON are judged and fixed as those in the native syntax are.

use unroot::check::{Checked, Scope, check};
use unroot::model::{Callers, Programs, Store, View};
use unroot::options::FixAt;
use unroot::rules::Rule;
use unroot::source::{SourceFile, splice};

const NOTEBOOKS: &str = r#"{
  "resource": {
    "aws_sagemaker_notebook_instance": {
      "missing": {
        "name": "a",
        "tags": {
          "root_access": "Disabled"
        }
      },
      "enabled": {"root_access": "Enabled"},
      "null": [{"root_access": null}, {"name": "second"}],
      "expression": {"root_access": "${true ? \"Enabled\" : \"Disabled\"}"},
      "invalid": {"root_access": "enabled"},
      "reference": {"root_access": "${var.x}"},
      "unreadable": {"root_access": "${ 1 +"},
      "empty": {},
      "escaped": {"_": {"root_access": "Enabled"}},
      "ignored": {"root_access": "Disabled", "lifecycle": {"ignore_changes": ["tags", "root_access"]}},
      "all": {"root_access": "Disabled", "lifecycle": [{"ignore_changes": "all"}]},
      "no_object": [null],
      "good": {"root_\u0061ccess": "${\"Disabled\"}"}
    }
  }
}
"#;

/// The rule of each finding, and the text with every fix applied.
fn judged(text: &str) -> (Vec<(String, Option<Rule>)>, String) {
    let store = Store::default();
    let id = store.insert(SourceFile::new("no/such/folder/main.tf.json", text));
    let callers = Callers::default();
    let scope = Scope {
        editing: &|_| unroot::check::Editing::Allowed,
        fix_at: FixAt::Origin,
        unsafe_fixes: false,
        listing: unroot::check::Listing::Nothing,
        judged: &|| (),
    };
    let Checked { findings, problems, .. } = check(&Programs::new(&View::new(&store, &[]), &callers, &[id]), &scope);
    // What a value holds that is no expression is told at its place.
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, vec!["expected an expression"; text.matches("${ 1 +").count()]);
    let name = |address: &str| address.rsplit('.').next().unwrap_or_default().to_owned();
    let mut splices: Vec<_> = findings
        .iter()
        .filter_map(|finding| finding.fix.as_ref())
        .flat_map(|fix| fix.edits.iter().map(|edit| edit.splice.clone()))
        .collect();
    splices.sort();
    let rules =
        findings.iter().map(|finding| (name(&finding.notebook().expect("a notebook").address), finding.rule)).collect();
    (rules, splice(text, &splices).expect("no two overlap"))
}

#[test]
fn every_notebook_gets_its_verdict_and_its_fix() {
    let (rules, fixed) = judged(NOTEBOOKS);
    let expected = [
        ("missing", Some(Rule::Missing)),
        ("enabled", Some(Rule::Enabled)),
        ("null", Some(Rule::Null)),
        ("null", Some(Rule::Missing)),
        ("expression", Some(Rule::Enabled)),
        ("invalid", Some(Rule::Invalid)),
        ("reference", Some(Rule::Undetermined)),
        ("unreadable", Some(Rule::Undetermined)),
        ("empty", Some(Rule::Missing)),
        ("escaped", Some(Rule::Enabled)),
        ("ignored", Some(Rule::ChangeIgnored)),
        ("all", Some(Rule::ChangeIgnored)),
        ("no_object", Some(Rule::Missing)),
        ("good", None),
    ];
    assert_eq!(rules, expected.map(|(name, rule)| (name.to_owned(), rule)));

    // What is left is what has no fix.
    let (rules, again) = judged(&fixed);
    let left: Vec<_> = rules.iter().filter(|(_, rule)| rule.is_some()).map(|(name, _)| name.as_str()).collect();
    assert_eq!(left, ["all", "no_object"]);
    assert_eq!(again, fixed);
}

#[test]
fn line_ends_make_no_difference() {
    let dos = |text: &str| text.replace('\n', "\r\n");
    let (rules, fixed) = judged(NOTEBOOKS);
    assert_eq!(judged(&dos(NOTEBOOKS)), (rules, dos(&fixed)));
}
