//! The words of commands that run Terraform: options, and the words behind them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use memchr::memmem;
use regex::bytes::Regex;

use super::settings::{Setting, literal_behind};
use crate::discover::file_names::is_values;

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

/// Whether Terragrunt is told to take code from other places than its units say.
///
/// Source: its documentation, "CLI options": `source`, `source-map`, which were `terragrunt-source`, `terragrunt-source-map`.
pub(super) fn maps_sources(bytes: &[u8]) -> bool {
    let names = [&b"--source-map"[..], b"--terragrunt-source", b"TERRAGRUNT_SOURCE", b"TG_SOURCE"];
    names.iter().any(|name| memmem::find(bytes, name).is_some())
        || memmem::find(bytes, b"terragrunt").is_some() && memmem::find(bytes, b"--source ").is_some()
}

/// The files that `-var-file` names, or a setting of that name in the configuration of whatever runs Terraform, as they are
/// written; and all others that end as files of values do, since names are put together and files copied.
pub(super) fn value_files(bytes: &[u8]) -> Vec<String> {
    let given = given_files(bytes).into_iter().map(|(_, name)| name);
    given.chain(mentioned(bytes).map(|(_, name)| name.to_owned())).collect()
}

/// Those that an option or a setting names, each with the place of that.
fn given_files(bytes: &[u8]) -> Vec<(usize, String)> {
    /// `-var-file`, `var_file`, `varfile`, `VarFiles`, `tf_var_file`, Ansible's `variables_files`, with the type of a list in Go.
    static OPTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i-u)var(?:iables?)?[-_]?files?(?:\s*[:=]?\s*\[\]string\s*\{|[\x22']?\s*[:=]\s*\[)?").ok()
    });
    let mut named = Vec::new();
    for option in OPTION.iter().flat_map(|option| option.find_iter(bytes)) {
        let rest = &bytes[option.end()..];
        let files = if option.as_bytes().ends_with(b"{") || option.as_bytes().ends_with(b"[") {
            quoted_up_to(rest, b"]}")
        } else {
            // In XML the name is the element's.
            word(rest.strip_prefix(b">").unwrap_or(rest), b"").into_iter().collect()
        };
        named.extend(files.into_iter().map(|name| (option.start(), name)));
    }
    named
}

/// The files of values that stand in a text only where Atlantis is told what triggers a plan.
///
/// Source: its documentation, "Repo-level atlantis.yaml", `when_modified`.
pub(super) fn watched(bytes: &[u8]) -> Vec<String> {
    static WATCHED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u)\bwhen_modified:[ \t]*(?:\[[^\]]*\]|(?:\s*(?:-[ \t][^\n]*|#[^\n]*)(?:\n|$))+)").ok()
    });
    let Some(regex) = WATCHED.as_ref().filter(|_| memmem::find(bytes, b"when_modified:").is_some()) else {
        return Vec::new();
    };
    let lists = regex.find_iter(bytes).flat_map(|list| mentioned(list.as_bytes()));
    let mut named: Vec<String> = lists.map(|(_, name)| name.to_owned()).collect();
    let others: BTreeSet<String> = value_files(&regex.replace_all(bytes, &b"\n"[..])).into_iter().collect();
    named.retain(|name| !others.contains(name));
    named
}

/// The files that `-var-file` names in code outside of comments, and those whose names are written out and end as those of
/// files of values do: the code of a workspace lists them.
pub(super) fn files_in_code(bytes: &[u8]) -> impl Iterator<Item = String> {
    const OPTION: &[u8] = b"-var-file";
    let given = memmem::find_iter(bytes, OPTION).filter(|at| !is_told(bytes, *at));
    let given = given.filter_map(|at| word(&bytes[at + OPTION.len()..], b""));
    let listed = mentioned(bytes).filter(|(at, name)| !is_told(bytes, *at) && !name.contains(['$', '%', '{', '*']));
    given.chain(listed.map(|(_, name)| name.to_owned()))
}

