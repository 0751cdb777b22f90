//! Colour, width, escaping of control characters, progress.
