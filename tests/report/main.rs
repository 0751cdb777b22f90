//! What is printed, in every format, over the same few inputs.

mod explain;
mod file;
mod git;
mod help;
mod inputs;
mod named;
mod pipe;
mod platforms;
mod rollout;
mod sarif;
mod schema;
mod script_inputs;
mod snapshots;
mod split;
#[path = "../support/mod.rs"]
mod support;
