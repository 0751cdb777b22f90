//! The end of `--help` and the manual page, from the same data.

use std::fmt::Write as _;
use std::io;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

/// A word with what there is to say of it.
type Entry = (&'static str, &'static str);

const EXAMPLES: [Entry; 7] = [
    ("unroot", "show what would change below this folder"),
    ("unroot --write infra", "fix every notebook below infra/"),
    ("unroot -i", "ask for each fix"),
    ("unroot --check", "for CI: exit code 1 if a notebook keeps root"),
    ("unroot --format diff | git apply", "the same as --write, through a patch"),
    ("unroot - < main.tf", "fix standard input, print the result"),
    ("unroot --explain", "the control, and why it matters"),
];

const EXIT_STATUS: [Entry; 3] = [
    ("0", "nothing left to do; a preview always, unless there are errors"),
    (
        "1",
        "--check: a notebook is not compliant; --write, -i: something is left; any of them with --scripts deny: a script has \
an error; --exit-zero makes it 0",
    ),
    ("2", "something could not be read, judged or written, or a wrong command line"),
];

const FILES: [Entry; 4] = [
    (
        "unroot.toml",
        "Settings: the nearest one above all of the paths, no further up than the top of their repository. -v names it, \
--no-config passes it over.",
    ),
    (".gitignore", "What git ignores is left out, unless it is in git's index; --no-ignore reads it too."),
    (
        ".github/CODEOWNERS, CODEOWNERS, docs/CODEOWNERS, .gitlab/CODEOWNERS",
        "Who owns what: named in csv, json, junit and markdown. The first of them counts.",
    ),
    (
        ".terraform/modules/modules.json",
        "The modules that `terraform init` has installed, which are read and never edited.",
    ),
];

const ENVIRONMENT: [Entry; 4] = [
    ("NO_COLOR", "If it is set and not empty, there is no colour, unless --color always asks for it."),
    ("CLICOLOR_FORCE, FORCE_COLOR", "If one is set and neither empty nor 0, there is colour in files and pipes, too."),
    ("CLICOLOR, TERM", "With CLICOLOR=0 or TERM=dumb there is no colour."),
    (
        "GITHUB_ACTIONS, TF_BUILD",
        "If one is set, words that the log of GitHub Actions or Azure Pipelines would take for commands are spelled out.",
    ),
];

/// What stands below the options in `--help`.
pub(super) fn after_help() -> String {
    let mut text = "Examples:\n".to_owned();
    let width = EXAMPLES.iter().map(|(command, _)| command.len()).max().unwrap_or(0);
    for (command, what) in EXAMPLES {
        _ = writeln!(text, "  {command:width$}  {what}");
    }
    text.push_str("\nExit codes:\n");
    for (code, when) in EXIT_STATUS {
        let mut start = format!("  {code}  ");
        let mut line = String::new();
        for word in when.split(' ') {
            if line.len() + word.len() > WIDTH {
                _ = writeln!(text, "{start}{}", line.trim_end());
                (start, line) = ("     ".to_owned(), String::new());
            }
            line.push_str(word);
            line.push(' ');
        }
        _ = writeln!(text, "{start}{}", line.trim_end());
    }
    text.trim_end().to_owned()
}

/// Columns of what is said of an exit code in `--help`.
const WIDTH: usize = 72;

/// The manual page of a command, in the language of `man`.
///
/// # Errors
/// None: what is written to is memory.
pub(super) fn page(command: Command) -> io::Result<Vec<u8>> {
    let man = Man::new(command);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    for (title, entries) in
        [("EXAMPLES", &EXAMPLES[..]), ("EXIT STATUS", &EXIT_STATUS), ("FILES", &FILES), ("ENVIRONMENT", &ENVIRONMENT)]
    {
        let mut section = Roff::new();
        section.control("SH", [title]);
        for (word, what) in entries {
            section.control("TP", []);
            section.text([bold(*word)]);
            section.text([roman(*what)]);
        }
        section.to_writer(&mut page)?;
    }
    man.render_version_section(&mut page)?;
    Ok(page)
}
