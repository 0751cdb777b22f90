//! The files in git's index: they are in every checkout, and `.gitignore` has no say about them.
//!
//! Source: git, `Documentation/gitformat-index.adoc`: the header, then entries with a fixed part, flags and a name, which
//! is padded in versions 2 and 3 and shares a start with the one before in version 4.

use camino::{Utf8Path, Utf8PathBuf};

use super::paths::problem;
use crate::finding::Problem;
use crate::source::{self, Fence, FileKind, Refusal};

/// Bytes of an entry before the name of the object: times, device, inode, mode, owner, size.
const FIXED: usize = 40;

/// Where the mode stands among them.
const MODE: usize = 24;

/// Kinds of entries: a regular file, a link, a submodule, a folder of a sparse index.
const FILE: u32 = 0o10;
const LINK: u32 = 0o12;
const SUBMODULE: u32 = 0o16;
const FOLDER: u32 = 0o4;

/// A longer index is not read. That of a repository of a million files takes some 100 MiB.
const LONGEST: u64 = 512 << 20;

/// Bytes of an object's name: SHA-1, or SHA-256.
const OBJECT_NAMES: [usize; 2] = [20, 32];

/// The entries of a repository's index.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// Terraform files, by their path from the top of the repository.
    pub(super) files: Vec<Utf8PathBuf>,
    /// Submodules: repositories of their own, by their path from the top.
    pub(super) submodules: Vec<Utf8PathBuf>,
}

/// The entries of the index of the repository whose top is `top`; none without an index.
///
/// # Errors
/// There is an index, and it cannot be read: then it is not known which of the files that git seems to ignore it keeps.
pub(super) fn kept(top: &Utf8Path, fence: &Fence) -> Result<Kept, Problem> {
    let mut kept = Kept::default();
    each(top, fence, &mut |path, kind| match kind {
        FILE | LINK if path.file_name().is_some_and(|name| FileKind::is_configuration(name.as_ref())) => {
            kept.files.push(path.to_owned());
        }
        SUBMODULE => kept.submodules.push(path.to_owned()),
        _ => {}
    })?;
    Ok(kept)
}

/// Whether a file, given by its path from the top of its repository, is in the index.
pub(super) fn keeps(top: &Utf8Path, file: &Utf8Path, fence: &Fence) -> bool {
    let mut is_kept = false;
    let asked = each(top, fence, &mut |path, kind| is_kept |= matches!(kind, FILE | LINK) && path == file);
    is_kept || asked.is_err()
}

/// Tells of each entry of an index, with its kind. Of an index that shares entries with another, those that were taken out
/// since are told too.
fn each(top: &Utf8Path, fence: &Fence, tell: &mut dyn FnMut(&Utf8Path, u32)) -> Result<(), Problem> {
    let Some(folder) = GitFolder::of(top, fence) else { return Ok(()) };
    let path = folder.path.join("index");
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let unread =
        |why: &str| problem(path.as_std_path(), format!("{why}, so it is not known which ignored files git keeps"));
    let index = folder.read("index", fence).map_err(|refusal| unread(&refusal.to_string()))?;
    let no_index = || unread("not an index as git writes it");
    // Which kind of names it has shows only where the whole can be read.
    let parsed = OBJECT_NAMES.into_iter().find_map(|length| Some((entries(&index, length, &mut |_, _| {})?, length)));
    let (rest, length) = parsed.ok_or_else(no_index)?;
    entries(&index, length, tell);
    if let Some(shared) = shared_index(&index[rest..], length) {
        let index = folder.read(&shared, fence).map_err(|refusal| unread(&refusal.to_string()))?;
        entries(&index, length, tell).ok_or_else(no_index)?;
    }
    Ok(())
}

/// The folder of git's own files.
pub(super) struct GitFolder {
    pub(super) path: Utf8PathBuf,
    /// Whether it lies elsewhere and says itself that it belongs to the repository.
    is_elsewhere: bool,
}

