//! `unroot` takes root access away from SageMaker notebook instances in Terraform code.
//!
//! [`analyse`] takes paths and gives findings and proved new texts; it writes nothing. The command line program is made
//! of the same parts.
//!
//! # The pipeline
//!
//! One straight line, which `run` reads from top to bottom; the modes differ only in its last step.
//!
//! ```text
//! args → settings → discover → model → value → check ┐
//!                                  └→ lifecycle → script ┴→ findings → suppress → plan → verify
//!      → report | write | interactive → status
//! ```
//!
//! `discover` keeps only files that mention a notebook. `syntax` turns them into one small tree with spans, `model`
//! into modules, and `value` follows `root_access` to its literals. `check` judges each notebook and proposes a
//! [`fix::Fix`]: splices into the original text, as data. `lifecycle` finds the scripts that notebooks run, and
//! `script` judges them. `suppress` applies ignore comments to all findings, `plan` chooses among the fixes, or
//! `interactive` asks about each, `verify` proves what they do, and `write` is the only code that changes
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
//! 8. [`analyse`] opens no file for writing, nor does the program without `--write` or an answer that asks for it, but for the
//!    reports named on the command line.
//!
//! # The limits
//!
//! - Code is read, not accounts: nothing is known of instances made by hand or changed since.
//! - What only a plan knows, such as the value of a data source, stays unknown: such a notebook is for review.
//! - Notebooks in CloudFormation templates are not judged. A template in the code of the resource that uses it gets a
//!   note, others are not found.
//! - Expressions nested more than some 400 levels deep are not read, and what hangs on one is for review.
//! - Files are read whole: one that mentions a notebook takes up to a hundred times its size while its fix is proved.

mod evidence;
mod interactive;
mod lifecycle;
mod os_error;
mod plan;
mod repair;
mod secrets;
mod signals;
mod suppress;
mod temporary;
mod value;
mod verify;

// The tests and benchmarks of this project look inside, with the feature `internals`; nobody else does, so that the
// compiler sees what is not used.
#[cfg(not(feature = "internals"))]
mod check;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod check;
#[cfg(not(feature = "internals"))]
mod cli;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod cli;
#[cfg(not(feature = "internals"))]
mod control;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod control;
#[cfg(not(feature = "internals"))]
mod discover;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod discover;
#[cfg(not(feature = "internals"))]
mod finding;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod finding;
#[cfg(not(feature = "internals"))]
mod fix;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod fix;
#[cfg(not(feature = "internals"))]
mod model;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod model;
#[cfg(not(feature = "internals"))]
mod options;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod options;
#[cfg(not(feature = "internals"))]
mod owners;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod owners;
#[cfg(not(feature = "internals"))]
mod report;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod report;
#[cfg(not(feature = "internals"))]
mod rules;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod rules;
#[cfg(not(feature = "internals"))]
mod run;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod run;
#[cfg(not(feature = "internals"))]
mod script;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod script;
#[cfg(not(feature = "internals"))]
mod source;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod source;
#[cfg(not(feature = "internals"))]
mod syntax;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod syntax;
#[cfg(not(feature = "internals"))]
mod terminal;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod terminal;
#[cfg(not(feature = "internals"))]
mod write;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod write;

use std::process::ExitCode;

use camino::Utf8PathBuf;

pub use discover::{BadGlob, Walk};
pub use finding::{
    Finding, FixState, Hook, Hop, Instance, Instances, Instead, LeftOut, Note, Notebook, Problem, Program, ProgramKind,
    Script, Status, Subject, Suppression, Use, Value, ValueTrace, Why,
};
pub use fix::{Applicability, Edit, Fix, Intent, Patch};
pub use options::{Exemption, Exemptions, FixAt, Options, Scripts};
pub use rules::{Help, Rule, Severity};
pub use run::Outcome;
pub use source::{FileId, Location, NotUtf8, Position, SourceFile, Sources, Span, Splice};

/// Analyses the Terraform code below some paths, as a preview does: every notebook and lifecycle script with its verdict,
/// and the new text of every file in which an applicable fix was proved. Nothing is written.
///
/// ```
/// use unroot::{Options, Status, analyse};
///
/// let outcome = analyse(["examples/legacy"], &Options::default())?;
/// for finding in outcome.findings.iter().filter(|finding| finding.status() != Status::Compliant) {
///     let file = &outcome.sources[finding.anchor.file];
///     let line = file.line_of(finding.anchor.span.start);
///     println!("{}:{line}: {}: {}", file.path(), finding.code(), finding.message);
/// }
/// assert!(outcome.patches.iter().all(|patch| patch.after.contains("\"Disabled\"")));
/// # assert!(!outcome.patches.is_empty());
/// # Ok::<(), unroot::BadGlob>(())
/// ```
///
/// # Errors
/// If a glob of [`Walk::exclude`] is malformed. What is wrong with single files is part of the outcome.
pub fn analyse<P: Into<Utf8PathBuf>>(
    paths: impl IntoIterator<Item = P>,
    options: &Options,
) -> Result<Outcome, BadGlob> {
    let paths: Vec<Utf8PathBuf> = paths.into_iter().map(Into::into).collect();
    run::analyse(&paths, options)
}

/// The command line program.
#[doc(hidden)]
#[must_use]
pub fn program() -> ExitCode {
    run::program()
}
