//! Files that are no files of text: devices, pipes and what has no end, at every place where one is opened.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::folder;
use crate::support::program::{Ended, run};
use crate::{MISSING, bounded, pipe};

/// A notebook whose value comes from a variable.
const THROUGH_A_VARIABLE: &str = "resource \"aws_sagemaker_notebook_instance\" \"main\" {\n  root_access = var.r\n}\n\
                                  variable \"r\" {\n  default = \"Disabled\"\n}\n";

/// What stands at a place where a file of text is expected.
#[derive(Debug, Clone, Copy)]
enum Odd {
    /// A link to a device that never ends.
    Endless,
    /// A pipe that nobody writes to.
    Pipe,
    /// A file of a terabyte, of which the disk holds nothing.
    Huge,
}

/// Puts something odd at `name` in a repository, beside `files`, and runs over it in each way that opens files.
fn all(files: &[(&str, &str)], name: &str, then: impl Fn(Odd, &Ended)) {
    for odd in [Odd::Endless, Odd::Pipe, Odd::Huge] {
        let folder = folder::with(files);
        let place = folder.path().join(name);
        fs::create_dir_all(place.parent().expect("it lies in a folder")).expect("a folder");
        match odd {
            Odd::Endless => symlink("/dev/zero", &place).expect("a link"),
            Odd::Pipe => pipe(&place),
            Odd::Huge => {
                let file = fs::OpenOptions::new().create(true).append(true).open(&place).expect("a file");
                file.set_len(1 << 40).expect("a sparse file");
            }
        }
        for arguments in [&["--check"][..], &["-v"], &["--write"], &["--check", "--no-ignore", "--hidden"]] {
            let ended = run(&mut bounded(folder.path(), arguments));
            // 124 is a run that was stopped, 134 one that had no more memory.
            assert!(matches!(ended.code, Some(0..=2)), "{name} as {odd:?}, {arguments:?}: {ended:?}");
            if arguments == ["--check"] {
                then(odd, &ended);
            }
        }
    }
}

fn must_be_an_error(name: &str) -> impl Fn(Odd, &Ended) {
    move |odd, ended| {
        assert_eq!(ended.code, Some(2), "{odd:?}: {ended:?}");
        assert!(ended.err.contains(name), "{odd:?}: {}", ended.err);
    }
}

#[test]
fn terraform_code() {
    for text in [THROUGH_A_VARIABLE, MISSING] {
        for name in ["x.tf", "x.tofu", "x.tf.json", "x_override.tf"] {
            all(&[("main.tf", text)], name, must_be_an_error(name));
        }
    }
}

#[test]
fn value_files() {
    for name in ["terraform.tfvars", "x.auto.tfvars", "x.auto.tfvars.json", "prod.tfvars"] {
        all(&[("main.tf", THROUGH_A_VARIABLE)], name, |_, _| {});
    }
}

#[test]
fn terragrunt_files() {
    let unit = "terraform {\n  source = \"..\"\n}\n";
    for name in ["terragrunt.hcl", "live/terragrunt.hcl"] {
        all(&[("main.tf", THROUGH_A_VARIABLE)], name, |_, _| {});
    }
    for include in ["/dev/zero", "../odd", "/proc/self/environ"] {
        let unit = format!("{unit}include \"x\" {{\n  path = \"{include}\"\n}}\n");
        all(&[("main.tf", THROUGH_A_VARIABLE), ("live/terragrunt.hcl", &unit)], "odd", |_, _| {});
    }
}

#[test]
fn downloaded_modules_and_their_list() {
    let list = "{\"Modules\": [{\"Key\": \"m\", \"Source\": \"x\", \"Dir\": \".terraform/modules/m\"}]}";
    let listed = [("main.tf", THROUGH_A_VARIABLE), (".terraform/modules/modules.json", list)];
    all(&listed, ".terraform/modules/m/x.tf", must_be_an_error(".terraform/modules/m/x.tf"));
    all(&[("main.tf", THROUGH_A_VARIABLE)], ".terraform/modules/modules.json", |_, _| {});
}

#[test]
fn lists_of_ignored_files() {
    let files = [("main.tf", MISSING), ("deep/er/a.tf", MISSING), (".git/HEAD", "")];
    for name in [".gitignore", "deep/.gitignore", "deep/er/.gitignore", ".git/info/exclude", "deep/.git/info/exclude"] {
        all(&files, name, |odd, ended| {
            must_be_an_error(name)(odd, ended);
            for notebook in ["main.tf:1:", "deep/er/a.tf:1:"] {
                assert!(ended.text().contains(notebook), "{name} hides {notebook}: {}", ended.text());
            }
        });
    }
    for name in [".gitignore", "deep/.gitignore", ".git/info/exclude"] {
        let folder = folder::with(&files);
        fs::create_dir_all(folder.path().join(".git/info")).expect("a folder");
        symlink("/etc/passwd", folder.path().join(name)).expect("a link");
        must_be_an_error(name)(Odd::Endless, &run(&mut bounded(folder.path(), &["--check"])));
    }
    let work_tree = [("main.tf", MISSING), (".git", "gitdir: other"), ("other/HEAD", "")];
    all(&work_tree, "other/commondir", must_be_an_error("other/commondir"));
    let work_tree = [("main.tf", MISSING), (".git", "gitdir: other"), ("other/commondir", "../common")];
    all(&work_tree, "common/info/exclude", must_be_an_error("info/exclude"));
}

#[test]
fn lifecycle_scripts() {
    let code = "resource \"aws_sagemaker_notebook_instance\" \"main\" {\n  root_access = \"Disabled\"\n  \
                lifecycle_config_name = aws_sagemaker_notebook_instance_lifecycle_configuration.l.name\n}\n\
                resource \"aws_sagemaker_notebook_instance_lifecycle_configuration\" \"l\" {\n  \
                on_start = filebase64(\"${path.module}/odd\")\n}\n";
    all(&[("main.tf", code)], "odd", |_, _| {});
}

#[test]
fn settings() {
    all(&[("main.tf", MISSING)], "unroot.toml", must_be_an_error("unroot.toml"));
    let ended = |name: &str| {
        let folder = folder::with(&[("main.tf", MISSING)]);
        run(&mut bounded(folder.path(), &["--check", "--config", name]))
    };
    assert_eq!(ended("/dev/zero").code, Some(2));
}

#[test]
fn what_the_command_line_names() {
    for name in ["x.tf", "odd"] {
        let folder = folder::with(&[("main.tf", MISSING)]);
        pipe(&folder.path().join(name));
        for named in [name, "/dev/zero"] {
            let ended = run(&mut bounded(folder.path(), &["--check", named]));
            assert_eq!(ended.code, Some(2), "{named}: {}", ended.err);
        }
    }
}
