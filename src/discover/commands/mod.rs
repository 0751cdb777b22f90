//! What a repository's texts show of its runs of Terraform: in Makefiles, scripts, programs, CI files, files of environment
//! variables, instructions for people, and in code that sets up other runs.
//!
//! A command may stand in any text, so every file is searched but those that hold data by their names.

pub(super) mod beside;
mod calls;
mod copied;
mod data;
mod edited;
mod fetched;
mod file_kinds;
mod kept;
mod programs;
mod settings;
pub(super) mod spelled;
mod words;
mod written;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::source::{self, FileKind, Opened, Refusal};
pub(super) use calls::Programs;
pub(super) use copied::{Copy, defaults};
pub use file_kinds::may_set;
use file_kinds::{
    Counting, has_arguments, is_brought, is_environment, is_named_for_terraform, is_record, is_run_elsewhere,
    is_settings,
};
pub(super) use file_kinds::{is_data, may_stand_in};
use kept::{Kept, kept};
pub(super) use settings::Setting;
pub use spelled::sets_values;
pub use written::{ANY_DOCUMENT, is_document};

/// What a file shows of runs of Terraform.
#[derive(Debug, Default)]
pub(super) struct Commands {
    /// The names of files that Terragrunt is told to take for `terragrunt.hcl`.
    pub(super) configurations: Vec<String>,
    /// The files of values that it names, as they are written.
    pub(super) values: Vec<String>,
    /// Those of them that it gives to Terraform.
    pub(super) required: Vec<Setting>,
    /// The names of files of values that it writes.
    pub(super) made: Vec<String>,
    /// The variables that it sets by Terraform's own options and names.
    pub(super) variables: Vec<Setting>,
    /// Which of the names that it sets count.
    pub(super) sets: Sets,
    /// Whether it gives a file of values whose path it puts together.
    pub(super) leaves_files_open: bool,
    /// What it takes from whoever starts it, or from files of data.
    pub(super) takes: Takes,
    /// Whether it takes a file of values from outside the repository.
    pub(super) fetches_values: bool,
    /// Documents that a service keeps for it, by name: values if some text gives them as such.
    pub(super) kept: Vec<String>,
    /// The files of values that it names only as what triggers a run.
    pub(super) watched: Vec<String>,
    /// Whether it lets Terragrunt take code from other places than units say.
    pub(super) maps_sources: bool,
    /// Files that it may take the names of variables from, as they are written.
    pub(super) data: Vec<String>,
    /// What it copies from one folder to another.
    pub(super) copies: Vec<Copy>,
}

/// Which of the names that a text sets count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sets {
    /// None: it runs nothing, or not Terraform.
    #[default]
    Nothing,
    /// Any, if some other text puts names together: it holds data.
    Data,
    /// Those that code takes from the environment; any, as with data.
    Environment,
    /// Any, since it speaks of Terraform.
    Any,
}

/// What a text hands over that it does not hold itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Takes {
    #[default]
    Nothing,
    /// Names of files of values.
    Files,
    /// Names of variables, so that any file of data may have them.
    Names,
}

/// The names whose values code takes from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Declared {
    /// Those of variables.
    pub(super) variables: BTreeSet<String>,
    /// Those of environment variables and feature flags of Terragrunt.
    pub(super) environment: BTreeSet<String>,
}

impl Declared {
    /// Whether code takes a value of some name from outside.
    pub(super) fn takes(&self, name: &str) -> bool {
        self.variables.contains(name) || self.environment.contains(name)
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.variables.append(&mut other.variables);
        self.environment.append(&mut other.environment);
    }
}

/// Longer files are not written by people.
const LONGEST: u64 = 4 << 20;

