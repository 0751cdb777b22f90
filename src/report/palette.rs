//! The colours of what is printed for people. Only the basic eight, which follow the terminal's own theme.

use anstyle::{AnsiColor, Style};

/// A file name or another title.
pub(super) const TITLE: Style = Style::new().bold();
/// A line that goes.
pub(super) const REMOVED: Style = AnsiColor::Red.on_default();
/// A line that comes.
pub(super) const ADDED: Style = AnsiColor::Green.on_default();
/// The head of a hunk.
pub(super) const HUNK: Style = AnsiColor::Cyan.on_default();
/// The word `warning`.
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// Less important text.
pub(super) const FAINT: Style = Style::new().dimmed();
/// The word `error`.
pub(super) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// The word `note`.
pub(super) const NOTE: Style = AnsiColor::Cyan.on_default().bold();
/// All is well.
pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();
