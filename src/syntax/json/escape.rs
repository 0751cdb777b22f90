//! The escapes of JSON strings: what they stand for, and from what is read back to where it stands.

/// Where the characters of a decoded string stand in the text between its quotes.
#[derive(Debug, Default)]
pub(super) struct OffsetMap {
    /// For each escape in order: the decoded offset behind it, and by how much longer the text is up to there.
    escapes: Vec<(usize, usize)>,
}

impl OffsetMap {
    /// Reads the text between the quotes of a valid JSON string.
    pub(super) fn new(raw: &str) -> Self {
        let bytes = raw.as_bytes();
        let mut escapes = Vec::new();
        let (mut at, mut decoded) = (0, 0);
        while let Some(backslash) = memchr::memchr(b'\\', &bytes[at..]) {
            decoded += backslash;
            at += backslash;
            let (raw_len, decoded_len) = escape_lengths(raw, at);
            at += raw_len;
            decoded += decoded_len;
            escapes.push((decoded, at - decoded));
        }
        Self { escapes }
    }

    /// Offset in the text between the quotes for an offset in the decoded string.
    pub(super) fn raw(&self, decoded: usize) -> usize {
        let before = self.escapes.partition_point(|&(end, _)| end <= decoded);
        decoded + before.checked_sub(1).map_or(0, |last| self.escapes[last].1)
    }
}

/// Bytes of the escape at `at`, and of the character it stands for. Half a surrogate pair, which the parser refuses,
/// counts as one escape.
fn escape_lengths(raw: &str, at: usize) -> (usize, usize) {
    let unit = |at: usize| {
        raw.get(at..at + 2).filter(|start| *start == "\\u")?;
        u32::from_str_radix(raw.get(at + 2..at + 6)?, 16).ok()
    };
    match unit(at) {
        None => (2, 1),
        Some(0xd800..=0xdbff) if unit(at + 6).is_some() => (12, 4),
        Some(code) => (6, char::from_u32(code).map_or(3, char::len_utf8)),
    }
}

/// Text as it stands within a JSON string.
pub(super) fn escape(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Whether byte `at` of a JSON text stands within a string, its quotes not included.
pub(super) fn in_string(text: &str, at: usize) -> bool {
    let mut in_string = false;
    let mut escaped = false;
    for &byte in &text.as_bytes()[..at] {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = byte == b'\\' && !escaped;
        } else {
            in_string = byte == b'"';
        }
    }
    in_string
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_escape_is_mapped() {
        let raw = r#"a\"b\u00e9c\ud83d\ude00d\\e"#;
        let decoded = "a\"bécd\\e".replace("cd", "c\u{1f600}d");
        let map = OffsetMap::new(raw);
        for character in ['a', 'b', 'c', 'd', 'e'] {
            // In the text, the letters of the escapes themselves come first for none of these but `b` to `e`.
            let at = decoded.find(character).expect("it is there");
            assert_eq!(raw[map.raw(at)..].chars().next(), Some(character));
        }
        assert_eq!(map.raw(decoded.len()), raw.len());
        assert_eq!(&raw[map.raw(1)..map.raw(2)], "\\\"");
    }

    #[test]
    fn strings_are_told_from_what_is_between() {
        let text = r#"{"a\"b": "c\\", "d": 1}"#;
        let at = |needle: &str| text.find(needle).expect("it is there");
        assert!(in_string(text, at("b\"")));
        assert!(in_string(text, at("c")));
        assert!(!in_string(text, at(", ")));
        assert!(!in_string(text, at("1")));
        assert!(!in_string(text, at("\"d")));
    }

    proptest! {
        #[test]
        fn offsets_of_characters_map_to_their_text(text in "\\PC*|[\"\\\\\n\u{1}é\u{1f600}a]*") {
            let raw = escape(&text);
            let map = OffsetMap::new(&raw);
            for (at, character) in text.char_indices() {
                let piece = &raw[map.raw(at)..map.raw(at + character.len_utf8())];
                let back: String = serde_json::from_str(&format!("\"{piece}\"")).expect("a piece of a JSON string");
                prop_assert_eq!(back, character.to_string());
            }
        }
    }
}
