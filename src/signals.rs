//! Signals that end a run: it leaves no temporary file and gives the terminal back before it goes.

#[cfg(unix)]
use std::io;

#[cfg(unix)]
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::{temporary, terminal};

/// Ends the process on INT, TERM or HUP with 128 and the signal's number, as shells report it. A change of several files
/// that has begun is finished first. Signals that whoever started the process has it ignore stay ignored, as under
/// `nohup`.
///
/// # Errors
/// The error of the system; the signals then end the process at once.
#[cfg(unix)]
pub fn end_on_signals() -> io::Result<()> {
    let ignored = ignored();
    let heeded = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
    let mut signals = signal_hook::iterator::Signals::new(heeded)?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            end(128 + signal);
        }
    })?;
    Ok(())
}

/// On other systems the signals end the process at once.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn end_on_signals() -> std::io::Result<()> {
    let _ = end;
    Ok(())
}

#[expect(clippy::exit, reason = "the thread that does the work cannot be made to return")]
fn end(code: i32) -> ! {
    temporary::abandon();
    terminal::restore();
    std::process::exit(code)
}

/// The signals that the process ignores since it was started, a bit each from the lowest on. Only Linux tells without a
/// call that is not safe.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
