//! Reads a file only as far as it takes to know whether it can hold a notebook.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::io::{self, Read as _};
use std::path::Path;

use memchr::memmem::Finder;

use super::Word;
use super::called::Said;
use crate::control::{CHECKOV_ID, CLOUD_FORMATION_TYPE, MARK, NEEDLE};
use crate::source::{self, Opened, Refusal};

/// Bytes read at a time. Nearly every Terraform file is smaller, so it is read and searched in one piece.
const BUFFER: usize = 64 * 1024;

/// More than the bytes of anything that is searched for.
const OVERLAP: usize = 64;

/// Part of [`NEEDLE`] and of [`CLOUD_FORMATION_TYPE`].
const SIGN: &str = "otebook";

/// Searches files for [`NEEDLE`] through one buffer that is used again for each of them.
#[derive(Debug)]
pub(super) struct Prefilter {
    needle: Finder<'static>,
    /// What the needle and the next word have in common: most files have neither.
    sign: Finder<'static>,
    /// A notebook in a template, which is worth a note.
    template: Finder<'static>,
    /// [`NEEDLE`] in UTF-16 of either byte order, but for the zero at one end.
    wide: Finder<'static>,
    buffer: Box<[u8]>,
    /// The references to modules in the files read so far.
    said: RefCell<Said>,
}

impl Prefilter {
    pub(super) fn new() -> Self {
        let wide: Vec<u8> = NEEDLE.bytes().flat_map(|letter| [letter, 0]).take(2 * NEEDLE.len() - 1).collect();
        Self {
            needle: Finder::new(NEEDLE),
            sign: Finder::new(SIGN),
            template: Finder::new(CLOUD_FORMATION_TYPE),
            wide: Finder::new(&wide).into_owned(),
            buffer: vec![0; BUFFER].into_boxed_slice(),
            said: RefCell::default(),
        }
    }

    /// The references to modules in the files that were read since this was last called.
    pub(super) fn said(&mut self) -> Said {
        std::mem::take(self.said.get_mut())
    }

    /// The bytes of a regular file if it can hold a notebook, `None` if it cannot. A file in UTF-16, which Terraform does
    /// not read, counts as well, so that it is not passed over in silence.
    ///
    /// A file longer than the buffer passes through it, so that no file costs more memory than that unless it is
    /// a hit. The bytes of any other are handed to `whole`.
    pub(super) fn read(&mut self, path: &Path, whole: &mut dyn FnMut(&[u8])) -> Result<Option<Vec<u8>>, Refusal> {
        let Self { needle, sign, template, wide, buffer, said } = self;
        let is_wide = Cell::new(None);
        let is_hit = |piece: &[u8]| {
            said.borrow_mut().search(piece);
            // The first piece starts with the byte order mark, if there is one.
            is_wide.set(is_wide.get().or(Some(piece.starts_with(b"\xff\xfe") || piece.starts_with(b"\xfe\xff"))));
            sign.find(piece).is_some() && (needle.find(piece).is_some() || template.find(piece).is_some())
                || has_escaped_letter(piece)
                || is_wide.get() == Some(true) && wide.find(piece).is_some()
        };
        let mut file = source::open(path)?;
        if let Some(filled) = file.fill(buffer)? {
            let bytes = &buffer[..filled];
            whole(bytes);
            return Ok(is_hit(bytes).then(|| bytes.to_vec()));
        }
        if !search(buffer, &mut file, is_hit)? {
            return Ok(None);
        }
        let bytes = file.whole()?;
        // The search has ended at the hit.
        said.borrow_mut().search(&bytes);
        Ok(Some(bytes))
    }

    /// Whether a file can hold a notebook, as [`Self::read`] decides.
    pub(super) fn can_hold(&mut self, path: &Path) -> Result<bool, Refusal> {
        let can_hold = self.read(path, &mut |_| ())?.is_some();
        // What it calls is no matter: nothing deploys it as far as is known.
        self.said();
        Ok(can_hold)
    }

    /// Whether a file contains the needle as it is.
    pub(super) fn mentions(&mut self, path: &Path) -> Result<bool, Refusal> {
        let Self { needle, buffer, .. } = self;
        let is_hit = |piece: &[u8]| needle.find(piece).is_some();
        let mut file = source::open(path)?;
        Ok(match file.fill(buffer)? {
            Some(filled) => is_hit(&buffer[..filled]),
            None => search(buffer, &mut file, is_hit)?,
        })
    }
}

/// Whether part of a file can hold a notebook: it contains [`NEEDLE`] or a letter that is escaped.
#[must_use]
pub fn may_hold_a_notebook(part: &str) -> bool {
    part.contains(NEEDLE) || has_escaped_letter(part.as_bytes())
}

/// Whether text has an escape such as `\u0061`, behind which a character of the needle may hide; the native syntax, where
/// labels take escapes as well, also has `\U00000061`. The characters are between `_` and `z`; what programs escape as a
/// matter of course, such as `<`, `&` and `'`, is not.
#[must_use]
pub fn has_escaped_letter(bytes: &[u8]) -> bool {
    static NATIVE: Word = Word::new(|| Finder::new("\\U000000"));
    static BOTH: Word = Word::new(|| Finder::new("\\u00"));
    memchr::memchr(b'\\', bytes).is_some()
        && [&BOTH, &NATIVE].into_iter().any(|escape| {
            let mut escapes = escape.find_iter(bytes);
            escapes.any(|at| matches!(bytes.get(at + escape.needle().len()), Some(b'5'..=b'7')))
        })
}

