//! Files whose names hold what also stands around names, in the sentences of all formats that a platform reads.

use crate::support::folder;
use crate::support::program::{run, unroot};

const MODULE: &str = "variable \"root_access\" {}\n\nresource \"aws_sagemaker_notebook_instance\" \"this\" {\n  \
                      root_access = var.root_access\n}\n";
const NAMES: [&str; 3] = ["it's dev.auto.tfvars", "dev (copy), old.auto.tfvars", "a.auto.tfvars"];

#[test]
fn a_sentence_names_the_file_from_the_top_of_the_repository() {
    for name in NAMES {
        let top = folder::empty();
        let put = |path: &str, text: &str| folder::put(&top.path().join(path), text.as_bytes());
        put(".git/HEAD", "x");
        put("in fra/main.tf", MODULE);
        put(&format!("in fra/{name}"), "root_access = \"Enabled\"\n");
        for format in ["sarif", "github", "gitlab", "junit", "csv"] {
            let ended = run(unroot(&top.path().join("in fra")).args(["--check", "--format", format]));
            let said = ended.text().replace("&#39;", "'").replace("%2C", ",").replace('\\', "");
            let sentence = format!("from in fra/{name}:1");
            assert!(said.contains(&sentence), "{format}: {sentence}\n{said}");
        }
    }
}
