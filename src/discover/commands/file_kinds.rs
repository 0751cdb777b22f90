//! Which files may hold commands, data or settings, and which of the names in them may be those of variables.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::data;
use super::settings::{Named, names_set, speaks_of_terraform};

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
    /// Those that are set to plain text, but no keys other than of a map of variables: what a service that runs jobs hands
    /// over to others.
    Texts,
    /// Those that are arguments of commands, set to plain text: `./plan.sh name=value`.
    Arguments,
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
        let is_yaml = is_yaml(name);
        let is_script = has(name, &SCRIPTS) || !name.contains(&b'.') && bytes.starts_with(b"#!");
        let is_job = is_yaml && has(path, &JOBS);
        let hands_on = || data::puts_together(bytes) || data::writes_code(bytes) || data::hands_over(bytes);
        match () {
            () if !is_job && !is_script || hands_on() => Self::All,
            () if is_job => Self::Texts,
            () if speaks_of_terraform(bytes) => Self::Arguments,
            () => Self::All,
        }
    }

    /// Whether a name counts where it stands.
    pub(super) fn counts(self, named: &Named<'_>, bytes: &[u8]) -> bool {
        match self {
            Self::All => true,
            Self::Texts => named.value.is_some() && (!named.is_key || is_in_map(&bytes[..named.at])),
            Self::Arguments => named.value.is_some() && is_argument(&bytes[..named.at]),
        }
    }
}

fn is_yaml(name: &[u8]) -> bool {
    name.ends_with(b".yml") || name.ends_with(b".yaml")
}

/// Whether what a file describes is run by something of another repository, which may be Terraform though the file does not say
/// so: a workflow or template that a service brings from there, or a service that runs nothing else.
///
/// Sources: the documents of GitHub ("Reuse workflows"), GitLab ("CI/CD components"), Azure Pipelines ("Template types"), `CircleCI`
/// ("Orbs"), Jenkins ("Extending with Shared Libraries"), env0 ("Workflows").
pub(super) fn is_run_elsewhere(path: &Path, bytes: &[u8]) -> bool {
    static CALLS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let of_github = r#"\buses:\s*["']?[\w.-]+/[\w.-]+/\.github/workflows/"#;
        let others = r#"\bcomponent:\s*["']?\S+@|\btemplate:\s*["']?[\w./-]+@|(?m)^orbs:|@Library\("#;
        Regex::new(&format!("(?-u){of_github}|{others}")).ok()
    });
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    let has =
        |text: &[u8], signs: &[&str]| signs.iter().any(|sign| memchr::memmem::find(text, sign.as_bytes()).is_some());
    let is_job = is_yaml(name) && has(path.as_os_str().as_encoded_bytes(), &JOBS) || has(name, &["Jenkinsfile"]);
    has(name, &["env0"]) || is_job && CALLS.as_ref().is_some_and(|calls| calls.is_match(bytes))
}

/// Whether what follows is a key of a map of variables, as the plugins of such services take.
fn is_in_map(before: &[u8]) -> bool {
    /// A map is not longer.
    const LONGEST: usize = 100;
    let indentation = |line: &[u8]| line.iter().take_while(|byte| **byte == b' ').count();
    let mut lines = before.rsplit(|byte| *byte == b'\n');
    let own = lines.next().map_or(0, indentation);
    let mut above = lines.take(LONGEST).filter(|line| !line.trim_ascii().is_empty());
    above.find(|line| indentation(line) < own).is_some_and(|line| matches!(line.trim_ascii(), b"vars:" | b"tf_vars:"))
}

/// Whether what follows is an argument of a command, and none that an option takes.
fn is_argument(before: &[u8]) -> bool {
    /// What sets variables of the shell, or prints.
    const OWN: [&[u8]; 12] = [
        b"[",
        b"declare",
        b"echo",
        b"env",
        b"export",
        b"if",
        b"local",
        b"printf",
        b"readonly",
        b"set",
        b"sudo",
        b"test",
    ];
    let ends = |&at: &usize| b"\n;&|(){}`".contains(&before[at]) && !before[..at].ends_with(b"\\");
    let start = (0..before.len()).rev().find(ends).map_or(0, |last| last + 1);
    let command = &before[start..];
    let command = command.strip_suffix(b"\"").or_else(|| command.strip_suffix(b"'")).unwrap_or(command);
    let mut words = command.split(|byte| b" \t\r\n\\".contains(byte)).filter(|word| !word.is_empty());
    let first = words.next().map(<[u8]>::trim_ascii_start);
    let is_command = |word: &[u8]| !OWN.contains(&word) && !word.contains(&b'=') && !word.starts_with(b"#");
    let is_apart = command.ends_with(b" ") || command.ends_with(b"\t");
    is_apart && first.is_some_and(is_command) && !words.next_back().is_some_and(|word| word.starts_with(b"-"))
}

/// Whether a script or a Makefile hands names with values to commands.
pub(super) fn has_arguments(name: &OsStr, bytes: &[u8]) -> bool {
    let is_script = SCRIPTS.iter().any(|sign| memchr::memmem::find(name.as_encoded_bytes(), sign.as_bytes()).is_some());
    is_script && names_set(bytes).any(|named| named.value.is_some() && is_argument(&bytes[..named.at]))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_told_from_assignments_and_options() {
        for text in [
            "./plan.sh ra=on",
            "\t@./plan.sh dev \"ra=on\"",
            "cd x && tf_plan ra=on",
            "$(MAKE) plan ra=on",
            "./plan.sh \\\n  dev \\\n  ra=on",
            "./plan.sh --stage dev ra=on",
        ] {
            assert!(has_arguments("plan.sh".as_ref(), text.as_bytes()), "{text}");
        }
        for text in [
            "ra=on",
            "export ra=on",
            "A=b ra=on ./plan.sh",
            "echo \"ra=on\"",
            "helm upgrade --set ra=on",
            "terraform init -backend-config=\"ra=on\"",
            "# ./plan.sh ra=on",
            "./plan.sh ra=$RA",
        ] {
            assert!(!has_arguments("plan.sh".as_ref(), text.as_bytes()), "{text}");
        }
        assert!(!has_arguments("plan.go".as_ref(), b"./plan.sh ra=on"));
    }
}
