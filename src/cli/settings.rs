//! What a run does, resolved once from the command line.

use camino::{Utf8Path, Utf8PathBuf};
use clap::CommandFactory;
use clap::error::ErrorKind;

pub use crate::report::{ExcludedBy, Format, Mode, Verbosity};

use super::args::{Args, STDIN};
use super::config::{Config, Found};
use super::habits;
pub use super::values::{ReportFile, SplitBy};
use crate::discover::Walk;
use crate::evidence::PlanFile;
use crate::options::{NewExemptions, Options};
use crate::report;
use crate::source::World;
use crate::terminal::Colour;

/// Where the Terraform code comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Files and folders.
    Paths(Vec<Utf8PathBuf>),
    /// Standard input, shown under this name.
    Stdin(Utf8PathBuf),
}

/// More threads than this only wait for each other.
const MOST_THREADS: usize = 64;

/// Everything a run needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where the code comes from.
    pub input: Input,
    /// The options that look at code in the same way again, each after a space, quoted for a shell.
    pub flags: String,
    /// The paths that select the same files again, likewise.
    pub paths: String,
    /// The treatment of fixes.
    pub mode: Mode,
    /// Exemptions to be added to the settings file, in the place of fixes.
    pub exempt: Option<NewExemptions>,
    /// How the result is printed.
    pub format: Format,
    /// The file that some of the settings stem from, and those that were passed over.
    pub config: Found,
    /// What is written to files besides.
    pub reports: Vec<ReportFile>,
    /// What the change is split by, for the reports that name a folder.
    pub split_by: Option<SplitBy>,
    /// Plans and states that verdicts are held against.
    pub plans: Vec<PlanFile>,
    /// Files of findings of other tools, which the run is limited to.
    pub from: Vec<Utf8PathBuf>,
    /// How the code is analysed.
    pub options: Options,
    /// Where the globs that leave files out come from.
    pub excluded_by: ExcludedBy,
    /// Whether `text` shows the diff in modes that leave it out otherwise.
    pub diff: bool,
    /// Unchanged lines shown around a change.
    pub context: usize,
    /// When colour is used.
    pub colour: Colour,
    /// Whether findings leave the exit code at 0.
    pub exit_zero: bool,
    /// How much is said.
    pub verbosity: Verbosity,
    /// Whether nothing but a settings file that was found asks for quiet: one may come with the change that is checked.
    pub is_quieted: bool,
}

