//! The command line: arguments, and the settings they resolve to.

pub mod exit;
pub mod settings;
