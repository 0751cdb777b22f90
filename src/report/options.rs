//! How a report is printed: [`Format`], [`Mode`], [`Verbosity`], [`Options`].

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use super::names::in_repository;

/// How the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// For people.
    Text,
    /// A unified diff and nothing else.
    Diff,
    /// The frozen JSON format, version 1.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// The text of a pull request.
    Markdown,
    /// A table with a row for each instance.
    Csv,
    /// `JUnit`'s XML.
    Junit,
    /// The Diagnostic Format of reviewdog.
    Rdjson,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 10] = [
        Self::Text,
        Self::Diff,
        Self::Json,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Markdown,
        Self::Csv,
        Self::Junit,
        Self::Rdjson,
    ];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Diff => "diff",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
            Self::Junit => "junit",
            Self::Rdjson => "rdjson",
        }
    }

    /// What the names of its files end with.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Text | Self::Github => "txt",
            Self::Diff => "patch",
            Self::Json | Self::Gitlab | Self::Rdjson => "json",
            Self::Sarif => "sarif",
            Self::Markdown => "md",
            Self::Csv => "csv",
            Self::Junit => "xml",
        }
    }

    /// The purpose of the format, in one line.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Text => "Findings, diff and summary for people",
            Self::Diff => "A unified diff for `git apply`, run from the same folder",
            Self::Json => "Everything for programs; the format is frozen as version 1",
            Self::Sarif => "SARIF 2.1.0 with fixes, for code scanning",
            Self::Github => "Annotations on the lines of a pull request, for GitHub Actions",
            Self::Gitlab => "A Code Quality report for GitLab",
            Self::Markdown => "The text of a pull request",
            Self::Csv => "A table for auditors: each instance with its value, origin, owner and program",
            Self::Junit => "JUnit's XML, one case an instance, for Jenkins, Azure and others that show tests",
            Self::Rdjson => "reviewdog's JSON, with the edits as suggestions",
        }
    }

    /// Whether a platform reads it, to which all paths count from the top of the repository.
    #[must_use]
    pub const fn is_for_platforms(self) -> bool {
        !matches!(self, Self::Text | Self::Diff | Self::Json)
    }

    /// Whether problems and notes are all in the report, so that they need no telling besides.
    pub(super) fn tells_problems(self, mode: Mode) -> bool {
        match self {
            Self::Text => mode != Mode::Filter,
            Self::Json | Self::Github | Self::Markdown => true,
            Self::Diff | Self::Sarif | Self::Gitlab | Self::Csv | Self::Junit | Self::Rdjson => false,
        }
    }

    /// Whether it tells instances one by one, and so needs all of them.
    #[must_use]
    pub const fn lists_instances(self) -> bool {
        matches!(self, Self::Json | Self::Csv | Self::Junit | Self::Markdown)
    }

    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// The treatment of fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Show findings and diff.
    Preview,
    /// Print the fixed text of standard input, and findings on standard error.
    Filter,
    /// One line a finding, and the diff on request; an exit code for CI.
    Check,
    /// Apply every applicable fix.
    Write,
    /// Ask for each fix, and apply those that are accepted.
    Interactive,
}

/// Where globs come from that leave files out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExcludedBy {
    /// `--exclude`.
    Option,
    /// A settings file, which may belong to the code under scan.
    Settings,
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// `-q`: only errors and what the format itself demands.
    Quiet,
    /// The default.
    Normal,
    /// `-v`: also what was looked at and left alone.
    Verbose,
}

/// How a report is printed, and what it has to know of the run besides the results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The treatment of fixes in this run.
    pub mode: Mode,
    /// Whether `text` shows the diff in modes that leave it out otherwise.
    pub diff: bool,
    /// Unchanged lines shown around a change.
    pub context: usize,
    /// How much is said.
    pub verbosity: Verbosity,
    /// Whether unsafe fixes were applicable in the run.
    pub unsafe_fixes: bool,
    /// The options that look at code in the same way again, each after a space, quoted for a shell.
    pub flags: String,
    /// The paths that select the same files again, likewise.
    pub paths: String,
    /// Whether hidden or ignored files are left out.
    pub leaves_out: bool,
    /// Where the globs that leave files out come from.
    pub excluded_by: ExcludedBy,
    /// The working folder, absolute; `None` where its name is not UTF-8. File names in a diff are relative to it.
    pub folder: Option<Utf8PathBuf>,
    /// The top of the repository that the paths lie in, as a real path; `None` without one.
    pub top: Option<Utf8PathBuf>,
}

impl Options {
    /// Whether `text` shows a diff.
    pub(super) const fn shows_diff(&self) -> bool {
        self.diff || matches!(self.mode, Mode::Preview)
    }

    /// The path of a file from the top of the repository.
    #[must_use]
    pub fn in_repository(&self, path: &Utf8Path) -> String {
        in_repository(path, self)
    }

    /// The arguments that select the same files again.
    pub(super) fn selection(&self) -> String {
        format!("{}{}", self.flags, self.paths)
    }

    /// Whether findings, notes and the summary are printed.
    pub(super) fn tells(&self) -> bool {
        self.verbosity > Verbosity::Quiet
    }
}
