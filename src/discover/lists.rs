//! The lists of what git ignores, folder by folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use camino::Utf8PathBuf;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::source::{self, BOM, Fence, Refusal};

/// Longer lists are not written by people, and take long to compile.
const LONGEST: u64 = 256 << 10;

/// The lists that speak of what is in a folder: its own, and those of the folders around it up to the top of the
/// repository.
#[derive(Debug)]
pub(super) struct Lists {
    around: Option<Arc<Lists>>,
    /// The list of the folder and, at the top, those of the repository and of the user: the first that speaks of
    /// something counts.
    own: Vec<Gitignore>,
}

impl Lists {
    /// The lists for a folder, given by its real path, inside of a folder with others; `None` outside of repositories.
    ///
    /// # Errors
    /// The list that cannot be heeded.
    pub(super) fn of(folder: &Path, around: Option<&Arc<Self>>, fence: &Fence) -> Result<Option<Arc<Self>>, PathBuf> {
        let ignored = folder.join(".gitignore");
        let (has_list, is_top) = (ignored.symlink_metadata().is_ok(), is_top(folder));
        if !is_top && (!has_list || around.is_none()) {
            return Ok(around.cloned());
        }
        if let Some(unfit) = unfit_list(folder, fence) {
            return Err(unfit);
        }
        let mut own: Vec<Gitignore> = list(folder, &ignored)?.into_iter().collect();
        if is_top {
            if let Some(file) = excludes(folder).first() {
                own.extend(list(folder, file)?);
            }
            own.extend(Some(GitignoreBuilder::new(folder).build_global().0).filter(|list| !list.is_empty()));
        }
        Ok(Some(Arc::new(Self { around: around.filter(|_| !is_top).cloned(), own })))
    }

    /// The lists for a folder, with those of the folders above it. `known` are those of folders asked for before: starts of a
    /// walk often lie side by side, and lists take long to compile.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub(super) fn with_above(
        folder: &Path,
        fence: &Fence,
        known: &mut HashMap<PathBuf, Option<Arc<Self>>>,
    ) -> Result<Option<Arc<Self>>, PathBuf> {
        if let Some(lists) = known.get(folder) {
            return Ok(lists.clone());
        }
        let above = folder.parent().filter(|_| !is_top(folder));
        let around = above.map_or(Ok(None), |above| Self::with_above(above, fence, known))?;
        let lists = Self::of(folder, around.as_ref(), fence)?;
        known.insert(folder.to_owned(), lists.clone());
        Ok(lists)
    }

    /// Whether something in the folder is left out, given by its real path.
    pub(super) fn leave_out(&self, path: &Path, is_folder: bool) -> bool {
        let mut at = Some(self);
        while let Some(lists) = at {
            for list in &lists.own {
                match list.matched(path, is_folder) {
                    Match::None => {}
                    Match::Ignore(_) => return true,
                    Match::Whitelist(_) => return false,
                }
            }
            at = lists.around.as_deref();
        }
        false
    }
}

/// The patterns of a list, which count from a folder; `None` if there are none. The library would open the file itself, and wait
/// for ever for a pipe that has taken its place since it was looked at.
///
/// # Errors
/// The list, if it is no short regular file.
fn list(folder: &Path, file: &Path) -> Result<Option<Gitignore>, PathBuf> {
    let bytes = match source::read_up_to(file, LONGEST) {
        Ok(bytes) => bytes,
        // What cannot be read hides nothing.
        Err(Refusal::System(_)) => return Ok(None),
        Err(_) => return Err(file.to_owned()),
    };
    let mut builder = GitignoreBuilder::new(folder);
    let text = bytes.strip_prefix(BOM.as_bytes()).unwrap_or(&bytes);
    for line in text.split(|byte| *byte == b'\n').filter_map(|line| str::from_utf8(line).ok()) {
        // A pattern that is malformed says nothing; the others count.
        let _ = builder.add_line(None, line.strip_suffix('\r').unwrap_or(line));
    }
    Ok(builder.build().ok().filter(|list| !list.is_empty()))
}

