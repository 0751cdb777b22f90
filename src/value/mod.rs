//! The evaluator: every value that an expression can have, and where each comes from.

mod alternatives;
mod arrive;
mod collections;
mod conditional;
mod constraint;
mod convert;
mod data;
mod eval;
mod frame;
mod functions;
mod influence;
mod needs;
mod number;
mod operators;
mod outputs;
mod references;
mod repetitions;
mod root;
mod stacks;
mod terragrunt;
mod types;
mod variables;
mod ways;
mod work;

pub use arrive::{Arrival, Arrived};
pub(crate) use data::alternatives;
pub use data::{Data, ListKind, MapKind, OriginKind, Traced, Values};
pub(crate) use eval::computed;
pub use eval::{Evaluator, Scope};
pub use frame::Frame;
pub(crate) use needs::needs;
pub(crate) use root::root_of_values;
pub(crate) use terragrunt::units;
