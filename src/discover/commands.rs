//! Commands of the repository that run Terraform: in Makefiles, scripts, CI files, files of environment variables, and
//! in instructions for people.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use memchr::memmem;

/// Names of files that hold commands.
const NAMES: [&str; 13] = [
    ".env",
    ".envrc",
    "Dockerfile",
    "Earthfile",
    "GNUmakefile",
    "Jenkinsfile",
    "Justfile",
    "Makefile",
    "Rakefile",
    "Tiltfile",
    "justfile",
    "makefile",
    "package.json",
];

/// Ends of such names.
const ENDS: [&str; 21] = [
    ".adoc", ".bash", ".bat", ".cmd", ".env", ".fish", ".groovy", ".just", ".make", ".md", ".mk", ".nu", ".ps1", ".py",
    ".rb", ".rst", ".sh", ".toml", ".yaml", ".yml", ".zsh",
];

/// Whether a file holds commands, by its name.
pub(super) fn may_stand_in(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    NAMES.iter().any(|known| name == *known) || ENDS.iter().any(|end| bytes.ends_with(end.as_bytes()))
}

/// Whether a file may be a script by its name, which has no end; see [`is_script`].
pub(super) fn may_be_script(name: &OsStr) -> bool {
    !name.as_encoded_bytes().contains(&b'.')
}

/// Whether a file says in its first line which program runs it.
pub(super) fn is_script(path: &Path) -> bool {
    let mut start = [0; 2];
    File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && &start == b"#!"
}

/// The bytes of a file of commands, with slashes between folders where Windows' shells take either.
pub(super) fn spelled(name: &OsStr, mut bytes: Vec<u8>) -> Vec<u8> {
    if [".bat", ".cmd", ".ps1"].iter().any(|end| name.as_encoded_bytes().ends_with(end.as_bytes())) {
        bytes.iter_mut().filter(|byte| **byte == b'\\').for_each(|byte| *byte = b'/');
    }
    bytes
}

/// The names of the files that Terragrunt is told to take for `terragrunt.hcl`.
///
/// Source: its documentation, "CLI options", `config`, which was `terragrunt-config`.
pub(super) fn configurations(bytes: &[u8]) -> Vec<String> {
    let names = [&b"--config"[..], b"--terragrunt-config", b"TERRAGRUNT_CONFIG", b"TG_CONFIG"];
    let rests = names.iter().flat_map(|name| memmem::find_iter(bytes, name).map(|at| &bytes[at + name.len()..]));
    let files = rests.filter_map(|rest| word(rest, b":"));
    let name = |path: String| path.rsplit('/').next().map(str::to_owned);
    files.filter_map(name).filter(|name| [".hcl", ".hcl.json"].iter().any(|end| name.ends_with(end))).collect()
}

/// The files that `-var-file` names, as they are written.
pub(super) fn value_files(bytes: &[u8]) -> Vec<String> {
    let option = b"-var-file";
    let rests = memmem::find_iter(bytes, option).map(|at| &bytes[at + option.len()..]);
    let mut named: Vec<String> = rests.filter_map(|rest| word(rest, b"")).collect();
    // `-var-file="$VALUES"`: the name is put together elsewhere in the file.
    if named.iter().any(|name| !name.contains(".tfvars")) {
        named.extend(mentioned(bytes));
    }
    named
}

