//! `--explain`: the control and its rules in plain text, for a terminal and for the documentation.

use std::fmt::Write as _;

use crate::control::{self, Identifier};
use crate::rules::{Help, Rule};

/// Columns of a line of prose.
const WIDTH: usize = 80;

/// The control: what, why, default, what an apply does, how to show that it holds, its names elsewhere, the rules.
#[must_use]
pub fn control() -> String {
    let mut text = format!("{}\n\n", control::TITLE);
    section(&mut text, "What", &[control::WHAT]);
    section(&mut text, "Why", &[control::WHY]);
    section(
        &mut text,
        "Default",
        &["`root_access` is optional. Missing and `null` both mean \"Enabled\": root access."],
    );
    section(&mut text, "What the next apply does", &[&[control::NEXT_APPLY], &control::APPLY_DETAILS[..]].concat());
    section(&mut text, "Lifecycle scripts", &[&[control::SCRIPTS], &control::SCRIPTS_DETAILS[..]].concat());
    text.push_str("Evidence for an audit\n");
    for evidence in control::EVIDENCE {
        paragraph(&mut text, "  ", evidence.shows);
        _ = writeln!(text, "    {}", evidence.command);
    }
    text.push_str("\nIn other systems\n");
    for one in control::IDENTIFIERS {
        _ = writeln!(text, "  {}: {}", one.system, one.id);
        paragraph(&mut text, "    ", one.judges);
    }
    paragraph(&mut text, "  ", control::WITHOUT_A_RULE);
    text.push_str("\nRules (`unroot --explain RULE` for more)\n");
    rules(&mut text, false);
    text.push_str("\nRules on lifecycle scripts\n");
    rules(&mut text, true);
    _ = writeln!(text, "\nMore: {}", control::REFERENCE);
    text
}

/// The control for whoever comes with its name in other systems.
#[must_use]
pub fn identifiers(named: &[&Identifier]) -> String {
    let mut text = String::new();
    for Identifier { system, id, judges, .. } in named {
        paragraph(&mut text, "", &format!("{system} calls this control {id}: {judges}."));
    }
    format!("{text}\n{}", control())
}

/// The rules on lifecycle scripts, or all others.
fn rules(text: &mut String, on_scripts: bool) {
    for rule in Rule::ALL.iter().filter(|rule| rule.is_on_scripts() == on_scripts) {
        _ = writeln!(text, "  {rule} ({})", rule.severity());
        paragraph(text, "    ", rule.summary());
    }
}

/// One rule: what and why, an example before and after where there is one, how to suppress it.
#[must_use]
pub fn rule(rule: Rule) -> String {
    let mut text = format!("{rule} ({})\n\n", rule.severity());
    let place = match rule.help() {
        Help::Notebook { what, why, before, after } => {
            section(&mut text, "What", &[what]);
            section(&mut text, "Why", &[why]);
            for (title, code) in [("Before", before), ("After", after)] {
                _ = writeln!(text, "{title}");
                for line in code.lines() {
                    _ = writeln!(text, "{}", format!("  {line}").trim_end());
                }
                text.push('\n');
            }
            "inside or directly above the block"
        }
        Help::Script { advice } => {
            section(&mut text, "What", &[rule.summary()]);
            section(&mut text, "Why, and what to write instead", &[advice]);
            "on the line or the line above"
        }
    };
    _ = writeln!(text, "To suppress it, {place}\n  {}", rule.suppression());
    text
}

/// A title and paragraphs below it.
fn section(text: &mut String, title: &str, paragraphs: &[&str]) {
    _ = writeln!(text, "{title}");
    for words in paragraphs {
        paragraph(text, "  ", words);
    }
    text.push('\n');
}

/// A paragraph broken into lines, each indented. A word that is longer than a line stays whole.
fn paragraph(text: &mut String, indent: &str, words: &str) {
    let mut line = String::from(indent);
    for word in words.split(' ') {
        if line.len() + word.len() >= WIDTH && line.len() > indent.len() {
            _ = writeln!(text, "{}", line.trim_end());
            line = String::from(indent);
        }
        line.push_str(word);
        line.push(' ');
    }
    _ = writeln!(text, "{}", line.trim_end());
}
