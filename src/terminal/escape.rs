//! Characters that a terminal would act on instead of showing them.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a terminal may act on a character or reorder text around it, so that it must not be printed as it is.
///
/// These are the control characters (Unicode category Cc, the tab included), the line and paragraph separators, and
/// the characters with the property `Bidi_Control` (Unicode Standard Annex 9, section 2), which make text read
/// differently from what it says ("Trojan Source", CVE-2021-42574).
#[must_use]
pub const fn is_active(c: char) -> bool {
    c.is_ascii_control()
        || matches!(c,
            '\u{80}'..='\u{9f}'
            | '\u{61c}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}' | '\u{2029}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}')
}

/// Text with every active character spelled out as in Rust source: `\t`, `\u{202e}`.
///
/// Meant for reading: a backslash stays a single one, so the result cannot be turned back.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    escape_but(text, |_| false)
}

/// Like [`escape`], but tabs stay, as they indent lines of source.
#[must_use]
pub(crate) fn escape_line(text: &str) -> Cow<'_, str> {
    escape_but(text, |c| c == '\t')
}

fn escape_but(text: &str, kept: impl Fn(char) -> bool) -> Cow<'_, str> {
    let acts = |c: char| is_active(c) && !kept(c);
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if acts(c) {
            let _ = write!(shown, "{}", c.escape_default());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn active_characters_are_spelled_out() {
        assert_eq!(escape("a\u{1b}[31m\tb\r\n"), r"a\u{1b}[31m\tb\r\n");
        assert_eq!(escape("x\u{202e}y\u{2066}\u{9b}\u{7f}"), r"x\u{202e}y\u{2066}\u{9b}\u{7f}");
        assert_eq!(escape_line("\ta\u{7}"), "\ta\\u{7}");
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in ["", "plain", "caf\u{e9} \\ \u{65e5}\u{672c} \u{1f980}", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}"] {
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text));
        }
    }
}
