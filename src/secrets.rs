//! What looks like a secret in text that is about to be shown, so that it is not.
//!
//! A lifecycle script may hold passwords, tokens and keys, and a report ends in logs and pull requests that more people
//! read than the script. What is found here is a matter of looks: a value behind a name such as `DB_PASSWORD`, what
//! programs take as a password, credentials in an address, and text that looks random. Rather too much is hidden than too
//! little: the place is named beside it.

mod commands;
mod names;
mod random;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// Stands for a secret.
pub const HIDDEN: &str = "***";

/// Shorter values are not looked for where they stand alone, in bytes: they could be part of anything.
const SHORTEST: usize = 4;

/// More values of one script than this are not looked for where they stand alone.
const MOST_VALUES: usize = 200;

/// What every script has words for. A message without them would say nothing.
const EVERYDAY: [&str; 8] = ["sudo", "root", "ec2-user", "bash", "true", "false", "null", "none"];

/// The secrets of a text, to be hidden also where nothing but the value itself is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    /// The longest first.
    values: Vec<String>,
}

impl Secrets {
    /// The secrets of a script.
    #[must_use]
    pub fn of(script: &str) -> Self {
        let mut values: Vec<String> = spans(script)
            .into_iter()
            .map(|span| script[span].trim_matches(['"', '\'', '\\']).to_owned())
            .filter(|value| value.len() >= SHORTEST && !EVERYDAY.contains(&value.as_str()))
            .collect();
        values.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        values.dedup();
        values.truncate(MOST_VALUES);
        Self { values }
    }

    /// A text, of the script or about it, without the secrets.
    #[must_use]
    pub fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut hidden = hide(text);
        for value in &self.values {
            if let Some(shown) = without(&hidden, value) {
                hidden = Cow::Owned(shown);
            }
        }
        hidden
    }
}

/// A text without what looks like a secret in it.
#[must_use]
pub fn hide(text: &str) -> Cow<'_, str> {
    let spans = spans(text);
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    for span in spans {
        shown.push_str(&text[done..span.start]);
        shown.push_str(HIDDEN);
        done = span.end;
    }
    shown.push_str(&text[done..]);
    Cow::Owned(shown)
}

/// A text without a value, and without its start where the text was cut off in it; `None` where there is neither.
fn without(text: &str, value: &str) -> Option<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let (first, last) = (value.starts_with(is_part), value.ends_with(is_part));
    let alone = |at: usize| {
        let before = text[..at].chars().next_back().is_some_and(is_part);
        let after = text[at + value.len()..].chars().next().is_some_and(is_part);
        !(first && before || last && after)
    };
    let mut found: Vec<Range<usize>> =
        text.match_indices(value).filter(|(at, _)| alone(*at)).map(|(at, _)| at..at + value.len()).collect();
    for (end, _) in text.match_indices('…') {
        let word = text[..end].rfind(char::is_whitespace).map_or(0, |at| at + 1);
        let mut starts = text[word..end].char_indices().map(|(at, _)| word + at);
        if let Some(start) = starts.find(|start| end - start >= SHORTEST && value.starts_with(&text[*start..end])) {
            found.push(start..end);
        }
    }
    let spans = joined(found);
    let mut rest = (!spans.is_empty()).then(|| String::with_capacity(text.len()))?;
    let mut done = 0;
    for span in spans {
        rest.push_str(&text[done..span.start]);
        rest.push_str(HIDDEN);
        done = span.end;
    }
    rest.push_str(&text[done..]);
    Some(rest)
}

/// What was found in a text.
#[derive(Default)]
struct Found<'t> {
    text: &'t str,
    spans: Vec<Range<usize>>,
    /// The variables of which the value is a secret.
    variables: HashSet<&'t str>,
}

impl Found<'_> {
    /// Adds a secret, or the variable that holds it.
    fn add(&mut self, span: Range<usize>) {
        let words = &self.text[span.clone()];
        self.variables.extend(variable(words));
        if !is_reference(words) {
            self.spans.push(span);
        }
    }
}

/// The parts of a text that look like secrets: in order, apart from each other, none of them empty.
fn spans(text: &str) -> Vec<Range<usize>> {
    let mut found = Found { text, ..Found::default() };
    names::find(&mut found);
    names::find_marked(&mut found);
    commands::find(&mut found);
    random::find(&mut found);
    names::find_variables(&mut found);
    found.spans.retain(|span| !matches!(&text[span.clone()], "" | HIDDEN));
    joined(found.spans)
}

/// The name in `$NAME` and `${NAME}`, also in front of a line end as strings spell it.
fn variable(value: &str) -> Option<&str> {
    let value = value.split('\\').next()?;
    let name = value.strip_prefix("$${").or_else(|| value.strip_prefix("${"));
    let name = name.map_or_else(|| value.strip_prefix('$'), |name| name.strip_suffix('}'))?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}

/// Ranges in order, those that touch as one.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// The value that starts at `at`: a word of a shell with its quotes, or within quotes what they or a blank end.
fn value(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let escapes = bytes[at..].iter().take_while(|byte| **byte == b'\\').count();
    if let Some(quote @ (b'"' | b'\'')) = bytes.get(at + escapes).copied() {
        let start = at + escapes + 1;
        let closes = |end: &usize| bytes[*end] == quote && (escapes > 0 || quote == b'\'' || bytes[end - 1] != b'\\');
        let end = (start..bytes.len()).take_while(|end| bytes[*end] != b'\n').find(closes);
        let end = end.unwrap_or_else(|| start + text[start..].find('\n').unwrap_or(text.len() - start));
        return start..start + text[start..end].trim_end_matches('\\').len();
    }
    let mut end = at;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'\\' if bytes.get(end + 1).is_some_and(|next| *next != b'\n') => end += 2,
            b'"' | b'\'' | b'`' | b';' | b'|' | b'&' | b'<' | b'>' | b')' | b'\\' => break,
            _ if byte.is_ascii_whitespace() => break,
            _ => end += 1,
        }
    }
    // A pair of a backslash and half a character would end inside it.
    at..ceil(text, end)
}

fn ceil(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// Behind blanks and escaped line ends.
fn skip_blanks(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t') => at += 1,
            Some(b'\\') if bytes.get(at + 1) == Some(&b'\n') => at += 2,
            _ => return at,
        }
    }
}

/// Whether a value only says where the secret comes from, or that there is none.
fn is_reference(value: &str) -> bool {
    let plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || "_.[]*@#?".contains(c));
    let inner = value.strip_prefix("$${").or_else(|| value.strip_prefix("${"));
    if let Some(name) = inner {
        return name.strip_suffix('}').is_some_and(|name| plain(name) || is_terraform(name));
    }
    if let Some(name) = value.strip_prefix('$') {
        return name.starts_with('(') || plain(name);
    }
    matches!(value, "" | "true" | "false" | "null" | "none" | "yes" | "no") || is_terraform(value)
}

fn is_terraform(value: &str) -> bool {
    let start = ["var.", "local.", "data.", "module.", "each.", "aws_", "random_", "values.", "dependency."];
    start.iter().any(|start| value.starts_with(start))
}

#[cfg(test)]
mod tests;
