//! The command line as clap reads it, and nothing else: what the arguments mean together is `settings`' work.

#![expect(clippy::doc_markdown, reason = "the comments are the text of --help, where backticks are noise")]

use std::num::NonZeroUsize;

use camino::Utf8PathBuf;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Parser, ValueEnum, ValueHint};

use crate::report::Format;

/// The path that stands for standard input.
pub(super) const STDIN: &str = "-";

const EXAMPLES: &str = "\
Examples:
  unroot                              show what would change below the working folder
  unroot --write infra                fix every notebook below infra/
  unroot --check                      for CI: exit code 1 if a notebook keeps root
  unroot --format diff | git apply    the same as --write, through a patch
  unroot - < main.tf                  fix standard input, print the result

Exit codes:
  0  nothing left to do; a preview always, unless there are errors
  1  --check: a notebook is not compliant; --write: something is left for review
  2  something could not be read, judged or written, or the command line is wrong";

/// Take root access away from SageMaker notebook instances in Terraform code.
///
/// Finds every resource that creates a notebook instance, makes its effective `root_access` "Disabled", and touches no
/// other byte. Without a mode it previews: findings and a unified diff. Files are written with --write only.
#[derive(Debug, Clone, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag on its own; `settings` makes enums of them")]
#[command(name = "unroot", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Args {
    /// Files or folders to look at; `-` reads standard input and prints the fixed text
    ///
    /// A folder is searched for *.tf, *.tofu and their JSON forms. A file is read whatever its name.
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<Utf8PathBuf>,

    /// Report one line a finding and never write; exit code 1 if a notebook is not compliant
    #[arg(long, conflicts_with = "write", help_heading = "Modes")]
    pub check: bool,

    /// Apply every applicable fix
    ///
    /// Each file is replaced as a whole by a proved new text, or left alone.
    #[arg(short, long, help_heading = "Modes")]
    pub write: bool,

    /// Also apply fixes that may change what the author meant
    ///
    /// These are: replacing an expression whose value is not known by "Disabled", and taking root_access out of
    /// ignore_changes.
    #[arg(long, help_heading = "Modes")]
    pub unsafe_fixes: bool,

    /// Heed no ignore comments, neither unroot's nor Checkov's
    ///
    /// These are: `# unroot:ignore[RULE, ...] until=YYYY-MM-DD REASON` on a notebook's block or directly above it, rules
    /// and date being optional, and `# checkov:skip=CKV_AWS_307:REASON` inside the block.
    #[arg(long, help_heading = "Modes")]
    pub no_suppressions: bool,

    /// How results are printed
    #[arg(long, value_name = "FORMAT", default_value = Format::Text.name(), value_parser = formats(), help_heading = "Output")]
    pub format: Format,

    /// Show the diff with --check or --write too, as a preview does anyway
    #[arg(long, help_heading = "Output")]
    pub diff: bool,

    /// Unchanged lines to show around a change
    ///
    /// With 0, `git apply` needs --unidiff-zero.
    #[arg(short = 'U', long, value_name = "N", default_value_t = 3, help_heading = "Output")]
    pub context: usize,

    /// When to use colour
    ///
    /// `auto` colours for a terminal, and heeds NO_COLOR, CLICOLOR and CLICOLOR_FORCE.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto, help_heading = "Output")]
    pub color: When,

    /// Print no findings, notes or summary, only errors and what was asked for by --diff or --format
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,

    /// Also list what complies already
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    /// Leave out files and folders that match, in .gitignore syntax (repeatable)
    #[arg(long, value_name = "GLOB", action = ArgAction::Append, help_heading = "What is looked at")]
    pub exclude: Vec<String>,

    /// Look into hidden files and folders too
    ///
    /// Never into .git, .terraform and .terragrunt-cache.
    #[arg(long, help_heading = "What is looked at")]
    pub hidden: bool,

    /// Look at files that .gitignore and .ignore leave out too
    #[arg(long, help_heading = "What is looked at")]
    pub no_ignore: bool,

    /// The name to show for standard input
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, help_heading = "What is looked at")]
    pub stdin_filename: Option<Utf8PathBuf>,

    /// Number of threads [default: one per processor]
    #[arg(short = 'j', long, value_name = "N", help_heading = "What is looked at")]
    pub threads: Option<NonZeroUsize>,
}

/// When colour is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// For a terminal, unless the environment says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Reads a format by its name, and lists what each is for in `--help`.
fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(|format| PossibleValue::new(format.name()).help(format.summary())))
        .try_map(|name| Format::from_name(&name).ok_or("no such format"))
}
