//! The values of arguments, and how each is read.

use std::ffi::OsStr;

use camino::{Utf8Path, Utf8PathBuf};
use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use clap::{Arg, Command, ValueEnum};
use time::Date;

use crate::control::{self, Identifier};
use crate::evidence::PlanFile;
use crate::options::date;
use crate::report::Format;
use crate::rules::Rule;

/// What a change is split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SplitBy {
    /// The owners of files, by CODEOWNERS
    Owner,
    /// The folders of files, two levels deep
    Folder,
}

/// A report to be written to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// How it is written.
    pub format: Format,
    /// Where to.
    pub path: Utf8PathBuf,
}

impl ReportFile {
    /// Whether a folder is named, for a file for each part.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.path.as_str().ends_with(std::path::is_separator)
    }
}

/// Reads a format by its name, and lists what each is for in `--help`.
pub(super) fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(|format| PossibleValue::new(format.name()).help(format.summary())))
        .try_map(|name| Format::from_name(&name).ok_or("no such format"))
}

/// What can be explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// A rule.
    Rule(Rule),
    /// The control under the name that other systems have for it.
    Elsewhere(Vec<&'static Identifier>),
}

/// Reads a [`Topic`]. Shells complete the rules.
#[derive(Clone)]
pub(super) struct Topics;

impl TypedValueParser for Topics {
    type Value = Topic;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, word: &OsStr) -> Result<Topic, clap::Error> {
        StringValueParser::new().try_map(|word| topic(&word)).parse_ref(command, argument, word)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let value = |rule: &Rule| PossibleValue::new(rule.code()).help(rule.summary());
        Some(Box::new(Rule::ALL.iter().map(value)))
    }
}

/// Reads a rule by its code, or the control by its name in another system.
fn topic(word: &str) -> Result<Topic, String> {
    let rule = Rule::from_code(&word.to_ascii_lowercase()).map(Topic::Rule);
    let elsewhere = || Some(control::identifiers(word)).filter(|named| !named.is_empty()).map(Topic::Elsewhere);
    let topic = rule.or_else(elsewhere);
    let far = |rule: &Rule| strsim::damerau_levenshtein(rule.code(), word);
    let nearest = || Rule::ALL.iter().min_by_key(|rule| far(rule)).filter(|rule| far(rule) <= word.len() / 2);
    topic.ok_or_else(|| match nearest() {
        Some(rule) => format!("no rule has that name; is it {rule}? `unroot --explain` lists them all"),
        None => "neither a rule nor a name of the control elsewhere; `unroot --explain` lists them all".to_owned(),
    })
}

/// Reads `FILE` or `FOLDER=FILE`.
pub(super) fn plan_file(value: &str) -> Result<PlanFile, String> {
    let (folder, path) = match value.rsplit_once('=') {
        // A file may have such a name.
        Some((folder, path)) if !Utf8Path::new(value).exists() => (Some(folder.into()), path),
        _ => (None, value),
    };
    if path.is_empty() || folder.as_ref().is_some_and(|folder: &Utf8PathBuf| folder.as_str().is_empty()) {
        return Err("expected FILE or FOLDER=FILE, such as envs/prod=plan.json".to_owned());
    }
    Ok(PlanFile { folder, path: path.into() })
}

/// Reads a reason, which says something.
pub(super) fn reason(value: &str) -> Result<String, String> {
    if value.trim().is_empty() { Err("a reason is needed".to_owned()) } else { Ok(value.trim().to_owned()) }
}

/// Reads a date.
pub(super) fn day(value: &str) -> Result<Date, String> {
    date(value).ok_or_else(|| "expected a day, such as 2027-06-30".to_owned())
}

/// Reads `FORMAT=FILE`.
pub(super) fn report_file(value: &str) -> Result<ReportFile, String> {
    let (name, path) = value.split_once('=').ok_or("expected FORMAT=FILE, such as sarif=unroot.sarif")?;
    let format = Format::from_name(name).ok_or_else(|| {
        format!("no format is named `{name}`; there are {}", Format::ALL.map(Format::name).join(", "))
    })?;
    if path.is_empty() {
        return Err("the file has no name".to_owned());
    }
    Ok(ReportFile { format, path: path.into() })
}
