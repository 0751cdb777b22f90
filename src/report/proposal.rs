//! One proposed change for a person who is asked about it.

use std::io::{self, Write};

use super::diff::{Reader, print_patch};
use super::lines::{place, style};
use super::palette::{FAINT, TITLE};
use super::text::ways;
use super::{Options, Report};
use crate::terminal::{Stream, escape, fold};

/// Prints, for each finding of a report, its place, rule and reason and the way of its values, and then the diff.
/// Prose is broken to fit `width` columns; the diff is not, since its lines are the user's.
///
/// # Errors
/// Errors of the stream.
pub fn print(report: &Report<'_>, options: &Options, width: usize, out: &mut Stream<'_>) -> io::Result<()> {
    let (title, faint) = (out.style(TITLE), out.style(FAINT));
    for finding in report.findings {
        let rule = out.style(style(finding));
        let code = finding.code();
        writeln!(out, "{title}{}{title:#}: {rule}{code}{rule:#}", place(finding.anchor, report))?;
        let address = finding.notebook().map_or("", |notebook| &*notebook.address);
        let reason = format!("  {}: {}", escape(address), escape(&finding.message));
        write!(out, "{}", fold(&reason, width))?;
        for way in finding.notebook().map_or_else(Vec::new, |notebook| ways(notebook, report)) {
            let way = fold(&format!("  {}", escape(&way)), width);
            write!(out, "{faint}{way}{faint:#}")?;
        }
    }
    for patch in report.patches {
        writeln!(out)?;
        print_patch(patch, report, options, Reader::Person, out)?;
    }
    Ok(())
}
