//! The command line as clap reads it, and nothing else: what the arguments mean together is `settings`' work.

#![expect(clippy::doc_markdown, reason = "the comments are the text of --help, where backticks are noise")]

use std::num::NonZeroUsize;

use camino::Utf8PathBuf;
use clap::{ArgAction, Parser, ValueHint};
use clap_complete::Shell;
use time::Date;

use super::manual;
use super::values::{ReportFile, SplitBy, Topic, Topics, day, formats, plan_file, reason, report_file};
use crate::evidence::PlanFile;
use crate::options::{FixAt, Scripts};
use crate::report::Format;
use crate::terminal::Colour;

/// The path that stands for standard input.
pub(super) const STDIN: &str = "-";

/// Take root access away from SageMaker notebook instances in Terraform code.
///
/// Finds every resource that creates a notebook instance, makes its effective `root_access` "Disabled", and touches no
/// other byte. Without a mode it previews: findings and a unified diff. Files are written with --write only.
#[derive(Debug, Clone, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag on its own; `settings` makes enums of them")]
#[command(name = "unroot", version, max_term_width = 100, after_help = manual::after_help())]
pub struct Args {
    /// Files or folders to look at; `-` reads standard input and prints the fixed text
    ///
    /// A folder is searched for *.tf, *.tofu and their JSON forms. A file is read whatever its name.
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<Utf8PathBuf>,

    /// Print one line per finding and never write; exit code 1 if a notebook is not compliant
    #[arg(long, conflicts_with = "write", help_heading = "Modes")]
    pub check: bool,

    /// Apply every applicable fix
    ///
    /// Each file is replaced as a whole by a proved new text, or left alone.
    #[arg(short, long, help_heading = "Modes")]
    pub write: bool,

    /// Ask for each fix on the terminal, and write at once what is accepted
    ///
    /// Single keys: y(es), ! (yes to an unsafe fix), n(o), d (all safe ones of this folder), a(ll safe ones that are left), u(ndo),
    /// q(uit), e(xplain), s(uppress with an ignore comment), p(rint the diff again), ?. Unsafe fixes are asked about, too, and say that they are.
    #[arg(short, long, conflicts_with_all = ["check", "write", "diff"], help_heading = "Modes")]
    pub interactive: bool,

    /// Also apply fixes that may change what the author meant
    ///
    /// These are: replacing an expression whose value is not known by "Disabled", and taking root_access out of
    /// ignore_changes. --no-unsafe-fixes turns off what unroot.toml turns on.
    #[arg(long, overrides_with = "no_unsafe_fixes", help_heading = "Modes")]
    pub unsafe_fixes: bool,

    /// Do not apply them
    #[arg(long, hide = true, overrides_with = "unsafe_fixes")]
    pub no_unsafe_fixes: bool,

    /// Where to fix a value that arrives through a variable, local, module call or tfvars file [default: origin]
    #[arg(long, value_name = "PLACE", value_enum, help_heading = "Modes")]
    pub fix_at: Option<FixAt>,

    /// Disregard ignore comments, both unroot's and Checkov's, and exemptions
    ///
    /// These are: `# unroot:ignore[RULE, ...] until=YYYY-MM-DD REASON` on a notebook's block or directly above it, rules
    /// and date being optional, and `# checkov:skip=CKV_AWS_307:REASON` inside the block; on a module call or a
    /// Terragrunt unit either covers the instances behind that. Exemptions are `[[exempt]]` tables of unroot.toml.
    /// --suppressions turns off what unroot.toml turns on.
    #[arg(long, overrides_with = "suppressions", help_heading = "Modes")]
    pub no_suppressions: bool,

    /// Respect them
    #[arg(long, hide = true, overrides_with = "no_suppressions")]
    pub suppressions: bool,

