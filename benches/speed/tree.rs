//! A tree of Terraform code, generated once and used again.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Number of files.
pub(crate) const FILES: usize = 100_000;

/// One file in so many declares a notebook.
pub(crate) const HIT_EVERY: usize = 1000;

/// Files of a folder, as modules have them.
const NAMES: [&str; 5] = ["main.tf", "variables.tf", "outputs.tf", "versions.tf", "iam.tf"];

/// Changes with what is generated.
const VERSION: &str = "1";

/// A generated tree.
pub(crate) struct Tree {
    pub(crate) root: PathBuf,
    pub(crate) bytes: u64,
}

/// The tree below `folder`, made unless it is there.
pub(crate) fn generate(folder: &Path) -> Tree {
    let root = folder.join("tree");
    let done = folder.join("tree.done");
    let told = fs::read_to_string(&done).unwrap_or_default();
    if let Some((VERSION, bytes)) = told.split_once(' ')
        && let Ok(bytes) = bytes.parse()
    {
        return Tree { root, bytes };
    }
    println!("making a tree of {FILES} files, once");
    _ = fs::remove_dir_all(&root);
    // With a .git, so that .gitignore files count, as in the trees the tool is for.
    fs::create_dir_all(root.join(".git")).expect("a folder");
    put(&root.join(".gitignore"), "*.tfstate\n.terraform/\n");
    let mut bytes = 0;
    for number in 0..FILES {
        let module = number / NAMES.len();
        let folder =
            root.join(format!("team-{:02}/service-{:03}/module-{:03}", module % 40, module / 40 % 50, module / 2000));
        let name = NAMES[number % NAMES.len()];
        if name == NAMES[0] {
            fs::create_dir_all(&folder).expect("a folder");
        }
        let text = text(number, number % HIT_EVERY == 0);
        bytes += text.len() as u64;
        put(&folder.join(name), &text);
    }
    put(&done, &format!("{VERSION} {bytes}"));
    Tree { root, bytes }
}

/// Between one and a few kilobytes of Terraform code.
pub(crate) fn text(number: usize, notebook: bool) -> String {
    let mut text = format!("# Part {number} of a service.\n\n");
    if notebook {
        text += &self::notebook(number);
    }
    for resource in 0..=number * 7 % 11 {
        text += &bucket(number, resource);
    }
    text
}

/// A notebook without `root_access`.
pub(crate) fn notebook(number: usize) -> String {
    format!(
        "resource \"aws_sagemaker_notebook_instance\" \"notebook_{number}\" {{\n  name          = \"notebook-{number}\"\n  \
         role_arn      = aws_iam_role.notebook.arn\n  instance_type = \"ml.t3.medium\"\n\n  tags = {{\n    \
         Service = \"{number}\"\n  }}\n}}\n\n"
    )
}

/// Something that is no notebook.
pub(crate) fn bucket(number: usize, resource: usize) -> String {
    let mut text = String::new();
    let written = write!(
        text,
        "resource \"aws_s3_bucket\" \"data_{resource}\" {{\n  bucket        = \"service-{number}-data-{resource}\"\n  \
         force_destroy = var.environment == \"dev\" ? true : false\n\n  tags = merge(local.tags, {{\n    \
         Name = \"data-{resource}\"\n    Cost = \"${{var.team}}/${{var.service}}\"\n  }})\n\n  lifecycle {{\n    \
         prevent_destroy = true # the only copy\n  }}\n}}\n\n"
    );
    written.expect("a string takes everything");
    text
}

#[expect(clippy::disallowed_methods, reason = "nobody else's files")]
pub(crate) fn put(path: &Path, text: &str) {
    fs::write(path, text).expect("a file can be written");
}
