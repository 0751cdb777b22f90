//! `--explain`, and the documentation of the rules, which come from the same data.

use std::fmt::Write as _;
use std::path::Path;

use unroot::finding::{Explanation, Rule};
use unroot::report::explain;
use unroot::script::ScriptRule;

use crate::snapshots::assert_snapshot;

#[test]
fn the_control_and_its_rules_are_explained() {
    assert_snapshot("explain-control", &explain::control());
    let rules: Vec<String> = Rule::ALL.into_iter().map(explain::rule).collect();
    let scripts: Vec<String> = ScriptRule::ALL.iter().copied().map(explain::script_rule).collect();
    assert_snapshot("explain-script-rules", &scripts.join("\n--------\n\n"));
    assert_snapshot("explain-rules", &rules.join("\n--------\n\n"));
}

#[test]
fn prose_keeps_to_eighty_columns() {
    let scripts = ScriptRule::ALL.iter().copied().map(explain::script_rule);
    let texts = Rule::ALL.into_iter().map(explain::rule).chain(scripts).chain([explain::control()]);
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
    let mut page = String::from(
        "# Rules\n\nMade from the registries in `src/finding/rules.rs` and `src/script/`; `unroot --explain RULE` says the same.\n",
    );
    for rule in Rule::ALL {
        let Explanation { what, why, before, after } = rule.explanation();
        _ = write!(page, "\n## {}\n\nSeverity: {}. {}\n\n", rule.code(), rule.level().name(), rule.summary());
        _ = write!(
            page,
            "{what}\n\n{why}\n\nBefore:\n\n```terraform\n{before}```\n\nAfter:\n\n```terraform\n{after}```\n\n"
        );
        _ = writeln!(page, "To suppress it, inside or directly above the block: `{}`", rule.suppression());
    }
    page.push_str("\n# Rules on lifecycle scripts\n");
    for rule in ScriptRule::ALL {
        let severity = rule.default_severity();
        _ = write!(page, "\n## {rule}\n\nSeverity: {severity}. {}\n\n{}\n\n", rule.description(), rule.advice());
        _ = writeln!(page, "To suppress it, on the line or the line above: `{}`", explain::suppression(*rule));
    }
    page
}