/// The files that an option or a setting names outside of comments, and that end as files of values do, each with the folder
/// that its command names. Those that are asked for first are given where they are there, and nowhere else.
pub(super) fn required(bytes: &[u8]) -> impl Iterator<Item = Setting> {
    let given = given_files(bytes).into_iter().filter(|(_, name)| is_values(name.as_ref()));
    let given = given.filter(|(at, _)| !is_told(bytes, *at) && !is_tested(bytes, *at));
    given.map(|(at, name)| Setting { folder: folder(bytes, at), name, value: None })
}

/// The names of files of values that a text writes: in front of each stands what does, and no option that reads it.
pub(super) fn made(bytes: &[u8]) -> impl Iterator<Item = String> {
    static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?-u)[\w.-]+\.tfvars(?:\.json)?\b").ok());
    static WRITES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let programs = "tee|cp|mv|ln|install|sponge|open|dest|filename|path|output";
        Regex::new(&format!(r"(?-u)>|\b(?:{programs})\b|[wW]rite|download|\s-o\s")).ok()
    });
    // `def file = "x/nb.tfvars.json"`, and later `writeJSON file: file`.
    static HELD: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?-u)\bdef[ \t]+(\w+)[ \t]*=[ \t]*["'][^"'\n]*$"#).ok());
    static BY_JENKINS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?-u)\bwrite(?:File|JSON|Yaml)\b[ \t]*\(?[ \t]*file:[ \t]*(\w+)").ok());
    let is_written = |at: usize| {
        let line = &bytes[memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1)..at];
        let behind_option = memmem::rfind(line, b"-var-file").map_or(0, |option| option + b"-var-file".len());
        let is_read = behind_option > 0 && !line[behind_option..].trim_ascii_start().contains(&b' ');
        !is_read && WRITES.as_ref().is_some_and(|writes| writes.is_match(&line[behind_option..]))
    };
    let by_jenkins = BY_JENKINS.iter().flat_map(|written| written.captures_iter(bytes));
    let held: BTreeSet<&[u8]> = by_jenkins.filter_map(|written| Some(written.get(1)?.as_bytes())).collect();
    let is_held = move |at: usize| {
        let line = &bytes[memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1)..at];
        let name = HELD.as_ref().filter(|_| !held.is_empty()).and_then(|held| held.captures(line)?.get(1));
        name.is_some_and(|name| held.contains(name.as_bytes()))
    };
    let found = NAMES.iter().flat_map(|names| names.find_iter(bytes));
    let found = found.filter(move |name| is_written(name.start()) || is_held(name.start()));
    found.filter_map(|name| String::from_utf8(name.as_bytes().to_vec()).ok())
}

/// Whether the lines around a place ask whether a file is there, and go on without one.
fn is_tested(bytes: &[u8], at: usize) -> bool {
    /// In front of the place, its own among them.
    const LINES: usize = 4;
    static TESTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let by_shell = r"(?:\[\s+|\btest\s+)(!\s*)?-[efs]\s";
        let by_function =
            r"(!\s*[\w.]*|\bnot\s+[\w.]*)?\b(?:exists|existsSync|is_?file|Test-Path|wildcard|hashFiles)\b";
        Regex::new(&format!("(?i-u){by_shell}|{by_function}")).ok()
    });
    let start = memchr::memrchr_iter(b'\n', &bytes[..at]).nth(LINES - 1).map_or(0, |end| end + 1);
    let tests = TESTS.iter().flat_map(|tests| tests.captures_iter(&bytes[start..at]));
    tests.last().is_some_and(|last| last.get(1).or(last.get(2)).is_none())
}

/// Whether the line around a place is a comment.
fn is_told(bytes: &[u8], at: usize) -> bool {
    let line = &bytes[memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1)..at];
    matches!(line.trim_ascii_start(), [b'#' | b'*', ..] | [b'/', b'/' | b'*', ..])
}

