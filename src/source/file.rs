//! The text of one file, with its lines.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use camino::{Utf8Path, Utf8PathBuf};

use super::{BOM, FileKind, Position, Role, Span};

/// Why bytes are no source text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not valid UTF-8: unexpected byte 0x{found:02x}{}", self.hint())]
pub struct NotUtf8 {
    /// Where the first wrong byte stands; the column counts the characters before it.
    pub position: Position,
    /// The first wrong byte.
    pub found: u8,
}

impl NotUtf8 {
    /// A hint from the first byte: none of the byte order marks of UTF-16 can start UTF-8.
    fn hint(&self) -> &'static str {
        let starts_utf16 = self.position.byte == 0 && matches!(self.found, 0xfe | 0xff);
        if starts_utf16 { "; this looks like UTF-16, which Terraform does not read" } else { "" }
    }
}

/// The text of one file, as it was read, with what is needed to find lines in it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    path: Utf8PathBuf,
    kind: FileKind,
    text: Arc<str>,
    /// Byte offset of the first byte of each line.
    line_starts: Vec<usize>,
    /// Bytes that are not UTF-8, each a `?` in the text.
    foreign: Vec<(usize, u8)>,
    /// The characters before every [`STEP`]th byte, counted when a column of a long line is asked for.
    characters: OnceLock<Vec<usize>>,
}

/// Positions in a line of megabytes would each count what is before them: from one of these on it is no more than this, in
/// bytes.
const STEP: usize = 4096;

impl SourceFile {
    /// Takes the bytes of the file at `path`, a byte order mark included.
    ///
    /// Terraform reads comments of any bytes, and in JSON strings too, where each byte that is not UTF-8 stands for a sign of
    /// its own. It becomes a `?` in the text here, and its place is kept among the [`Self::foreign_bytes`]: what is read of the
    /// native syntax is right where they all lie in comments, and such a text must never be written back.
    ///
    /// # Errors
    /// [`NotUtf8`] with the place of the first byte that is no UTF-8, in any other file, and where the bytes look like
    /// no text at all.
    pub fn from_bytes(path: impl Into<Utf8PathBuf>, bytes: Vec<u8>) -> Result<Self, NotUtf8> {
        let path = path.into();
        let (bytes, error) = match String::from_utf8(bytes) {
            Ok(text) => return Ok(Self::new(path, text)),
            Err(error) => (error.as_bytes().to_vec(), error.utf8_error()),
        };
        let kind = FileKind::of(&path);
        let is_code = kind.role != Role::Other && !(kind.is_json() && names_with_foreign_bytes(&bytes));
        let is_text = !bytes.contains(&0) && !bytes.starts_with(b"\xff\xfe") && !bytes.starts_with(b"\xfe\xff");
        if is_code && is_text {
            return Ok(Self::masked(path, &bytes));
        }
        let at = error.valid_up_to();
        let valid = str::from_utf8(&bytes[..at]).unwrap_or_default();
        let position = Self::new("", valid).position(at);
        Err(NotUtf8 { position, found: bytes[at] })
    }

