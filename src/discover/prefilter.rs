//! Reads a file only as far as it takes to know whether it can hold a notebook.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use memchr::memmem::Finder;

use crate::control::NEEDLE;

/// Bytes read at a time. Nearly every Terraform file is smaller, so it is read and searched in one piece.
const BUFFER: usize = 64 * 1024;

/// Searches files for [`NEEDLE`] through one buffer that is used again for each of them.
#[derive(Debug)]
pub(super) struct Prefilter {
    needle: Finder<'static>,
    buffer: Box<[u8]>,
}

impl Prefilter {
    pub(super) fn new() -> Self {
        Self { needle: Finder::new(NEEDLE), buffer: vec![0; BUFFER].into_boxed_slice() }
    }

    /// The bytes of a regular file if the needle is among them, `None` if it is not.
    ///
    /// A file longer than the buffer passes through it, so that no file costs more memory than that unless it is
    /// a hit.
    pub(super) fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        let mut file = File::open(path)?;
        let mut filled = 0;
        let mut passed_on = false;
        loop {
            let count = match file.read(&mut self.buffer[filled..]) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            filled += count;
            // A short read is no proof of the end: network file systems may return fewer bytes than there are.
            let at_end = count == 0;
            if !at_end && filled < self.buffer.len() {
                continue;
            }
            if self.needle.find(&self.buffer[..filled]).is_some() {
                break;
            }
            if at_end {
                return Ok(None);
            }
            // The needle may lie across the border of two pieces.
            let kept = NEEDLE.len() - 1;
            self.buffer.copy_within(filled - kept..filled, 0);
            filled = kept;
            passed_on = true;
        }
        if !passed_on && filled < self.buffer.len() {
            return Ok(Some(self.buffer[..filled].to_vec()));
        }
        let mut bytes = Vec::new();
        file.rewind()?;
        file.read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests make the files they read")]
mod tests {
    use super::*;

    fn search(bytes: &[u8]) -> Option<Vec<u8>> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.tf");
        std::fs::write(&path, bytes).expect("a file in it");
        Prefilter::new().read(&path).expect("it can be read")
    }

    #[test]
    fn the_needle_is_found_wherever_it_stands() {
        // Around the end of the buffer and of the piece after it, where a hit could fall between two reads.
        let near = |border: usize| border - 2 * NEEDLE.len()..border + 2;
        for at in near(BUFFER).chain(near(2 * BUFFER - NEEDLE.len())).chain([0, 7, 300_000]) {
            for rest in [0, 1, BUFFER] {
                let mut bytes = vec![b' '; at];
                bytes.extend_from_slice(NEEDLE.as_bytes());
                bytes.resize(bytes.len() + rest, b'#');
                assert!(search(&bytes).as_deref() == Some(&bytes[..]), "needle at {at}, {rest} bytes after it");
            }
        }
    }

    #[test]
    fn files_without_it_are_not_kept() {
        let almost = &NEEDLE.as_bytes()[..NEEDLE.len() - 1];
        for size in [0, 1, BUFFER - 1, BUFFER, BUFFER + 1, 3 * BUFFER] {
            let mut bytes = vec![b' '; size];
            assert_eq!(search(&bytes), None);
            bytes.extend_from_slice(almost);
            assert_eq!(search(&bytes), None);
        }
    }

    #[test]
    fn nothing_of_one_file_is_found_in_the_next() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (hit, miss) = (folder.path().join("hit.tf"), folder.path().join("miss.tf"));
        std::fs::write(&hit, NEEDLE).expect("a file in it");
        std::fs::write(&miss, "#").expect("another");
        let mut prefilter = Prefilter::new();
        assert!(prefilter.read(&hit).expect("it can be read").is_some());
        assert!(prefilter.read(&miss).expect("it can be read").is_none());
    }
}
