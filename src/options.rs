//! How code is analysed: what the library takes, and what the command line and `unroot.toml` set.

#![expect(clippy::doc_markdown, reason = "the comments on variants are the text of --help, where backticks are noise")]

use std::ops::Range;

use camino::Utf8PathBuf;
use clap::ValueEnum;
use serde::Deserialize;
use time::{Date, Month};

use crate::discover::Walk;

/// How code is analysed. The default is that of the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Which files are read.
    pub walk: Walk,
    /// Whether fixes that may change what the author meant are applied too.
    pub unsafe_fixes: bool,
    /// Where a value that arrives from elsewhere is fixed.
    pub fix_at: FixAt,
    /// What is done about lifecycle scripts.
    pub scripts: Scripts,
    /// Files of values for the root modules in the folders given, in order, as `-var-file` of Terraform.
    pub var_files: Vec<Utf8PathBuf>,
    /// Whether ignore comments and exemptions count.
    pub suppressions: bool,
    /// The exemptions of a settings file.
    pub exemptions: Exemptions,
}

/// The exemptions of a settings file, `unroot.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exemptions {
    /// The file, as it is shown.
    pub file: Utf8PathBuf,
    /// The folder that their paths count from.
    pub folder: Utf8PathBuf,
    /// The text of the file.
    pub text: String,
    /// What they are, in the order of the file.
    pub listed: Vec<Exemption>,
}

/// Instances of notebooks that keep root for a reason, until a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// Globs in `.gitignore` syntax: the notebook's file, or the folder or a file of what creates the instance.
    pub paths: Vec<String>,
    /// Addresses of instances, or of modules around them. With paths, an instance has to match both.
    pub instances: Vec<String>,
    /// Why.
    pub reason: String,
    /// The last day that it counts.
    pub until: Date,
    /// Where it stands in the text, in bytes.
    pub at: Range<usize>,
}

/// Exemptions to be added for what has root today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExemptions {
    /// Why.
    pub reason: String,
    /// The last day that they count.
    pub until: Date,
}

/// Reads a day, written `YYYY-MM-DD`.
#[must_use]
pub fn date(text: &str) -> Option<Date> {
    let digits = |range| text.get::<Range<usize>>(range).filter(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let dashes = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let date = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    dashes.then_some(date)
}

impl Default for Options {
    fn default() -> Self {
        Self {
            walk: Walk::default(),
            unsafe_fixes: false,
            fix_at: FixAt::default(),
            scripts: Scripts::default(),
            var_files: Vec::new(),
            suppressions: true,
            exemptions: Exemptions::default(),
        }
    }
}

/// Where a value that arrives from elsewhere is fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FixAt {
    /// At the literal it stems from, if that feeds nothing but root_access of notebooks; else on the resource
    #[default]
    Origin,
    /// On the resource, as the literal "Disabled"
    Resource,
}

/// What is done about lifecycle scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scripts {
    /// They are not read
    Off,
    /// They are analysed; findings in them do not change the exit code
    #[default]
    Warn,
    /// They are analysed; an error in one makes the exit code of --check and --write 1
    Deny,
}
