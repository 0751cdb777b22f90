//! The analysis of lifecycle scripts, apart from where they stand.

mod findings;
mod fragments;
mod robustness;
#[cfg(unix)]
mod sandbox;
