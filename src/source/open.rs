//! The one door through which files are opened.
//!
//! A repository can hold links to devices, pipes and files of any size. What is behind a path is known for certain only
//! once it is open, so a file is opened in a way that waits for nothing and changes nothing, and then asked what it is.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use crate::os_error;

/// Longer files are not read. Code and values written by people stay far below.
pub const LONGEST: u64 = 64 << 20;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A folder, pipe, socket or device.
    #[error("not a regular file, so it was not read")]
    NotAFile,
    /// It has more than so many bytes.
    #[error("larger than {} MiB, so it was not read", .0 >> 20)]
    TooLong(u64),
    /// It lies in no repository of the run.
    #[error("lies outside the repository, so it was not read")]
    Outside,
    /// The operating system refused.
    #[error("cannot be read: {}", os_error::plain(.0))]
    System(#[from] io::Error),
}

/// Opens a regular file of at most [`LONGEST`] bytes. Links are followed.
///
/// # Errors
/// [`Refusal`] for anything else.
pub fn open(path: &Path) -> Result<File, Refusal> {
    open_up_to(path, LONGEST)
}

fn open_up_to(path: &Path, longest: u64) -> Result<File, Refusal> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        // A pipe without a writer would wait for one, a terminal would become that of this process.
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    match metadata.is_file() {
        false => Err(Refusal::NotAFile),
        true if metadata.len() > longest => Err(Refusal::TooLong(longest)),
        true => Ok(file),
    }
}

/// The bytes of a regular file of at most [`LONGEST`] bytes. What the path leads to is asked before it is opened too:
/// opening alone does something to some devices.
///
/// # Errors
/// [`Refusal`] for anything else.
pub fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    read_up_to(path, LONGEST)
}

/// As [`read`], with a bound of its own.
///
/// # Errors
/// [`Refusal`] for anything else.
pub fn read_up_to(path: &Path, longest: u64) -> Result<Vec<u8>, Refusal> {
    if !path.metadata()?.is_file() {
        return Err(Refusal::NotAFile);
    }
    rest_up_to(open_up_to(path, longest)?, longest)
}

/// The rest of a file that [`open`] has opened and that may have grown since.
///
/// # Errors
/// [`Refusal::TooLong`], or what the system says.
pub fn rest_of(file: impl io::Read) -> Result<Vec<u8>, Refusal> {
    rest_up_to(file, LONGEST)
}

fn rest_up_to(mut file: impl io::Read, longest: u64) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    file.by_ref().take(longest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest { Err(Refusal::TooLong(longest)) } else { Ok(bytes) }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_of_a_bounded_size_are_opened() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name);
        let file = tempfile::NamedTempFile::new_in(&folder).expect("a file");
        file.as_file().set_len(LONGEST).expect("a sparse file");
        let opened = open(file.path()).expect("it is regular");
        opened.set_len(0).expect_err("it is open for reading alone");
        file.as_file().set_len(LONGEST + 1).expect("a sparse file");
        assert!(matches!(open(file.path()), Err(Refusal::TooLong(LONGEST))));
        assert!(matches!(read(file.path()), Err(Refusal::TooLong(LONGEST))));
        assert!(read_up_to(file.path(), LONGEST + 1).is_ok());

        let made = std::process::Command::new("mkfifo").arg(path("pipe")).status().expect("mkfifo starts");
        assert!(made.success());
        std::os::unix::fs::symlink("/dev/zero", path("zero")).expect("a link");
        let _socket = std::os::unix::net::UnixListener::bind(path("socket")).expect("a socket");
        for name in ["pipe", "zero"] {
            assert!(matches!(open(&path(name)), Err(Refusal::NotAFile)), "{name}");
        }
        for name in ["pipe", "zero", "socket", "."] {
            assert!(matches!(read(&path(name)), Err(Refusal::NotAFile)), "{name}");
        }
        assert!(matches!(read(&path("gone")), Err(Refusal::System(_))));
    }
}
