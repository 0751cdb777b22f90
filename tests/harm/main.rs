//! Fixes that do no harm: after `--write`, every root still plans, what is said to be fixed is `Disabled`, and nothing
//! else has changed, over files that several folders share through links, value files, validations and data sources.
#![cfg(unix)]

mod killed;
mod random;
mod repository;
mod shared;
#[path = "../support/mod.rs"]
mod support;
