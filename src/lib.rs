//! `unroot` takes root access away from SageMaker notebook instances in Terraform code.

pub mod check;
pub mod cli;
pub mod control;
pub mod discover;
pub mod finding;
pub mod fix;
pub mod model;
pub mod os_error;
pub mod plan;
pub mod report;
pub mod run;
pub mod source;
pub mod suppress;
pub mod syntax;
pub mod terminal;
pub mod value;
pub mod verify;
pub mod write;
