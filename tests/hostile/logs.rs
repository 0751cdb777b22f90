//! Words that the log of a CI job takes for commands, and characters that hide what a text says.

use crate::support::folder;
use crate::support::program::{run, unroot};

/// Text that a runner would act on at the start of a line or anywhere in it.
const COMMANDS: [&str; 5] =
    ["::set-output name=x::y", "  ::add-mask::x", "a ##[set-output name=q;]z", "##vso[task.prependpath]evil", ":"];

#[test]
fn no_repository_makes_a_log_line_a_command() {
    for command in COMMANDS {
        let quoted = command.replace('"', "");
        let code = format!(
            "# {command}\n#\n{command}\n/*\n{command}\n*/\nresource \"aws_sagemaker_notebook_instance\" \"{quoted}\" {{\n  name        = \"x\" # {command}\n  root_access = \"{quoted}\"\n/*\n{command}\n*/\n}}\n\
             resource \"aws_sagemaker_notebook_instance\" \"b\" {{\n  name        = <<E\n{command}\nE\n  root_access = var.x[\"{quoted}\"]\n  # unroot:ignore {command}\n}}\n\
             resource \"aws_sagemaker_notebook_instance\" \"c\" {{\n  # unroot:ignore {command}\n}}\n"
        );
        let good = code.replacen(&format!("\n{command}\n/*"), "\n/*", 1);
        let folder = folder::with(&[
            (&format!("{}.tf", command.replace('/', "_")), &code),
            (&format!("{}/main.tf", command.replace('/', "_")), &good),
        ]);
        for runner in ["GITHUB_ACTIONS", "TF_BUILD"] {
            for arguments in [&[][..], &["--check", "--diff"], &["-v"], &["--format", "markdown"], &["--write"]] {
                let ended = run(unroot(folder.path()).env(runner, "true").args(arguments));
                assert!(ended.text().contains("notebook"), "{ended:?}");
                for line in ended.text().lines().chain(ended.err.lines()) {
                    let is_command =
                        line.trim_start().starts_with("::") || line.contains("##[") || line.contains("##vso[");
                    assert!(!is_command, "{arguments:?}: {line}");
                }
            }
        }
    }
}

/// Formats for programs end in a log, too, and mean the same with the signs spelled out.
#[test]
fn json_holds_no_command_either() {
    let words = "##[group]a ##vso[task.setvariable variable=x]y";
    let code = format!(
        "resource \"aws_sagemaker_notebook_instance\" \"n\" {{\n  # unroot:ignore {words}\n  root_access = \"{words}\"\n}}\n"
    );
    let folder = folder::with(&[("main.tf", &code)]);
    for format in ["json", "sarif", "gitlab", "rdjson"] {
        let ended = run(unroot(folder.path()).args(["--no-suppressions", "--format", format]));
        assert!(ended.text().contains("main.tf"), "{ended:?}");
        assert!(!ended.text().contains("##[") && !ended.text().contains("##vso["), "{format}: {}", ended.text());
        let json: serde_json::Value = serde_json::from_str(ended.text()).expect("JSON");
        assert!(format!("{json}").contains("##["), "{format}: {json}");
    }
}

#[test]
fn settings_of_the_repository_make_no_command_either() {
    let folder = folder::with(&[("unroot.toml", "\"a\\n::set-output name=x::y ##[z]\" = 1\n")]);
    let ended = run(unroot(folder.path()).env("GITHUB_ACTIONS", "true"));
    assert_eq!(ended.code, Some(2));
    assert!(
        !ended.err.lines().any(|line| line.trim_start().starts_with("::") || line.contains("##[")),
        "{}",
        ended.err
    );
}

#[test]
fn characters_that_do_not_show_are_spelled_out() {
    let hidden = ['\u{200b}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{202e}', '\u{1b}'];
    let name: String = hidden.iter().filter(|c| **c != '\u{1b}').collect();
    let code = format!("resource \"aws_sagemaker_notebook_instance\" \"a{name}\" {{\n  root_access = \"{name}\"\n}}\n");
    let folder = folder::with(&[(&format!("a{name}.tf"), &code)]);
    for format in ["text", "json", "sarif", "github", "gitlab", "markdown", "csv", "junit", "rdjson"] {
        for arguments in [&[][..], &["--check"], &["-v"], &["--write"]] {
            let ended = run(unroot(folder.path()).args(["--format", format]).args(arguments));
            for text in [ended.text(), &ended.err] {
                assert!(!text.contains(hidden), "{format}, {arguments:?}: {}", text.escape_unicode());
            }
        }
        folder::put(&folder.path().join(format!("a{name}.tf")), code.as_bytes());
    }
}

#[test]
fn the_neighbours_of_a_value_are_not_shown_to_people() {
    let values = "db_password = \"hunter2-SECRET\"\nroot_access = \"Enabled\"\napi_token   = \"tok-SECRET\"\n";
    let code = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.root_access\n}\n\
                variable \"root_access\" {}\n";
    let folder = folder::with(&[("main.tf", code), ("terraform.tfvars", values)]);
    for format in ["text", "markdown", "github", "gitlab", "json", "sarif", "csv", "junit", "rdjson"] {
        let ended = run(unroot(folder.path()).args(["--format", format]));
        assert!(ended.text().contains("main.tf"), "{}", ended.text());
        assert!(!ended.text().contains("SECRET"), "{format}: {}", ended.text());
    }
    let module = "variable \"r\" {}\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.r\n}\n";
    let unit = "terraform {\n  source = \"../m\"\n}\ninputs = {\n  pw = \"SECRET\"\n  r  = \"Enabled\"\n  q  = \"SECRET\"\n}\n";
    let unit = folder::with(&[("m/main.tf", module), ("u/terragrunt.hcl", unit), (".git/HEAD", "")]);
    for format in ["text", "markdown"] {
        let ended = run(unroot(unit.path()).args(["--format", format]));
        assert!(ended.text().contains("terragrunt.hcl"), "{}", ended.text());
        assert!(!ended.text().contains("SECRET"), "{format}: {}", ended.text());
    }
    // A patch needs the lines around a change.
    let ended = run(unroot(folder.path()).args(["--format", "diff"]));
    assert!(ended.text().contains("SECRET"), "{ended:?}");
}
