//! Random trees, held against Terraform: what unroot reports is what Terraform plans, and what unroot writes makes
//! Terraform plan `Disabled`.
//!
//! `UNROOT_TRACE_TREES` says how many trees are made, `UNROOT_TRACE_SEED` from which seed on.

mod arguments;
mod batch;
mod block;
mod expression;
mod module;
mod supply;
mod tree;
mod values;

use std::time::Instant;

use batch::{Batch, Counts};

use crate::twin::Terraform;

/// Trees in one plan: enough that starting Terraform costs little, few enough that an error is easy to place.
const BATCH: u64 = 10;

/// As many as take a few seconds.
const DEFAULT_TREES: u64 = 30;

/// Makes the trees and judges them, batch by batch.
///
/// # Errors
/// The first trees that went wrong, with their text.
pub(crate) fn judged() -> Result<(), String> {
    let Some(terraform) = Terraform::find() else { return Ok(()) };
    let number = |name: &str, default: u64| match std::env::var(name) {
        Ok(text) => text.parse().map_err(|error| format!("{name}: {error}")),
        Err(_) => Ok(default),
    };
    let (trees, first) = (number("UNROOT_TRACE_TREES", DEFAULT_TREES)?, number("UNROOT_TRACE_SEED", 1)?);
    let start = Instant::now();
    let mut wrong = Vec::new();
    let mut counts = Counts::new();
    for from in (first..first + trees).step_by(usize::try_from(BATCH).expect("a small number")) {
        let batch = Batch::new(from..(from + BATCH).min(first + trees));
        wrong.extend(batch.judge(&terraform, &mut counts)?);
    }
    let told = format!(
        "{} of {trees} trees from seed {first} are wrong, {:.0?}; notebooks: {counts:?}",
        wrong.len(),
        start.elapsed()
    );
    if trees > DEFAULT_TREES {
        #[expect(clippy::print_stderr, reason = "a long run has to say what it did")]
        {
            eprintln!("{told}");
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    wrong.truncate(5);
    Err(format!("{told}\n{}", wrong.join("\n")))
}
