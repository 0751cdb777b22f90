//! What the reports and the exit code make of it.

use serde_json::Value;

use crate::run::{scripts, tree, unroot_in};

const SCRIPT: &str =
    "#!/bin/bash\nset -e\nsudo ls\nsudo -u ec2-user -i <<'END'\nsudo yum install -y jq\nEND\nsudo id\n";

#[test]
fn an_error_fails_a_check_only_where_it_is_denied() {
    let tree = tree("filebase64(\"s.sh\")", &[("s.sh", SCRIPT)]);
    for (arguments, code) in [
        (&["--check"][..], 0),
        (&["--check", "--scripts", "warn"], 0),
        (&["--check", "--scripts", "off"], 0),
        (&["--scripts", "deny"], 0),
        (&["--check", "--scripts", "deny"], 1),
        (&["--write", "--scripts", "deny"], 1),
        (&["--check", "--scripts", "deny", "--format", "json"], 1),
    ] {
        let ended = unroot_in(&tree, arguments);
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}{}", ended.text(), ended.err);
    }
}

#[test]
fn the_text_says_who_runs_the_line_and_what_to_write() {
    let ended = unroot_in(&tree("filebase64(\"s.sh\")", &[("s.sh", SCRIPT)]), &[]);
    let text = ended.text();
    for words in [
        "  error: s.sh:5:1: sudo-as-notebook-user: ",
        "    5 | sudo yum install -y jq\n",
        "s.sh: on_start of aws_sagemaker_notebook_instance_lifecycle_configuration.lc, used by aws_sagemaker_notebook_instance.nb",
        "instead of the command on line 4, as root:\n    yum install -y jq\n",
        "2 sudo calls as root, lines 3, 7: redundant",
        "1 lifecycle script: 1 error, 1 note.\n  s.sh: 1 error, line 5\n",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let check = unroot_in(&tree("filebase64(\"s.sh\")", &[("s.sh", SCRIPT)]), &["--check"]);
    assert!(check.text().lines().any(|line| line.starts_with("s.sh:5:1: ") && line.ends_with(" [error]")));
}

#[test]
fn a_comment_suppresses_a_line_of_a_script() {
    let commented =
        SCRIPT.replace("sudo yum", "# unroot:ignore[sudo-as-notebook-user] until=2999-01-01 old image\nsudo yum");
    let tree = tree("filebase64(\"s.sh\")", &[("s.sh", &commented)]);
    let ended = unroot_in(&tree, &["--check", "--scripts", "deny"]);
    assert_eq!(ended.code, Some(0), "{}", ended.text());
    assert!(ended.text().contains("[suppressed by unroot: old image]"), "{}", ended.text());
    assert!(ended.text().contains("1 note, 1 suppressed."), "{}", ended.text());
    let (excepted, open): (Vec<_>, Vec<_>) =
        scripts(&tree).into_iter().partition(|finding| finding["suppression"].is_object());
    assert_eq!((excepted.len(), open.len()), (1, 1), "{excepted:?}");
    let unheeded = unroot_in(&tree, &["--check", "--scripts", "deny", "--no-suppressions"]);
    assert_eq!(unheeded.code, Some(1));
}

#[test]
fn a_comment_in_a_heredoc_counts_and_one_of_no_use_is_told() {
    let heredoc = "base64encode(<<-EOF\n    sudo ls # unroot:ignore[redundant-sudo] style\n    # unroot:ignore\n    ls\n  EOF\n  )";
    let ended = unroot_in(&tree(heredoc, &[]), &["--check"]);
    assert!(ended.text().contains("main.tf:8:5: redundant-sudo: "), "{}", ended.text());
    assert!(ended.text().contains("[suppressed by unroot: style]"), "{}", ended.text());
    assert!(ended.err.contains("main.tf:9:5: unroot:ignore is unused"), "{}", ended.err);
    assert!(!ended.err.contains("stands neither on a notebook"), "{}", ended.err);
}

#[test]
fn a_comment_at_the_argument_covers_the_script_as_a_whole() {
    let ended = unroot_in(&tree("var.x # unroot:ignore[unanalysed-script] reviewed", &[]), &["--check"]);
    assert!(ended.text().contains("[suppressed by unroot: reviewed]"), "{}", ended.text());
    assert_eq!(ended.err, "");
}

#[test]
fn comments_of_every_kind_count_at_the_argument_and_those_of_no_use_are_told() {
    for comment in ["# unroot:ignore[unanalysed-script] seen", "// unroot:ignore seen", "/* unroot:ignore seen */"] {
        let ended = unroot_in(&tree(&format!("var.x {comment}"), &[]), &["--check"]);
        assert!(ended.text().contains("[suppressed by unroot: seen]"), "{comment}: {}", ended.text());
        assert_eq!(ended.err, "", "{comment}");
    }
    let idle = "var.x # unroot:ignore[script-too-long] it is not";
    let ended = unroot_in(&tree(idle, &[]), &["--check"]);
    assert!(ended.err.contains("main.tf:7:20: unroot:ignore is unused"), "{}", ended.err);
    let expired = "var.x # unroot:ignore[unanalysed-script] until=2020-01-01 seen";
    let ended = unroot_in(&tree(expired, &[]), &["--check"]);
    assert!(ended.err.contains("main.tf:7:20: unroot:ignore expired on 2020-01-01"), "{}", ended.err);
    let off = unroot_in(&tree(idle, &[]), &["--check", "--scripts", "off"]);
    assert_eq!(off.err, "");
}

#[test]
fn every_format_has_the_findings() {
    let tree = tree("filebase64(\"s.sh\")", &[("s.sh", SCRIPT)]);
    for format in ["text", "github", "gitlab", "markdown", "sarif", "json"] {
        let ended = unroot_in(&tree, &["--format", format]);
        assert!(ended.text().contains("sudo-as-notebook-user"), "{format}: {}", ended.text());
        assert!(ended.text().contains("s.sh"), "{format}");
    }
    let ended = unroot_in(&tree, &["--format", "sarif"]);
    let report: Value = serde_json::from_slice(&ended.out).expect("JSON");
    let run = &report["runs"][0];
    let result = &run["results"][1];
    assert_eq!(result["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!((&place["artifactLocation"]["uri"], &place["region"]["startLine"]), (&"s.sh".into(), &5.into()));
    let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok()).expect("an index");
    assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
}

#[test]
fn rules_on_scripts_are_explained() {
    let tree = tree("null", &[]);
    let control = unroot_in(&tree, &["--explain"]);
    let words: Vec<&str> = control.text().split_whitespace().collect();
    let text = words.join(" ");
    assert!(text.contains("\"will throw permission errors\" is wrong about the hook itself"), "{text}");
    assert!(text.contains("root-runs-user-writable"), "{text}");
    let rule = unroot_in(&tree, &["--explain", "grants-root"]);
    assert!(rule.text().starts_with("grants-root (error)"), "{}", rule.text());
}