impl GitFolder {
    /// `.git`, or the folder that the file `.git` names: inside of what may be read, or where that folder names the
    /// repository in its turn, as the one of a further work tree or of a submodule does. A repository can name any folder.
    pub(super) fn of(top: &Utf8Path, fence: &Fence) -> Option<Self> {
        let git = top.join(".git");
        if git.is_dir() {
            return Some(Self { path: git, is_elsewhere: false });
        }
        let text = String::from_utf8(fence.read(&git).ok()?).ok()?;
        let path = top.join(text.lines().next()?.strip_prefix("gitdir: ")?);
        let is_inside = path.canonicalize_utf8().is_ok_and(|real| fence.admits(&real));
        let is_elsewhere = !is_inside && Self::names(&path, top, &git);
        (is_inside || is_elsewhere).then_some(Self { path, is_elsewhere })
    }

    /// Whether a folder of git's own files names a work tree as its own.
    fn names(folder: &Utf8Path, top: &Utf8Path, git: &Utf8Path) -> bool {
        let text = |name: &str| String::from_utf8(source::read(folder.join(name).as_std_path()).ok()?).ok();
        let leads_to = |named: &str, place: &Utf8Path| {
            folder.join(named.trim()).canonicalize_utf8().is_ok_and(|real| real == place)
        };
        let of_work_tree = text("gitdir").is_some_and(|named| leads_to(&named, git));
        let of_submodule = || {
            let settings = text("config").unwrap_or_default();
            let values = settings
                .lines()
                .filter_map(|line| line.trim().strip_prefix("worktree")?.trim_start().strip_prefix('='));
            values.into_iter().any(|named| leads_to(named, top))
        };
        of_work_tree || of_submodule()
    }

    /// Another folder of git's own files, by its path from this one.
    pub(super) fn at(&self, path: &str) -> Self {
        Self { path: self.path.join(path), is_elsewhere: self.is_elsewhere }
    }

    /// The bytes of one of its files.
    pub(super) fn read(&self, name: &str, fence: &Fence) -> Result<Vec<u8>, Refusal> {
        let path = self.path.join(name);
        let real = path.canonicalize_utf8()?;
        if !self.is_elsewhere && !fence.admits(&real) || self.is_elsewhere && path.is_symlink() {
            return Err(Refusal::Outside);
        }
        source::read_up_to(real.as_std_path(), LONGEST)
    }
}

/// Tells of each entry of an index, with its kind, and gives where the rest begins; `None` if it is none with names of objects
/// of that length.
fn entries(index: &[u8], object: usize, tell: &mut dyn FnMut(&Utf8Path, u32)) -> Option<usize> {
    let number = |at: usize| Some(u32::from_be_bytes(index.get(at..at + 4)?.try_into().ok()?));
    let version = number(4)?;
    if index.get(..4)? != b"DIRC" || !(2..=4).contains(&version) {
        return None;
    }
    let (mut at, mut name) = (12, Vec::new());
    for _ in 0..number(8)? {
        let start = at;
        let kind = number(start + MODE)? >> 12;
        if !matches!(kind, FILE | LINK | SUBMODULE | FOLDER) {
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
        if let Ok(path) = str::from_utf8(&name) {
            tell(Utf8Path::new(path), kind);
        }
    }
    (at <= index.len()).then_some(at)
}

/// The name of the file with the entries that an index shares, from what stands behind its own.
///
/// Source: git, `Documentation/gitformat-index.adoc`, "Split index": the extension `link` begins with the hash of the file
/// `sharedindex.<hash>`.
fn shared_index(mut rest: &[u8], object: usize) -> Option<String> {
    loop {
        let (head, behind) = rest.split_at_checked(8)?;
        let length = usize::try_from(u32::from_be_bytes(head[4..].try_into().ok()?)).ok()?;
        let (data, behind) = behind.split_at_checked(length)?;
        if head.starts_with(b"link") {
            let hash = data.get(..object)?;
            let is_shared = hash.iter().any(|byte| *byte != 0);
            let hex = hash.iter().fold(String::from("sharedindex."), |name, byte| format!("{name}{byte:02x}"));
            return is_shared.then_some(hex);
        }
        rest = behind;
    }
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
                assert_eq!(entries(&index[..length], object, &mut |_, _| {}), None);
            }
        }
        for at in 0..index.len() {
            for byte in [0, 0x7f, 0x80, 0xff] {
                let mut changed = index.clone();
                changed[at] = byte;
                changed.extend([byte; 80]);
                let _ = OBJECT_NAMES.map(|object| entries(&changed, object, &mut |_, _| {}));
                let _ = OBJECT_NAMES.map(|object| shared_index(&changed, object));
            }
        }
    }
}
