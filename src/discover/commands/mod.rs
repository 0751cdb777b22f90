//! What a repository says of runs of Terraform: in Makefiles, scripts, programs, CI files, files of environment variables,
//! instructions for people, and in code that sets up other runs.
//!
//! A command may stand in any text, so every file is searched but those that hold data by their names.

mod data;
mod fetched;
mod programs;
mod settings;
mod words;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::bytes::Regex;

use super::Word;
use crate::source::{self, Opened};
pub(super) use settings::Setting;

/// What a file says of runs of Terraform.
#[derive(Debug, Default)]
pub(super) struct Commands {
    /// The names of files that Terragrunt is told to take for `terragrunt.hcl`.
    pub(super) configurations: Vec<String>,
    /// The files of values that it names, as they are written.
    pub(super) values: Vec<String>,
    /// The variables that it sets by Terraform's own options and names.
    pub(super) variables: Vec<Setting>,
    /// Which of the names that it sets count.
    pub(super) sets: Sets,
    /// Whether it puts names together that it does not hold itself, so that any file of data may have them.
    pub(super) puts_together: bool,
    /// Whether it takes a file of values from outside of the repository.
    pub(super) fetches_values: bool,
    /// Whether it lets Terragrunt take code from other places than units say.
    pub(super) maps_sources: bool,
    /// Files that it may take the names of variables from, as they are written.
    pub(super) data: Vec<String>,
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

/// The names that code takes from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Declared {
    /// Those of variables.
    pub(super) variables: BTreeSet<String>,
    /// Those of environment variables and feature flags of Terragrunt.
    pub(super) environment: BTreeSet<String>,
}

impl Declared {
    pub(super) fn append(&mut self, mut other: Self) {
        self.variables.append(&mut other.variables);
        self.environment.append(&mut other.environment);
    }
}

/// Ends of the names of files without commands: pictures, archives, what programs have made, lists of what git leaves out.
const DATA: [&str; 56] = [
    ".7z", ".avif", ".bin", ".bmp", ".bz2", ".class", ".css", ".csv", ".dll", ".dylib", ".eot", ".exe", ".gif", ".gz",
    ".ico", ".jar", ".jpeg", ".jpg", ".lock", ".log", ".map", ".min.js", ".mov", ".mp3", ".mp4", ".o", ".otf",
    ".parquet", ".pdf", ".pem", ".png", ".pptx", ".proto", ".pyc", ".rlib", ".rmeta", ".scss", ".so", ".sql", ".sum",
    ".svg", ".tar", ".tfplan", ".tfstate", ".tgz", ".ttf", ".wasm", ".wav", ".webm", ".webp", ".whl", ".woff",
    ".woff2", ".xlsx", ".zip", "ignore",
];

/// Folders with what package managers bring, which runs nothing of the repository.
const BROUGHT: [&str; 5] = ["node_modules", "bower_components", "site-packages", ".venv", "__pycache__"];

/// Longer files are no work of people.
const LONGEST: u64 = 4 << 20;

/// Whether a file may hold commands, by its name.
pub(super) fn may_stand_in(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    !DATA.iter().any(|end| bytes.ends_with(end.as_bytes()))
}

/// Whether a file holds data by its name, as settings do.
fn is_settings(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    [".cfg", ".conf", ".env", ".ini", ".json", ".properties", ".toml", ".vars", ".yaml", ".yml"]
        .iter()
        .any(|end| name.ends_with(end.as_bytes()))
}

/// Whether a file that a text names may hold names of variables: Terraform's own files are read as such.
pub(super) fn is_data(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    let is_code = [".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json"];
    may_stand_in(name) && may_set(name) && !is_code.iter().any(|end| bytes.ends_with(end.as_bytes()))
}

