//! Files that people name in place of Terraform code: plans, states, templates of other tools.

use std::ffi::OsStr;
use std::path::Path;

use memchr::memmem;

use crate::control::{CLOUD_FORMATION_TYPE, NEEDLE};
use crate::source::{self, FileKind};

/// The description of a file that is no Terraform code, with the remedy; `None` for code and unrecognised files.
///
/// Source: Terraform, "JSON Output Format": a plan has `planned_values` and `resource_changes`, a state `values` beside
/// `format_version`; a raw state has `serial` and `lineage`; a saved plan is a zip archive.
pub(super) fn recognise(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?;
    if is_code(name) { None } else { recognise_text(name, &source::read(path).ok()?) }
}

/// As [`recognise`], of a text that would be a file of some name.
#[must_use]
pub fn recognise_text(name: &OsStr, bytes: &[u8]) -> Option<&'static str> {
    if is_code(name) {
        return None;
    }
    let has = |key: &str| memmem::find(bytes, key.as_bytes()).is_some();
    let is_json = bytes.trim_ascii_start().starts_with(b"{");
    if bytes.starts_with(b"PK\x03\x04") {
        Some("an archive, as a saved plan is, and no Terraform code: name the folder of the code")
    } else if is_json && has("\"format_version\"") && (has("\"planned_values\"") || has("\"resource_changes\"")) {
        Some(
            "a plan (`terraform show -json`), and no Terraform code: name the folder of the code that it was made from",
        )
    } else if is_json && (has("\"lineage\"") && has("\"serial\"") || has("\"format_version\"") && has("\"values\"")) {
        Some("a state, and no Terraform code: name the folder of the code")
    } else if has("AWSTemplateFormatVersion") || !has("resource") && has(CLOUD_FORMATION_TYPE) {
        Some("a CloudFormation template, and no Terraform code: it is not judged")
    } else if has(NEEDLE) && is_document(name, bytes) {
        Some("a document, whose examples nothing deploys, and no Terraform code: name the folder of the code")
    } else {
        None
    }
}

fn is_code(name: &OsStr) -> bool {
    let ends = [".tfvars", ".tfvars.json", ".hcl"];
    FileKind::is_configuration(name) || ends.iter().any(|end| name.as_encoded_bytes().ends_with(end.as_bytes()))
}

/// Whether a text is written for people: by its name, or by a fence around an example, which is no HCL.
fn is_document(name: &OsStr, bytes: &[u8]) -> bool {
    const ENDS: [&str; 5] = [".md", ".mdx", ".markdown", ".rst", ".adoc"];
    let name = name.to_ascii_lowercase();
    ENDS.iter().any(|end| name.as_encoded_bytes().ends_with(end.as_bytes()))
        || bytes.split(|byte| *byte == b'\n').any(|line| line.trim_ascii_start().starts_with(b"```"))
}

/// How the names of files end that other tools and Terraform's own commands read, and what they are.
const OTHERS: [(&str, &str); 10] = [
    (".terraform.lock.hcl", "a list of provider versions"),
    (".pkr.hcl", "a Packer template"),
    (".pkrvars.hcl", "values of a Packer template"),
    (".nomad.hcl", "a Nomad job"),
    (".tflint.hcl", "settings of TFLint"),
    (".tftest.hcl", "a test of Terraform code"),
    (".tofutest.hcl", "a test of OpenTofu code"),
    (".policytest.hcl", "a test of a policy"),
    (".tfquery.hcl", "a query of Terraform"),
    ("docker-bake.hcl", "a build of images"),
];

/// The description of a file in HCL that is no Terraform code and that hooks hand over with it; `None` for others, and for one
/// that mentions a notebook: it is read whatever its name.
pub(super) fn of_another_tool(path: &Path) -> Option<&'static str> {
    let what = named_by_another_tool(path.file_name()?)?;
    let bytes = source::read(path).ok()?;
    memmem::find(&bytes, NEEDLE.as_bytes()).is_none().then_some(what)
}

/// The description of a file in HCL by a name that another tool gives it.
pub(super) fn named_by_another_tool(name: &OsStr) -> Option<&'static str> {
    let name = name.as_encoded_bytes();
    OTHERS.iter().find(|(end, _)| name.ends_with(end.as_bytes())).map(|(_, what)| *what)
}
