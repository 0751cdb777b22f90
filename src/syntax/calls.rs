//! What code that cannot be parsed says of the modules that it calls.
//!
//! Read word by word, since nothing in it can be told for certain: a comment or a heredoc counts as if it were code.

use std::borrow::Cow;

/// What broken code says of modules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calls {
    /// The sources that its calls name.
    pub sources: Vec<Source>,
    /// What stands outside of them and is called `source` too, as in a call whose first word is broken.
    pub others: Vec<Source>,
    /// Whether a call is there, or is begun, that does not say what it calls.
    pub is_open: bool,
}

/// A `source`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Text, its escapes resolved.
    Plain(String),
    /// Anything else, as it is written.
    Composed(String),
}

/// The calls in a text: blocks of the types `keywords`, or in the JSON syntax members of such names.
#[must_use]
pub fn calls(text: &str, keywords: &[&str]) -> Calls {
    let text = resolved(text);
    let mut starts: Vec<(usize, bool)> = keywords.iter().flat_map(|keyword| headers(&text, keyword)).collect();
    starts.sort_unstable();
    let last = text.trim_end().rsplit(|letter| !is_part(letter)).next().unwrap_or_default();
    let is_begun = !last.is_empty() && keywords.iter().any(|keyword| keyword.starts_with(last));
    let others = sources(&text[..starts.first().map_or(text.len(), |(first, _)| *first)]);
    let others = others.into_iter().filter_map(|found| found.source).collect();
    let mut calls = Calls { sources: Vec::new(), others, is_open: is_begun };
    for (number, &(start, in_json)) in starts.iter().enumerate() {
        let end = starts.get(number + 1).map_or(text.len(), |(next, _)| *next);
        let block = &text[start..end];
        let sources = sources(block);
        let says = if in_json { !sources.is_empty() && !is_cut(block) } else { sources.iter().any(|own| own.is_own) };
        calls.is_open |= !says || sources.iter().any(|found| found.source.is_none());
        calls.sources.extend(sources.into_iter().filter_map(|found| found.source));
    }
    calls
}

/// Text with the escapes that may stand for letters of a path.
fn resolved(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        result.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let code = escape.strip_prefix('u').and_then(|code| code.get(..4));
        let letter = code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
        // Between folders a backslash is as good as a slash.
        let (written, length) = match (letter, escape.chars().next()) {
            (Some(letter), _) => (letter, 5),
            (None, Some('/' | '\\')) => ('/', 1),
            (None, _) => ('\\', 0),
        };
        result.push(written);
        rest = &escape[length..];
    }
    result.push_str(rest);
    Cow::Owned(result)
}

/// The places where a block of a type, or in the JSON syntax (`true`) a member of its name, may start.
fn headers<'t>(text: &'t str, keyword: &'t str) -> impl Iterator<Item = (usize, bool)> + 't {
    words(text, keyword).filter_map(|at| {
        let (before, behind) = (&text[..at], &text[at + keyword.len()..]);
        if before.ends_with('"') {
            return behind.strip_prefix('"')?.trim_start().starts_with(':').then_some((at, true));
        }
        let next = behind.trim_start_matches([' ', '\t']).chars().next();
        let starts = next.is_none_or(|next| next == '"' || next == '{' || next == '\n' || is_part(next));
        (starts && !before.ends_with('.')).then_some((at, false))
    })
}

/// The places where a word stands by itself.
fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |&at| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '-'
}

/// A `source` in a block, or something in it of that name.
struct Found {
    /// Whether it stands in the block itself.
    is_own: bool,
    /// `None` if it is cut off.
    source: Option<Source>,
}

fn sources(block: &str) -> Vec<Found> {
    let mut depths = Depths { text: block, at: 0, depth: 0, in_string: false };
    let found = words(block, "source").filter_map(|at| {
        let behind = &block[at + "source".len()..];
        let value = behind.strip_prefix('"').unwrap_or(behind).trim_start();
        let value = value.strip_prefix(['=', ':'])?.trim_start();
        let line = value.lines().next().unwrap_or_default();
        let source = match line.strip_prefix('"').map(|text| text.split_once('"')) {
            Some(None) => None,
            Some(Some((text, _))) if !text.contains(['\\', '$', '%']) => Some(Source::Plain(text.to_owned())),
            _ if line.is_empty() => None,
            _ => Some(Source::Composed(line.trim_end().to_owned())),
        };
        Some(Found { is_own: depths.up_to(at) == 1, source })
    });
    found.collect()
}

/// The number of braces that are open, from place to place.
struct Depths<'t> {
    text: &'t str,
    at: usize,
    depth: i32,
    in_string: bool,
}

impl Depths<'_> {
    fn up_to(&mut self, end: usize) -> i32 {
        for byte in self.text[self.at..end].bytes() {
            match byte {
                b'"' => self.in_string = !self.in_string,
                b'\n' => self.in_string = false,
                b'{' if !self.in_string => self.depth += 1,
                b'}' if !self.in_string => self.depth -= 1,
                _ => {}
            }
        }
        self.at = end;
        self.depth
    }
}

/// Whether the rest of an object is missing, of which a text holds the last part.
fn is_cut(text: &str) -> bool {
    let count = |sign| text.matches(sign).count();
    count('{') >= count('}') || count('"') % 2 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (Vec<String>, bool) {
        let Calls { sources, others, is_open } = calls(text, &["module"]);
        let sources = sources.into_iter().chain(others);
        let text = |source| match source {
            Source::Plain(text) => text,
            Source::Composed(text) => format!("<{text}>"),
        };
        (sources.map(text).collect(), is_open)
    }

    fn plain(source: &str) -> (Vec<String>, bool) {
        (vec![source.to_owned()], false)
    }

    #[test]
    fn a_broken_call_says_what_it_calls() {
        assert_eq!(found("module \"a\" {\n  source = \"../b\"\n  c = [1, }\n}"), plain("../b"));
        assert_eq!(found("module a {\n  source=\"..\\\\b\"\n"), plain("../b"));
        assert_eq!(found("module \"a\" {\n  source = \"\\u002e./b\"\n"), plain("../b"));
        assert_eq!(found("module \"a\" {\n  source = \"${local.m}/b\"\n"), plain("<\"${local.m}/b\">"));
        assert_eq!(found("mod x ule \"a\" {\n  source = \"../b\"\n"), plain("../b"));
        assert_eq!(found("{\"module\": {\"a\": {\"source\": \".\\/b\"}}} x"), plain("./b"));
    }

    #[test]
    fn a_call_that_is_begun_may_call_anything() {
        for text in [
            "x = 1\nmodu",
            "module",
            "module \"a\" {\n  sour",
            "module \"a\" {\n  source =",
            "module \"a\" {\n  source = \"../b\n  c = 1\n}",
            "module \"a\" {\n  rule = { source = \"../b\" }\n",
            "module \"a\" {\n  source = \"../b\"\n  c = [1\n}\nmodule \"d\" {",
            "{\"module\": {\"a\": {\"source\": \"../b\"}, \"d\": {",
            "{\"mod",
        ] {
            assert!(found(text).1, "{text}");
        }
    }

    #[test]
    fn what_is_no_call_calls_nothing() {
        for text in
            ["x = module.a.b", "resource \"a\" \"b\" {\n  c = [module.x, }", "modules = 1 }", "{\"a\": \"module\"", ""]
        {
            assert_eq!(found(text), (Vec::new(), false), "{text}");
        }
    }
}
