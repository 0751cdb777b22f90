//! What tests that run the program share: commands with a known environment, folders, and texts of files.

// Each test binary takes what it needs.
#![allow(dead_code, reason = "no test binary needs all of it")]
#![expect(clippy::disallowed_methods, reason = "the tests make the files that the program reads and replaces")]

pub(crate) mod folder;
pub(crate) mod program;
pub(crate) mod terraform;

/// Whether a program that a test asks is there, as found; says so if it is not.
///
/// # Panics
/// If it is not there, and the environment variable says that it has to be: without it, a test fails instead of
/// passing without having tested anything.
pub(crate) fn required(variable: &str, program: &str, is_there: bool) -> bool {
    if !is_there {
        assert!(std::env::var_os(variable).is_none(), "{variable} is set, and there is no {program}");
        #[expect(clippy::print_stderr, reason = "a test that has tested nothing has to say so")]
        {
            eprintln!("skipped: there is no {program}");
        }
    }
    is_there
}
