//! Findings on lifecycle scripts, made by hand.

use unroot::finding::{Finding, FixState, Hook, Instead, Script, Side, Subject, Suppression, Use};
use unroot::rules::{Rule, Severity};

use crate::inputs::{Run, findings};

/// Findings on scripts: in a script of two configurations, in a heredoc, suppressed, and in a script nobody uses.
pub(crate) fn scripts() -> Run {
    let mut run = findings();
    let script = run.file(
        "infra/setup.sh",
        "#!/bin/bash\nset -e\nsudo -u ec2-user -i <<'EOF'\nsudo yum install -y jq\nEOF\nsudo ls; sudo \u{1b}[31m\u{202e}é | x\n",
    );
    let heredoc = run.file("infra/lc.tf", "on_start = base64encode(<<-EOF\n    chmod u+s /bin/x # unroot:ignore lab\n    systemctl restart docker\n  EOF\n)\n");
    let one = |hook, name: &str, notebooks: &[&str]| Use {
        hook,
        configuration: format!("aws_sagemaker_notebook_instance_lifecycle_configuration.{name}"),
        notebooks: notebooks.iter().map(|name| format!("aws_sagemaker_notebook_instance.{name}")).collect(),
    };
    let finding = |rule: Rule, message: &str, anchor, uses: &[Use], instead| Finding {
        rule: Some(rule),
        severity: rule.severity(),
        message: message.to_owned(),
        anchor,
        subject: Subject::Script(Script {
            uses: uses.to_vec(),
            help: Some("Do it otherwise.".to_owned()),
            instead,
            text: None,
            lines: vec![0],
        }),
        fix: None,
        fix_state: FixState::Left,
        suppression: None,
    };
    let shared = [one(Hook::OnStart, "a", &["main"]), one(Hook::OnCreate, "b", &["enabled", "main"])];
    let used = [one(Hook::OnStart, "a", &["main"])];
    let mut suppressed =
        finding(Rule::SetuidOrCapability, "root sets the setuid bit", run.at(heredoc, "chmod u+s /bin/x"), &used, None);
    let location = run.at(heredoc, "# unroot:ignore lab");
    suppressed.suppression = Some(Suppression { kind: "unroot", reason: "lab".to_owned(), location });
    let mut docker = finding(
        Rule::SystemDocker,
        "root restarts the system Docker",
        run.at(heredoc, "systemctl restart docker"),
        &[one(Hook::OnStart, "c", &[])],
        None,
    );
    docker.severity = Severity::Note;
    let before = run.at(script, "sudo -u");
    let sudo = finding(
        Rule::SudoAsNotebookUser,
        "`sudo` runs as ec2-user and fails",
        run.at(script, "sudo yum install -y jq"),
        &shared,
        Some(Instead { lines: "yum install -y jq".to_owned(), side: Side::InFront, at: before }),
    );
    let redundant = finding(
        Rule::RedundantSudo,
        "2 sudo calls as root, line 6: redundant",
        run.at(script, "sudo ls"),
        &shared,
        None,
    );
    run.findings.extend([suppressed, docker, sudo, redundant]);
    run
}
