//! One proposed change for a person who is asked about it.

use std::io::{self, Write};

use super::diff::{Reader, print_patch};
use super::lines::{place, style};
use super::origins::ways;
use super::palette::{FAINT, TITLE};
use super::sensitive::Sensitive;
use super::{Options, Report};
use crate::terminal::{Stream, escape, fold};

/// More findings in lifecycle scripts than this are counted.
const MOST_SCRIPTS: usize = 5;

/// Prints, for each finding of a report, its place, rule and reason, the way of its values and the lines on its scripts, and
/// then the diff. Prose is broken to fit `width` columns; the diff is not, since its lines are the user's.
///
/// # Errors
/// Errors of the stream.
pub fn print(
    report: &Report<'_>,
    scripts: &[String],
    options: &Options,
    width: usize,
    out: &mut Stream<'_>,
) -> io::Result<()> {
    let (title, faint) = (out.style(TITLE), out.style(FAINT));
    for finding in report.findings {
        let rule = out.style(style(finding));
        let code = finding.code();
        writeln!(out, "{title}{}{title:#}: {rule}{code}{rule:#}", place(finding.anchor, report))?;
        let address = finding.notebook().map_or("", |notebook| &*notebook.address);
        let reason = format!("  {}: {}", escape(address), escape(&finding.message));
        write!(out, "{}", fold(&reason, width))?;
        for way in
            finding.notebook().map_or_else(Vec::new, |notebook| ways(notebook, &|location| place(location, report)))
        {
            let way = fold(&format!("  {}", escape(&way)), width);
            write!(out, "{faint}{way}{faint:#}")?;
        }
    }
    for script in scripts.iter().take(MOST_SCRIPTS) {
        write!(out, "{}", fold(&format!("  {}", escape(script)), width))?;
    }
    if let Some(more) = scripts.len().checked_sub(MOST_SCRIPTS).filter(|more| *more > 0) {
        writeln!(out, "  … and {more} more in its scripts")?;
    }
    let sensitive = Sensitive::of(report);
    for patch in report.patches {
        writeln!(out)?;
        print_patch(patch, report, options, Reader::Person(&sensitive), out)?;
    }
    Ok(())
}