/// What a regular file of any kind but Terraform's says.
pub(super) fn in_file(path: &Path) -> Commands {
    if path.components().any(|part| BROUGHT.iter().any(|brought| part.as_os_str() == *brought)) {
        return Commands::default();
    }
    let name = path.file_name().unwrap_or_default();
    let read = source::open_up_to(path, LONGEST).and_then(Opened::whole);
    let Some(bytes) = read.ok().and_then(|bytes| text(name, bytes)) else {
        return Commands::default();
    };
    let puts_names = data::puts_together(&bytes);
    let puts_together = puts_names || data::names_no_file(&bytes);
    let speaks =
        may_set(name) && (puts_together || is_named_for_terraform(name) || settings::speaks_of_terraform(&bytes));
    Commands {
        configurations: each_once(words::configurations(&bytes).into_iter()),
        values: each_once(words::value_files(&bytes).into_iter()),
        variables: each_once(words::variables(&bytes).into_iter()),
        sets: match speaks && !is_record(&bytes) {
            true => Sets::Any,
            false if is_environment(name) => Sets::Environment,
            false if is_settings(name) => Sets::Data,
            false => Sets::Nothing,
        },
        puts_together: speaks && puts_names,
        fetches_values: may_set(name) && fetched::takes_values(&bytes, puts_names),
        maps_sources: may_set(name) && words::maps_sources(&bytes),
        data: if speaks && (puts_together || data::writes_code(&bytes)) {
            data::files_named(&bytes)
        } else {
            Vec::new()
        },
    }
}

/// Ends of the names of files that run nothing: documents, which show how a module is called, what is put aside, and
/// configurations that are read as such, or as tests.
const TOLD: [&str; 19] = [
    ".adoc",
    ".backup",
    ".bak",
    ".disabled",
    ".htm",
    ".html",
    ".markdown",
    ".md",
    ".mdx",
    ".off",
    ".old",
    ".org",
    ".orig",
    ".rst",
    ".swp",
    ".tex",
    ".tftest.json",
    ".txt",
    "~",
];

/// Whether the names that a file sets may be those of variables, by its own name.
#[must_use]
pub fn may_set(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    let is_configuration = name.ends_with(b".hcl") || name.ends_with(b".hcl.json");
    !TOLD.iter().any(|end| name.ends_with(end.as_bytes())) && (!is_configuration || name.ends_with(b".tm.hcl"))
}

/// Whether a file is a template or an example of Terraform code, or of a file of values: `main.tf.j2`,
/// `terraform.tfvars.example`.
fn is_named_for_terraform(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.ends_with(b".tm")
        || [&b".tf."[..], b".tofu.", b"tfvars"].iter().any(|sign| memchr::memmem::find(name, sign).is_some())
}

/// Which names count in a file of its kind, as far as variables go. Where a file consists of commands, what it hands over stands
/// in them, by Terraform's own options and names; whatever else it sets is its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counting {
    /// All of them.
    All,
    /// Those that are set to plain text, but no keys: what a service that runs jobs hands over to others.
    Texts,
    /// None.
    Nothing,
}

/// Parts of the paths of files in YAML that say which jobs a service runs.
const JOBS: [&str; 15] = [
    ".azure",
    ".buildkite",
    ".circleci",
    ".drone",
    ".github",
    ".gitlab",
    ".travis",
    ".woodpecker",
    "appveyor",
    "askfile",
    "azure-pipelines",
    "bitbucket-pipelines",
    "buildspec",
    "cloudbuild",
    "gitlab-ci",
];

/// Parts of the names of files that consist of a shell's commands.
const SCRIPTS: [&str; 10] = [".bash", ".bat", ".cmd", ".mk", ".ps1", ".psm1", ".sh", ".zsh", "Dockerfile", "Makefile"];

