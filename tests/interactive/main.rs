//! `--interactive`, on a real pseudo-terminal.

#![cfg(unix)]

mod dialogue;
mod session;
mod trouble;
