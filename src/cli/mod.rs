//! The command line: arguments, and the settings they resolve to.

pub mod args;
pub mod exit;
pub mod settings;

use std::ffi::OsString;

use clap::Parser;

use args::Args;
use settings::Settings;

/// Reads the command line, the program's name first.
///
/// # Errors
/// What clap has to say: a usage error, or the text of `--help` and `--version`. Its `print` shows it on the right
/// stream, its `exit_code` is 2 or 0.
pub fn parse<I, T>(arguments: I) -> Result<Settings, clap::Error>
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    Settings::resolve(Args::try_parse_from(arguments)?)
}