impl Counting {
    fn of(path: &Path, bytes: &[u8]) -> Self {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let path = path.as_os_str().as_encoded_bytes();
        let has = |text: &[u8], signs: &[&str]| {
            signs.iter().any(|sign| memchr::memmem::find(text, sign.as_bytes()).is_some())
        };
        let is_yaml = name.ends_with(b".yml") || name.ends_with(b".yaml");
        let is_script = has(name, &SCRIPTS) || !name.contains(&b'.') && bytes.starts_with(b"#!");
        if data::puts_together(bytes) || data::writes_code(bytes) || data::hands_over(bytes) {
            Self::All
        } else if is_yaml && has(path, &JOBS) {
            Self::Texts
        } else if is_script {
            Self::Nothing
        } else {
            Self::All
        }
    }

    fn counts(self, named: &settings::Named<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Texts => !named.is_key && named.value.is_some(),
            Self::Nothing => false,
        }
    }
}

/// Whether a file holds environment variables, by its name.
fn is_environment(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".env") || name.ends_with(b".env")
}

/// Whether a text is a plan or a state, which tells what has been.
fn is_record(bytes: &[u8]) -> bool {
    let has = |key: &str| memchr::memmem::find(bytes, key.as_bytes()).is_some();
    has("\"terraform_version\"") && (has("\"format_version\"") || has("\"lineage\""))
}

/// What a file sets of what code takes from outside, in any way.
pub(super) fn set_in(path: &Path, sets: Sets, declared: &Declared) -> Vec<Setting> {
    let name = path.file_name().unwrap_or_default();
    let Some(bytes) = source::read_up_to(path, LONGEST).ok().and_then(|bytes| text(name, bytes)) else {
        return Vec::new();
    };
    // A template or an example belongs to the code that it lies beside.
    let folder = if is_named_for_terraform(name) { Some(".".to_owned()) } else { programs::folder(&bytes) };
    let by_kind = Counting::of(path, &bytes);
    let counts = |named: &settings::Named<'_>| {
        let counts = sets == Sets::Any && by_kind.counts(named);
        counts && declared.variables.contains(named.name) || declared.environment.contains(named.name)
    };
    let set = settings::names_set(&bytes).filter(counts);
    each_once(set.map(|named| Setting { name: named.name.to_owned(), folder: folder.clone(), value: named.value }))
}

fn each_once<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    items.collect::<BTreeSet<T>>().into_iter().collect()
}

/// The variables that Terraform code sets for other runs, and whether any name in it may be such.
pub(super) fn in_code(bytes: &[u8]) -> (Vec<Setting>, bool) {
    /// One of them stands in whatever sets any. Every file of code is asked.
    static SIGNS: [Word; 4] = [
        Word::new(|| Finder::new("_variable")),
        Word::new(|| Finder::new(words::PREFIX)),
        Word::new(|| Finder::new("category")),
        Word::new(|| Finder::new("content")),
    ];
    if SIGNS.iter().all(|sign| sign.find(bytes).is_none()) {
        return (Vec::new(), false);
    }
    let names = words::of_environment(bytes).chain(programs::of_workspaces(bytes));
    (names.map(|name| Setting { name, ..Setting::default() }).collect(), programs::sets_any(bytes))
}

/// The keys of a text in JSON.
pub(super) fn keys(bytes: &[u8]) -> impl Iterator<Item = String> {
    static KEYS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#""([\w-]+)"\s*:"#).ok());
    let found = KEYS.iter().flat_map(move |keys| keys.captures_iter(bytes));
    found.filter_map(|found| String::from_utf8(found.get(1)?.as_bytes().to_vec()).ok())
}

/// The names that a Terragrunt configuration takes from the environment, and those of its feature flags.
pub(super) fn taken_from_environment(bytes: &[u8]) -> Vec<String> {
    static NAMES: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?:get_env\(\s*|feature\s+)"([\w-]+)""#).ok());
    let found = NAMES.iter().flat_map(|names| names.captures_iter(bytes));
    found.filter_map(|found| String::from_utf8(found.get(1)?.as_bytes().to_vec()).ok()).collect()
}

/// The bytes of a file as text in one byte a letter, with slashes between folders where Windows' shells take either; `None`
/// for what is no text.
fn text(name: &OsStr, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    /// As far as ripgrep looks, and git.
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
