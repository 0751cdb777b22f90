//! The tool and its rules as SARIF describes them.

use serde_json::{Map, Value, json};

use super::super::HOMEPAGE;
use crate::control;
use crate::rules::{Help, Rule};

/// The place of a rule in the driver's list.
pub(super) fn index(rule: Rule) -> Option<usize> {
    Rule::ALL.iter().position(|other| *other == rule)
}

/// The tool with every rule, whether a result names it or not.
pub(super) fn driver() -> Value {
    json!({
        "name": "unroot",
        "informationUri": HOMEPAGE,
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "shortDescription": { "text": format!("{}.", control::TITLE) },
        "fullDescription": { "text": control::WHAT },
        "rules": Rule::ALL.iter().copied().map(rule).collect::<Vec<_>>(),
    })
}

fn rule(rule: Rule) -> Value {
    let suppression = rule.suppression();
    let (full, text, markdown) = match rule.help() {
        Help::Notebook { what, why, before, after } => (
            format!("{what} {why}"),
            format!("{what}\n\n{why}\n\nBefore:\n\n{before}\nAfter:\n\n{after}\n"),
            format!(
                "{what}\n\n{why}\n\nBefore:\n\n```terraform\n{before}```\n\nAfter:\n\n```terraform\n{after}```\n\n"
            ),
        ),
        Help::Script { advice } => {
            let text = format!("{}\n\n{advice}\n\n", rule.summary());
            (format!("{} {advice}", rule.summary()), text.clone(), text)
        }
    };
    let properties = if rule.is_on_scripts() {
        json!({ "tags": ["security", "shell", "sagemaker"] })
    } else {
        json!({
            "tags": ["security", "terraform", "sagemaker"],
            "security-severity": control::SECURITY_SEVERITY,
            "control": identifiers(),
        })
    };
    json!({
        "id": rule.code(),
        "name": pascal(rule.code()),
        "shortDescription": { "text": rule.summary() },
        "fullDescription": { "text": full },
        "help": {
            "text": format!("{text}To suppress it: {suppression}"),
            "markdown": format!("{markdown}To suppress it: `{suppression}`"),
        },
        "helpUri": control::REFERENCE,
        "defaultConfiguration": { "level": rule.severity().name() },
        "properties": properties,
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