/// The commands and settings in a regular file of any kind but Terraform's.
pub(super) fn in_file(path: &Path) -> Commands {
    if is_brought(path) {
        return Commands::default();
    }
    let name = path.file_name().unwrap_or_default();
    let read = source::open_up_to(path, LONGEST).and_then(Opened::whole);
    if matches!(&read, Err(Refusal::System(error)) if error.kind() != ErrorKind::NotFound) {
        // It may set anything.
        return Commands { fetches_values: may_set(name), ..Commands::default() };
    }
    let Some(bytes) = read.ok().and_then(|bytes| text(name, bytes)) else {
        return Commands::default();
    };
    let puts_names = data::puts_together(&bytes);
    let names_no_file = data::names_no_file(&bytes);
    let speaks = may_set(name)
        && (puts_names
            || names_no_file
            || is_named_for_terraform(name)
            || settings::speaks_of_terraform(&bytes)
            || is_run_elsewhere(path, &bytes));
    let leaves_files_open = speaks && spelled::leaves_files_open(&bytes);
    let puts_together = puts_names || names_no_file || leaves_files_open;
    let names_values = memchr::memmem::find(&bytes, b".tfvars").is_some();
    let kept = if may_set(name) && settings::speaks_of_terraform(&bytes) { kept(&bytes) } else { Kept::None };
    Commands {
        configurations: each_once(words::configurations(&bytes).into_iter()),
        values: each_once(words::value_files(&bytes).into_iter()),
        watched: words::watched(&bytes),
        required: if names_values && may_set(name) { each_once(words::required(&bytes)) } else { Vec::new() },
        made: if names_values { each_once(words::made(&bytes)) } else { Vec::new() },
        variables: each_once(words::variables(&bytes).into_iter()),
        sets: match speaks && !is_record(&bytes) {
            true => Sets::Any,
            false if is_environment(name) => Sets::Environment,
            false if is_settings(name) || has_arguments(name, &bytes) => Sets::Data,
            false => Sets::Nothing,
        },
        leaves_files_open,
        takes: match speaks {
            true if puts_names => Takes::Names,
            true if puts_together => Takes::Files,
            _ => Takes::Nothing,
        },
        fetches_values: may_set(name) && (fetched::takes_values(&bytes, puts_names) || edited::edits(name, &bytes))
            || kept == Kept::Any
            || fetched::renders_values(&bytes),
        kept: if let Kept::Documents(names) = kept { names } else { Vec::new() },
        maps_sources: may_set(name) && words::maps_sources(&bytes),
        data: if speaks && (puts_together || data::writes_code(&bytes)) {
            data::files_named(name, &bytes)
        } else {
            Vec::new()
        },
        copies: if speaks { copied::copies(&bytes) } else { Vec::new() },
    }
}

/// The documents that a file's commands write, as their paths are written.
pub(super) fn written_by(path: &Path) -> Vec<String> {
    let may_write = !is_brought(path) && path.file_name().is_some_and(may_set);
    let text = if may_write { text_of(path) } else { None };
    text.map(|bytes| written::written(&bytes)).unwrap_or_default()
}

/// The text of a file, as far as it may hold commands.
pub(super) fn text_of(path: &Path) -> Option<Vec<u8>> {
    let name = path.file_name().unwrap_or_default();
    source::read_up_to(path, LONGEST).ok().and_then(|bytes| text(name, bytes))
}

