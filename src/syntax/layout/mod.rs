//! Where and how a change is put into the text, so that it looks as if it had always been there.
//!
//! The rules are those of the design: neighbours are never re-aligned, indentation, line ending and tabs follow the
//! neighbours, and what `terraform fmt` finds well formed stays so. To keep that last promise each change is tried
//! out on the lines around it with the alignment rules of [`align`].

mod align;
mod insert;
mod replace;
mod trial;

pub use insert::insert_attribute;
pub use replace::{remove_element, replace_expression};
