//! Small harm: messages that say nothing or blame the program, and edits that no commit would hold.

use crate::support::folder;
use crate::support::program::{command, run, unroot};

/// A notebook with this argument.
fn notebook(argument: &str) -> String {
    format!("resource \"aws_sagemaker_notebook_instance\" \"main\" {{\n  name = \"main\"\n{argument}}}\n")
}

#[test]
fn no_input_is_reported_as_a_fault_of_the_program() {
    let enabled = notebook("  root_access = \"Enabled\"\n");
    let json = "{\"resource\":{\"aws_sagemaker_notebook_instance\":{\"main\":{\"root_access\":\"Enabled\"}}}}";
    let object = "variable \"cfg\" {\n  type = object({ root_access = string })\n}\n".to_owned()
        + &notebook("  root_access = var.cfg.root_access\n");
    let missing = notebook("");
    let cases: [Vec<(&str, &str)>; 5] = [
        vec![("main.tf", &missing), ("main_override.tofu", &enabled)],
        vec![("main.tf", &enabled), ("main_override.tofu", &enabled)],
        vec![("main.tf", &enabled), ("main_override.tofu.json", json)],
        vec![("main.tf", &enabled), ("main_override.tf.json", json), ("x_override.tofu", &enabled)],
        vec![("main.tf", &object), ("terraform.tfvars", "cfg = {}\n")],
    ];
    for files in cases {
        for mode in [&[][..], &["--write"], &["--write", "--unsafe-fixes"], &["--check"]] {
            let folder = folder::with(&files);
            let ended = run(unroot(folder.path()).args(mode));
            let all = format!("{}{}", ended.text(), ended.err);
            assert!(!all.contains("bug in unroot") && !all.contains("panicked"), "{files:?}, {mode:?}: {all}");
            if mode.first() == Some(&"--write") {
                let again = run(unroot(folder.path()).args(mode));
                assert!(
                    again.text().contains("0 fixed") || !again.text().contains(" fixed"),
                    "{files:?}: {}",
                    again.text()
                );
            }
        }
    }
}

#[test]
fn a_run_without_memory_says_so() {
    let folder = folder::with(&[("main.tf", &notebook(""))]);
    for megabytes in [50, 80, 120] {
        let mut bounded = command("prlimit", folder.path());
        bounded.arg(format!("--as={}", megabytes << 20)).arg(env!("CARGO_BIN_EXE_unroot")).arg("--check");
        let ended = bounded.output().expect("prlimit starts");
        let says = !ended.stdout.is_empty() || !ended.stderr.is_empty();
        assert!(says, "{megabytes} MiB: {:?}", ended.status);
    }
}

#[test]
fn a_working_folder_that_is_gone_has_a_name() {
    let folder = folder::empty();
    let mut shell = command("sh", folder.path());
    shell.args(["-c", "mkdir gone && cd gone && rmdir ../gone && \"$0\" --check"]).arg(env!("CARGO_BIN_EXE_unroot"));
    let ended = run(&mut shell);
    assert_eq!(ended.code, Some(2), "{}", ended.err);
    assert!(!ended.err.contains("error: :") && ended.err.len() > 20, "{}", ended.err);
}

/// A fix that never reaches a commit is none.
#[test]
fn a_file_that_git_ignores_is_not_edited() {
    let code = "variable \"r\" {\n  type = string\n}\n".to_owned() + &notebook("  root_access = var.r\n");
    for (ignored, file, text) in [
        ("*.tfvars\n", "terraform.tfvars", "r = \"Enabled\"\n".to_owned()),
        ("*_override.tf\n", "x_override.tf", notebook("  root_access = \"Enabled\"\n")),
        ("/*.auto.tfvars.json\n", "a.auto.tfvars.json", "{\"r\": \"Enabled\"}\n".to_owned()),
    ] {
        let folder = folder::with(&[("main.tf", &code), (".gitignore", ignored), (file, &text), (".git/HEAD", "")]);
        let ended = run(unroot(folder.path()).args(["--write", "--unsafe-fixes"]));
        let after = std::fs::read_to_string(folder.path().join(file)).expect("it is there");
        assert_eq!(after, text, "{file}: {}", ended.text());
    }
}
