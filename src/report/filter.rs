//! Standard input as a filter treats it: the fixed text and nothing else on the way out, the findings beside it.

use std::io::{self, Write};

use super::{Options, Report, lines, problems};
use crate::terminal::Stream;

/// Prints the new text of the one file, or its old text where nothing changes; nothing where it could not be read.
pub(super) fn print(
    report: &Report<'_>,
    options: &Options,
    out: &mut Stream<'_>,
    err: &mut Stream<'_>,
) -> io::Result<()> {
    // Standard input is read first; files that its values lead to come later.
    for (id, file) in report.sources.iter().take(1) {
        let patch = report.patches.iter().find(|patch| patch.file == id);
        match patch {
            Some(patch) => out.write_all(patch.after.as_bytes())?,
            None => out.write_all(&file.bytes())?,
        }
    }
    out.flush()?;
    for finding in lines::shown(report, options) {
        lines::print(finding, report, err)?;
    }
    problems::print(report, options, err)
}
