//! The verdict on a notebook once plans have settled the value of some instances, or disagree with the code.

use std::collections::HashMap;

use crate::finding::{Finding, Instance, Notebook, Value, ValueTrace};
use crate::fix::{Applicability, Fix};
use crate::rules::{Rule, Severity};

/// The verdict once a plan has settled the value of some instances. `is_open` tells that something is unknown besides the
/// instances that are listed.
pub(super) fn conclude(finding: &mut Finding, is_open: bool, files: &str) {
    let Some(notebook) = finding.notebook() else { return };
    let value_of = |instance: &Instance| match instance.values.as_slice() {
        &[place] => Some(&notebook.values[place].value).filter(|value| !matches!(value, Value::Unknown(_))),
        _ => None,
    };
    let told = &notebook.instances;
    let is_open = is_open || told.more > 0 || told.listed.iter().any(|instance| value_of(instance).is_none());
    let bad = told.listed.iter().filter_map(value_of).find(|value| !value.complies()).map(shown);
    match bad {
        Some(bad) => {
            finding.rule = Some(Rule::ViaReference);
            finding.severity = Rule::ViaReference.severity();
            if is_open {
                finding.message = format!("{}; {files} has {bad}", finding.message);
                return;
            }
            finding.message = format!("root_access is {bad}: what code leaves unknown, {files} has");
            // A fix of the part that code knows leaves what the plan has settled: the literal on the resource reaches both.
            let is_unsafe = |fix: &mut Fix| fix.applicability == Applicability::Unsafe;
            let of_all = finding.notebook_mut().and_then(|notebook| notebook.fallback.take_if(is_unsafe));
            if of_all.is_some() {
                finding.fix = of_all;
            }
            if let Some(fix) = finding.fix.as_mut().filter(|fix| fix.applicability == Applicability::Unsafe) {
                fix.applicability = Applicability::Safe;
            }
        }
        None if is_open => {
            finding.message = format!("{}; part of it is known from {files}", finding.message);
            return;
        }
        None => {
            finding.rule = None;
            finding.severity = Severity::Note;
            finding.message = format!("root_access is \"Disabled\": what code leaves unknown, {files} has");
            finding.fix = None;
        }
    }
    let complies = finding.rule.is_none();
    if let Some(notebook) = finding.notebook_mut() {
        keep_used_values(notebook);
        if complies {
            notebook.fallback = None;
        }
    }
}

/// Drops the values that no instance has any more.
fn keep_used_values(notebook: &mut Notebook) {
    let mut kept: Vec<ValueTrace> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::new();
    for instance in &mut notebook.instances.listed {
        for place in &mut instance.values {
            *place = *places.entry(*place).or_insert_with(|| {
                kept.push(notebook.values[*place].clone());
                kept.len() - 1
            });
        }
    }
    notebook.values = kept;
}

/// The verdict where code and plan disagree: for review, with both.
pub(super) fn dispute(finding: &mut Finding, first: &str, more: usize) {
    let rest = if more > 0 { format!(", and so it is for {more} more") } else { String::new() };
    finding.message = format!("{}; but {first}{rest}, so plan and code disagree", finding.message);
    if finding.rule.is_none() {
        finding.rule = Some(Rule::Undetermined);
        finding.severity = Rule::Undetermined.severity();
    }
    if let Some(fix) = &mut finding.fix {
        fix.applicability = Applicability::DisplayOnly;
    }
    if let Some(notebook) = finding.notebook_mut() {
        notebook.fallback = None;
    }
}

pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Unknown(why) => format!("a value that is {why}"),
        value => value.to_string(),
    }
}
