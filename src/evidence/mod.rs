//! What is known from elsewhere: plans and states of Terraform.

mod plan;
mod settle;

use std::io::{self, BufReader};

use camino::Utf8PathBuf;

pub use plan::Plan;
pub use settle::{settle, settle_changed};

use crate::os_error;

/// A plan or state that the command line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFile {
    /// The folder of the root module that it was made in, where that is given.
    pub folder: Option<Utf8PathBuf>,
    /// The file; `-` is standard input.
    pub path: Utf8PathBuf,
}

impl PlanFile {
    /// Reads the file.
    ///
    /// # Errors
    /// In one sentence: why it cannot be read, or serve as evidence.
    pub fn read(&self) -> Result<Plan, String> {
        let read = if self.path == "-" {
            Plan::read(BufReader::new(io::stdin().lock()))
        } else {
            let file = std::fs::File::open(&self.path);
            let file = file.map_err(|error| format!("cannot be read: {}", os_error::plain(&error)))?;
            Plan::read(BufReader::new(file))
        };
        read.map_err(|error| error.to_string())
    }
}
