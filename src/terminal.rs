//! Colour, width, escaping of control characters, progress.

mod escape;
mod progress;
mod stream;

pub(crate) use escape::escape_line;
pub use escape::{escape, is_active};
pub use progress::Progress;
pub use stream::{Colour, Stream, unless_closed};
