//! `--explain`, and the documentation of the rules, which come from the same data.

use std::fmt::Write as _;
use std::path::Path;

use unroot::report::explain;
use unroot::rules::{Help, Rule};

use crate::snapshots::assert_snapshot;

#[test]
fn the_control_and_its_rules_are_explained() {
    assert_snapshot("explain-control", &explain::control());
    let (scripts, rules): (Vec<Rule>, Vec<Rule>) = Rule::ALL.iter().partition(|rule| rule.is_on_scripts());
    for (name, rules) in [("explain-script-rules", scripts), ("explain-rules", rules)] {
        let texts: Vec<String> = rules.into_iter().map(explain::rule).collect();
        assert_snapshot(name, &texts.join("\n--------\n\n"));
    }
}

#[test]
fn prose_keeps_to_eighty_columns() {
    let texts = Rule::ALL.iter().copied().map(explain::rule).chain([explain::control()]);
    for line in texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()) {
        // Commands and comments have to stay on one line to be copied.
        let copied = line.trim_start().starts_with("aws ") || line.trim_start().starts_with('#');
        assert!(copied || line.chars().count() < 80, "{line}");
    }
}

/// The documentation of the rules. `UPDATE_DOCS=1 cargo test` writes it anew.
#[test]
#[expect(clippy::disallowed_methods, reason = "a page of the project itself, written on request")]
fn the_documentation_says_the_same() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    assert_eq!(std::fs::read_to_string(&path).expect("the page is there"), page, "UPDATE_DOCS=1 writes it anew");
}

fn page() -> String {
    let mut page =
        String::from("# Rules\n\nMade from the registry in `src/rules/`; `unroot --explain RULE` says the same.\n");
    let mut on_scripts = false;
    for rule in Rule::ALL {
        if rule.is_on_scripts() && !on_scripts {
            on_scripts = true;
            page.push_str("\n# Rules on lifecycle scripts\n");
        }
        _ = write!(page, "\n## {rule}\n\nSeverity: {}. {}\n\n", rule.severity(), rule.summary());
        let place = match rule.help() {
            Help::Notebook { what, why, before, after } => {
                _ = write!(page, "{what}\n\n{why}\n\nBefore:\n\n```terraform\n{before}```\n\n");
                _ = write!(page, "After:\n\n```terraform\n{after}```\n\n");
                "inside or directly above the block"
            }
            Help::Script { advice } => {
                _ = write!(page, "{advice}\n\n");
                "on the line or the line above"
            }
        };
        _ = writeln!(page, "To suppress it, {place}: `{}`", rule.suppression());
    }
    page
}
