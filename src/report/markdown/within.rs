//! Sections cut to what a comment or a pull request can hold.

use std::io::{self, Write};

use super::super::counts::counted;
use crate::terminal::Stream;

/// More of a message than this is cut, in characters.
const LONGEST_MESSAGE: usize = 600;

/// Prints a section of at most some bytes. Its items, lines that start with a dash or a bar at the margin, stay whole or are left
/// out, and counted.
pub(super) fn within(
    budget: usize,
    out: &mut Stream<'_>,
    section: impl FnOnce(&mut Stream<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    section(&mut Stream::plain(&mut bytes))?;
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    let (mut written, mut left_out) = (0, 0);
    for item in items(&text) {
        let is_item = item.starts_with(['-', '|']);
        if written + item.len() > budget && is_item {
            left_out += 1;
        } else if left_out == 0 {
            out.write_all(item.as_bytes())?;
            written += item.len();
        }
    }
    if left_out > 0 {
        let more = counted(left_out, "more row");
        writeln!(out, "\n… and {more}, left out for length; `--report csv=FILE` has every instance.\n")?;
    }
    Ok(())
}

/// The parts of a text that start at a line with an item, and what stands before.
fn items(text: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at > start && line.starts_with(['-', '|']) {
            items.push(&text[start..at]);
            start = at;
        }
        at += line.len();
    }
    items.push(&text[start..]);
    items
}

/// A message as long as one reads it.
pub(super) fn short(message: &str) -> String {
    match message.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{} …", message[..end].replace('`', "'")),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_counted() {
        let mut bytes = Vec::new();
        let section = |out: &mut Stream<'_>| writeln!(out, "## Title\n\n- one\n  - more\n- two\n- three\n");
        within(31, &mut Stream::plain(&mut bytes), section).expect("memory can be written");
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert_eq!(
            text,
            "## Title\n\n- one\n  - more\n- two\n\n… and 1 more row, left out for length; `--report csv=FILE` has every \
             instance.\n\n"
        );
    }
}
