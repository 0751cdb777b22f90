//! The line of code that a finding is about, for people.

use std::io::{self, Write};

use super::Report;
use super::palette::{FAINT, HUNK};
use super::sensitive::Sensitive;
use crate::secrets;
use crate::source::{FileKind, Location, Role};
use crate::terminal::{Stream, display_width, escape_line};

/// Characters of a line that are shown, and of those how many stand in front of what is marked.
const MOST_SHOWN: usize = 160;
const MOST_BEFORE: usize = 60;

/// Prints the line that a place starts on, and marks the place in it. Of a long line only what is around the place is shown;
/// nothing of a file of values, whose lines may hold secrets, or of a line with a value that Terraform would not show.
pub(super) fn print(at: Location, report: &Report<'_>, sensitive: &Sensitive, out: &mut Stream<'_>) -> io::Result<()> {
    let file = &report.sources[at.file];
    if FileKind::of(file.path()).role == Role::Values {
        return Ok(());
    }
    let number = file.line_of(at.span.start);
    let line = file.line_span(number);
    let start = line.start.max(file.content_start());
    let shown = file.text().get(start..line.end).unwrap_or_default();
    if sensitive.hide(at.file, start, shown) != shown {
        return Ok(());
    }
    let Some((before, rest)) =
        file.text().get(start..line.end).and_then(|text| text.split_at_checked(at.span.start.checked_sub(start)?))
    else {
        return Ok(());
    };
    let length = at.span.end.min(line.end).saturating_sub(at.span.start);
    let Some((marked, after)) = rest.split_at_checked(length) else { return Ok(()) };
    let cut = before.char_indices().rev().nth(MOST_BEFORE - 1).map_or(0, |(at, _)| at);
    let before = &before[cut..];
    let room = MOST_SHOWN.saturating_sub(before.chars().count());
    let marked: String = marked.chars().take(room).collect();
    let after: String = after.chars().take(room.saturating_sub(marked.chars().count())).collect();
    // A tab is as wide as the terminal likes, so the marks could not stand below what they mark.
    let shown = |text: &str| escape_line(text).replace('\t', "  ");
    let (before, marked, after) = (shown(before), shown(&marked), shown(&after));
    let (faint, mark) = (out.style(FAINT), out.style(HUNK));
    let margin = number.to_string().len();
    let whole = format!("{before}{marked}{after}");
    let hidden = secrets::hide(&whole);
    if hidden != whole {
        // Marks could not stand below what they mark.
        return writeln!(out, "  {faint}{number} |{faint:#} {hidden}");
    }
    writeln!(out, "  {faint}{number} |{faint:#} {before}{marked}{after}")?;
    let (blank, marks) = (" ".repeat(display_width(&before)), "^".repeat(display_width(&marked).max(1)));
    writeln!(out, "  {faint}{:margin$} |{faint:#} {blank}{mark}{marks}{mark:#}", "")
}