/// The names declared by code that a file sets, in any way.
pub(super) fn set_in(path: &Path, sets: Sets, declared: &Declared) -> Vec<Setting> {
    let name = path.file_name().unwrap_or_default();
    let Some(bytes) = text_of(path) else { return Vec::new() };
    // A template or an example belongs to the code that it lies beside.
    let is_code = FileKind::is_configuration(name);
    let is_template = is_named_for_terraform(name) && !is_code;
    let folder = if is_template { Some(".".to_owned()) } else { programs::folder(&bytes) };
    let by_kind = Counting::of(path, &bytes);
    let counts = |named: &settings::Named<'_>| {
        // What code declares is its own.
        let before = &bytes[..named.at];
        let is_own = is_code && settings::declares(before, before.ends_with(b"\""));
        let counts = sets == Sets::Any && !is_own && by_kind.counts(named, &bytes);
        counts && declared.variables.contains(named.name) || declared.environment.contains(named.name)
    };
    let set = settings::names_set(&bytes).filter(counts);
    let set = set.map(|named| Setting { name: named.name.to_owned(), folder: folder.clone(), value: named.value });
    // A list of names: `for name in root_access size`.
    let puts_together = sets == Sets::Any && data::puts_together(&bytes);
    let listed = calls::listed(if puts_together { &bytes } else { b"" }).filter(|word| declared.takes(&word.name));
    each_once(set.chain(listed.map(|word| Setting { folder: folder.clone(), ..word })))
}

fn each_once<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    items.collect::<BTreeSet<T>>().into_iter().collect()
}

/// What Terraform code says of other runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct OtherRuns {
    /// The variables that it sets for them.
    pub(super) variables: Vec<Setting>,
    /// The files of values that it gives them, as they are written.
    pub(super) values: Vec<String>,
    /// Whether any name in it may be that of such a variable.
    pub(super) sets_any: bool,
    /// Whether it starts programs.
    pub(super) starts: bool,
}

/// What Terraform code says of other runs.
pub(super) fn in_code(bytes: &[u8]) -> OtherRuns {
    /// One of them stands in whatever says any. Every file of code is asked.
    static SIGNS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?-u)-var|_variable|TF_VAR_|category|content|\.tfvars").ok());
    let starts = programs::starts_any(bytes);
    if !SIGNS.as_ref().is_some_and(|signs| signs.is_match(bytes)) {
        return OtherRuns { starts, ..OtherRuns::default() };
    }
    let names = words::of_environment(bytes).chain(programs::of_workspaces(bytes));
    let by_name = names.map(|name| Setting { name, ..Setting::default() });
    OtherRuns {
        variables: by_name.chain(words::by_option(bytes)).collect(),
        values: each_once(words::files_in_code(bytes)),
        sets_any: programs::sets_any(bytes),
        starts,
    }
}

/// The keys of a text in JSON.
pub(super) fn keys(bytes: &[u8]) -> impl Iterator<Item = String> {
    static KEYS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#""([\w-]+)"\s*:"#).ok());
    let found = KEYS.iter().flat_map(move |keys| keys.captures_iter(bytes));
    found.filter_map(|found| String::from_utf8(found.get(1)?.as_bytes().to_vec()).ok())
}

/// The names that a Terragrunt configuration takes from the environment, and those of its feature flags.
#[must_use]
pub fn taken_from_environment(bytes: &[u8]) -> Vec<String> {
    static NAMES: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?:get_env\(\s*|feature\s+|"feature"\s*:\s*\{\s*)\\?"([\w-]+)\\?""#).ok());
    let found = NAMES.iter().flat_map(|names| names.captures_iter(bytes));
    found.filter_map(|found| String::from_utf8(found.get(1)?.as_bytes().to_vec()).ok()).collect()
}

/// The bytes of a file as text with one byte per ASCII letter, and with slashes between folders where the shells of Windows
/// accept either; `None` if it is no text.
fn text(name: &OsStr, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    /// ripgrep and git look as far for a NUL byte, which no text holds.
    const FAR: usize = 8 << 10;
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        // UTF-16, as PowerShell writes it.
        bytes.retain(|byte| *byte != 0);
    } else if memchr::memchr(0, &bytes[..bytes.len().min(FAR)]).is_some() {
        return None;
    }
    if [".bat", ".cmd", ".ps1"].iter().any(|end| name.as_encoded_bytes().ends_with(end.as_bytes())) {
        bytes.iter_mut().filter(|byte| **byte == b'\\').for_each(|byte| *byte = b'/');
    }
    Some(bytes)
}
