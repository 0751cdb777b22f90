//! What a walk of whole folders came by and did not need: a search for callers begins with it, in place of a second walk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use camino::{Utf8Path, Utf8PathBuf};

use super::code::Said;
use super::commands::Declared;
use super::file_names::{is_hcl, runs_modules};
use super::paths::trimmed;
use super::places::tidy;
use crate::source::FileKind;

/// What a walk has seen.
#[derive(Debug, Clone, Default)]
pub struct Sightings {
    /// The folders that were walked, as they are shown.
    pub(super) starts: Vec<PathBuf>,
    /// What the code says that was read whole.
    pub(super) code: Said,
    /// The names that it takes from outside.
    pub(super) declared: Declared,
    /// The number of its files.
    pub(super) files: usize,
    /// Files of code, and of Terragrunt and Terraform Stacks, that were not read, or not whole.
    pub(super) unread: Paths,
    /// Other files, which may hand values over.
    pub(super) texts: Paths,
    /// Whether an ignore comment may stand on a call, a component or a unit in what was read.
    pub(super) may_except: bool,
    /// Symbolic links.
    pub(super) links: Vec<Utf8PathBuf>,
    /// Lists of the modules that `terraform init` has left.
    pub(super) manifests: Vec<Utf8PathBuf>,
    /// Folders, files and links that the walk did not enter or read.
    pub(super) passed_by: Vec<PathBuf>,
}

impl Sightings {
    /// Adds what another thread has seen.
    pub(super) fn append(&mut self, mut other: Self) {
        self.starts.append(&mut other.starts);
        self.code.append(&mut other.code);
        self.declared.append(other.declared);
        self.files += other.files;
        self.unread.append(other.unread);
        self.texts.append(other.texts);
        self.may_except |= other.may_except;
        self.links.append(&mut other.links);
        self.manifests.append(&mut other.manifests);
        self.passed_by.append(&mut other.passed_by);
    }

    /// Adds a file that was not read, or not whole.
    pub(super) fn push_unread(&mut self, path: &Utf8Path) {
        let name = path.file_name().unwrap_or_default().as_ref();
        let is_code = FileKind::is_configuration(name) || runs_modules(name) || is_hcl(name);
        if is_code { self.unread.push(path) } else { self.texts.push(path) }
    }

    /// Whether just these folders were walked.
    #[must_use]
    pub fn are_of(&self, folders: &[Utf8PathBuf]) -> bool {
        let plain = |path: &Path| trimmed(path).to_owned();
        let mut walked: Vec<PathBuf> = self.starts.iter().map(|start| plain(start)).collect();
        let mut asked: Vec<PathBuf> = folders.iter().map(|folder| plain(&tidy(folder))).collect();
        walked.sort_unstable();
        asked.sort_unstable();
        asked.dedup();
        walked == asked
    }
}

/// In which order threads come by is no matter.
impl PartialEq for Sightings {
    fn eq(&self, other: &Self) -> bool {
        fn sets(all: &Sightings) -> impl PartialEq + '_ {
            let Sightings { starts, code, declared, files, unread, texts, may_except, links, manifests, passed_by } =
                all;
            let code: BTreeSet<_> = code.iter().collect();
            let paths = [starts, passed_by].map(|paths| paths.iter().collect::<BTreeSet<_>>());
            (
                code,
                (declared, may_except),
                (unread, texts),
                paths,
                [links, manifests].map(|paths| paths.iter().collect::<BTreeSet<_>>()),
                files,
            )
        }
        sets(self) == sets(other)
    }
}

impl Eq for Sightings {}

/// The paths of many files, each folder once for those that come in a row.
#[derive(Debug, Clone, Default)]
pub(super) struct Paths(Vec<(Utf8PathBuf, String)>);

/// In which order they come is no matter.
impl PartialEq for Paths {
    fn eq(&self, other: &Self) -> bool {
        let set = |paths: &Self| (0..paths.groups()).flat_map(|at| paths.group(at)).collect::<BTreeSet<_>>();
        set(self) == set(other)
    }
}

impl Eq for Paths {}

impl Paths {
    /// No name holds it.
    const SEPARATOR: char = '/';

    /// Bytes of names after which a folder is named again: work is shared out by groups.
    const LONGEST: usize = 4096;

    pub(super) fn push(&mut self, path: &Utf8Path) {
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        let name = path.file_name().unwrap_or_default();
        match self.0.last_mut() {
            Some((last, names)) if last.as_str() == folder.as_str() && names.len() < Self::LONGEST => {
                names.push(Self::SEPARATOR);
                names.push_str(name);
            }
            _ => self.0.push((folder.to_owned(), name.to_owned())),
        }
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// The number of groups, each of files of one folder.
    pub(super) fn groups(&self) -> usize {
        self.0.len()
    }

    /// The paths of a group.
    pub(super) fn group(&self, at: usize) -> impl Iterator<Item = Utf8PathBuf> {
        let of = |(folder, names): &(Utf8PathBuf, String)| {
            names.split(Self::SEPARATOR).map(|name| folder.join(name)).collect::<Vec<_>>()
        };
        self.0.get(at).map(of).into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_back_as_they_were() {
        let all = ["a", "b", "c/d", "c/e f", "c/g/h", "c/i", "../j"];
        let mut paths = Paths::default();
        for path in all {
            paths.push(Utf8Path::new(path));
        }
        assert_eq!((0..paths.groups()).flat_map(|at| paths.group(at)).collect::<Vec<_>>(), all);
        assert_eq!(paths.groups(), 5);
    }

    #[test]
    fn folders_count_by_what_they_are_called() {
        let sightings = Sightings { starts: vec![".".into(), "a/b".into()], ..Sightings::default() };
        for (folders, are_those) in [
            (&["a/b/", "./"][..], true),
            (&["./a/b", ".", "a/b"], true),
            (&["."], false),
            (&["a/b", ".", "c"], false),
            (&["a/b", "/"], false),
        ] {
            let folders: Vec<Utf8PathBuf> = folders.iter().map(Into::into).collect();
            assert_eq!(sightings.are_of(&folders), are_those, "{folders:?}");
        }
    }
}
