//! The JSON syntax from the outside: properties over generated files, and Terraform as the judge.

mod print;
mod properties;
#[path = "../support/mod.rs"]
mod support;
mod terraform;
mod verdicts;
