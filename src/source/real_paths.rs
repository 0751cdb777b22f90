//! The paths that name files whatever links and `..` lead to them.

use std::cell::RefCell;
use std::collections::HashMap;

use camino::{Utf8Path, Utf8PathBuf};

/// The results of [`canonical`]: asked once for each call of each module, it would be most of the work.
#[derive(Debug, Default)]
pub struct RealPaths(RefCell<HashMap<Utf8PathBuf, Utf8PathBuf>>);

impl RealPaths {
    /// The path that names a file whatever links and `..` lead to it; the path itself if it does not exist.
    #[must_use]
    pub fn of(&self, path: &Utf8Path) -> Utf8PathBuf {
        if let Some(known) = self.0.borrow().get(path) {
            return known.clone();
        }
        let found = self.in_real_folder(path).unwrap_or_else(|| canonical(path));
        self.0.borrow_mut().insert(path.to_owned(), found.clone());
        found
    }

    /// The path of what is no link, by that of its folder: asking the system for the whole takes a question for each folder on
    /// the way. Elsewhere than on Linux, names may have other spellings as well.
    fn in_real_folder(&self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        let name = path.file_name().filter(|_| cfg!(target_os = "linux"))?;
        let folder = path.parent()?;
        // As a slash behind the name of a link would follow it.
        folder.join(name).symlink_metadata().ok().filter(|kind| !kind.is_symlink())?;
        let folder = self.of(folder);
        folder.is_absolute().then(|| folder.join(name))
    }
}

/// The path that names a file whatever links and `..` lead to it; the path itself if it does not exist.
#[must_use]
pub fn canonical(path: &Utf8Path) -> Utf8PathBuf {
    let path = if path.as_str().is_empty() { Utf8Path::new(".") } else { path };
    path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned())
}
