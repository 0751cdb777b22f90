//! Problems and notes for people: one line each.

use std::io::{self, Write};

use super::palette::{ERROR, NOTE};
use super::{Options, Report};
use crate::finding::Problem;
use crate::terminal::{Stream, escape};

/// Prints every problem, and every note unless the run is quiet.
pub(super) fn print(report: &Report<'_>, options: &Options, err: &mut Stream<'_>) -> io::Result<()> {
    for problem in report.problems {
        print_problem(problem, err)?;
    }
    for note in report.notes.iter().filter(|_| options.tells()) {
        let path = report.sources[note.file].path();
        let place = format!("{path}:{}:{}", note.position.line, note.position.column);
        print_note(&place, &note.message, err)?;
    }
    Ok(())
}

/// Prints one problem.
///
/// # Errors
/// Errors of the stream.
pub fn print_problem(problem: &Problem, err: &mut Stream<'_>) -> io::Result<()> {
    let style = err.style(ERROR);
    writeln!(err, "{style}error{style:#}: {}: {}", place(problem), escape(&problem.message))
}

/// Prints one note on a file or a place in it.
///
/// # Errors
/// Errors of the stream.
pub fn print_note(place: &str, message: &str, err: &mut Stream<'_>) -> io::Result<()> {
    let style = err.style(NOTE);
    writeln!(err, "{style}note{style:#}: {}: {}", escape(place), escape(message))
}

/// `path:line:column`, or the path where no place in the file is known.
fn place(problem: &Problem) -> String {
    // The working folder has no name of its own.
    let path = if problem.file.is_empty() { ".".into() } else { escape(&problem.file) };
    problem.position.map_or_else(|| path.to_string(), |at| format!("{path}:{}:{}", at.line, at.column))
}
