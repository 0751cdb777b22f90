//! `--interactive`, on a real pseudo-terminal.

#![cfg(unix)]

mod dialogue;
mod evidence;
mod keys;
mod progress;
mod session;
mod steps;
#[path = "../support/mod.rs"]
mod support;
mod trouble;
