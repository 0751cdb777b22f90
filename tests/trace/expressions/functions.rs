//! Every function of the language, held against Terraform, with the files that some of them read.

use super::World;
use crate::twin::Terraform;

/// What the expressions refer to.
const VALUES: &str = r#"terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}
locals {
  template = "is $${name}"
}
"#;

/// By path from the root module.
const FILES: [(&str, &[u8]); 11] = [
    ("data/plain.txt", b"Enabled\n"),
    ("data/deep/other.txt", b"x"),
    ("data/bytes.bin", b"\xff\xfe\x00a"),
    ("data/values.json", br#"{ "root_access": "Enabled", "list": [1, "Disabled"] }"#),
    ("data/values.yaml", b"# all\nnotebooks:\n  main:\n    root_access: Enabled\n"),
    ("data/values.tfvars", b"# all\nroot_access = \"Enabled\"\n"),
    ("data/values.csv", b"name,root_access\na,Disabled\nb,Enabled\n"),
    (
        "data/greeting.tftpl",
        b"${name}:%{ for item in list } ${upper(item)}%{ endfor ~}  \n%{ if on }on%{ else }off%{ endif } $${name}\n",
    ),
    ("data/bare.tftpl", b"${x}"),
    ("data/nested.tftpl", br#"${templatefile("data/plain.txt", {})}"#),
    ("data/reads.tftpl", br#"${trimspace(file("data/plain.txt"))}"#),
];

/// Judges the expressions of `functions.txt`.
///
/// # Errors
/// Those that are told wrongly.
pub(crate) fn functions() -> Result<(), String> {
    let Some(terraform) = Terraform::find() else { return Ok(()) };
    World { values: VALUES, files: &FILES, given: "" }.listed(&terraform, include_str!("../functions.txt"))
}
