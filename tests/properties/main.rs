//! Promises held by any Terraform code, not only by that of the fixtures.
//!
//! `PROPTEST_CASES` sets how many cases are tried.

#[path = "../support/mod.rs"]
mod support;

mod fixing;
mod formatted;
mod generate;
mod reading;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

/// Stack of the thread that a property runs on, like that of the program's: parsing is recursive.
const STACK: usize = 64 << 20;

/// Tries a property on `cases` values, or as many as `PROPTEST_CASES` says, and shrinks what breaks it.
fn holds<S>(cases: u32, strategy: S, property: impl Fn(S::Value) -> TestCaseResult + Send + 'static)
where
    S: Strategy + Send + 'static,
    S::Value: std::fmt::Debug,
{
    on_a_deep_stack(move || {
        let mut runner = TestRunner::new(Config { failure_persistence: None, ..config(cases) });
        let result = runner.run(&strategy, property);
        assert!(result.is_ok(), "{}", result.expect_err("it is no success"));
    });
}

fn config(cases: u32) -> Config {
    let config = Config::default();
    if std::env::var_os("PROPTEST_CASES").is_some() { config } else { Config { cases, ..config } }
}

fn on_a_deep_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread starts");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}
