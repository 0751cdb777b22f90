//! The program under test and the programs it is measured by, run in an environment that is always the same.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::folder;

/// What the environment keeps: finding programs, temporary folders and shared libraries, and measuring coverage.
const KEPT: [&str; 6] = ["PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE"];

/// A command in `folder` that no setting of the user's changes.
pub(crate) fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env_clear();
    command.envs(KEPT.iter().filter_map(|name| std::env::var_os(name).map(|value| (name, value))));
    // git's settings and lists of ignored files are the user's own too.
    command.env("HOME", "/nonexistent").env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.env("TF_CLI_CONFIG_FILE", "/dev/null").env("CHECKPOINT_DISABLE", "1");
    command
}

/// The program under test.
pub(crate) fn unroot(folder: &Path) -> Command {
    command(env!("CARGO_BIN_EXE_unroot"), folder)
}

/// The program under test with the signals that end it heeded, also where whoever runs the tests ignores them, as `nohup`
/// and a shell's background jobs do.
pub(crate) fn unroot_heeding_signals(folder: &Path) -> Command {
    if cfg!(not(target_os = "linux")) {
        return unroot(folder);
    }
    let mut command = command("env", folder);
    command.args(["--default-signal=HUP,INT,TERM", env!("CARGO_BIN_EXE_unroot")]);
    command
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
}

impl Ended {
    /// Standard output as text.
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.out).expect("the output is UTF-8")
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let mut err = String::from_utf8(output.stderr).expect("messages are UTF-8");
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&output.status) {
            // A failing test shows messages, and not by which signal there is no exit code.
            let _ = std::fmt::Write::write_fmt(&mut err, format_args!("(ended by signal {signal})"));
        }
        Self { code: output.status.code(), out: output.stdout, err }
    }
}

/// Runs a command to its end with nothing on standard input.
pub(crate) fn run(command: &mut Command) -> Ended {
    let output = command.stdin(Stdio::null()).output();
    output.unwrap_or_else(|error| panic!("{command:?} does not start: {error}")).into()
}

/// Runs the program to its end with a report in each of the formats, all of one run: their texts, by format.
pub(crate) fn run_with_reports<'f>(command: &mut Command, formats: &[&'f str]) -> (Ended, Vec<(&'f str, String)>) {
    let folder = folder::empty();
    let path = |format: &str| folder.path().join(format);
    for format in formats {
        let path = path(format);
        command.arg("--report").arg(format!("{format}={}", path.to_str().expect("a path in UTF-8")));
    }
    let ended = run(command);
    let text = |format: &str| {
        let text = std::fs::read_to_string(path(format));
        text.unwrap_or_else(|error| panic!("no report in {format}: {error}\n{}", ended.err))
    };
    let texts = formats.iter().map(|format| (*format, text(format))).collect();
    (ended, texts)
}

/// Runs a command to its end with `input` on standard input.
pub(crate) fn run_with(command: &mut Command, input: &[u8]) -> Ended {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let mut stdin = child.stdin.take().expect("standard input is piped");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("the command ends");
    // A program that has seen enough may leave the rest unread.
    _ = writer.join().expect("the writer does not panic");
    output.into()
}

/// Runs git and fails with what it said if it failed.
pub(crate) fn git(folder: &Path, arguments: &[&str], input: &[u8]) -> Result<(), String> {
    let ended = run_with(command("git", folder).args(["-c", "core.autocrlf=false"]).args(arguments), input);
    if ended.code == Some(0) { Ok(()) } else { Err(format!("git {arguments:?}: {}", ended.err)) }
}
