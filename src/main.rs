//! The command line program: parse, run, map the status to the exit code.

fn main() {}
