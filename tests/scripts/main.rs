//! Lifecycle scripts in Terraform code, from the command line to the report.

#[path = "../support/mod.rs"]
mod support;

mod cases;
mod links;
mod reported;
mod robustness;
mod run;
