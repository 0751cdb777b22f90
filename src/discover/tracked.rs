//! The Terraform files that git keeps: a file in its index is in every checkout, and `.gitignore` has no say about it.
//!
//! Source: git, `Documentation/gitformat-index.adoc`: the header, then entries with a fixed part, flags and a name, which
//! is padded in versions 2 and 3 and shares a start with the one before in version 4.

use camino::{Utf8Path, Utf8PathBuf};

use crate::source::{Fence, FileKind};

/// Bytes of an entry before the name of the object: times, device, inode, mode, owner, size.
const FIXED: usize = 40;

/// Where the mode stands among them.
const MODE: usize = 24;

/// Bytes of an object's name: SHA-1, or SHA-256.
const OBJECT_NAMES: [usize; 2] = [20, 32];

/// The Terraform files in the index of the repository whose top is `top`, by their path from there; none if there is no
/// index that can be read.
pub(super) fn terraform_files(top: &Utf8Path, fence: &Fence) -> Vec<Utf8PathBuf> {
    files(top, fence, &|path| path.file_name().is_some_and(|name| FileKind::is_configuration(name.as_ref())))
}

/// Whether a file, given by its path from the top of its repository, is in the index.
pub(super) fn keeps(top: &Utf8Path, file: &Utf8Path, fence: &Fence) -> bool {
    !files(top, fence, &|path| path == file).is_empty()
}

fn files(top: &Utf8Path, fence: &Fence, wanted: &dyn Fn(&Utf8Path) -> bool) -> Vec<Utf8PathBuf> {
    let Some(folder) = git_folder(top, fence) else { return Vec::new() };
    let Ok(index) = fence.read(&folder.join("index")) else { return Vec::new() };
    OBJECT_NAMES.into_iter().find_map(|length| names(&index, length, wanted)).unwrap_or_default()
}

/// The folder of git's own files: `.git`, or where the file `.git` says, if that lies in the same repository.
fn git_folder(top: &Utf8Path, fence: &Fence) -> Option<Utf8PathBuf> {
    let git = top.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = String::from_utf8(fence.read(&git).ok()?).ok()?;
    Some(top.join(text.lines().next()?.strip_prefix("gitdir: ")?))
}

/// The names in an index that are wanted; `None` if it is none with names of objects of that length.
fn names(index: &[u8], object: usize, wanted: &dyn Fn(&Utf8Path) -> bool) -> Option<Vec<Utf8PathBuf>> {
    let number = |at: usize| Some(u32::from_be_bytes(index.get(at..at + 4)?.try_into().ok()?));
    let version = number(4)?;
    if index.get(..4)? != b"DIRC" || !(2..=4).contains(&version) {
        return None;
    }
    let (mut at, mut name) = (12, Vec::new());
    let mut found = Vec::new();
    for _ in 0..number(8)? {
        let start = at;
        // A regular file, a link, a submodule, or a folder of a sparse index.
        let kind = number(start + MODE)? >> 12;
        if !matches!(kind, 0o10 | 0o12 | 0o16 | 0o4) {
            return None;
        }
        let flags = u16::from_be_bytes(index.get(start + FIXED + object..start + FIXED + object + 2)?.try_into().ok()?);
        at = start + FIXED + object + if flags & 0x4000 == 0 { 2 } else { 4 };
        if version == 4 {
            let (shorter, bytes) = variable_length(index.get(at..)?)?;
            at += bytes;
            name.truncate(name.len().checked_sub(shorter)?);
        } else {
            name.clear();
        }
        let length = memchr::memchr(0, index.get(at..)?)?;
        name.extend_from_slice(&index[at..at + length]);
        at += length + 1;
        if version < 4 {
            at = start + (at - start).next_multiple_of(8);
        }
        let path = str::from_utf8(&name).ok().map(Utf8Path::new);
        found.extend(path.filter(|path| wanted(path)).filter(|_| matches!(kind, 0o10 | 0o12)).map(Utf8Path::to_owned));
    }
    Some(found)
}

/// The number at the start of some bytes, as offsets in git's packs are written, and how many bytes it takes.
fn variable_length(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = usize::from(bytes.first()? & 0x7f);
    let mut read = 1;
    while bytes[read - 1] & 0x80 != 0 {
        let next = *bytes.get(read)?;
        value = value.checked_add(1)?.checked_mul(128)?.checked_add(usize::from(next & 0x7f))?;
        read += 1;
    }
    Some((value, read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_bytes_make_it_panic() {
        let mut index = b"DIRC\0\0\0\x04\0\0\0\x02".to_vec();
        index.extend([0; 24]);
        index.extend([0, 0, 0x81, 0xa4]);
        index.extend([0; 34]);
        index.extend(b"\0a.tf\0");
        for length in 0..index.len() {
            for object in OBJECT_NAMES {
                assert_eq!(names(&index[..length], object, &|_| true), None);
            }
        }
        for at in 0..index.len() {
            for byte in [0, 0x7f, 0x80, 0xff] {
                let mut changed = index.clone();
                changed[at] = byte;
                changed.extend([byte; 80]);
                let _ = OBJECT_NAMES.map(|object| names(&changed, object, &|_| true));
            }
        }
    }
}
