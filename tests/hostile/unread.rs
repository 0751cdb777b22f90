//! What a notebook's value comes from and is hard or impossible to read: never taken for compliant.

use std::os::unix::fs::symlink;

use crate::support::folder;
use crate::support::program::{Ended, run, unroot};

/// A module whose notebook complies unless somebody hands over something else.
const MODULE: &str = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  name        = \"n\"\n  root_access = var.r\n}\n\n\
                      variable \"r\" {\n  type    = string\n  default = \"Disabled\"\n}\n";

fn checked(path: &str, bytes: &[u8]) -> Ended {
    let folder = folder::with(&[(".git/HEAD", ""), ("m/main.tf", MODULE)]);
    folder::put(&folder.path().join(path), bytes);
    run(unroot(folder.path()).arg("--check"))
}

#[test]
fn what_terraform_refuses_is_an_error() {
    for (path, text) in [
        ("m/terraform.tfvars", "x = [\nr = \"Enabled\"\n"),
        ("m/a.auto.tfvars.json", "{\"r\": \"Enabled\""),
        ("root/main.tf", "module \"x\" {\n  source = \"../m\"\n  r = \"Enabled\"\n"),
    ] {
        let ended = checked(path, text.as_bytes());
        assert_eq!(ended.code, Some(2), "{path}: {} {}", ended.text(), ended.err);
        assert!(ended.err.contains(path) && !ended.text().contains("1 compliant"), "{ended:?}");
    }
}

#[test]
fn a_file_of_values_that_cannot_be_opened_is_an_error() {
    type Make = fn(&std::path::Path);
    let make: [(&str, Make); 3] = [
        ("a link to nothing", |path| symlink("nowhere", path).expect("a link")),
        ("a folder", |path| std::fs::create_dir(path).expect("a folder")),
        ("a link to itself", |path| symlink("terraform.tfvars", path).expect("a link")),
    ];
    for (what, make) in make {
        let folder = folder::with(&[(".git/HEAD", ""), ("m/main.tf", MODULE)]);
        make(&folder.path().join("m/terraform.tfvars"));
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(2), "{what}: {} {}", ended.text(), ended.err);
        assert!(ended.err.contains("m/terraform.tfvars"), "{what}: {}", ended.err);
    }
}