impl Settings {
    /// Resolves the arguments, and what they leave open by the configuration file.
    ///
    /// # Errors
    /// A usage error where arguments contradict each other, with a hint at what to do.
    pub fn resolve(args: Args, config: Config) -> Result<Self, clap::Error> {
        let input = input(&args)?;
        if args.exempt.is_some() && matches!(input, Input::Stdin(_)) {
            let message = "--exempt looks at code in its repository, and `-` is standard input";
            return Err(usage(ErrorKind::ArgumentConflict, message, "name files or folders"));
        }
        let evidence = args.plan.iter().map(|plan| &plan.path).chain(&args.from).filter(|path| *path == STDIN).count();
        if evidence + usize::from(matches!(input, Input::Stdin(_))) > 1 {
            let message = "`-` is standard input, which can be read once";
            return Err(usage(ErrorKind::ArgumentConflict, message, "write one of them to a file first"));
        }
        // Who is asked reads text, whatever the file sets for other runs.
        let configured = config.format.filter(|_| !args.interactive);
        let format = args.format.or(configured).unwrap_or(Format::Text);
        if args.diff && !matches!(format, Format::Text | Format::Diff) {
            let message = format!("--diff shows the diff in `text`, and `{}` has no place for it", format.name());
            return Err(usage(ErrorKind::ArgumentConflict, &message, "leave out --diff or --format"));
        }
        if args.interactive && format != Format::Text {
            let message =
                format!("--interactive asks on the terminal, and `{}` is not a human-readable format", format.name());
            let hint = "leave out --format, or write the report to a file with --report";
            return Err(usage(ErrorKind::ArgumentConflict, &message, hint));
        }
        let folder = args.report.iter().find(|report| report.is_folder());
        match (args.split_by, folder) {
            (None, Some(report)) => {
                let message = format!("`{}` is a folder, which takes a report for each part of a change", report.path);
                return Err(usage(ErrorKind::MissingRequiredArgument, &message, "add --split-by, or name a file"));
            }
            (Some(_), None) => {
                let hint = "end the name of one with a slash: --report diff=FOLDER/ --report markdown=FOLDER/";
                let message = "--split-by writes reports into folders, and no --report names one";
                return Err(usage(ErrorKind::MissingRequiredArgument, message, hint));
            }
            (Some(_), _) if matches!(input, Input::Stdin(_)) => {
                let message = "--split-by looks at code in its repository, and `-` is standard input";
                return Err(usage(ErrorKind::ArgumentConflict, message, "name files or folders"));
            }
            _ => {}
        }
        let mode = match (args.check, args.write, &input, format) {
            (true, _, _, _) => Mode::Check,
            (_, true, _, _) => Mode::Write,
            _ if args.interactive => Mode::Interactive,
            // A filter prints the new text and nothing else; another format has been asked for by name.
            (_, _, Input::Stdin(_), Format::Text) if !args.diff => Mode::Filter,
            _ => Mode::Preview,
        };
        Ok(Self {
            flags: quoted(&flags(&args)),
            paths: quoted(&paths(&args)),
            input,
            exempt: args.exempt.zip(args.until).map(|(reason, until)| NewExemptions { reason, until }),
            mode,
            format,
            config: Found::default(),
            reports: args.report,
            split_by: args.split_by,
            excluded_by: if args.exclude.is_empty() { ExcludedBy::Settings } else { ExcludedBy::Option },
            plans: args.plan,
            from: args.from,
            options: Options {
                walk: Walk {
                    exclude: if args.exclude.is_empty() { config.exclude } else { args.exclude },
                    hidden: flag(args.hidden, args.no_hidden, config.hidden),
                    no_ignore: flag(args.no_ignore, args.ignore, config.no_ignore),
                    threads: args.threads.or(config.threads).map(|threads| threads.get().min(MOST_THREADS)),
                },
                unsafe_fixes: flag(args.unsafe_fixes, args.no_unsafe_fixes, config.unsafe_fixes),
                fix_at: args.fix_at.or(config.fix_at).unwrap_or_default(),
                scripts: args.scripts.or(config.scripts).unwrap_or_default(),
                var_files: args.var_file,
                suppressions: !flag(args.no_suppressions, args.suppressions, config.no_suppressions),
                exemptions: config.exemptions,
            },
            diff: flag(args.diff, args.no_diff, config.diff),
            context: args.context.or(config.context).unwrap_or(3),
            colour: args.color.or(config.color).unwrap_or_default(),
            exit_zero: args.exit_zero,
            is_quieted: config.quiet && args.config.is_none() && !args.quiet && !args.verbose,
            verbosity: match (args.quiet, args.verbose) {
                (true, _) => Verbosity::Quiet,
                (_, true) => Verbosity::Verbose,
                _ if config.quiet => Verbosity::Quiet,
                _ if config.verbose => Verbosity::Verbose,
                _ => Verbosity::Normal,
            },
        })
    }

    /// The formats of all that is printed and written.
    pub fn formats(&self) -> impl Iterator<Item = Format> {
        self.reports.iter().map(|report| report.format).chain([self.format])
    }

    /// Whether instances are told apart in what the run prints or writes.
    #[must_use]
    pub fn lists_instances(&self) -> bool {
        let shows_all = matches!(self.mode, Mode::Preview | Mode::Write);
        let lists = |format: Format| format.lists_instances() || format == Format::Text && shows_all;
        self.exempt.is_some() || self.formats().any(lists)
    }

    /// The top of the repository that the first of the paths lies in.
    fn repository(&self) -> Option<Utf8PathBuf> {
        let path = match &self.input {
            Input::Paths(paths) => paths.first()?,
            Input::Stdin(path) if path.exists() => path,
            Input::Stdin(path) => path.parent()?,
        };
        World::of(path).filter(|world| world.is_repository).map(|world| world.top)
    }

