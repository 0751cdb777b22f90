//! Which files may hold commands, data or settings, and which of the names in them may be those of variables.

use std::ffi::OsStr;
use std::path::Path;

use super::data;
use super::settings::{Named, speaks_of_terraform};

/// Ends of the names of files without commands: pictures, archives, output of programs, lists of ignored files.
const DATA: [&str; 56] = [
    ".7z", ".avif", ".bin", ".bmp", ".bz2", ".class", ".css", ".csv", ".dll", ".dylib", ".eot", ".exe", ".gif", ".gz",
    ".ico", ".jar", ".jpeg", ".jpg", ".lock", ".log", ".map", ".min.js", ".mov", ".mp3", ".mp4", ".o", ".otf",
    ".parquet", ".pdf", ".pem", ".png", ".pptx", ".proto", ".pyc", ".rlib", ".rmeta", ".scss", ".so", ".sql", ".sum",
    ".svg", ".tar", ".tfplan", ".tfstate", ".tgz", ".ttf", ".wasm", ".wav", ".webm", ".webp", ".whl", ".woff",
    ".woff2", ".xlsx", ".zip", "ignore",
];

/// Folders that package managers fill: nothing in them runs Terraform on this repository.
const BROUGHT: [&str; 5] = ["node_modules", "bower_components", "site-packages", ".venv", "__pycache__"];

/// Whether a file may hold commands, by its name.
pub(in crate::discover) fn may_stand_in(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    !DATA.iter().any(|end| bytes.ends_with(end.as_bytes()))
}

/// Whether a file holds data by its name, as settings do.
pub(super) fn is_settings(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    [".cfg", ".conf", ".env", ".ini", ".json", ".properties", ".toml", ".vars", ".yaml", ".yml"]
        .iter()
        .any(|end| name.ends_with(end.as_bytes()))
}

/// Whether a file that a text names may hold names of variables: Terraform's own files are read as such.
pub(in crate::discover) fn is_data(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    let is_code = [".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json"];
    may_stand_in(name)
        && (may_set(name) || bytes.ends_with(b".txt"))
        && !is_code.iter().any(|end| bytes.ends_with(end.as_bytes()))
}

/// Whether a package manager brought a file.
pub(super) fn is_brought(path: &Path) -> bool {
    path.components().any(|part| BROUGHT.iter().any(|brought| part.as_os_str() == *brought))
}

/// Ends of the names of files that run nothing: documents, which show how a module is called, copies put aside, and test
/// files of Terraform.
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
pub(super) fn is_named_for_terraform(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.ends_with(b".tm")
        || [&b".tf."[..], b".tofu.", b"tfvars"].iter().any(|sign| memchr::memmem::find(name, sign).is_some())
}

/// Which names in a file may be those of Terraform's variables, by the kind of the file. A file that consists of commands
/// passes values in them, by Terraform's own options and names; whatever else it sets is its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counting {
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
    /// By the path and the contents of a file. One that does not speak of Terraform is asked since another takes names from it.
    pub(super) fn of(path: &Path, bytes: &[u8]) -> Self {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let path = path.as_os_str().as_encoded_bytes();
        let has = |text: &[u8], signs: &[&str]| {
            signs.iter().any(|sign| memchr::memmem::find(text, sign.as_bytes()).is_some())
        };
        let is_yaml = name.ends_with(b".yml") || name.ends_with(b".yaml");
        let is_script = has(name, &SCRIPTS) || !name.contains(&b'.') && bytes.starts_with(b"#!");
        let is_job = is_yaml && has(path, &JOBS);
        let hands_on = || data::puts_together(bytes) || data::writes_code(bytes) || data::hands_over(bytes);
        match () {
            () if !is_job && !is_script || hands_on() => Self::All,
            () if is_job => Self::Texts,
            () if speaks_of_terraform(bytes) => Self::Nothing,
            () => Self::All,
        }
    }

    /// Whether a name counts where it stands.
    pub(super) fn counts(self, named: &Named<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Texts => !named.is_key && named.value.is_some(),
            Self::Nothing => false,
        }
    }
}

/// Whether a file holds environment variables, by its name.
pub(super) fn is_environment(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".env") || name.ends_with(b".env")
}

/// Whether a text is a plan or a state, which records values and sets none.
pub(super) fn is_record(bytes: &[u8]) -> bool {
    let has = |key: &str| memchr::memmem::find(bytes, key.as_bytes()).is_some();
    has("\"terraform_version\"") && (has("\"format_version\"") || has("\"lineage\""))
}
