//! Plans and states as evidence: real ones, made with a stand-in provider (`tests/standin`), held against the code.

#[path = "../support/mod.rs"]
mod support;

mod documented;
mod fixes;
mod plans;
mod random;
mod reported;
mod standin;
mod unusable;
