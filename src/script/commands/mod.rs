//! What programs do with their command lines: options and operands, what they write, print, and whom they become.

pub mod options;
pub mod sed;
pub mod stdout;
pub mod user_change;
pub mod writes;