    /// What the reports need to know of the run. `folder` is the working folder, absolute, where it is UTF-8.
    #[must_use]
    pub fn report_options(&self, folder: Option<Utf8PathBuf>) -> report::Options {
        report::Options {
            mode: self.mode,
            diff: self.diff,
            context: self.context,
            verbosity: self.verbosity,
            unsafe_fixes: self.options.unsafe_fixes,
            flags: self.flags.clone(),
            paths: self.paths.clone(),
            excluded_by: self.excluded_by,
            leaves_out: !(self.options.walk.hidden && self.options.walk.no_ignore),
            folder,
            top: self.repository(),
        }
    }
}

/// The options that look at code in the same way again. What the configuration file says will be read again.
fn flags(args: &Args) -> Vec<String> {
    let mut words: Vec<&str> = Vec::new();
    if let Some(config) = &args.config {
        words.extend(["--config", config.as_str()]);
    }
    words.extend(args.no_config.then_some("--no-config"));
    let plans: Vec<String> = args.plan.iter().map(ToString::to_string).collect();
    words.extend(plans.iter().flat_map(|plan| ["--plan", plan]));
    words.extend(args.from.iter().flat_map(|file| ["--from", file.as_str()]));
    for glob in &args.exclude {
        words.extend(["--exclude", glob]);
    }
    for (given, name) in [
        (args.hidden, "--hidden"),
        (args.no_hidden, "--no-hidden"),
        (args.no_ignore, "--no-ignore"),
        (args.ignore, "--ignore"),
        (args.no_suppressions, "--no-suppressions"),
        (args.suppressions, "--suppressions"),
    ] {
        words.extend(given.then_some(name));
    }
    for file in &args.var_file {
        words.extend(["--var-file", file.as_str()]);
    }
    words.into_iter().map(str::to_owned).collect()
}

/// The paths, none where they are what is looked at anyway.
fn paths(args: &Args) -> Vec<String> {
    let is_default = args.paths == [Utf8Path::new(".")];
    args.paths.iter().filter(|_| !is_default).map(ToString::to_string).collect()
}

/// Words for a shell, each after a space. The one thing that cannot be quoted is a NUL byte, which no argument can hold.
fn quoted(words: &[String]) -> String {
    words.iter().filter_map(|word| shlex::try_quote(word).ok()).fold(String::new(), |line, word| line + " " + &word)
}

/// A flag that has an opposite: what the command line says, else what the file says.
const fn flag(on: bool, off: bool, configured: bool) -> bool {
    on || (configured && !off)
}

/// Files and folders, or standard input alone.
fn input(args: &Args) -> Result<Input, clap::Error> {
    let is_stdin = |path: &Utf8PathBuf| path == STDIN;
    if !args.paths.iter().any(is_stdin) {
        if args.stdin_filename.is_some() {
            let message = "--stdin-filename names standard input, which is not read";
            return Err(usage(ErrorKind::MissingRequiredArgument, message, "add `-` to read standard input"));
        }
        // A command of another tool would be looked for as a file, and its name says nothing of what is wrong.
        let mut unknown = args.paths.iter().filter(|path| !path.exists());
        if let Some((word, tip)) = unknown.find_map(|path| Some((path, habits::command(path.as_str())?))) {
            let message = format!("there is no file or folder `{word}`, and no command of that name");
            return Err(usage(ErrorKind::InvalidSubcommand, &message, tip));
        }
        return Ok(Input::Paths(args.paths.clone()));
    }
    if args.paths.len() > 1 {
        let message = "`-` reads standard input and cannot be used with other paths";
        return Err(usage(ErrorKind::ArgumentConflict, message, "write `./-` for a file of that name"));
    }
    if args.interactive {
        let message = "--interactive reads its answers from standard input";
        return Err(usage(ErrorKind::ArgumentConflict, message, "leave out --interactive: `-` prints the fixed text"));
    }
    if args.write {
        let message = "--write cannot be used with standard input";
        return Err(usage(ErrorKind::ArgumentConflict, message, "leave out --write: `-` prints the fixed text"));
    }
    Ok(Input::Stdin(args.stdin_filename.clone().unwrap_or_else(|| "<stdin>".into())))
}

/// A usage error in clap's manner, with exit code 2.
fn usage(kind: ErrorKind, message: &str, hint: &str) -> clap::Error {
    Args::command().error(kind, format_args!("{message}\n\n  tip: {hint}"))
}

#[cfg(test)]
mod tests;
