//! What an expression is worth: every value it can have, where each comes from, and what to change there.

mod arrive;
mod changes;
mod collections;
mod convert;
mod data;
mod demands;
mod eval;
mod frame;
mod functions;
mod needs;
mod number;
mod operators;
mod references;
mod repair;
mod root;
mod types;
mod uses;

pub use arrive::Arrival;
pub use changes::{ChangeKind, Changes};
pub use data::Data;
pub use eval::Evaluator;
pub use repair::{Patient, Repair, complies};
