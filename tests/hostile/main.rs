//! What a repository of a stranger may try, and what must not come of it. Each test is an input that has done harm once.

#![cfg(unix)]

#[path = "../support/mod.rs"]
mod support;

mod reports;
mod settings;

/// A notebook without `root_access`.
const MISSING: &str = "resource \"aws_sagemaker_notebook_instance\" \"main\" {\n  name = \"main\"\n}\n";
