//! The state at one moment of a run: the process with its user, folder and variables, and the files written so far.

pub mod call;
pub mod context;
pub mod files;
pub mod later_runners;
pub mod paths;
pub mod process;
pub mod user;
pub mod variable;
pub mod variables;
