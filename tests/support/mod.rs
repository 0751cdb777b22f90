//! What tests that run the program share: commands with a known environment, folders, and texts of files.

// Each test binary takes what it needs.
#![allow(dead_code, reason = "no test binary needs all of it")]
#![expect(clippy::disallowed_methods, reason = "the tests make the files that the program reads and replaces")]

pub(crate) mod folder;
pub(crate) mod program;
pub(crate) mod terraform;
