//! The command line: arguments, and the settings they resolve to.

pub mod args;
pub mod config;
pub mod exit;
mod habits;
mod manual;
pub mod settings;
mod values;

use std::ffi::OsString;
use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::report::explain;
use args::{Args, STDIN};
use config::{Config, ConfigError, Found, find};
use settings::Settings;
use values::Topic;

/// The action that the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A run with these settings.
    Run(Box<Settings>),
    /// A text on standard output: an explanation, completions, the manual page.
    Print(String),
}

/// Reads the command line, the program's name first, and the configuration file.
///
/// # Errors
/// The output of clap: a usage error, or the text of `--help` and `--version`. Its `print` shows it on the right
/// stream, its `exit_code` is 2 or 0.
pub fn parse<I, T>(arguments: I) -> Result<Command, clap::Error>
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let folder = std::env::current_dir().unwrap_or_default();
    parse_in(&folder, arguments)
}

/// [`parse`] in a folder other than the working folder.
///
/// # Errors
/// As [`parse`].
pub fn parse_in<I, T>(folder: &Path, arguments: I) -> Result<Command, clap::Error>
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let args = Args::try_parse_from(arguments).map_err(habits::with_tip)?;
    if let Some(topic) = args.explain {
        return Ok(Command::Print(match topic {
            None => explain::control(),
            Some(Topic::Rule(rule)) => explain::rule(rule),
            Some(Topic::Elsewhere(named)) => explain::identifiers(&named),
        }));
    }
    if let Some(shell) = args.completions {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut Args::command(), "unroot", &mut text);
        return as_text(text);
    }
    if args.man {
        return as_text(manual::page(Args::command())?);
    }
    let (mut config, found) =
        configuration(folder, &args).map_err(|error| Args::command().error(ErrorKind::InvalidValue, error))?;
    if let (Some(file), false) = (&found.file, config.exemptions.listed.is_empty()) {
        config.exemptions.file.clone_from(file);
    }
    Ok(Command::Run(Box::new(Settings { config: found, ..Settings::resolve(args, config)? })))
}

/// The settings of a file: the one that is named, else the one that is found.
fn configuration(folder: &Path, args: &Args) -> Result<(Config, Found), ConfigError> {
    if args.no_config {
        return Ok((Config::default(), Found::default()));
    }
    if let Some(file) = &args.config {
        return Ok((Config::read(&folder.join(file))?, Found { file: Some(file.clone()), passed_over: Vec::new() }));
    }
    let folder = Utf8Path::from_path(folder).unwrap_or(Utf8Path::new(""));
    let code = args
        .paths
        .iter()
        .map(|path| if path == STDIN { args.stdin_filename.clone().unwrap_or_default() } else { path.clone() });
    // Of standard input only the name is known, and it need not be that of a file.
    let paths: Vec<Utf8PathBuf> = code
        .map(|path| folder.join(path))
        .map(|path| if path.exists() { path } else { path.parent().unwrap_or(&path).to_owned() })
        .collect();
    let mut found = find(&paths)?;
    let config = found.file.as_ref().map_or_else(|| Ok(Config::default()), |file| Config::read(file.as_std_path()));
    let shown = |file: Utf8PathBuf| file.strip_prefix(folder).map(Utf8Path::to_owned).unwrap_or(file);
    found.file = found.file.map(shown);
    found.passed_over = found.passed_over.into_iter().map(shown).collect();
    Ok((config?, found))
}

/// The output of a generator, which writes UTF-8.
fn as_text(bytes: Vec<u8>) -> Result<Command, clap::Error> {
    let text = String::from_utf8(bytes).map_err(|error| Args::command().error(ErrorKind::InvalidUtf8, error))?;
    Ok(Command::Print(text))
}
