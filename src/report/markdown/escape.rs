//! Text from files, kept from being read as Markdown or HTML.

use crate::terminal::escape;

/// A code span that shows the text as it is, active characters spelled out.
pub(super) fn code(text: &str) -> String {
    let text = escape(text);
    // The fence must be longer than any run of backticks inside (CommonMark, section 6.1).
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A sentence in which backticks mark code, as in our messages. Everything else is text, whatever it holds.
pub(super) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        // An odd backtick marks nothing.
        return plain(text);
    }
    let shown = |(index, part): (usize, &&str)| match (index % 2, part.is_empty()) {
        (0, _) => plain(part),
        (_, true) => "\\`\\`".to_owned(),
        (_, false) => code(part),
    };
    parts.iter().enumerate().map(shown).collect()
}

/// Every character that Markdown, HTML or a mention could start with gets a backslash.
fn plain(text: &str) -> String {
    let mut shown = String::new();
    for c in escape(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!') {
            shown.push('\\');
        }
        shown.push(c);
        if c == '@' {
            // A backslash does not keep a mention from being one; a word joiner does.
            shown.push('\u{2060}');
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_hold_anything() {
        assert_eq!(code("a.b"), "`a.b`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\nb"), r"`a\nb`");
    }

    #[test]
    fn prose_keeps_its_code_and_nothing_else() {
        assert_eq!(prose("`x_y` is <b>*bold*</b>"), r"`x_y` is \<b\>\*bold\*\</b\>");
        assert_eq!(prose("odd ` tick"), r"odd \` tick");
        assert_eq!(prose("ask @team"), "ask @\u{2060}team");
    }
}
