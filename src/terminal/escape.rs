//! Characters that a terminal would act on instead of showing them, and words that the log of a CI job would.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::LazyLock;

/// Whether a terminal may act on a character, reorder text around it or show nothing for it, so that it must not be
/// printed as it is.
///
/// These are the control characters (Unicode category Cc, the tab included), the line and paragraph separators,
/// the characters with the property `Bidi_Control` (Unicode Standard Annex 9, section 2), which make text read
/// differently from what it says ("Trojan Source", CVE-2021-42574), and format characters without a width, which make
/// two names look the same.
#[must_use]
pub const fn is_active(c: char) -> bool {
    c.is_ascii_control()
        || matches!(c,
            '\u{80}'..='\u{9f}'
            | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Text with every active character spelled out as in Rust source: `\t`, `\u{202e}`, and names that nobody has written to be
/// read cut short.
///
/// Meant for reading: a backslash stays a single one, so the result cannot be turned back.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    match with_short_names(text) {
        Cow::Borrowed(text) => escape_but(text, |_| false),
        Cow::Owned(text) => Cow::Owned(escape_but(&text, |_| false).into_owned()),
    }
}

/// A longer name is cut, in bytes. No file has one, and so no path is cut.
const LONGEST_NAME: usize = 255;

/// What is shown of a name that is cut, in characters.
const SHOWN_OF_NAME: usize = 80;

/// Text with each name of more than 255 bytes cut to 80 characters.
#[must_use]
pub(crate) fn with_short_names(text: &str) -> Cow<'_, str> {
    let ends_name = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'));
    if text.len() <= LONGEST_NAME || text.split(ends_name).all(|name| name.len() <= LONGEST_NAME) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    for part in text.split_inclusive(ends_name) {
        let name = part.trim_end_matches(ends_name);
        if name.len() <= LONGEST_NAME {
            shown.push_str(part);
        } else {
            shown.extend(name.chars().take(SHOWN_OF_NAME));
            shown.push('…');
            shown.push_str(&part[name.len()..]);
        }
    }
    Cow::Owned(shown)
}

/// Like [`escape`], but tabs stay, as they indent lines of source.
#[must_use]
pub(crate) fn escape_line(text: &str) -> Cow<'_, str> {
    escape_but(text, |c| c == '\t')
}

/// Whether the output becomes the log of GitHub Actions or Azure Pipelines, whose runners take commands from it.
static IS_CI_LOG: LazyLock<bool> =
    LazyLock::new(|| ["GITHUB_ACTIONS", "TF_BUILD"].iter().any(|name| std::env::var_os(name).is_some()));

fn escape_but(text: &str, kept: impl Fn(char) -> bool) -> Cow<'_, str> {
    let acts = |c: char| is_active(c) && !kept(c);
    if *IS_CI_LOG && (text.contains("##") || text.contains(':')) {
        return Cow::Owned(without_commands(&spelled_out(text, acts)));
    }
    spelled_out(text, acts)
}

/// Text in which a runner finds no command, its first character spelled out.
///
/// Source: actions/runner, `src/Runner.Common/ActionCommand.cs`, takes `##[command]` anywhere in a line and `::command::` at
/// its start, after blanks; microsoft/azure-pipelines-agent, `src/Microsoft.VisualStudio.Services.Agent/Command.cs`,
/// takes `##vso[command]` anywhere. A text may be broken at a blank, so that a line starts there.
fn without_commands(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    let (mut before, mut is_blank) = (' ', true);
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        let is_command = match c {
            '#' => is_log_command(rest),
            ':' => before.is_whitespace() && (rest.starts_with("::") || is_blank),
            _ => false,
        };
        if is_command {
            let _ = write!(shown, "{}", c.escape_unicode());
        } else {
            shown.push(c);
        }
        before = c;
        is_blank &= c.is_whitespace();
    }
    shown
}

/// Whether a text starts with `##[` or `##name[`, which a runner takes for a command wherever it stands in a line.
pub(crate) fn is_log_command(text: &str) -> bool {
    let name = text.strip_prefix("##");
    name.is_some_and(|name| name.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('['))
}

fn spelled_out(text: &str, acts: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&acts) {
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
    fn no_command_of_a_runner_is_left() {
        for (text, shown) in [
            ("::set-output name=x::y.tf", r"\u{3a}:set-output name=x::y.tf"),
            ("  ::error::", r"  \u{3a}:error::"),
            (":", r"\u{3a}"),
            ("a ##[set-output name=q;]z", r"a \u{23}#[set-output name=q;]z"),
            ("###vso[task.prependpath]/evil", r"#\u{23}#vso[task.prependpath]/evil"),
            ("a::b #[x] ## heading: 1", "a::b #[x] ## heading: 1"),
        ] {
            assert_eq!(without_commands(text), shown);
        }
    }

    #[test]
    fn names_that_no_file_could_have_are_cut() {
        let (long, short) = ("n".repeat(256), "n".repeat(255));
        let cut = format!("a.{}… is {short}", "n".repeat(80));
        assert_eq!(with_short_names(&format!("a.{long} is {short}")), cut);
        assert_eq!(escape(&format!("\u{1b}{long}")), format!(r"\u{{1b}}{}…", "n".repeat(80)));
        let path = format!("{short}/{short}.tf");
        assert_eq!(with_short_names(&path), path);
    }

    #[test]
    fn text_without_a_width_is_spelled_out() {
        assert_eq!(escape("a\u{200b}b\u{200d}\u{2060}\u{feff}\u{ad}"), r"a\u{200b}b\u{200d}\u{2060}\u{feff}\u{ad}");
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in ["", "plain", "caf\u{e9} \\ \u{65e5}\u{672c} \u{1f980}", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}"] {
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text));
        }
    }
}
