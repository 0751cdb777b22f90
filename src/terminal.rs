//! Colour, width, escaping of control characters, progress.

pub mod progress;
