//! The one way out for text: a buffered stream that knows whether it is coloured and whether a person reads it.

use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::Style;
use clap::ValueEnum;
use serde::Deserialize;

/// When colour is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    /// For a terminal, unless the environment says otherwise
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// A stream to print to.
///
/// Bytes pass unchanged, so that a diff stays exact; whoever prints asks [`Stream::style`] for the style to use.
pub struct Stream<'w> {
    writer: Box<dyn Write + 'w>,
    coloured: bool,
    terminal: bool,
}

impl<'w> Stream<'w> {
    /// Standard output.
    #[must_use]
    pub fn stdout(colour: Colour) -> Self {
        let stdout = io::stdout();
        let coloured = is_coloured(colour, AutoStream::choice(&stdout));
        let terminal = stdout.is_terminal();
        // The coloured form also turns colours into console calls on old Windows. The plain form must not go through
        // anstream, which would strip escape sequences that stand in the user's files.
        if coloured {
            Self::new(BufWriter::new(AutoStream::always(stdout)), coloured, terminal)
        } else {
            Self::new(BufWriter::new(stdout), coloured, terminal)
        }
    }

    /// Standard error.
    #[must_use]
    pub fn stderr(colour: Colour) -> Self {
        let stderr = io::stderr();
        let coloured = is_coloured(colour, AutoStream::choice(&stderr));
        let terminal = stderr.is_terminal();
        if coloured {
            Self::new(BufWriter::new(AutoStream::always(stderr)), coloured, terminal)
        } else {
            Self::new(BufWriter::new(stderr), coloured, terminal)
        }
    }

    /// A stream without colour that nobody watches, such as a file or a buffer.
    #[must_use]
    pub fn plain(writer: impl Write + 'w) -> Self {
        Self::new(writer, false, false)
    }

    /// Any writer. `terminal` says whether a terminal shows what is written.
    #[must_use]
    pub fn new(writer: impl Write + 'w, coloured: bool, terminal: bool) -> Self {
        Self { writer: Box::new(writer), coloured, terminal }
    }

    /// What is kept in memory first, to be shown here later.
    #[must_use]
    pub fn kept<'m>(&self, memory: &'m mut Vec<u8>) -> Stream<'m> {
        Stream::new(memory, self.coloured, self.terminal)
    }

    /// The style as it is to be written here: without effect where there is no colour.
    #[must_use]
    pub fn style(&self, style: Style) -> Style {
        if self.coloured { style } else { Style::new() }
    }

    /// Whether a terminal shows what is written, so that active characters must not reach it.
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        self.terminal
    }
}

impl Write for Stream<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Takes a closed pipe for success: whoever read has seen enough, as in `unroot | head`.
///
/// # Errors
/// Every other error as it came.
pub fn unless_closed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

fn is_coloured(colour: Colour, detected: ColorChoice) -> bool {
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => detected != ColorChoice::Never || is_forced(),
    }
}

/// Whether the environment asks for colour by the name that Node.js, Python's tools and CI services use; anstream knows the
/// others. `NO_COLOR` wins.
fn is_forced() -> bool {
    let value = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    value("NO_COLOR").is_none() && value("FORCE_COLOR").is_some_and(|value| value != "0" && value != "false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_no_error() {
        assert!(unless_closed(Err(io::ErrorKind::BrokenPipe.into())).is_ok());
        assert!(unless_closed(Err(io::ErrorKind::StorageFull.into())).is_err());
        assert!(unless_closed(Ok(())).is_ok());
    }

    #[test]
    fn the_choice_wins_over_what_was_detected() {
        assert!(is_coloured(Colour::Always, ColorChoice::Never));
        assert!(!is_coloured(Colour::Never, ColorChoice::Always));
        assert!(is_coloured(Colour::Auto, ColorChoice::Always));
        assert!(!is_coloured(Colour::Auto, ColorChoice::Never));
    }
}
