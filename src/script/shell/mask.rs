//! Hides `${…}` and letters outside ASCII from the shell parser.
//!
//! The parser takes exponential time for nested `${`, whatever its limits: thirty of them cost a minute. It does not
//! need them either, since words are read from the source again. So each `${…}` becomes letters of the same length. Beside
//! an escape in quotes it also counts bytes wrongly, and panics where that leads into a character of several bytes; to
//! a shell these are letters like any other.

use crate::script::shell::quoting::{
    Opening, closing_single, end_of_heredoc, end_of_substitution, heredoc_delimiter, starts_comment,
};
use crate::script::shell::tree::Place;

/// The text with every parameter expansion replaced by letters, byte for byte as long as before, and the first one that
/// never ends.
pub fn mask_expansions(text: &str) -> (String, Option<Place>) {
    if !text.contains("${") && text.is_ascii() {
        return (text.to_owned(), None);
    }
    let mut pass = Pass { bytes: text.as_bytes(), result: text.as_bytes().to_vec(), unclosed: None };
    pass.code();
    // What is left is quoted, commented, or in a heredoc: letters there mean the same to the parser.
    for at in 1..pass.result.len() {
        if pass.result[at - 1..=at] == *b"${" {
            pass.result[at - 1..=at].fill(b'x');
        }
    }
    pass.result.iter_mut().filter(|byte| !byte.is_ascii()).for_each(|byte| *byte = b'x');
    (String::from_utf8(pass.result).unwrap_or_default(), pass.unclosed)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Code,
    /// `$(…)` within double quotes.
    Substitution,
    Quotes,
}

struct Pass<'a> {
    bytes: &'a [u8],
    result: Vec<u8>,
    unclosed: Option<Place>,
}

impl Pass<'_> {
    fn code(&mut self) {
        let bytes = self.bytes;
        let end = bytes.len();
        let mut open = vec![Inside::Code];
        let mut heredocs: Vec<(Vec<u8>, bool, bool)> = Vec::new();
        let mut at = 0;
        while at < end {
            let top = open.last().copied().unwrap_or(Inside::Code);
            let quoted = top == Inside::Quotes;
            let next = bytes.get(at + 1).copied();
            match bytes[at] {
                b'\\' => at += 1,
                b'\'' if !quoted => at = closing_single(bytes, at + 1, end),
                b'"' if quoted => {
                    open.pop();
                }
                b'"' => open.push(Inside::Quotes),
                b'$' if next == Some(b'{') => at = self.hide(at, end) - 1,
                b'$' if next == Some(b'(') => {
                    open.push(Inside::Substitution);
                    at += 1;
                }
                b'(' if top == Inside::Substitution => open.push(Inside::Substitution),
                b')' if top == Inside::Substitution => {
                    open.pop();
                }
                b'#' if !quoted && starts_comment(bytes, at) => {
                    while at + 1 < end && bytes[at + 1] != b'\n' {
                        at += 1;
                    }
                }
                b'<' if !quoted && next == Some(b'<') && bytes.get(at + 2) != Some(&b'<') => {
                    let (delimiter, strip, after) = heredoc_delimiter(bytes, at + 2, end);
                    if !delimiter.is_empty() {
                        let verbatim = bytes[at..after].iter().any(|byte| b"'\"\\".contains(byte));
                        heredocs.push((delimiter, strip, verbatim));
                        at = after - 1;
                    }
                }
                b'<' if !quoted && next == Some(b'<') => at += 2,
                b'\n' if !quoted && !heredocs.is_empty() => {
                    for (delimiter, strip, verbatim) in std::mem::take(&mut heredocs) {
                        let last = end_of_heredoc(bytes, at, end, &delimiter, strip);
                        if !verbatim {
                            self.body(at + 1, last.min(end));
                        }
                        at = last;
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// The body of a heredoc that is expanded: quotes mean nothing there.
    fn body(&mut self, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            match self.bytes[at] {
                b'\\' => at += 2,
                b'$' if self.bytes.get(at + 1) == Some(&b'{') => at = self.hide(at, end),
                _ => at += 1,
            }
        }
    }

    /// Hides the expansion that starts at `at`; returns the index after it. One that never ends loses its opening only.
    fn hide(&mut self, at: usize, end: usize) -> usize {
        let after = end_of_substitution(self.bytes, at + 1, end, Opening::Brace);
        let closed = after > at + 2 && self.bytes.get(after - 1) == Some(&b'}');
        let after = if closed { after } else { at + 2 };
        if !closed && self.unclosed.is_none() {
            self.unclosed = Some(Place { start: at, end: after });
        }
        self.result[at..after].fill(b'x');
        after
    }
}

#[cfg(test)]
mod tests {
    use super::mask_expansions;

    #[test]
    fn expansions_become_letters_and_nothing_else_changes() {
        let cases = [
            ("echo ${a} b", "echo xxxx b"),
            ("echo \"${a:-\"${b}\"} c\"", "echo \"xxxxxxxxxxxx c\""),
            ("echo '${a}' ${b}", "echo 'xxa}' xxxx"),
            ("echo \"'${a}'\"", "echo \"'xxxx'\""),
            ("# ${a\necho ${b}", "# xxa\necho xxxx"),
            ("cat <<'E'\n${a it's\nE\n${b}", "cat <<'E'\nxxa it's\nE\nxxxx"),
            ("cat <<E\nit's ${a}\nE\n${b}", "cat <<E\nit's xxxx\nE\nxxxx"),
            ("x=\"$(f '${a}' \"${b}\")\"", "x=\"$(f 'xxa}' \"xxxx\")\""),
            ("\\${a}", "\\xxa}"),
            ("${é}", "xxxxx"),
        ];
        for (text, simple) in cases {
            assert_eq!(mask_expansions(text), (simple.to_owned(), None), "{text}");
        }
    }

    #[test]
    fn an_expansion_that_never_ends_is_named() {
        let (text, unclosed) = mask_expansions("echo ${a\necho ${b}\n");
        assert_eq!(text, "echo xxa\necho ${b}\n".replace("${b}", "xxxx"));
        assert_eq!(unclosed.map(crate::script::shell::tree::Place::range), Some(5..7));
    }
}
