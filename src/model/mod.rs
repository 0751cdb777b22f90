//! What Terraform makes of the files of a module.

pub mod files;
pub mod overrides;
