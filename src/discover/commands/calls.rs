//! Commands that start a program of the repository, and the words that they give it: a program that puts names together may take
//! them from its arguments, as in `./deploy.sh root_access Enabled`.

use std::path::Path;
use std::sync::LazyLock;

use camino::Utf8PathBuf;
use regex::bytes::Regex;

use super::file_kinds::is_brought;
use super::settings::{Setting, is_comment, is_of_name, literal_behind};
use super::{Declared, data, may_set, text_of};

/// The names of some programs.
pub(in crate::discover) struct Programs(Regex);

/// What the calls of programs in a text give them.
#[derive(Debug, Default)]
pub(in crate::discover) struct Given {
    /// Whether there is a call.
    pub(in crate::discover) is_called: bool,
    /// Whether what it gives stands elsewhere in the text.
    pub(in crate::discover) is_computed: bool,
    /// Whether it hands on what it is given itself.
    pub(in crate::discover) hands_on: bool,
    /// The words that are names of variables.
    pub(in crate::discover) variables: Vec<Setting>,
    /// The files that are named, as they are written.
    pub(in crate::discover) data: Vec<String>,
}

impl Programs {
    /// Those in some files; `None` if there are none.
    pub(in crate::discover) fn new(files: &[Utf8PathBuf]) -> Option<Self> {
        // A name without an end is a word as any other.
        let pattern = |name: &str| format!("{}{}", if name.contains('.') { "" } else { "/" }, regex::escape(name));
        let mut names: Vec<String> = files.iter().filter_map(|file| file.file_name()).map(pattern).collect();
        names.sort_unstable();
        names.dedup();
        let pattern = format!(r"(?-u)(?:{})(?:[^\w.-]|$)", names.join("|"));
        if names.is_empty() { None } else { Regex::new(&pattern).ok().map(Self) }
    }

    /// What a text, or a file of code, gives them.
    pub(in crate::discover) fn given_in(&self, path: &Path, declared: &Declared) -> Given {
        let name = path.file_name().unwrap_or_default();
        // A document tells of its commands in words.
        let is_told = !may_set(name) && !name.as_encoded_bytes().ends_with(b".hcl");
        let Some(bytes) = (!is_brought(path)).then(|| text_of(path)).flatten() else {
            return Given::default();
        };
        let mut given = Given::default();
        for call in self.0.find_iter(&bytes) {
            let line = memchr::memrchr(b'\n', &bytes[..call.start()]).map_or(0, |end| end + 1);
            let before = &bytes[line..call.start()];
            let is_longer = !call.as_bytes().starts_with(b"/") && before.last().is_some_and(|last| is_of_name(*last));
            // Its own name stands in what it says of its use.
            let is_own = call.as_bytes().strip_prefix(b"/").unwrap_or(call.as_bytes());
            let is_own = is_own.starts_with(name.as_encoded_bytes());
            if is_longer || is_own || is_comment(before) {
                continue;
            }
            let behind = command(&bytes[call.start() + name_length(call.as_bytes())..]);
            given.is_called = true;
            given.hands_on |= !is_told && takes_arguments(behind);
            given.is_computed |= !is_told && is_computed(behind);
            let is_set = |word: &Setting| !is_told || sets(behind, &word.name);
            given.variables.extend(words(behind).filter(|word| declared.takes(&word.name) && is_set(word)));
            given.data.extend(data::files_named("".as_ref(), behind));
        }
        given
    }
}

/// The length of a name that is found with what ends it.
fn name_length(found: &[u8]) -> usize {
    let ends = found.last().is_some_and(|last| !is_of_name(*last) && *last != b'.');
    found.len() - usize::from(ends)
}

/// What belongs to a command that a text begins with: the rest of its line, and the lines on which it goes on.
fn command(rest: &[u8]) -> &[u8] {
    /// No command has more lines.
    const LONGEST: usize = 40;
    let mut end = 0;
    for line in rest.split_inclusive(|byte| *byte == b'\n').take(LONGEST) {
        let goes_on = rest[..end].trim_ascii_end().last().is_some_and(|last| b"\\,[({:".contains(last));
        let is_item = line.trim_ascii_start().starts_with(b"- ");
        if end > 0 && !goes_on && !is_item {
            break;
        }
        end += line.len();
    }
    &rest[..end]
}

/// Whether a command of a script has arguments of the script.
fn takes_arguments(bytes: &[u8]) -> bool {
    static ARGUMENTS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?-u)\$\{?[@*1-9]|%[*1-9]|\$args\b").ok());
    ARGUMENTS.as_ref().is_some_and(|arguments| arguments.is_match(bytes))
}

/// Whether a command has words that stand elsewhere: `$ARGS`, `"./plan.sh", *args]`, `"./plan.sh", name]`.
fn is_computed(bytes: &[u8]) -> bool {
    static COMPUTED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?-u)\$[\{(]*[A-Za-z_]|,[ \t]*[*.]*[A-Za-z_]\w*[ \t]*[\]),]").ok());
    COMPUTED.as_ref().is_some_and(|computed| computed.is_match(bytes))
}

/// Whether a command sets a name: `name=value`.
fn sets(bytes: &[u8], name: &str) -> bool {
    memchr::memmem::find_iter(bytes, name.as_bytes()).any(|at| bytes[at + name.len()..].starts_with(b"="))
}

/// The words of a command that may be names of variables: no parts of paths, and no values of variables of the shell.
pub(super) fn words(bytes: &[u8]) -> impl Iterator<Item = Setting> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += bytes[at..].iter().position(|byte| is_of_name(*byte))?;
            let start = at;
            at += bytes[start..].iter().take_while(|byte| is_of_name(**byte)).count();
            let dashes = bytes[start..at].iter().take_while(|byte| **byte == b'-').count();
            let is_part = bytes[..start].last().is_some_and(|before| b"./$".contains(before))
                || [b"${", b"$("].iter().any(|computed| bytes[..start].ends_with(*computed))
                || bytes.get(at).is_some_and(|next| b"./(".contains(next));
            let name = str::from_utf8(&bytes[start + dashes..at]).ok().filter(|name| !name.is_empty());
            if let Some(name) = name.filter(|_| !is_part) {
                return Some(Setting { name: name.to_owned(), folder: None, value: literal_behind(&bytes[at..]) });
            }
        }
    })
}

/// The words of a text that nothing is set to, outside of comments.
pub(super) fn listed(bytes: &[u8]) -> impl Iterator<Item = Setting> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !is_comment(line));
    lines.flat_map(words).filter(|word| word.value.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_command_are_told_from_paths_and_values() {
        let names = |text: &str| words(text.as_bytes()).map(|word| word.name).collect::<Vec<_>>();
        assert_eq!(names(" prod ra Enabled\n"), ["prod", "ra", "Enabled"]);
        assert_eq!(names(" --ra=on \"$ra\" ${ra} envs/ra ra.txt x.ra f(ra)"), ["ra", "on", "ra"]);
    }

    #[test]
    fn a_command_goes_on_where_its_line_does() {
        for (text, all) in [
            (" a\nb", " a\n"),
            (" a \\\n b\nc", " a \\\n b\n"),
            ("\",\n  \"a\",\n  \"b\"\n]", "\",\n  \"a\",\n  \"b\"\n"),
            ("\n- a\n- b\nc", "\n- a\n- b\n"),
        ] {
            assert_eq!(command(text.as_bytes()), all.as_bytes(), "{text}");
        }
    }
}
