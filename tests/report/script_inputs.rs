//! Findings on lifecycle scripts, made by hand.

use std::sync::Arc;

use unroot::finding::{Finding, FixState, Hook, Instead, Script, Side, Subject, Suppression, Use};
use unroot::rules::{Rule, Severity};
use unroot::source::{Location, Span};

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
            about: String::new(),
            instead,
            secrets: Arc::default(),
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

/// Thirty notebooks with one script.
pub(crate) fn thirty() -> Run {
    let mut run = Run::default();
    let pip = "/home/ec2-user/anaconda3/envs/python3/bin/pip install x\n";
    let text = format!(
        "#!/bin/bash\nset -e\n{}systemctl restart docker\nbash /home/ec2-user/SageMaker/setup.sh\nsudo -u ec2-user -i <<'EOF'\n\
         pip install y\nset -e\nsudo yum install -y jq\nsudo yum install -y htop\nEOF\n",
        pip.repeat(6)
    );
    let script = run.file("scripts/on-start.sh", &text);
    let notebooks = (0..30).map(|index| format!("aws_sagemaker_notebook_instance.team_{index:02}")).collect();
    let used = [Use {
        hook: Hook::OnStart,
        configuration: "aws_sagemaker_notebook_instance_lifecycle_configuration.lc".to_owned(),
        notebooks,
    }];
    for found in unroot::script::analyse(&text).findings {
        let line = |at: usize| text[..at].matches('\n').count();
        let at = |at: usize| Location { file: script, span: Span::new(at, at) };
        let instead = found.rewrite.as_ref().map(|rewrite| Instead {
            lines: rewrite.lines.clone(),
            side: Side::Behind,
            at: at(rewrite.insert_at - 1),
        });
        run.findings.push(Finding {
            rule: Some(found.rule),
            severity: found.severity,
            message: found.message_with_lines(|at| line(at) + 1),
            anchor: Location { file: script, span: Span::new(found.span.start, found.span.end) },
            subject: Subject::Script(Script {
                uses: used.to_vec(),
                help: found.help.clone(),
                about: found.about.clone(),
                instead,
                secrets: Arc::default(),
                text: Some(0),
                lines: vec![line(found.span.start)],
            }),
            fix: None,
            fix_state: FixState::Left,
            suppression: None,
        });
    }
    run
}
