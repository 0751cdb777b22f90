//! A report as a file beside what is printed.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Format, Options, Report, print};
use crate::os_error;
use crate::temporary::{Temporary, present};
use crate::terminal::Stream;

/// Writes a report to a file, whole or not at all. What the format has no place for, such as the errors of a text,
/// follows where it would stand on a screen; after a document for programs it is left out.
///
/// # Errors
/// Why the file cannot be written; the file at `path` is then as it was.
pub fn save(report: &Report<'_>, format: Format, options: &Options, path: &Utf8Path) -> Result<(), SaveError> {
    let shared = Shared::default();
    let mut out = Stream::plain(shared.clone());
    let mut err = match format {
        Format::Text | Format::Markdown | Format::Github => Stream::plain(shared.clone()),
        Format::Diff | Format::Json | Format::Sarif | Format::Gitlab | Format::Csv | Format::Junit | Format::Rdjson => {
            Stream::plain(io::sink())
        }
    };
    print(report, format, options, &mut out, &mut err)?;
    put(path, &shared.0.borrow())
}

/// As [`save`], in a folder that is made if it is not there.
///
/// # Errors
/// As [`save`].
pub fn save_in(
    folder: &Utf8Path,
    report: &Report<'_>,
    format: Format,
    options: &Options,
    path: &Utf8Path,
) -> Result<(), SaveError> {
    if !folder.exists() {
        let above = folder.parent().filter(|above| !above.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
        leads_nowhere_else(above)?;
        std::fs::create_dir(folder)?;
    }
    save(report, format, options, path)
}

/// Why a report was not written.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// A device, pipe or folder stands at the path.
    #[error("not a regular file, so it was left alone")]
    NotAFile,
    /// A link of the code under scan leads out of it.
    #[error("the link {link} leads out of the repository to {target}, so nothing was written")]
    LedAway {
        /// The link on the way to the file.
        link: Utf8PathBuf,
        /// Where it leads.
        target: Utf8PathBuf,
    },
    /// The operating system refused.
    #[error("{}", os_error::plain(.0))]
    System(#[from] io::Error),
}

/// Names of a process's own streams, which no repository can hold.
fn is_stream(path: &Utf8Path) -> bool {
    matches!(path.as_str(), "/dev/stdout" | "/dev/stderr" | "/dev/null") || path.starts_with("/dev/fd")
}

/// Puts bytes in the place of whatever regular file or link stands at `path`. A link is replaced, not followed: in a
/// repository under scan, whoever wrote it chose where it leads.
fn put(path: &Utf8Path, bytes: &[u8]) -> Result<(), SaveError> {
    if is_stream(path) {
        return Ok(std::fs::OpenOptions::new().write(true).open(path)?.write_all(bytes)?);
    }
    if path.symlink_metadata().is_ok_and(|target| !target.is_file() && !target.is_symlink()) {
        return Err(SaveError::NotAFile);
    }
    let folder = path.parent().filter(|folder| !folder.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    leads_nowhere_else(folder)?;
    let _present = present([folder.as_std_path()]);
    let file = Temporary::new(folder.as_std_path(), false, |file| file.write_all(bytes))??;
    Ok(file.put_in_place(path.as_std_path())?)
}

/// Follows the links on the way to the folder of a report. One that lies in a repository, or below the working folder, is
/// part of the code under scan and must not lead out of it; elsewhere links belong to the user.
fn leads_nowhere_else(folder: &Utf8Path) -> Result<(), SaveError> {
    let here = Utf8Path::new(".").canonicalize_utf8()?;
    let mut way = Utf8PathBuf::new();
    for part in here.join(folder).components() {
        way.push(part);
        if !way.is_symlink() {
            continue;
        }
        let (real, above) = (way.canonicalize_utf8()?, way.parent().unwrap_or(&way).canonicalize_utf8()?);
        let repository = above.ancestors().find(|above| above.join(".git").exists());
        let bounds = repository.into_iter().chain(above.starts_with(&here).then_some(&*here));
        if bounds.into_iter().any(|bound| !real.starts_with(bound)) {
            return Err(SaveError::LedAway { link: way, target: real });
        }
    }
    Ok(())
}

/// Bytes that two streams write to, one after the other.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