    fn masked(path: Utf8PathBuf, bytes: &[u8]) -> Self {
        let mut text = String::with_capacity(bytes.len());
        let mut foreign = Vec::new();
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            for &byte in chunk.invalid() {
                foreign.push((text.len(), byte));
                text.push('?');
            }
        }
        Self { foreign, ..Self::new(path, text) }
    }

    /// The bytes that are not UTF-8, with their places.
    #[must_use]
    pub fn foreign_bytes(&self) -> &[(usize, u8)] {
        &self.foreign
    }

    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        if self.foreign.is_empty() {
            return Cow::Borrowed(self.text.as_bytes());
        }
        let mut bytes = self.text.as_bytes().to_vec();
        for &(at, byte) in &self.foreign {
            bytes[at] = byte;
        }
        Cow::Owned(bytes)
    }

    /// Takes text that is already known to be UTF-8.
    #[must_use]
    pub fn new(path: impl Into<Utf8PathBuf>, text: impl Into<Arc<str>>) -> Self {
        let (path, text) = (path.into(), text.into());
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        let line_starts = std::iter::once(0).chain(newlines).collect();
        Self { kind: FileKind::of(&path), path, text, line_starts, foreign: Vec::new(), characters: OnceLock::new() }
    }

    /// The same file with other text.
    #[must_use]
    pub fn with_text(&self, text: impl Into<Arc<str>>) -> Self {
        Self::new(self.path.clone(), text)
    }

    /// The path as it is shown and opened: relative to the working folder where the user gave it so.
    #[must_use]
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The folder of the file, as it is shown; empty for the working folder.
    #[must_use]
    pub fn folder(&self) -> &Utf8Path {
        self.path.parent().unwrap_or(Utf8Path::new(""))
    }

    /// The kind of the file, by its name.
    #[must_use]
    pub const fn kind(&self) -> FileKind {
        self.kind
    }

    /// The whole text, a byte order mark included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span.
    ///
    /// # Panics
    /// If the span does not lie in this file on character boundaries.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// Byte offset of the first character after a byte order mark: 0 or 3.
    #[must_use]
    pub fn content_start(&self) -> usize {
        if self.text.starts_with(BOM) { BOM.len() } else { 0 }
    }

    /// Number of lines; text after the last line end counts as one, also when it is empty.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// The 1-based line that byte `at` stands on.
    #[must_use]
    pub fn line_of(&self, at: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= at)
    }

    /// The bytes of a 1-based line, its line end not included.
    ///
    /// # Panics
    /// If the file has no such line.
    #[must_use]
    pub fn line_span(&self, line: usize) -> Span {
        let start = self.line_starts[line - 1];
        let end = self.line_starts.get(line).map_or(self.text.len(), |next| next - 1);
        let carriage_return = end > start && self.text.as_bytes()[end - 1] == b'\r' && end < self.text.len();
        Span::new(start, end - usize::from(carriage_return))
    }

    /// The place of byte `at`, which may be the end of the text.
    #[must_use]
    pub fn position(&self, at: usize) -> Position {
        let line = self.line_of(at);
        let start = self.line_starts[line - 1].max(if line == 1 { self.content_start() } else { 0 });
        let column = self.text.get(start..at).map_or(0, |before| match before.len() {
            ..STEP => before.chars().count(),
            _ => self.characters_before(at) - self.characters_before(start),
        });
        Position { line, column: column + 1, byte: at }
    }

    /// How many characters start before byte `at`.
    fn characters_before(&self, at: usize) -> usize {
        let starts = |bytes: &[u8]| bytes.iter().filter(|byte| !matches!(byte, 0x80..=0xbf)).count();
        let steps = self.characters.get_or_init(|| {
            let counted = self.text.as_bytes().chunks(STEP).scan(0, |before, chunk| {
                *before += starts(chunk);
                Some(*before)
            });
            std::iter::once(0).chain(counted).collect()
        });
        let step = at / STEP;
        steps[step] + starts(&self.text.as_bytes()[step * STEP..at])
    }

    /// The line ending to use for a line inserted next to byte `at`: that of the line `at` stands on, or of the
    /// line before where the file ends without one; `"\n"` in a file without any.
    #[must_use]
    pub fn line_ending_at(&self, at: usize) -> &'static str {
        let line = self.line_of(at);
        let newline = match self.line_starts.get(line) {
            Some(next) => next - 1,
            None if line > 1 => self.line_starts[line - 1] - 1,
            None => return "\n",
        };
        if self.text[..newline].ends_with('\r') { "\r\n" } else { "\n" }
    }
}

