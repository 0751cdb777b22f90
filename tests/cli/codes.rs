//! Exit codes: 0, 1, 2, in every mode.

use crate::support::folder;
use crate::support::program::{run, unroot};
use crate::{BROKEN, FIXED, MISSING, REFERENCE};

/// Paths and texts.
type Files = &'static [(&'static str, &'static str)];

/// The exit code with some arguments over a folder of its own.
fn code(files: &[(&str, &str)], arguments: &[&str]) -> i32 {
    let folder = folder::with(files);
    let ended = run(unroot(folder.path()).args(arguments));
    ended.code.unwrap_or_else(|| panic!("{arguments:?} was killed: {}", ended.err))
}

#[test]
fn the_table_of_the_design_holds() {
    let modes: [&[&str]; 5] = [&[], &["--check"], &["--check", "--diff"], &["--write"], &["--write", "--unsafe-fixes"]];
    let table: [(Files, [i32; 5]); 7] = [
        (&[("a.tf", FIXED)], [0, 0, 0, 0, 0]),
        (&[("a.tf", MISSING)], [0, 1, 1, 0, 0]),
        (&[("a.tf", REFERENCE)], [0, 1, 1, 1, 0]),
        (&[("a.tf", BROKEN)], [2, 2, 2, 2, 2]),
        (&[("a.tf", MISSING), ("b.tf", REFERENCE)], [0, 1, 1, 1, 0]),
        (&[("a.tf", REFERENCE), ("b.tf", BROKEN)], [2, 2, 2, 2, 2]),
        (&[], [0, 0, 0, 0, 0]),
    ];
    for (files, codes) in table {
        for (mode, expected) in modes.iter().zip(codes) {
            assert_eq!(code(files, mode), expected, "{mode:?} with {files:?}");
        }
    }
}

#[test]
fn the_format_does_not_change_the_code() {
    for format in ["text", "diff", "json"] {
        for (text, codes) in [(FIXED, [0, 0]), (MISSING, [0, 1]), (REFERENCE, [0, 1]), (BROKEN, [2, 2])] {
            let files = [("a.tf", text)];
            assert_eq!(code(&files, &["--format", format]), codes[0], "{format}: {text}");
            assert_eq!(code(&files, &["--format", format, "--check"]), codes[1], "{format} --check: {text}");
        }
    }
}

#[test]
fn a_wrong_command_line_is_an_error_and_help_is_none() {
    let files = [("a.tf", MISSING)];
    let wrong: [&[&str]; 9] = [
        &["--no-such-option"],
        &["--check", "--write"],
        &["--format", "xml"],
        &["-", "a.tf"],
        &["-", "--write"],
        &["--stdin-filename", "a.tf"],
        &["--exclude", "[a"],
        &["-j", "0"],
        &["no-such-folder"],
    ];
    for arguments in wrong {
        assert_eq!(code(&files, arguments), 2, "{arguments:?}");
    }
    for arguments in [["--help"], ["-h"], ["--version"]] {
        assert_eq!(code(&files, &arguments), 0, "{arguments:?}");
    }
}
