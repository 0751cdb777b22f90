//! What one pass over the tree has found.

use std::path::PathBuf;

use camino::Utf8PathBuf;

use super::Found;
use super::left_out::Aside;
use super::sightings::Sightings;
use crate::finding::Problem;

/// The result of a pass.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) hits: Vec<Found>,
    pub(super) files: usize,
    pub(super) problems: Vec<Problem>,
    /// Symbolic links, not yet followed.
    pub(super) links: Vec<PathBuf>,
    /// Folders that code names by a relative path, walked or not.
    pub(super) called: Vec<PathBuf>,
    /// Folders and Terraform files that were left out.
    pub(super) aside: Vec<Aside>,
    /// Files that may hand [`crate::control::ATTRIBUTE`] to a module.
    pub(super) handing: Vec<Utf8PathBuf>,
    /// Files with a relative path that leads out of the folder that is walked, and that path.
    pub(super) leaving: Vec<(Utf8PathBuf, String)>,
    /// Lists of modules that `terraform init` has left.
    pub(super) manifests: Vec<Utf8PathBuf>,
    /// The folders and Terraform files that were visited, each as [`super::visit::Walker::mark`] of its path.
    pub(super) marks: Vec<u64>,
    /// The other files that were come by, marked alike: none of them is a folder that code calls.
    pub(super) others: Vec<u64>,
    /// What a search for callers begins with.
    pub(super) sightings: Sightings,
}

impl Gathered {
    pub(super) fn append(&mut self, mut other: Self) {
        self.hits.append(&mut other.hits);
        self.files += other.files;
        self.problems.append(&mut other.problems);
        self.links.append(&mut other.links);
        self.called.append(&mut other.called);
        self.aside.append(&mut other.aside);
        self.handing.append(&mut other.handing);
        self.leaving.append(&mut other.leaving);
        self.manifests.append(&mut other.manifests);
        self.marks.append(&mut other.marks);
        self.others.append(&mut other.others);
        self.sightings.append(other.sightings);
    }
}
