//! The program from end to end, as a shell, a terminal or a CI job runs it.

#[path = "../support/mod.rs"]
mod support;

mod absent;
mod audit;
mod broken;
mod codes;
mod errors;
mod estate;
mod exempt;
mod handed_over;
mod influence;
mod patch;
#[cfg(unix)]
mod refused;
mod said;
mod seen;
mod sensitive;
mod settings_schema;
mod stdin;
mod terragrunt;
mod tree;
mod unread;
#[cfg(target_os = "linux")]
mod untouched;
mod values;
mod world;

/// A notebook without `root_access`.
const MISSING: &str = "resource \"aws_sagemaker_notebook_instance\" \"main\" {\n  name          = \"main\"\n  instance_type = \"ml.t3.medium\"\n}\n";

/// The same after the fix.
const FIXED: &str = "resource \"aws_sagemaker_notebook_instance\" \"main\" {\n  name          = \"main\"\n  instance_type = \"ml.t3.medium\"\n  root_access   = \"Disabled\"\n}\n";

/// A notebook whose value cannot be known.
const REFERENCE: &str = "resource \"aws_sagemaker_notebook_instance\" \"main\" {\n  root_access = var.root_access\n}\n";

/// A notebook that cannot be read.
const BROKEN: &str = "resource \"aws_sagemaker_notebook_instance\" \"main\" {\n  name = = 1\n}\n";
