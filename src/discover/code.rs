//! What a Terraform file says of the modules that it calls, and of other runs: what a search for callers asks of it.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use memchr::memmem::{self, Finder};

use super::Word;
use super::commands::{self, OtherRuns};
use super::own::Own;
use super::unclear::{Sources, may_be_broken, may_be_cut_off};

/// What a file says, apart from which file it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct CodeSays {
    /// The relative paths between quotes.
    pub(super) quoted: Vec<String>,
    /// Those of them that are the `source` of a call.
    pub(super) sources: Vec<String>,
    /// Sources that name a repository of the tree by its address.
    pub(super) fetched: Vec<String>,
    /// The lines of sources that are no plain text.
    pub(super) unclear: Vec<String>,
    /// Whether it may call something that cannot be read.
    pub(super) is_broken: bool,
    /// Whether its end may be missing.
    pub(super) is_cut_off: bool,
    /// Why it is no text that Terraform reads.
    pub(super) unread: Option<&'static str>,
    pub(super) other_runs: OtherRuns,
}

impl CodeSays {
    /// What the bytes of a file say; `own` are the repositories of the tree.
    pub(super) fn of(bytes: &[u8], own: &[Own]) -> Self {
        static CALL: Word = Word::new(|| Finder::new("module"));
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Self { unread: Some("UTF-16, which Terraform does not read"), ..Self::default() };
        }
        let resolved = with_plain_letters(bytes);
        let bytes = resolved.as_deref().unwrap_or(bytes);
        let calls = CALL.find(bytes).is_some();
        let Sources { unclear, local } = if calls { Sources::of(bytes) } else { Sources::default() };
        Self {
            quoted: relative_paths(bytes),
            sources: local,
            fetched: fetched_from(own, bytes),
            unclear,
            is_broken: calls && may_be_broken(bytes),
            is_cut_off: may_be_cut_off(bytes),
            unread: None,
            other_runs: commands::in_code(bytes),
        }
    }

    pub(super) fn is_silent(&self) -> bool {
        *self == Self::default()
    }
}

/// Text whose escaped letters are written as they are: in JSON any letter of a name can be escaped. `None` if none is.
fn with_plain_letters(bytes: &[u8]) -> Option<Vec<u8>> {
    static ESCAPE: Word = Word::new(|| Finder::new("\\u00"));
    let letter = |digits: &[u8]| {
        let letter = u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
        letter.is_ascii_alphabetic().then_some(letter)
    };
    memchr::memchr(b'\\', bytes)?;
    let mut places =
        ESCAPE.find_iter(bytes).filter_map(|at| Some((at, letter(bytes.get(at + 4..at + 6)?)?))).peekable();
    places.peek()?;
    let (mut plain, mut end) = (Vec::with_capacity(bytes.len()), 0);
    for (at, letter) in places {
        plain.extend_from_slice(&bytes[end..at]);
        plain.push(letter);
        end = at + 6;
    }
    plain.extend_from_slice(&bytes[end..]);
    Some(plain)
}

/// The quoted strings that name a repository of the tree by its address, or by where it lies.
fn fetched_from(own: &[Own], bytes: &[u8]) -> Vec<String> {
    /// No address is longer.
    const LONGEST: usize = 1024;
    let signs = own.iter().flat_map(Own::signs);
    let places = signs.flat_map(|name| memmem::find_iter(bytes, name.as_bytes()).collect::<Vec<_>>());
    let texts = places.filter_map(|at| {
        let start = memchr::memrchr(b'"', &bytes[at.saturating_sub(LONGEST)..at])? + at.saturating_sub(LONGEST) + 1;
        let end = bytes[at..].iter().take(LONGEST).position(|byte| *byte == b'"')? + at;
        str::from_utf8(&bytes[start..end]).ok().map(str::to_owned)
    });
    texts.filter(|text| own.iter().any(|own| own.folder(text).is_some())).collect()
}

/// The quoted strings that start with `./` or `../`.
#[must_use]
pub fn relative_paths(bytes: &[u8]) -> Vec<String> {
    /// No path is longer; a longer string is text.
    const LONGEST: usize = 1024;
    static START: Word = Word::new(|| Finder::new("\"."));
    let starts = START.find_iter(bytes).map(|at| &bytes[at + 1..]);
    starts
        .filter(|rest| rest.starts_with(b"./") || rest.starts_with(b"../") || rest.starts_with(b"..\""))
        .filter_map(|rest| {
            let end = rest.iter().take(LONGEST).position(|byte| *byte == b'"')?;
            str::from_utf8(&rest[..end]).ok().map(str::to_owned)
        })
        .collect()
}

/// Adds the names of the variables that a file declares.
pub(super) fn declared(path: &Utf8Path, bytes: &[u8], names: &mut BTreeSet<String>) {
    static BLOCK: Word = Word::new(|| Finder::new("variable"));
    let mut blocks = BLOCK.find_iter(bytes).map(|at| &bytes[at + BLOCK.needle().len()..]).peekable();
    if path.extension() == Some("json") && blocks.peek().is_some() {
        return names.extend(commands::keys(bytes));
    }
    // Names that no block declares do no harm: nothing asks for them.
    let found = blocks.filter_map(|rest| {
        let name = rest.trim_ascii_start();
        let name = name.strip_prefix(b"\"").unwrap_or(name);
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte) || !byte.is_ascii();
        let length = name.iter().take_while(|byte| is_part(byte)).count();
        let follows = rest.first().is_some_and(|next| next.is_ascii_whitespace() || !next.is_ascii());
        str::from_utf8(&name[..length]).ok().filter(|name| follows && !name.is_empty())
    });
    for name in found {
        if !names.contains(name) {
            names.insert(name.to_owned());
        }
    }
}

/// What the files of a walk say, by their paths; those that say nothing are left out.
pub(super) type Said = Vec<(Utf8PathBuf, CodeSays)>;
