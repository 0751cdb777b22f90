//! Source text to one small tree with spans.

pub mod tree;