/// The texts in quotes in front of the end of a list.
fn quoted_up_to(rest: &[u8], ends: &[u8]) -> Vec<String> {
    /// A list of files is not longer.
    const LONGEST: usize = 4096;
    let rest = &rest[..rest.len().min(LONGEST)];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = rest[at..].iter().position(|byte| b"\"'`".contains(byte) || ends.contains(byte)) {
        let start = at + next + 1;
        let quote = rest[start - 1];
        let Some(end) = memchr::memchr(quote, &rest[start..]).filter(|_| !ends.contains(&quote)) else { break };
        found.extend(str::from_utf8(&rest[start..start + end]).ok().map(str::to_owned));
        at = start + end + 1;
    }
    found
}

/// The words of a text that end as the names of files of values do, each with where it begins.
fn mentioned(bytes: &[u8]) -> impl Iterator<Item = (usize, &str)> {
    memmem::find_iter(bytes, b".tfvars").filter_map(|at| {
        let is_outside = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`=;,()[]<>".contains(byte);
        let start = bytes[..at].iter().rposition(is_outside).map_or(0, |last| last + 1);
        let end = at + b".tfvars".len();
        let end = if bytes[end..].starts_with(b".json") { end + b".json".len() } else { end };
        Some((start, str::from_utf8(&bytes[start..end]).ok()?))
    })
}

/// The variables that `-var` and `TF_VAR_` set, each with the folder that its command names.
pub(super) fn variables(bytes: &[u8]) -> Vec<Setting> {
    let by_name = memmem::find_iter(bytes, PREFIX);
    let by_name = by_name.filter_map(|at| setting(bytes, at, &bytes[at + PREFIX.len()..], b"=:\"'"));
    by_option(bytes).chain(by_name).collect()
}

/// The variables that `-var` sets.
pub(super) fn by_option(bytes: &[u8]) -> impl Iterator<Item = Setting> {
    memmem::find_iter(bytes, OPTION).filter_map(|at| {
        let rest = &bytes[at + OPTION.len()..];
        let is_option = rest.first().is_some_and(|next| b" =:\t\"'`,\r\n".contains(next));
        is_option.then(|| setting(bytes, at, rest, b"=")).flatten()
    })
}

/// The option that sets a variable.
pub(super) const OPTION: &[u8] = b"-var";

/// What is set by the word at the start of `rest`, by an option or a name at a place.
fn setting(bytes: &[u8], at: usize, rest: &[u8], ends: &[u8]) -> Option<Setting> {
    let name = word(rest, ends).filter(|name| is_name(name))?;
    let behind = memmem::find(rest, name.as_bytes()).map(|start| &rest[start + name.len()..]);
    Some(Setting { folder: folder(bytes, at), value: behind.and_then(literal_behind), name })
}

/// How the names of environment variables begin that set Terraform's.
pub(super) const PREFIX: &[u8] = b"TF_VAR_";

/// The variables that `TF_VAR_` names.
pub(super) fn of_environment(bytes: &[u8]) -> impl Iterator<Item = String> {
    let names = memmem::find_iter(bytes, PREFIX).filter_map(|at| word(&bytes[at + PREFIX.len()..], b"=:\"'"));
    names.filter(|name| is_name(name))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-')
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
pub(super) fn word(rest: &[u8], ends: &[u8]) -> Option<String> {
    /// No path is longer.
    const LONGEST: usize = 1024;
    // Between an option and its value, also as two items of a list in YAML, JSON or Python, and on two lines.
    let skipped = rest.iter().take_while(|byte| b" :=\t\"'`,\\\r\n-".contains(byte)).count();
    let rest = &rest[skipped..];
    let is_end = |byte: u8| byte.is_ascii_whitespace() || b"\"'`;&|\\,]<".contains(&byte) || ends.contains(&byte);
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