    /// Add exemptions for all that has root today to unroot.toml, so that --check passes and stops what is new
    ///
    /// The addition is shown as a diff, and written with --write, which changes no code then. The exemptions are held against the
    /// code first.
    #[arg(
        long, value_name = "REASON", requires = "until", value_parser = reason, help_heading = "Modes",
        conflicts_with_all = ["check", "interactive", "unsafe_fixes", "no_suppressions", "no_config", "format", "report", "plan", "from"]
    )]
    pub exempt: Option<String>,

    /// The last day that the exemptions of --exempt count, such as 2027-06-30
    #[arg(long, value_name = "DATE", requires = "exempt", value_parser = day, help_heading = "Modes")]
    pub until: Option<Date>,

    /// A file of values for the root modules in the folders given; may be repeated, a later file wins
    ///
    /// As -var-file of Terraform. It counts besides the files that are found, for each PATH that is a folder with Terraform
    /// code or a file in one.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Modes")]
    pub var_file: Vec<Utf8PathBuf>,

    /// What to do about lifecycle scripts [default: warn]
    ///
    /// The scripts that notebooks run at start and creation are read too: which lines stop working without root, and
    /// which hand root back. Nothing in them is changed. `# unroot:ignore[RULE, ...] REASON` on a line of a script, or on
    /// the line above it, suppresses what is said about the line.
    #[arg(long, value_name = "WHAT", value_enum, help_heading = "Modes")]
    pub scripts: Option<Scripts>,

    /// How results are printed [default: text]
    #[arg(long, value_name = "FORMAT", value_parser = formats(), help_heading = "Output")]
    pub format: Option<Format>,

    /// Also write a report to a file (repeatable)
    ///
    /// The formats are those of --format. The file is replaced as a whole. With --split-by, FORMAT=FOLDER/ writes one file for each part.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report_file, help_heading = "Output")]
    pub report: Vec<ReportFile>,

    /// Split the change into parts, and write each report that names a FOLDER/ once for each of them
    ///
    /// Parts are the files of one owner (CODEOWNERS), or those of one folder, two levels deep. Each is made and proved as if it were the only
    /// one: its patch applies alone, and its Markdown is the text of its pull request.
    #[arg(
        long, value_name = "WHAT", value_enum, requires = "report", help_heading = "Output",
        conflicts_with_all = ["write", "interactive", "exempt"]
    )]
    pub split_by: Option<SplitBy>,

    /// Hold the verdicts against a plan or state, as `terraform show -json` prints it; - reads standard input (repeatable)
    ///
    /// A plan settles what code leaves unknown, and says what the apply does to which instance. With --check, the exit code is 0
    /// only if every notebook instance of the plan ends without root. FOLDER=FILE names the root module of a plan that fits
    /// several.
    #[arg(long, value_name = "[FOLDER=]FILE", value_parser = plan_file, help_heading = "Evidence")]
    pub plan: Vec<PlanFile>,

    /// Limit the run to the findings of another tool, and say where each lives in the code (repeatable; - is standard input)
    ///
    /// JSON or SARIF of Checkov, OCSF JSON or CSV of Prowler, ASFF of Security Hub, compliance details of AWS Config. Findings
    /// that name an instance are matched by its ARN in a state given with --plan, else by the name that the code gives it.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Evidence")]
    pub from: Vec<Utf8PathBuf>,

    /// Exit with 0 even if something is left; errors still exit with 2
    #[arg(long, help_heading = "Output")]
    pub exit_zero: bool,

    /// Show the diff with --check or --write too, as a preview does anyway
    ///
    /// --no-diff turns off what unroot.toml turns on.
    #[arg(long, overrides_with = "no_diff", help_heading = "Output")]
    pub diff: bool,

    /// Do not show it
    #[arg(long, hide = true, overrides_with = "diff")]
    pub no_diff: bool,

    /// Unchanged lines to show around a change [default: 3]
    ///
    /// With 0, `git apply` needs --unidiff-zero.
    #[arg(short = 'U', long, value_name = "N", help_heading = "Output")]
    pub context: Option<usize>,

    /// When to use colour [default: auto]
    ///
    /// `auto` uses colour on a terminal, and respects NO_COLOR, CLICOLOR, CLICOLOR_FORCE and FORCE_COLOR.
    #[arg(long, value_name = "WHEN", value_enum, help_heading = "Output")]
    pub color: Option<Colour>,

    /// Print no findings, notes or summary, only errors and what --diff or --format asks for
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,

    /// Also list what complies already, and files that mention a notebook but are not looked at
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    /// Leave out files and folders that match, in .gitignore syntax (repeatable)
    #[arg(long, value_name = "GLOB", action = ArgAction::Append, help_heading = "What is looked at")]
    pub exclude: Vec<String>,

    /// Look into hidden files and folders too
    ///
    /// Never into .git, .terraform and .terragrunt-cache. --no-hidden turns off what unroot.toml turns on.
    #[arg(long, overrides_with = "no_hidden", help_heading = "What is looked at")]
    pub hidden: bool,

    /// Do not look into them
    #[arg(long, hide = true, overrides_with = "hidden")]
    pub no_hidden: bool,

    /// Look at files that git ignores too
    ///
    /// --ignore turns off what unroot.toml turns on.
    #[arg(long, overrides_with = "ignore", help_heading = "What is looked at")]
    pub no_ignore: bool,

    /// Do not look at them
    #[arg(long, hide = true, overrides_with = "no_ignore")]
    pub ignore: bool,

    /// The name to show for standard input
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, help_heading = "What is looked at")]
    pub stdin_filename: Option<Utf8PathBuf>,

    /// Number of threads, 64 at most [default: one per processor]
    #[arg(short = 'j', long, value_name = "N", help_heading = "What is looked at")]
    pub threads: Option<NonZeroUsize>,

    /// Read settings from this file [default: the nearest unroot.toml above the paths, in their repository]
    ///
    /// It can set what the options set, under the same names, apart from paths, modes and files to write or read. The
    /// command line wins. -v names the file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<Utf8PathBuf>,

    /// Heed no unroot.toml that lies in the repository, such as for the pull request of a stranger
    #[arg(long, conflicts_with = "config")]
    pub no_config: bool,

    /// Explain the control, which lists the rules, or one of the rules, and exit
    ///
    /// RULE is also what another tool calls the control, such as CKV_AWS_307 or SageMaker.3.
    #[arg(long, value_name = "RULE", exclusive = true, hide_possible_values = true, value_parser = Topics)]
    #[allow(clippy::option_option, reason = "how clap tells an option without its value from none")]
    pub explain: Option<Option<Topic>>,

    /// Print completions for a shell and exit
    #[arg(long, value_name = "SHELL", exclusive = true)]
    pub completions: Option<Shell>,

    /// Print the manual page and exit
    #[arg(long, exclusive = true)]
    pub man: bool,
}
