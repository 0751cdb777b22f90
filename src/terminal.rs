//! Colour, width, keys, escaping of control characters, progress.

mod escape;
mod keys;
mod progress;
mod prose;
mod stream;

pub(crate) use escape::is_log_command;
pub use escape::{escape, is_active};
pub(crate) use escape::{escape_line, with_short_names};
pub use keys::{Key, Keyboard, Keys, restore};
pub use progress::Progress;
pub use prose::{display_width, fold};
pub use stream::{Colour, Stream, unless_closed};
