//! The program itself, with a reader that goes away.

use std::process::Stdio;

use crate::support::folder;
use crate::support::program::unroot;

#[test]
fn a_closed_pipe_changes_no_exit_code() {
    let folder = folder::empty();
    for (arguments, code) in [(&["--check"][..], 0), (&["--explain"], 0), (&["--format", "json"], 0), (&["nowhere"], 2)]
    {
        let mut command = unroot(folder.path());
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        drop(child.stdout.take());
        drop(child.stderr.take());
        assert_eq!(child.wait().expect("the program ends").code(), Some(code), "{arguments:?}");
    }
}
