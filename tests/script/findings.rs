//! What findings say: lines, users, what to write instead.

use unroot::rules::{Rule, Severity};
use unroot::script::{self, ScriptFinding};

fn only(script: &str) -> ScriptFinding {
    let mut findings = script::analyse(script).findings;
    assert_eq!(findings.len(), 1, "{findings:#?}");
    findings.remove(0)
}

fn line_of(script: &str) -> impl FnMut(usize) -> usize {
    move |at| script[..at].matches('\n').count() + 1
}

#[test]
fn redundant_calls_are_one_note_with_all_lines() {
    let script = "sudo a\nb\nsudo c && sudo d\n\nsudo e\n";
    let finding = only(script);
    assert_eq!(finding.places.len(), 4);
    assert_eq!(
        finding.message_with_lines(line_of(script)),
        "4 sudo calls as root, lines 1, 3, 5: redundant, they keep working with root access off, \
         because the hook itself runs as root"
    );
    assert_eq!(only("f() { sudo a; }\nf\nf\n").places.len(), 1);
    let one = "true\nsudo a\n";
    assert!(only(one).message_with_lines(line_of(one)).starts_with("1 sudo call as root, line 2: redundant, it keeps"));
}

#[test]
fn a_finding_points_at_the_inner_command() {
    let script = "#!/bin/bash\nsudo -u ec2-user bash -c \"cd \\\"\\$HOME\\\" && sudo yum install -y jq; true\"\n";
    let finding = only(script);
    assert_eq!(&script[finding.span.clone()], "sudo yum install -y jq");
    assert_eq!(finding.severity, Severity::Warning);
    assert!(
        finding.message.contains("ec2-user") && finding.message.contains("a password is required"),
        "{}",
        finding.message
    );
}

#[test]
fn the_rewritten_line_stands_before_the_block_and_drops_sudo() {
    let script = "set -e\nsudo -u ec2-user -i <<'EOF'\npip install x\nsudo -E yum install -y jq > ~/log\nEOF\n";
    let findings = script::analyse(script).findings;
    let sudo = findings.iter().find(|it| it.rule == Rule::SudoAsNotebookUser).expect("the sudo line is found");
    let rewrite = sudo.rewrite.as_ref().expect("the line can be moved");
    assert_eq!(rewrite.lines, "yum install -y jq > /home/ec2-user/log");
    assert_eq!(&script[rewrite.insert_at..rewrite.insert_at + 4], "sudo");
    assert_eq!(&script[rewrite.cut.clone()], "sudo -E yum install -y jq > ~/log");
}

#[test]
fn a_pipeline_moves_as_a_whole_and_a_folder_change_goes_with_it() {
    let script = "sudo -u ec2-user -i <<'EOF'\ncd /opt/x\necho 1 | sudo tee limits > /dev/null\nEOF\n";
    let rewrite = only(script).rewrite.expect("the line can be moved");
    assert_eq!(rewrite.lines, "(cd /opt/x && echo 1 | tee limits > /dev/null)");
}

#[test]
fn a_line_that_would_hand_root_back_is_not_moved() {
    let finding = only("sudo -u ec2-user bash -c 'cd ~/SageMaker && sudo make install'\n");
    assert_eq!(finding.rewrite, None);
    assert!(finding.help.is_some_and(|help| help.contains("Do not move")));
}

#[test]
fn a_template_is_quoted_as_it_stands() {
    let template = "sudo -u ec2-user -i <<'EOF'\nsudo yum install -y ${join(\" \", var.packages)}\nEOF\n";
    let finding = script::analyse_template(template).findings.remove(0);
    let rewrite = finding.rewrite.expect("the line can be moved");
    assert_eq!(rewrite.lines, "yum install -y ${join(\" \", var.packages)}");
    assert!(template[finding.span].contains("${join"));
}

#[test]
fn a_syntax_error_is_shown_by_its_line() {
    let script = "echo a\nX=<your value here>\necho b\n";
    let finding = only(script);
    assert_eq!(finding.rule, Rule::ScriptParseFailure);
    assert_eq!(&script[finding.span], "X=<your value here>");
}

#[test]
fn a_script_that_is_too_long_is_said_to_be() {
    let finding = only(&"echo a\n".repeat(script::LONGEST_SCRIPT / 7 + 1));
    assert_eq!(finding.rule, Rule::UnanalysedScript);
}
