//! The repository that a path lies in: how far a run looks, and how far the code under scan can send it.

use camino::{Utf8Path, Utf8PathBuf};

/// The world of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// Its top, as a real path.
    pub top: Utf8PathBuf,
    /// Whether a `.git` folder or file marks the top. Without one, nothing says where the world ends.
    pub is_repository: bool,
    /// Whether the repository is a submodule of the one around it, which belongs to another world.
    pub is_submodule: bool,
}

impl World {
    /// The repository that a path lies in: the nearest folder at or above it that holds `.git`. Without one, the working
    /// folder if the path lies in it, else the path's own folder. A link to a file lies where it is, and may lead elsewhere. `None`
    /// for what is not on the disk.
    #[must_use]
    pub fn of(path: &Utf8Path) -> Option<Self> {
        let is_link = path.is_symlink() && path.is_file();
        let folder = real_folder(if is_link { path.parent()? } else { path })?;
        if let Some(top) = folder.ancestors().find(|above| above.join(".git").exists()) {
            return Some(Self { top: top.to_owned(), is_repository: true, is_submodule: is_submodule(top) });
        }
        let here = Utf8Path::new(".").canonicalize_utf8().ok().filter(|here| folder.starts_with(here));
        // The whole machine is no world.
        let here = here.filter(|here| here.parent().is_some());
        Some(Self { top: here.unwrap_or(folder), is_repository: false, is_submodule: false })
    }
}

impl World {
    /// The same, with the repositories around one that is a submodule: they are checked out together, and call each other's
    /// modules.
    #[must_use]
    pub fn around(path: &Utf8Path) -> Option<Self> {
        let mut world = Self::of(path)?;
        while world.is_submodule {
            let outer = world.top.parent().and_then(Self::of).filter(|outer| outer.is_repository);
            match outer {
                Some(outer) => world = outer,
                None => break,
            }
        }
        Some(world)
    }
}

/// Whether the `.git` of a repository leads to a part of another one's, as that of a submodule does; that of a work tree leads
/// to `worktrees`.
///
/// Source: git's documentation, "gitrepository-layout".
fn is_submodule(top: &Utf8Path) -> bool {
    let git = top.join(".git");
    let is_short = git.symlink_metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() < 4096);
    let text = if is_short { std::fs::read_to_string(git).unwrap_or_default() } else { String::new() };
    text.trim().strip_prefix("gitdir:").is_some_and(|folder| folder.contains("/modules/"))
}

/// The folder at or around a path, as a real path.
#[must_use]
pub fn real_folder(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let path = if path.as_str().is_empty() { Utf8Path::new(".") } else { path };
    let real = path.canonicalize_utf8().ok()?;
    if real.is_dir() { Some(real) } else { real.parent().map(Utf8Path::to_owned) }
}
