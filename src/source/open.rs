//! The one door through which files are opened.
//!
//! A repository can hold links to devices, pipes and files of any size. What is behind a path is known for certain only
//! once it is open, so a file is opened in a way that waits for nothing and changes nothing, and then asked what it is.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _};
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

/// A regular file that is open for reading.
#[derive(Debug)]
pub struct Opened {
    file: File,
    /// Its bytes, as the system counted them when it was opened; 0 also where it does not count them.
    length: u64,
    /// The most that is read of it.
    longest: u64,
}

impl Opened {
    /// Reads a whole file into a buffer: the number of its bytes, or `None` where there may be more than the buffer
    /// takes.
    ///
    /// # Errors
    /// What the system says.
    pub fn fill(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let mut filled = 0;
        // A short read is no proof of the end: network file systems may return fewer bytes than there are. The length is
        // one, and saves asking for more.
        while self.length == 0 || (filled as u64) < self.length {
            if filled == buffer.len() {
                return Ok(None);
            }
            match self.file.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Some(filled))
    }

    /// The bytes of the whole file, wherever reading has come to.
    ///
    /// # Errors
    /// [`Refusal::TooLong`], or what the system says.
    pub fn whole(self) -> Result<Vec<u8>, Refusal> {
        let Self { mut file, length, longest } = self;
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        file.rewind()?;
        file.take(if length == 0 { longest + 1 } else { length }).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > longest { Err(Refusal::TooLong(longest)) } else { Ok(bytes) }
    }
}

impl io::Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

/// Opens a regular file of at most [`LONGEST`] bytes. Links are followed.
///
/// # Errors
/// [`Refusal`] for anything else.
pub fn open(path: &Path) -> Result<Opened, Refusal> {
    open_up_to(path, LONGEST)
}

/// As [`open`], with a bound of its own.
///
/// # Errors
/// [`Refusal`] for anything else.
pub fn open_up_to(path: &Path, longest: u64) -> Result<Opened, Refusal> {
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
        true => Ok(Opened { file, length: metadata.len(), longest }),
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
    open_up_to(path, longest)?.whole()
}

/// The rest of something that is open for reading, of at most [`LONGEST`] bytes.
///
/// # Errors
/// [`Refusal::TooLong`], or what the system says.
pub fn rest_of(file: impl io::Read) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST { Err(Refusal::TooLong(LONGEST)) } else { Ok(bytes) }
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
        opened.file.set_len(0).expect_err("it is open for reading alone");
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
