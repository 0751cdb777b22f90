//! The program itself, with a reader that goes away.

use std::process::{Command, Stdio};

#[test]
fn a_closed_pipe_changes_no_exit_code() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (arguments, code) in [(&["--check"][..], 0), (&["--explain"], 0), (&["--format", "json"], 0), (&["nowhere"], 2)]
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unroot"));
        command.args(arguments).current_dir(&folder).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        drop(child.stdout.take());
        drop(child.stderr.take());
        assert_eq!(child.wait().expect("the program ends").code(), Some(code), "{arguments:?}");
    }
}
