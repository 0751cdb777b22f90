//! What the operating system refuses, in plain words.

use std::io;

/// Says why an operation failed, without the error number and without a path: `permission denied`.
#[must_use]
pub fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::StorageFull => "no space left on the disk".to_owned(),
        _ => {
            let text = error.to_string();
            let end = text.find(" (os error").unwrap_or(text.len());
            text[..end].to_lowercase()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_number_is_shown() {
        assert_eq!(plain(&io::Error::from_raw_os_error(2)), "no such file or folder");
        assert!(!plain(&io::Error::from_raw_os_error(27)).contains("os error"));
        assert_eq!(plain(&io::Error::other("Odd thing")), "odd thing");
    }
}
