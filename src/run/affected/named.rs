//! The paths of a run.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use crate::model::Workspace;
use crate::source::{FileKind, Role};

/// A path of the command line.
pub(super) struct Named {
    /// Free of links.
    pub(super) real: Utf8PathBuf,
    /// The folder that it stands in.
    pub(super) folder: Utf8PathBuf,
    pub(super) is_folder: bool,
    pub(super) role: Role,
}

impl Named {
    pub(super) fn new(path: &Utf8Path) -> Option<Self> {
        let real = path.canonicalize_utf8().ok()?;
        let parent = path.parent().filter(|parent| !parent.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
        let folder = parent.canonicalize_utf8().ok()?;
        let is_folder = real.is_dir();
        Some(Self { folder, is_folder, role: FileKind::of(path).role, real })
    }

    /// The folders that a file is part of, or the files below a folder are by links elsewhere; canonical.
    pub(super) fn holding(&self, workspace: &Workspace<'_>) -> BTreeSet<Utf8PathBuf> {
        if self.is_folder {
            return workspace.folders_linking_below(&self.real).into_iter().collect();
        }
        let own = self.real.parent().map(Utf8Path::to_owned).into_iter().chain([self.folder.clone()]);
        own.chain(workspace.folders_linking(&self.real)).collect()
    }

    /// Whether code in a folder may be what is named, or the text in it that names it.
    pub(super) fn may_hold(&self, folder: &Utf8Path) -> bool {
        if self.is_folder { folder.starts_with(&self.real) } else { self.role != Role::Configuration }
    }

    /// Whether a canonical path is it or lies below it.
    pub(super) fn covers(&self, real: &Utf8Path) -> bool {
        if self.is_folder { real.starts_with(&self.real) } else { self.real == real }
    }
}
