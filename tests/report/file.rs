//! Reports written to files.

use camino::Utf8Path;
use unroot::report::{Format, Mode, save};

use crate::inputs::{self, options};

#[test]
fn a_file_holds_what_would_be_printed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = Utf8Path::from_path(folder.path()).expect("UTF-8");
    let run = inputs::errors();
    for format in Format::ALL {
        let path = folder.join(format.name());
        for _ in 0..2 {
            save(&run.report(), format, &options(Mode::Check), &path).expect("the file can be written");
        }
        let saved = std::fs::read_to_string(&path).expect("the file is there");
        let (out, err) = run.print(format, &options(Mode::Check));
        if format == Format::Text {
            // The errors stand where they would on a screen: between the findings and the summary.
            let (findings, summary) = out.split_once("\n\n").expect("a summary");
            assert_eq!(saved, format!("{findings}\n{err}\n{summary}"));
        } else {
            assert_eq!(saved, out, "{}", format.name());
        }
    }
    let left = std::fs::read_dir(folder).expect("the folder is there").count();
    assert_eq!(left, Format::ALL.len(), "no temporary file is left");
}

#[cfg(unix)]
#[test]
fn a_new_file_has_the_mode_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = Utf8Path::from_path(folder.path()).expect("UTF-8");
    let saved = folder.join("saved");
    save(&inputs::clean().report(), Format::Json, &options(Mode::Check), &saved).expect("the file can be written");
    std::fs::OpenOptions::new().create(true).append(true).open(folder.join("plain")).expect("a file");
    let mode = |path: &Utf8Path| path.metadata().expect("the file is there").permissions().mode() & 0o777;
    assert_eq!(mode(&saved), mode(&folder.join("plain")));
}

#[cfg(unix)]
#[test]
fn a_device_is_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt as _;
    save(&inputs::clean().report(), Format::Json, &options(Mode::Check), "/dev/null".into())
        .expect("it takes anything");
    assert!(std::fs::metadata("/dev/null").expect("it is there").file_type().is_char_device());
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let path = Utf8Path::new("no/such/folder/report.json");
    save(&inputs::clean().report(), Format::Json, &options(Mode::Check), path).expect_err("the folder is not there");
}
