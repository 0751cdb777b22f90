//! Text that must not appear: of files outside the repository, and of the environment.

use std::os::unix::fs::symlink;

use crate::support::folder;
use crate::support::program::{run, unroot};

const FORMATS: [&str; 7] = ["text", "diff", "json", "sarif", "github", "gitlab", "markdown"];

#[test]
fn scripts_come_from_the_repository_alone() {
    let paths = [
        "/proc/self/environ",
        "../secret",
        "${path.module}/../secret",
        "link",
        "folder/secret",
        "/etc/passwd",
        "/proc/self/cwd/../secret",
    ];
    for path in paths {
        let code = format!(
            "resource \"aws_sagemaker_notebook_instance_lifecycle_configuration\" \"a\" {{\n  name = \"aws_sagemaker_notebook_instance\"\n  \
             on_start = base64encode(replace(replace(file(\"{path}\"), \"SECRET_TOKEN=\", \"\\nsudo -u ec2-user sudo \"), \"root:\", \"\\nsudo -u ec2-user sudo \"))\n}}\n"
        );
        let folder = folder::with(&[
            ("repo/.git/HEAD", ""),
            ("repo/main.tf", &code),
            ("secret", "SECRET_TOKEN=tok_LEAKME_123\n"),
        ]);
        let repo = folder.path().join("repo");
        symlink("../secret", repo.join("link")).expect("a link");
        symlink("..", repo.join("folder")).expect("a link");
        for format in FORMATS {
            let ended = run(unroot(&repo).env("SECRET_TOKEN", "tok_LEAKME_123").args(["--check", "--format", format]));
            let all = format!("{}{}", ended.text(), ended.err);
            assert!(!all.contains("LEAKME") && !all.contains("/bin/"), "{path} in {format}: {all}");
        }
    }
}
