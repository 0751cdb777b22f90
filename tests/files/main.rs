//! What happens to files: which are found, and how they are replaced. Real files throughout.

#![expect(clippy::disallowed_methods, reason = "the tests make the files that are read and replaced")]

#[cfg(unix)]
mod killed;
#[cfg(unix)]
mod links;
mod process;
#[cfg(unix)]
mod refused;
#[cfg(unix)]
mod sightings;
mod tree;
mod walk;
mod write;
