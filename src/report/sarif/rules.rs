//! The tool and its rules as SARIF describes them.

use serde_json::{Map, Value, json};

use crate::control;
use crate::finding::{Explanation, Rule};
use crate::report::explain::suppression;
use crate::script::ScriptRule;

/// The place of a rule in the driver's list.
pub(super) fn index(rule: Rule) -> Option<usize> {
    Rule::ALL.iter().position(|other| *other == rule)
}

/// The place of a rule on lifecycle scripts in the driver's list, behind the others.
pub(super) fn script_index(rule: ScriptRule) -> Option<usize> {
    ScriptRule::ALL.iter().position(|other| *other == rule).map(|index| Rule::ALL.len() + index)
}

/// The tool with every rule, whether a result names it or not.
pub(super) fn driver() -> Value {
    let mut driver = json!({
        "name": "unroot",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "shortDescription": { "text": format!("{}.", control::TITLE) },
        "fullDescription": { "text": control::WHAT },
        "rules": Rule::ALL.into_iter().map(rule).chain(ScriptRule::ALL.iter().copied().map(script_rule)).collect::<Vec<_>>(),
    });
    let repository = env!("CARGO_PKG_REPOSITORY");
    if !repository.is_empty() {
        driver["informationUri"] = repository.into();
    }
    driver
}

fn rule(rule: Rule) -> Value {
    let Explanation { what, why, before, after } = rule.explanation();
    let suppression = rule.suppression();
    let text = format!("{what}\n\n{why}\n\nBefore:\n\n{before}\nAfter:\n\n{after}\nTo suppress it: {suppression}");
    let markdown = format!(
        "{what}\n\n{why}\n\nBefore:\n\n```terraform\n{before}```\n\nAfter:\n\n```terraform\n{after}```\n\n\
         To suppress it: `{suppression}`"
    );
    json!({
        "id": rule.code(),
        "name": pascal(rule.code()),
        "shortDescription": { "text": rule.summary() },
        "fullDescription": { "text": format!("{what} {why}") },
        "help": { "text": text, "markdown": markdown },
        "helpUri": control::REFERENCE,
        "defaultConfiguration": { "level": rule.level().name() },
        "properties": {
            "tags": ["security", "terraform", "sagemaker"],
            "security-severity": control::SECURITY_SEVERITY,
            "control": identifiers(),
        },
    })
}

fn script_rule(rule: ScriptRule) -> Value {
    let suppression = suppression(rule);
    let text = format!("{}\n\n{}\n\nTo suppress it: {suppression}", rule.description(), rule.advice());
    let markdown = format!("{}\n\n{}\n\nTo suppress it: `{suppression}`", rule.description(), rule.advice());
    json!({
        "id": rule.code(),
        "name": pascal(rule.code()),
        "shortDescription": { "text": rule.description() },
        "fullDescription": { "text": format!("{} {}", rule.description(), rule.advice()) },
        "help": { "text": text, "markdown": markdown },
        "helpUri": control::REFERENCE,
        "defaultConfiguration": { "level": rule.default_severity().as_str() },
        "properties": { "tags": ["security", "shell", "sagemaker"] },
    })
}

/// The control's names, by system.
fn identifiers() -> Value {
    control::IDENTIFIERS.iter().map(|one| (one.system.to_owned(), one.id.into())).collect::<Map<_, _>>().into()
}

/// `root-access-missing` as `RootAccessMissing`, as SARIF wants the readable name of a rule.
fn pascal(code: &str) -> String {
    code.split('-')
        .flat_map(|word| word[..1].to_ascii_uppercase().chars().chain(word[1..].chars()).collect::<Vec<_>>())
        .collect()
}
