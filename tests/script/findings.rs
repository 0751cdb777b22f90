//! What findings say: lines, users, what to write instead.

use unroot::rules::{Rule, Severity};
use unroot::script::{self, ScriptFinding, Side};

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
fn a_rewritten_line_keeps_its_order_and_drops_sudo() {
    let behind = "set -e\nsudo -u ec2-user -i <<'EOF'\nset -e\npip install x\nsudo -E yum install -y jq\nEOF\ntrue\n";
    let rewrite = only(behind).rewrite.expect("the line can be moved");
    assert_eq!(rewrite.side, Side::Behind);
    assert_eq!(
        rewrite.apply(behind),
        "set -e\nsudo -u ec2-user -i <<'EOF'\nset -e\npip install x\n\nEOF\nyum install -y jq\ntrue\n"
    );
    // Without errexit in the block a failure of pip is passed over; as the block's last line it would stop the hook.
    assert_eq!(only(&behind.replace("\nset -e\npip", "\npip")).rewrite, None);
    let all = "set -e\nsudo -u ec2-user -i <<'EOF'\nsudo yum install -y jq\nsudo mount -a\nEOF\ntrue\n";
    let rewrite = script::analyse(all).findings.remove(0).rewrite.expect("the block can be replaced");
    assert_eq!(rewrite.apply(all), "set -e\nyum install -y jq || true\nmount -a\ntrue\n");
    let two = "sudo -u ec2-user -i <<'EOF'\npip install x\nsudo yum install -y jq\nsudo yum install -y htop\nEOF\n";
    let findings = script::analyse(two).findings;
    let rewrite = findings[0].rewrite.clone().expect("both lines can be moved");
    assert_eq!((rewrite.lines.as_str(), rewrite.cut.len()), ("yum install -y jq\nyum install -y htop", 2));
    assert_eq!(findings[1].rewrite, None);
    assert!(findings[1].help.as_deref().is_some_and(|help| help.contains("along with")));
    let front = "set -e\nsudo -u ec2-user -i <<'EOF'\ncd x\nsudo yum install -y jq\npip install x\nEOF\n";
    let rewrite = only(front).rewrite.expect("the line can be moved");
    assert_eq!(
        rewrite.apply(front),
        "set -e\nyum install -y jq || true\nsudo -u ec2-user -i <<'EOF'\ncd x\n\npip install x\nEOF\n"
    );
    let alone = "cd /x && su - ec2-user -c \"sudo mount -a\" > log\n";
    assert_eq!(only(alone).rewrite.expect("the line can be moved").apply(alone), "cd /x && mount -a > log\n");
}

#[test]
fn a_pipeline_moves_as_a_whole_and_a_folder_change_goes_with_it() {
    let script = "sudo -u ec2-user -i <<'EOF'\ncd /opt/x\necho 1 | sudo tee limits > /dev/null\npip install x\nEOF\n";
    let rewrite = only(script).rewrite.expect("the line can be moved");
    assert_eq!(rewrite.lines, "(cd /opt/x && echo 1 | tee limits > /dev/null)");
}

#[test]
fn what_stands_around_a_line_is_not_lost() {
    let stays = [
        "sudo -u ec2-user timeout 30 sudo yum install -y jq\n",
        "sudo -u ec2-user env A=1 sudo id\n",
        "sudo -u ec2-user find /opt -name x -exec sudo rm {} \\;\n",
        "sudo -b -u ec2-user sudo yum update -y\n",
        "systemd-run --uid=ec2-user sudo yum update -y\n",
        "sudo -u ec2-user bash <<'X'\nsudo su -\nX\n",
    ];
    for script in stays {
        assert_eq!(only(script).rewrite, None, "{script}");
    }
    let moves = [
        ("sudo -u ec2-user sudo id && echo yes", "id && echo yes"),
        ("sudo -u ec2-user bash -c 'sudo id' || echo no", "id || echo no"),
        ("if sudo -u ec2-user sudo -n id; then echo yes; fi", "if id; then echo yes; fi"),
        ("nohup sudo -u ec2-user sudo id &", "nohup id &"),
        ("set -o pipefail\nsudo -u ec2-user bash -c 'sudo id | cat'", "set -o pipefail\nid | cat || true"),
    ];
    for (script, moved) in moves {
        let script = format!("set -e\n{script}\n");
        let rewrite = only(&script).rewrite.unwrap_or_else(|| panic!("{script} can be moved"));
        assert_eq!(rewrite.apply(&script), format!("set -e\n{moved}\n"));
    }
}