/// Whether a byte of JSON that is no UTF-8 lies in a key, a path or an expression, which Terraform looks up as it is, or in no
/// string at all.
fn names_with_foreign_bytes(bytes: &[u8]) -> bool {
    let is_quote = |at: &usize| bytes[*at] == b'"' && !bytes[..*at].ends_with(b"\\");
    let (mut at, mut done) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        at += chunk.valid().len();
        let (foreign, rest) = (at, chunk.invalid().len());
        at += rest;
        if rest == 0 || foreign < done {
            continue;
        }
        let start = (done..foreign).rev().find(is_quote);
        let Some((start, end)) = start.zip((foreign..bytes.len()).find(is_quote)) else { return true };
        let text = &bytes[start + 1..end];
        let is_key = bytes[end + 1..].trim_ascii_start().starts_with(b":");
        let is_looked_up = |pair: &[u8]| pair[0] == b'/' || matches!(pair, b"${" | b"%{");
        if is_key || text.windows(2).any(is_looked_up) || text.ends_with(b"/") {
            return true;
        }
        done = end + 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Position, SourceFile};

    #[test]
    fn columns_count_characters_and_skip_the_byte_order_mark() {
        let file = SourceFile::new("a.tf", "\u{feff}é = \"x\"\r\nb = 1");
        assert_eq!(file.position(3), Position { line: 1, column: 1, byte: 3 });
        assert_eq!(file.position(5), Position { line: 1, column: 2, byte: 5 });
        let b = file.text().find('b').expect("the text has a b");
        assert_eq!(file.position(b), Position { line: 2, column: 1, byte: b });
        assert_eq!(file.slice(file.line_span(1)), "\u{feff}é = \"x\"");
    }

    #[test]
    fn columns_of_long_lines_count_characters_too() {
        let text = format!("\u{feff}x\n{}\n{}", "é€a".repeat(5000), "b".repeat(10_000));
        let file = SourceFile::new("a.tf", text.as_str());
        for (at, _) in text.char_indices().skip(1).step_by(77) {
            let line = file.line_of(at);
            let start = file.line_span(line).start.max(if line == 1 { 3 } else { 0 });
            assert_eq!(file.position(at).column, text[start..at].chars().count() + 1, "byte {at}");
        }
        assert_eq!(file.position(text.len()).column, 10_001);
    }

    #[test]
    fn the_end_of_the_text_has_a_position() {
        assert_eq!(SourceFile::new("a", "x\n").position(2), Position { line: 2, column: 1, byte: 2 });
        assert_eq!(SourceFile::new("a", "").position(0), Position { line: 1, column: 1, byte: 0 });
    }

    #[test]
    fn invalid_utf8_is_located() {
        let error = SourceFile::from_bytes("a.sh", b"ok\n\xc3\xa9 \xff".to_vec()).expect_err("0xff is never UTF-8");
        assert_eq!((error.position.line, error.position.column, error.found), (2, 3, 0xff));
        for bytes in [b"\xff\xfea\0".to_vec(), b"a\0\xe9".to_vec()] {
            SourceFile::from_bytes("a.tf", bytes).expect_err("this is no text");
        }
    }

    #[test]
    fn code_keeps_bytes_that_are_no_utf8() {
        let bytes = b"# caf\xe9 \xc3\xa9 \xe2\x82\na = 1\n".to_vec();
        let file = SourceFile::from_bytes("a.tf", bytes.clone()).expect("Terraform reads it");
        assert_eq!(file.text(), "# caf? é ??\na = 1\n");
        assert_eq!(file.foreign_bytes(), [(5, 0xe9), (10, 0xe2), (11, 0x82)]);
        assert_eq!(*file.bytes(), *bytes);
    }

    #[test]
    fn the_line_ending_follows_the_neighbouring_line() {
        let mixed = SourceFile::new("a", "one\r\ntwo\nthree");
        assert_eq!(mixed.line_ending_at(1), "\r\n");
        assert_eq!(mixed.line_ending_at(6), "\n");
        assert_eq!(mixed.line_ending_at(10), "\n");
        assert_eq!(SourceFile::new("a", "x").line_ending_at(0), "\n");
    }
}
