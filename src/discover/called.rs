//! References to modules, gathered while walking: paths, which may lead to folders that walks pass by, and values of
//! `root_access` that are handed to a module.

use std::path::{Component, Path, PathBuf};

use memchr::memmem::Finder;

use super::Word;
use super::prefilter::may_except;
use crate::control;

/// No path is longer; a longer string is text.
const LONGEST: usize = 1024;

/// The references to modules in the files read so far.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Relative paths, as those of modules are written.
    pub(super) paths: Vec<String>,
    /// Whether a name holds [`control::ATTRIBUTE`].
    pub(super) names_control: bool,
    /// Whether an ignore comment may stand on a call, a component or a unit.
    pub(super) may_except: bool,
}

impl Said {
    /// Searches part of a file.
    pub(super) fn search(&mut self, part: &[u8]) {
        static CONTROL: Word = Word::new(|| Finder::new(control::ATTRIBUTE));
        self.names_control |= CONTROL.find(part).is_some();
        self.may_except |= may_except(part);
        self.paths.extend(quoted_paths(part));
    }
}

/// The relative paths between quotes. Any character of one may be escaped.
fn quoted_paths(part: &[u8]) -> impl Iterator<Item = String> {
    static PLAIN: Word = Word::new(|| Finder::new("\"."));
    static ESCAPED: [Word; 2] = [Word::new(|| Finder::new("\"\\u")), Word::new(|| Finder::new("\"\\U"))];
    let escaped: &[Word] = if memchr::memchr(b'\\', part).is_some() { &ESCAPED } else { &[] };
    let starts = PLAIN.find_iter(part).chain(escaped.iter().flat_map(move |start| start.find_iter(part)));
    let quoted = starts.filter_map(move |at| {
        let rest = &part[at + 1..];
        let end = rest.iter().take(LONGEST).position(|byte| *byte == b'"')?;
        unescaped(str::from_utf8(&rest[..end]).ok()?)
    });
    quoted.filter(|path| path.starts_with("./") || path.starts_with("../") || path == "..")
}

/// Text between quotes as it is meant, in the native syntax and in JSON; `None` if an escape stands for nothing that a path
/// has.
fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('\\');
    let mut plain = parts.next()?.to_owned();
    for part in parts {
        let digits = match part.as_bytes().first()? {
            b'u' => 4,
            b'U' => 8,
            b'/' => {
                plain.push_str(part);
                continue;
            }
            _ => return None,
        };
        plain.push(char::from_u32(u32::from_str_radix(part.get(1..=digits)?, 16).ok()?)?);
        plain.push_str(&part[digits + 1..]);
    }
    Some(plain)
}

/// A path without `.`, and without `..` where a name stands in front of it.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if plain.components().next_back().is_some_and(|last| matches!(last, Component::Normal(_))) =>
            {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// How many folders a relative path goes up before it goes down.
pub(super) fn levels_up(path: &str) -> usize {
    path.split('/').take_while(|part| matches!(*part, "." | "..")).filter(|part| *part == "..").count()
}

/// The files that Terraform would load from a folder, if it is one.
pub(super) fn code_in(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .filter(|entry| crate::source::FileKind::is_configuration(&entry.file_name()))
        .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
        .map(|entry| entry.path())
        .collect();
    files.sort_unstable();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_relative_paths_are_found() {
        let text = br#"a = "./.b/c" b = "../../m" c = "./m" d = "../.e" f = ".g" h = "x/.y" # ./.z"#;
        let mut said = Said::default();
        said.search(text);
        assert_eq!(said.paths, ["./.b/c", "../../m", "./m", "../.e"]);
        assert!(!said.names_control);
        let mut said = Said::default();
        said.search(br#""./\u002eh\U00000069" "\u002e/m" "\U0000002e./m" "..\/m" "..\n/m" "\u002e\uD83D" "\u00"#);
        assert_eq!(said.paths, ["./.hi", "../m", "./m", "../m"]);
        let plains = ["./a/./b", "a/../b", "../a/../../b", "/../a", "."].map(|path| plain(Path::new(path)));
        assert_eq!(plains, ["a/b", "b", "../../b", "/../a", ""].map(PathBuf::from));
        assert_eq!(["../../m", "./../m", "../m/../..", "m"].map(levels_up), [2, 1, 1, 0]);
    }
}