/// Advice by the line inside a login block of the notebook user.
#[test]
fn no_line_is_written_out_that_could_do_harm() {
    let block = |lines: &str| format!("#!/bin/bash\nsudo -u ec2-user -i <<'EOF'\n{lines}\nEOF\n");
    let cases = [
        ("sudo usermod -aG docker ec2-user", "Drop this line"),
        ("echo 'ec2-user ALL=(ALL) NOPASSWD:ALL' | sudo tee /etc/sudoers.d/x", "Drop this line"),
        ("sudo chmod u+s /usr/bin/python3", "Drop this line"),
        ("sudo chown -R ec2-user /usr/local", "Drop this line"),
        ("sudo chmod 666 /var/run/docker.sock", "Drop this line"),
        ("sudo systemctl restart docker", "Drop this line"),
        ("for g in wheel docker; do sudo usermod -aG $g ec2-user; done", "Drop this line"),
        ("sudo chown -R ec2-user:ec2-user .", "Drop the `sudo`"),
        ("sudo rm -rf *.tmp cache", "Drop the `sudo`"),
        ("sudo chmod -R 777 .", "Drop the `sudo`"),
        ("sudo mkdir -p /home/ec2-user/snm/tmp", "Drop the `sudo`"),
        ("sudo cp tool /usr/local/bin/", "Decide"),
        ("sudo mv ./kubectl /usr/local/bin/kubectl", "Decide"),
        ("PKG=jq\nsudo yum install -y $PKG", "Decide"),
        ("for p in jq htop; do sudo yum install -y $p; done", "Decide"),
        ("if ! command -v jq; then sudo yum install -y jq; fi", "Decide"),
        ("X=$(sudo cat /root/token)", "Decide"),
        ("sudo cat /root/x > out.txt", "Decide"),
        ("sudo yum install -y jq > ~/log", "Decide"),
        ("git clone https://example.com/r.git\nsudo systemctl restart x\npip install y", "Decide"),
        ("[ -f /x ] && exit 0\nsudo systemctl restart x", "Decide"),
        ("cd ~/SageMaker/app\nsudo make install", "Do not move"),
        ("export DEBIAN_FRONTEND=noninteractive\nsudo -E apt-get install -y jq", "Decide"),
        ("sudo yum install -y tool.rpm", "Decide"),
        ("sudo swapon swapfile", "Decide"),
    ];
    for (lines, advice) in cases {
        let script = block(lines);
        let findings = script::analyse(&script).findings;
        let sudo = findings.iter().find(|it| it.rule == Rule::SudoAsNotebookUser).expect(lines);
        assert_eq!(sudo.rewrite, None, "{lines}");
        let help = sudo.help.as_deref().unwrap_or_default();
        assert!(help.starts_with(advice), "{lines}: {help}");
    }
}

/// Whoever follows the advice meets nothing of warning or more that was not there before.
#[test]
fn following_the_advice_makes_nothing_worse() {
    let mut followed = 0;
    let tables = [include_str!("expectations.txt"), include_str!("fragments.txt"), include_str!("programs.txt")];
    let fragments = tables.iter().flat_map(|table| table.split("\n## ").skip(1));
    for script in fragments.filter_map(|part| part.splitn(3, '\n').nth(2)) {
        let before = script::analyse(script).findings;
        for finding in before.iter().filter(|it| it.rewrite.is_some()) {
            let edited = finding.rewrite.as_ref().expect("filtered").apply(script);
            let mut known: Vec<(Rule, &str)> = before.iter().map(|it| (it.rule, &script[it.span.clone()])).collect();
            let after = script::analyse(&edited).findings;
            for it in after.iter().filter(|it| it.severity >= Severity::Warning) {
                let at = known.iter().position(|old| *old == (it.rule, &edited[it.span.clone()]));
                known.swap_remove(at.unwrap_or_else(|| panic!("new: {it:?}\nin {edited}\nfrom {script}")));
            }
            let count = |all: &[ScriptFinding]| all.iter().filter(|it| it.rule == Rule::SudoAsNotebookUser).count();
            assert!(count(&after) < count(&before), "{edited}");
            followed += 1;
        }
    }
    assert!(followed > 20, "only {followed} lines were written out");
}

#[test]
fn what_root_runs_is_never_to_be_handed_over() {
    let script = "cat > /home/ec2-user/SageMaker/idle.sh <<'EOF'\n/usr/bin/true\nEOF\n\
        echo \"* * * * * root /home/ec2-user/SageMaker/idle.sh\" > /etc/cron.d/x\n";
    let findings = script::analyse(script).findings;
    let owned = findings.iter().find(|it| it.rule == Rule::RootOwnedWorkspace).expect("it is found");
    assert!(owned.help.as_deref().is_some_and(|help| help.starts_with("Keep it out") && !help.contains("chown")));
    let folder = only("mkdir -p \"/home/ec2-user/SageMaker/Glue Examples\"\n");
    let help = folder.help.unwrap_or_default();
    assert!(help.contains(" '/home/ec2-user/SageMaker/Glue Examples'`"), "{help}");
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
fn the_end_of_a_long_script_is_judged() {
    let script = "echo a\n".repeat(script::LONGEST_SCRIPT / 7 - 8) + "usermod -aG docker ec2-user\n";
    assert!(script.len() > script::LONGEST_SCRIPT - 64);
    let findings = script::analyse(&script).findings;
    let rules: Vec<Rule> = findings.iter().map(|finding| finding.rule).collect();
    assert!(rules.contains(&Rule::GrantsRoot) || rules.contains(&Rule::UnanalysedScript), "{rules:?}");
}

#[test]
fn a_script_that_is_too_long_is_said_to_be() {
    let finding = only(&"echo a\n".repeat(script::LONGEST_SCRIPT / 7 + 1));
    assert_eq!(finding.rule, Rule::UnanalysedScript);
}