/// The words of a text that end as the names of files of values do.
fn mentioned(bytes: &[u8]) -> Vec<String> {
    let ends = memmem::find_iter(bytes, b".tfvars").filter_map(|at| {
        let is_outside = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`=;,()[]".contains(byte);
        let start = bytes[..at].iter().rposition(is_outside).map_or(0, |last| last + 1);
        let end = at + b".tfvars".len();
        let end = if bytes[end..].starts_with(b".json") { end + b".json".len() } else { end };
        str::from_utf8(&bytes[start..end]).ok()
    });
    ends.map(str::to_owned).collect()
}

/// The variables that `-var` and `TF_VAR_` set, each with the folder that its command names.
pub(super) fn variables(bytes: &[u8]) -> Vec<(String, Option<String>)> {
    let by_option = memmem::find_iter(bytes, b"-var").filter_map(|at| {
        let rest = &bytes[at + b"-var".len()..];
        let is_option = rest.first().is_some_and(|next| b" =\t\"',\r\n".contains(next));
        Some((is_option.then(|| word(rest, b"=")).flatten()?, folder(bytes, at)))
    });
    let prefix = b"TF_VAR_";
    let by_name = memmem::find_iter(bytes, prefix)
        .filter_map(|at| Some((word(&bytes[at + prefix.len()..], b"=:\"'")?, folder(bytes, at))));
    let is_name = |(name, _): &(String, Option<String>)| {
        !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-')
    };
    by_option.chain(by_name).filter(is_name).collect()
}

/// The folder that the command around a place runs in, by `-chdir` or a `cd` in front of it on the same line; `None` where it
/// names none, or more than one.
fn folder(bytes: &[u8], at: usize) -> Option<String> {
    /// Bytes in front of the place, and behind it. A command that goes on for longer runs anywhere.
    const FAR: usize = 4096;
    let (first, last) = (at.saturating_sub(FAR), bytes.len().min(at + FAR));
    let (is_cut_before, is_cut_behind) = (first > 0, last < bytes.len());
    let (bytes, at) = (&bytes[first..last], at - first);
    let is_joined = |end: usize| bytes[..end].last() == Some(&b'\\');
    let mut breaks = memchr::memchr_iter(b'\n', &bytes[at..]).map(|end| at + end);
    let end = breaks.find(|end| !is_joined(*end)).or_else(|| (!is_cut_behind).then_some(bytes.len()))?;
    let mut breaks = memchr::memrchr_iter(b'\n', &bytes[..at]);
    let start = breaks.find(|end| !is_joined(*end)).map(|end| end + 1).or_else(|| (!is_cut_before).then_some(0))?;
    let named = |option: &'static [u8], part: std::ops::Range<usize>| {
        let found: Vec<usize> = memmem::find_iter(&bytes[part.clone()], option).map(|at| part.start + at).collect();
        found
            .into_iter()
            .filter(|&at| at == 0 || !bytes[at - 1].is_ascii_alphanumeric())
            .map(move |at| at + option.len())
    };
    let mut folders: Vec<String> = named(b"-chdir", start..end).filter_map(|at| word(&bytes[at..], b"")).collect();
    folders.extend(named(b"cd ", start..at).filter_map(|at| word(&bytes[at..], b"")));
    if folders.len() == 1 { folders.pop() } else { None }
}

/// The word that follows an option, without quotes, up to one of some ends.
fn word(rest: &[u8], ends: &[u8]) -> Option<String> {
    /// No path is longer.
    const LONGEST: usize = 1024;
    // Between an option and its value, also as two items of a list in YAML, JSON or Python, and on two lines.
    let skipped = rest.iter().take_while(|byte| b" :=\t\"',\\\r\n-".contains(byte)).count();
    let rest = &rest[skipped..];
    let is_end = |byte: u8| byte.is_ascii_whitespace() || b"\"'`;&|\\,]".contains(&byte) || ends.contains(&byte);
    // What is computed may hold spaces: `${{ matrix.env }}`, `{{ .env }}`, `$(cat env)`.
    let mut open = 0_usize;
    let mut length = 0;
    for &byte in rest.iter().take(LONGEST) {
        if byte == b'\n' || (open == 0 && is_end(byte)) {
            break;
        }
        match byte {
            b'{' | b'(' => open += 1,
            b'}' | b')' if open == 0 => break,
            b'}' | b')' => open -= 1,
            _ => {}
        }
        length += 1;
    }
    str::from_utf8(&rest[..length]).ok().filter(|word| !word.is_empty()).map(str::to_owned)
}
