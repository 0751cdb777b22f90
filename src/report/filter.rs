//! Standard input as a filter treats it: the fixed text and nothing else on the way out, the findings beside it.

use std::io::{self, Write};

use super::{Options, Report, lines};
use crate::terminal::Stream;

/// Prints the new text of the one file, or its old text where nothing changes; nothing where it could not be read.
pub(super) fn print(report: &Report<'_>, out: &mut Stream<'_>) -> io::Result<()> {
    // Standard input is read first; files that its values lead to come later.
    for (id, file) in report.sources.iter().take(1) {
        let patch = report.patches.iter().find(|patch| patch.file == id);
        match patch {
            Some(patch) => out.write_all(patch.after.as_bytes())?,
            None => out.write_all(&file.bytes())?,
        }
    }
    Ok(())
}

/// Prints the findings.
pub(super) fn print_findings(report: &Report<'_>, options: &Options, err: &mut Stream<'_>) -> io::Result<()> {
    for finding in lines::shown(report, options) {
        lines::print(finding, report, options, err)?;
    }
    Ok(())
}
