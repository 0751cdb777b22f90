//! Text in as many columns as there are.

pub use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter};

/// Breaks each line between words so that it fits. What a line is indented by, so are its continuations; a word that
/// is too long stays whole, since breaking a path or an option would spoil it. Ends with a line end.
#[must_use]
pub fn fold(text: &str, width: usize) -> String {
    let mut folded = String::new();
    for line in text.lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        let options = Options::new(width.max(1))
            .subsequent_indent(indent)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .break_words(false);
        for part in textwrap::wrap(line, options) {
            folded.push_str(part.trim_end());
            folded.push('\n');
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_keep_their_indentation() {
        assert_eq!(fold("one two three\n  four five\n\nsix", 9), "one two\nthree\n  four\n  five\n\nsix\n");
        assert_eq!(fold("a/very/long/path.tf:1:2: x", 10), "a/very/long/path.tf:1:2:\nx\n");
        assert_eq!(fold("日本語 日本語", 8), "日本語\n日本語\n");
    }
}
