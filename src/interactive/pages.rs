//! A long text, a screen at a time. No other program shows it: a run starts none.

use std::io::{self, Write as _};

use crate::terminal::{Key, Keys, Stream, display_width};

/// What stands below a page; at most 40 columns.
const MORE: &str = "-- more: space; back: q --";

/// Whether a text takes more rows than the terminal has.
pub(super) fn is_long(text: &str, keys: &dyn Keys) -> bool {
    let width = keys.width();
    text.lines().map(|line| rows(line, width)).sum::<usize>() >= keys.height()
}

/// Prints a text, and waits for a key after each screen of it.
pub(super) fn print(text: &str, keys: &mut dyn Keys, out: &mut Stream<'_>) -> io::Result<()> {
    let mut used = 0;
    for line in text.lines() {
        let own = rows(line, keys.width());
        // The last row is for the line below the page.
        if used > 0 && used + own >= keys.height() {
            write!(out, "{MORE}")?;
            out.flush()?;
            let key = keys.next()?;
            write!(out, "{}", super::line::ERASE)?;
            match key {
                Key::Char('q' | 'Q') | Key::Escape | Key::Interrupt | Key::Closed => return Ok(()),
                _ => used = 0,
            }
        }
        used += own;
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The rows that a line takes.
fn rows(line: &str, width: usize) -> usize {
    display_width(line).div_ceil(width.max(1)).max(1)
}
