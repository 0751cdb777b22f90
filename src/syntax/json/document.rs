//! Text to JSON values with ranges, as strictly as Terraform reads it.
//!
//! The parser is `jsonc-parser`, because it keeps the range of every key and value, keeps repeated keys (which
//! Terraform gives a meaning), and bounds its own recursion at 512 levels. It can be told to leave out what JSON does
//! not have; the two liberties that stay, other white space between tokens and control characters within strings,
//! are refused here. Two things that Terraform accepts are errors: nesting deeper than the parser's bound, and `\u`
//! escapes of half a surrogate pair (Go reads those as U+FFFD).

use jsonc_parser::ast::Value;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// Why a text is no Terraform JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JsonError {
    /// Byte offset from the start of the parsed text, 0-based.
    pub(super) at: usize,
    /// The error.
    pub(super) message: String,
}

impl JsonError {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

/// Nothing but JSON as RFC 8259 has it.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Parses one JSON value. Ranges count bytes from the start of `text`, which has no byte order mark.
///
/// # Errors
/// The first place where the text is not JSON.
pub(super) fn parse(text: &str) -> Result<Value<'_>, JsonError> {
    let forbidden = forbidden(text);
    let parsed = match parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => parsed.value.ok_or_else(|| JsonError::new(text.len(), "a JSON value is missing")),
        Err(error) => {
            Err(JsonError::new(error.range().start, format!("invalid JSON: {}", lower(&error.kind().to_string()))))
        }
    };
    match (parsed, forbidden) {
        (Ok(value), None) => Ok(value),
        // A string without its closing quote shows first as a line end within it.
        (Err(error), Some(first)) if first.at < error.at => Err(first),
        (Err(error), _) | (Ok(_), Some(error)) => Err(error),
    }
}

/// The first control character within a string, or byte between tokens that is no white space of JSON.
fn forbidden(text: &str) -> Option<JsonError> {
    let mut in_string = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            if byte < b' ' {
                return Some(JsonError::new(
                    at,
                    "invalid JSON: control character in a string: is its closing quote missing?",
                ));
            }
            in_string = escaped || byte != b'"';
            escaped = byte == b'\\' && !escaped;
        } else if byte == b'"' {
            in_string = true;
        } else if !(byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
            return Some(JsonError::new(at, "invalid JSON: unexpected character"));
        }
    }
    None
}

/// A sentence as part of another.
fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn error(text: &str) -> (usize, String) {
        let error = parse(text).expect_err(text);
        (error.at, error.message)
    }

    #[test]
    fn only_json_is_accepted() {
        for (text, at) in [
            ("", 0),
            ("{} x", 3),
            ("{}{}", 2),
            ("{\"a\":1,}", 6),
            ("[1,]", 2),
            ("{\"a\":1 \"b\":2}", 6),
            ("{'a':1}", 1),
            ("{a:1}", 1),
            ("{\"a\"=1}", 4),
            ("// c\n{}", 0),
            ("{/* c */}", 1),
            ("[+1]", 1),
            ("[01]", 2),
            ("[0x1]", 1),
            ("[.5]", 1),
            ("[5.]", 1),
            ("[NaN]", 1),
            ("[tru]", 1),
            ("[\"\\x41\"]", 2),
            ("[\"\\ud800\"]", 2),
            ("\u{a0}{}", 0),
            ("\u{b}{}", 0),
            ("{", 0),
            ("[[]", 0),
        ] {
            assert_eq!(error(text).0, at, "{text:?}: {:?}", error(text));
        }
    }

    #[test]
    fn a_missing_quote_is_located_at_the_end_of_its_line() {
        let (at, message) = error("{\n  \"a: 1,\n  \"b\": 2\n}");
        assert_eq!(at, 10);
        assert!(message.contains("closing quote"), "{message}");
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(&deep(500)).is_ok());
        assert!(error(&deep(100_000)).1.contains("nesting"));
    }

    #[test]
    fn repeated_keys_are_kept() {
        let value = parse("{\"a\":1,\"a\":2}").expect("this is JSON");
        assert_eq!(value.as_object().map(|object| object.properties.len()), Some(2));
    }

    proptest! {
        /// The judge is another JSON parser.
        #[test]
        fn accepts_what_serde_json_accepts(text in "[\\[\\]{}:,\"\\\\a/ut0-1.eE+ \n\r\t\u{b}\u{1}\u{a0}é-]{0,12}") {
            let judge = serde_json::from_str::<serde_json::Value>(&text);
            // The one difference: numbers too large for a float.
            let too_large = judge.as_ref().is_err_and(|error| error.to_string().contains("out of range"));
            prop_assert!(too_large || parse(&text).is_ok() == judge.is_ok(), "{judge:?} {:?}", parse(&text));
        }
    }
}
