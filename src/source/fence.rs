//! The fence around the files that scanned code can make a run read: its own repository, and nothing else.

use camino::{Utf8Path, Utf8PathBuf};

use super::open::{self, Refusal};
use super::repository::World;

/// Folders of the running system, which tell of processes and devices.
const SYSTEM: [&str; 3] = ["/dev", "/proc", "/sys"];

/// Shared memory, in which people keep folders like any other.
const MEMORY: &str = "/dev/shm";

/// The folders that files are read from. Without any, nothing is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fence {
    /// Real paths.
    within: Vec<Utf8PathBuf>,
}

impl Fence {
    /// The worlds of the paths that a command line names, and those paths themselves.
    #[must_use]
    pub fn around(paths: &[Utf8PathBuf]) -> Self {
        let tops = paths.iter().filter_map(|path| World::around(path)).map(|world| world.top);
        let named = paths.iter().filter_map(|path| path.canonicalize_utf8().ok());
        let mut within: Vec<Utf8PathBuf> = tops.chain(named).collect();
        within.sort();
        within.dedup_by(|path, above| path.starts_with(above));
        Self { within }
    }

    /// The same folders, and single files that a command line names.
    #[must_use]
    pub fn and_files(mut self, files: &[Utf8PathBuf]) -> Self {
        self.within.extend(files.iter().filter_map(|file| file.canonicalize_utf8().ok()));
        self
    }

    /// Whether a real path lies inside.
    #[must_use]
    pub fn admits(&self, real: &Utf8Path) -> bool {
        let is_system = SYSTEM.iter().any(|system| real.starts_with(system)) && !real.starts_with(MEMORY);
        !is_system && self.within.iter().any(|top| real.starts_with(top))
    }

    /// The bytes of a regular file whose real path lies inside.
    ///
    /// # Errors
    /// [`Refusal`] for anything else.
    pub fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, Refusal> {
        self.read_up_to(path, open::LONGEST)
    }

    /// As [`Fence::read`], of a file of at most so many bytes.
    ///
    /// # Errors
    /// As [`Fence::read`].
    pub fn read_up_to(&self, path: &Utf8Path, longest: u64) -> Result<Vec<u8>, Refusal> {
        let real = path.canonicalize_utf8()?;
        if !self.admits(&real) {
            return Err(Refusal::Outside);
        }
        open::read_up_to(real.as_std_path(), longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_inside_by_its_real_path_is_admitted() {
        let fence = Fence { within: vec!["/a/b".into(), "/dev/shm/x".into(), "/proc".into()] };
        for inside in ["/a/b", "/a/b/c", "/dev/shm/x/y"] {
            assert!(fence.admits(inside.into()), "{inside}");
        }
        for outside in ["/a", "/a/bc", "/etc/passwd", "/dev/zero", "/proc/self/environ", "/dev/shm/y"] {
            assert!(!fence.admits(outside.into()), "{outside}");
        }
        assert!(!Fence::default().admits("/a".into()));
    }
}