/// The first list of ignored files of a folder that is there and is no short regular file.
fn unfit_list(folder: &Path, fence: &Fence) -> Option<PathBuf> {
    let list = folder.join(".gitignore");
    if !is_fit(&list) || leads_out(&list, fence) {
        return Some(list);
    }
    let git = folder.join(".git");
    let kind = git.metadata().ok()?;
    if leads_out(&git, fence) {
        return Some(git);
    }
    if kind.is_file() {
        // The file of a further work tree or of a submodule leads to a folder with a file that leads on.
        let Some(line) = first_line(&git) else { return Some(git) };
        let common = PathBuf::from(line.strip_prefix("gitdir: ")?).join("commondir");
        if common.exists() && first_line(&common).is_none() {
            return Some(common);
        }
    }
    excludes(folder).into_iter().find(|list| !is_fit(list) || kind.is_dir() && leads_out(list, fence))
}

/// Where the list of a whole repository lies, given its top: where git looks first, then where the library does that walks.
fn excludes(top: &Path) -> Vec<PathBuf> {
    let git = top.join(".git");
    if git.is_dir() {
        return vec![git.join("info/exclude")];
    }
    let gitdir = first_line(&git).and_then(|line| Some(PathBuf::from(line.strip_prefix("gitdir: ")?)));
    let common = gitdir.and_then(|folder| Some((first_line(&folder.join("commondir"))?, folder)));
    // The library takes a path that starts with no dot from the working folder.
    common.map_or(Vec::new(), |(line, folder)| {
        [folder.join(&line), PathBuf::from(&line)].map(|common| common.join("info/exclude")).into()
    })
}

/// Whether a list of ignored files is a short regular file, or not there.
fn is_fit(list: &Path) -> bool {
    match list.symlink_metadata() {
        Ok(_) => list.metadata().map_or(true, |file| file.is_file() && file.len() <= LONGEST),
        Err(_) => true,
    }
}

/// Whether a list of the repository is a link out of it. Lists of folders above belong to somebody else, as do their links.
fn leads_out(list: &Path, fence: &Fence) -> bool {
    let real = |path: &Path| path.canonicalize().ok().and_then(|path| Utf8PathBuf::from_path_buf(path).ok());
    let is_inside = |path: &Path| real(path).is_some_and(|path| fence.admits(&path));
    list.is_symlink() && list.parent().is_some_and(is_inside) && list.exists() && !is_inside(list)
}

/// The first line of a short regular file.
fn first_line(path: &Path) -> Option<String> {
    let bytes = is_fit(path).then(|| source::read(path).ok()).flatten()?;
    String::from_utf8(bytes).ok()?.lines().next().map(str::to_owned).or(Some(String::new()))
}

/// Whether a folder is the top of a repository.
pub(super) fn is_top(folder: &Path) -> bool {
    folder.join(".git").exists()
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_list_is_read_once_and_through_the_one_door() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name);
        // As if the list had become a pipe after it was looked at.
        let made = std::process::Command::new("mkfifo").arg(path("pipe")).status().expect("mkfifo starts");
        assert!(made.success());
        std::os::unix::fs::symlink("/dev/zero", path("zero")).expect("a link");
        for name in ["pipe", "zero"] {
            assert_eq!(list(folder.path(), &path(name)).err(), Some(path(name)));
        }
        assert!(list(folder.path(), &path("gone")).is_ok_and(|list| list.is_none()));

        let mut file = tempfile::NamedTempFile::new_in(&folder).expect("a file");
        file.write_all(b"\xEF\xBB\xBFfirst\r\n\xff\n[\nlast").expect("it takes bytes");
        let list = list(folder.path(), file.path()).ok().flatten().expect("it has patterns");
        for (name, ignored) in [("first", true), ("last", true), ("other", false)] {
            assert_eq!(list.matched(path(name), false).is_ignore(), ignored, "{name}");
        }
    }
}
