//! What a script says: its text with the places it comes from, words, and the statements of the shell.

pub mod mapped;
pub mod mask;
pub mod parameters;
pub mod parse;
pub mod pattern;
pub mod quoting;
pub mod template;
pub mod tree;
pub mod words;
