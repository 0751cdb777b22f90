//! A report as a file beside what is printed.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use camino::Utf8Path;
use tempfile::Builder;

use super::{Format, Options, Report, print};
use crate::terminal::Stream;

/// Writes a report to a file, whole or not at all. What the format has no place for, such as the errors of a text,
/// follows where it would stand on a screen; after a document for programs it is left out.
///
/// # Errors
/// What the file system reports; the file at `path` is then as it was.
pub fn save(report: &Report<'_>, format: Format, options: &Options, path: &Utf8Path) -> io::Result<()> {
    let shared = Shared::default();
    let mut out = Stream::plain(shared.clone());
    let mut err = match format {
        Format::Text | Format::Markdown | Format::Github => Stream::plain(shared.clone()),
        Format::Diff | Format::Json | Format::Sarif | Format::Gitlab => Stream::plain(io::sink()),
    };
    print(report, format, options, &mut out, &mut err)?;
    if path.metadata().is_ok_and(|target| !target.is_file()) {
        // A pipe or a device cannot be replaced by a file.
        return std::fs::OpenOptions::new().write(true).open(path)?.write_all(&shared.0.borrow());
    }
    let folder = path.parent().filter(|folder| !folder.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    let mut builder = Builder::new();
    // The mode of any new file, from which the user's mask is taken; temporary files are private otherwise.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.prefix(".unroot-").suffix(".tmp").tempfile_in(folder)?;
    file.write_all(&shared.0.borrow())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
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
