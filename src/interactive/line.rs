//! A line of text, key by key.

use std::io::{self, Write as _};

use crate::terminal::{Key, Keys, Stream, display_width, is_active};

/// Erases the line the cursor stands on, from its start (ECMA-48: carriage return, `EL`).
pub(super) const ERASE: &str = "\r\u{1b}[K";

/// Ctrl-U, which terminals take for "forget the line".
const FORGET: char = '\u{15}';

/// Reads a line after `prompt`. `None` if it was left empty or given up with Escape, Ctrl-C or Ctrl-D.
///
/// The line is drawn anew for each key, and only its end where it is longer than the terminal is wide, so that nothing
/// depends on how a terminal wraps.
pub(super) fn read(prompt: &str, keys: &mut dyn Keys, out: &mut Stream<'_>) -> io::Result<Option<String>> {
    let mut line = String::new();
    loop {
        let room = keys.width().saturating_sub(display_width(prompt) + 1);
        write!(out, "{ERASE}{prompt}{}", tail(&line, room))?;
        out.flush()?;
        match keys.next()? {
            Key::Enter => break,
            Key::Escape | Key::Interrupt | Key::Closed => {
                line.clear();
                break;
            }
            Key::Backspace => _ = line.pop(),
            Key::Char(FORGET) => line.clear(),
            Key::Char(c) if !is_active(c) => line.push(c),
            Key::Char(_) | Key::Other => {}
        }
    }
    writeln!(out)?;
    let line = line.trim();
    Ok((!line.is_empty()).then(|| line.to_owned()))
}

/// The end of a text that fits into some columns.
fn tail(text: &str, columns: usize) -> &str {
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let mut tails = starts.map(|at| &text[at..]);
    tails.find(|tail| display_width(tail) <= columns).unwrap_or_default()
}
