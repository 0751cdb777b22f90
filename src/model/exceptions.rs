//! Instances that keep what they have, as far as the model has to know them apart.

use std::sync::Arc;

use super::View;
use crate::finding::{Exception, Program};
use crate::source::{FileId, Location};

/// What tells instances apart that comments or settings except.
pub trait Exceptions {
    /// The exception for everything behind a module call, a component or a unit, given by its block or its whole file.
    fn on_block(&self, view: &View<'_>, block: Location) -> Option<Arc<Exception>>;

    /// The exception for an instance of a resource in a file.
    fn on_instance(&self, view: &View<'_>, file: FileId, program: &Program, address: &str) -> Option<Arc<Exception>>;

    /// Whether there may be any, as far as is known.
    fn are_there(&self) -> bool;
}
