//! What is printed, in every format, over the same few inputs.

mod git;
mod help;
mod inputs;
mod sarif;
mod schema;
mod snapshots;
