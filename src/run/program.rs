//! The command line program: parse, run, map the status to the exit code.

use std::io::Write as _;
use std::process::ExitCode;

use crate::cli::exit::Status;
use crate::cli::settings::Settings;
use crate::cli::{self, Command};
use crate::terminal::{Colour, Stream, unless_closed};
use crate::{os_error, signals};

/// Stack of the thread that does the work: parsing is recursive, and a main thread may have as little as 1 MiB.
pub(super) const STACK: usize = 64 << 20;

/// Parses the command line, runs, and gives the exit code.
pub(crate) fn program() -> ExitCode {
    let settings = match cli::parse(std::env::args_os()) {
        Ok(Command::Run(settings)) => settings,
        Ok(Command::Print(text)) => return print(&text).into(),
        Err(answer) => {
            let printed = answer.print();
            return if printed.is_ok() && !answer.use_stderr() { ExitCode::SUCCESS } else { Status::Error.into() };
        }
    };
    if let Err(error) = signals::end_on_signals() {
        return fail(&format!("signals cannot be heeded: {}", os_error::plain(&error)));
    }
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || run_with(&settings));
    let worker = match worker {
        Ok(worker) => worker,
        Err(error) => return fail(&format!("no thread can be made: {}", os_error::plain(&error))),
    };
    // A panic has been told by the runtime.
    worker.join().unwrap_or(Status::Error).into()
}

fn fail(message: &str) -> ExitCode {
    // Nothing is left to do if not even this can be printed.
    _ = writeln!(Stream::stderr(Colour::Never), "error: {message}");
    Status::Error.into()
}

fn print(text: &str) -> Status {
    let mut out = Stream::stdout(Colour::Never);
    let printed = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    unless_closed(printed).map_or(Status::Error, |()| Status::Clean)
}

fn run_with(settings: &Settings) -> Status {
    let mut out = Stream::stdout(settings.colour);
    let mut err = Stream::stderr(settings.colour);
    super::run(settings, &mut out, &mut err).unwrap_or_else(|error| {
        // Nothing is left to do if not even this can be printed.
        _ = writeln!(err, "error: {error:#}");
        Status::Error
    })
}
