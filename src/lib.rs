//! `unroot` takes root access away from SageMaker notebook instances in Terraform code.
//!
//! The library is what the command line program is made of; its interface follows the program's needs.
//!
//! # The pipeline
//!
//! One straight line, which [`run`] reads from top to bottom; the modes differ only in its last step.
//!
//! ```text
//! args → settings → discover → model → value → check ┐
//!                                  └→ lifecycle → script ┴→ findings → suppress → plan → verify
//!      → report | write | interactive → status
//! ```
//!
//! [`discover`] keeps only files that mention a notebook. [`syntax`] turns them into one small tree with spans, [`model`]
//! into modules, and [`value`] follows `root_access` to its literals. [`check`] judges each notebook and proposes a
//! [`fix::Fix`]: splices into the original text, as data. [`lifecycle`] finds the scripts that notebooks run, and
//! [`script`] judges them. [`suppress`] applies ignore comments to all findings, [`plan`] chooses among the fixes, or
//! [`interactive`] asks about each, [`verify`] proves what they do, and [`mod@write`] is the only code that changes
//! users' files.
//!
//! # The promises
//!
//! 1. Outside the edited spans every byte stays: nothing is printed from a syntax tree.
//! 2. A file that `terraform fmt` is content with stays so, and the diff is minimal.
//! 3. A result is proved before it is shown or written: it parses, its tree differs in what was meant and nothing else,
//!    and the notebook complies.
//! 4. A second run changes nothing.
//! 5. A file is replaced whole or not at all, and only if it is still what was read.
//! 6. What cannot be read, parsed or decided is reported and shows in the exit code; one bad file never stops the run.
//! 7. The same input gives the same output, whatever the number of threads.
//! 8. Without [`report::Mode::Write`] no file is opened for writing.
//!
//! # The limits
//!
//! - Code is read, not accounts: nothing is known of instances made by hand or changed since.
//! - What only a plan knows, such as the value of a data source, stays unknown: such a notebook is for review.
//! - Notebooks in CloudFormation templates are not judged. A template in the code of the resource that uses it gets a
//!   note, others are not found.
//! - Parsing is recursive, with a depth of 64 at most: the calling thread needs some megabytes of stack.
//! - Files are read whole: one that mentions a notebook takes up to a hundred times its size while its fix is proved.

pub mod check;
pub mod cli;
pub mod control;
pub mod discover;
pub mod finding;
pub mod fix;
pub mod interactive;
pub mod lifecycle;
pub mod model;
pub mod os_error;
pub mod plan;
pub mod report;
pub mod rules;
pub mod run;
pub mod script;
pub mod signals;
pub mod source;
pub mod suppress;
pub mod syntax;
pub mod temporary;
pub mod terminal;
pub mod value;
pub mod verify;
pub mod write;
