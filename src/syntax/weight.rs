//! How much of a tree a text can become. A few bytes of text take some hundred as a tree, so that a file within the bound
//! on sizes could take many gigabytes.

use crate::source::Span;

use super::Unreadable;

/// More signs than this are in no file that a person or a generator for people writes: some five megabytes of code.
const MOST_SIGNS: usize = 1 << 20;

/// The error for a text with more tokens than are read.
pub(super) fn refusal(text: &str, whole: Span) -> Option<Unreadable> {
    let bytes = &text.as_bytes()[whole.range()];
    let is_heavy = bytes.len() > MOST_SIGNS && bytes.iter().filter(|byte| is_sign(**byte)).count() > MOST_SIGNS;
    let message =
        || format!("more than {MOST_SIGNS} lines, brackets, commas, operators and the like, so it was not read");
    is_heavy.then(|| Unreadable { span: whole, at: whole.start, message: message() })
}

/// Whether a byte can stand between two parts of a tree, or ends a comment or a line of a heredoc. Those within strings
/// count as well: to tell them apart takes a tree.
const fn is_sign(byte: u8) -> bool {
    matches!(byte, b'\n' | b'!' | b'%'..=b'.' | b':'..=b'?' | b'[' | b'{'..=b'}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_become_a_large_tree_is_refused() {
        let refused = |text: &str| refusal(text, Span::new(0, text.len())).is_some();
        assert!(!refused(&"# x\n".repeat(MOST_SIGNS)));
        assert!(!refused(&format!("a = \"{}\"", "x".repeat(4 * MOST_SIGNS))));
        assert!(!refused(&"a = 1\n".repeat(MOST_SIGNS / 2)));
        for part in ["a = 1 ", "# x\n", "[],", "1+", "1-", "a.", "a{}\n", "f(", "!"] {
            assert!(refused(&part.repeat(MOST_SIGNS + 1)), "{part}");
        }
    }
}
