//! What an expression is worth.

mod literal;

pub use literal::{Literal, Unknown, literal};