/// The bytes with one for each ASCII letter, also where they are UTF-16: nobody reads that, and it says something all the same.
pub(super) fn letters(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        Cow::Owned(bytes.iter().copied().filter(|byte| *byte != 0).collect())
    } else {
        Cow::Borrowed(bytes)
    }
}

/// Whether part of a file can hold an ignore comment for this control. In JSON, where a comment is a string, the control's
/// name may be escaped.
pub(super) fn may_except(part: &[u8]) -> bool {
    static OWN: Word = Word::new(|| Finder::new(MARK));
    static CHECKOV: Word = Word::new(|| Finder::new(CHECKOV_ID));
    static SKIP: Word = Word::new(|| Finder::new(":skip="));
    static ESCAPE: Word = Word::new(|| Finder::new("\\u00"));
    OWN.find(part).is_some() || CHECKOV.find(part).is_some() || SKIP.find(part).is_some() && ESCAPE.find(part).is_some()
}

/// Reads the rest of a file, of which the first piece fills the buffer, until one is a hit; `false` if none is.
fn search(buffer: &mut [u8], file: &mut Opened, is_hit: impl Fn(&[u8]) -> bool) -> io::Result<bool> {
    let mut filled = buffer.len();
    loop {
        if is_hit(&buffer[..filled]) {
            return Ok(true);
        }
        if filled < buffer.len() {
            return Ok(false);
        }
        // What is searched for may lie across the border of two pieces.
        buffer.copy_within(filled - OVERLAP..filled, 0);
        filled = OVERLAP;
        while filled < buffer.len() {
            match file.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests make the files they read")]
mod tests {
    use super::*;

    fn search(bytes: &[u8]) -> Option<Vec<u8>> {
        search_named("a.tf", bytes)
    }

    fn search_named(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file in it");
        Prefilter::new().read(&path, &mut |_| ()).expect("it can be read")
    }

    #[test]
    fn the_sign_is_part_of_both() {
        assert!(NEEDLE.contains(SIGN) && CLOUD_FORMATION_TYPE.contains(SIGN));
    }

    #[test]
    fn the_needle_is_found_wherever_it_stands() {
        // Around the end of the buffer and of the piece after it, where a hit could fall between two reads.
        let near = |border: usize| border - 2 * NEEDLE.len()..border + 2;
        for at in near(BUFFER).chain(near(2 * BUFFER - OVERLAP)).chain([0, 7, 300_000]) {
            for rest in [0, 1, BUFFER] {
                let mut bytes = vec![b' '; at];
                bytes.extend_from_slice(NEEDLE.as_bytes());
                bytes.resize(bytes.len() + rest, b'#');
                assert!(search(&bytes).as_deref() == Some(&bytes[..]), "needle at {at}, {rest} bytes after it");
            }
        }
    }

    #[test]
    fn files_without_it_are_not_kept() {
        let almost = &NEEDLE.as_bytes()[..NEEDLE.len() - 1];
        for size in [0, 1, BUFFER - 1, BUFFER, BUFFER + 1, 3 * BUFFER] {
            let mut bytes = vec![b' '; size];
            assert_eq!(search(&bytes), None);
            bytes.extend_from_slice(almost);
            assert_eq!(search(&bytes), None);
        }
    }

    #[test]
    fn an_escaped_letter_is_kept() {
        let escaped = br"sagemaker_notebook_inst\u0061nce";
        for name in ["a.tf.json", "a.tofu.json", "named.json", "a.tf", "a.tofu"] {
            assert_eq!(search_named(name, escaped).as_deref(), Some(&escaped[..]), "{name}");
            assert_eq!(search_named(name, br"\u003ca\u0026b\u003e \u0027 \u00e9 \u00"), None, "{name}");
        }
        assert!(search(br"sagemaker\U0000005fnotebook_instance").is_some());
        let mut far = vec![b' '; BUFFER - 3];
        far.extend_from_slice(escaped);
        assert_eq!(search_named("a.tf.json", &far).as_deref(), Some(&far[..]));
    }

    #[test]
    fn a_file_in_utf_16_is_kept() {
        let text = format!("\u{feff}{}resource \"aws_{NEEDLE}\"", " ".repeat(BUFFER));
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [&little, &big] {
            assert!(search(bytes).as_ref() == Some(bytes));
            assert_eq!(search(&bytes[2..]), None, "without its mark it is no text that anything would read");
        }
        let other: Vec<u8> = "\u{feff}resource".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(search(&other), None);
    }

    #[test]
    fn a_template_is_kept() {
        let mut bytes = vec![b' '; BUFFER - 5];
        bytes.extend_from_slice(CLOUD_FORMATION_TYPE.as_bytes());
        assert!(search(&bytes).as_deref() == Some(&bytes[..]));
    }

    #[test]
    fn nothing_of_one_file_is_found_in_the_next() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (hit, miss) = (folder.path().join("hit.tf"), folder.path().join("miss.tf"));
        std::fs::write(&hit, NEEDLE).expect("a file in it");
        std::fs::write(&miss, "#").expect("another");
        let mut prefilter = Prefilter::new();
        assert!(prefilter.read(&hit, &mut |_| ()).expect("it can be read").is_some());
        assert!(prefilter.read(&miss, &mut |_| ()).expect("it can be read").is_none());
    }
}
