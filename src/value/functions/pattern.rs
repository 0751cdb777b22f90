//! Regular expressions: `regex`, `regexall`, and `replace` with one.
//!
//! Terraform's are those of Go (RE2). They are handed to a crate of the same kind, with what means something else there
//! written otherwise; what only Go has, or is not known to be the same, is not evaluated.
//!
//! Source: Go, `regexp/syntax`; the documentation of the crate `regex`.

use regex::{Captures, Regex, RegexBuilder};

use super::super::data::{Data, ListKind, Traced, Values, normalised};
use super::super::types::Type;
use super::super::work::MOST_BYTES;
use super::outcome::{Call, Outcome, Stop, error, too_large, unknown};

/// A longer pattern, or one that needs more memory when it is compiled, is not used.
const MOST_PATTERN: usize = 10_000;
const MOST_COMPILED: usize = 96 << 10;

/// The work of compiling a pattern of [`MOST_COMPILED`] bytes, in values.
const COMPILING: usize = 3_000;

/// The work of a function's regular expressions, in values, besides that of its result. Where the text to search is not
/// known nothing is compiled.
pub(super) fn work(function: &str, arguments: &[Values]) -> usize {
    if arguments.iter().any(|values| values.iter().all(|value| value.as_text().is_none())) {
        return 0;
    }
    let is_pattern = |value: &Traced| value.as_text().is_some_and(|text| text.starts_with('/'));
    let patterns = match function {
        "regex" | "regexall" => arguments.first().map_or(0, Vec::len),
        "replace" => arguments.get(1).map_or(0, |values| values.iter().filter(|value| is_pattern(value)).count()),
        _ => 0,
    };
    patterns.saturating_mul(COMPILING)
}

/// The same pattern as [`Regex`] writes it.
fn compiled(pattern: &str) -> Result<Regex, Stop> {
    if pattern.len() > MOST_PATTERN {
        return too_large();
    }
    let mut rest = pattern.chars().peekable();
    let mut result = String::new();
    // Whether a class is open, and whether its first member is still to come.
    let (mut in_class, mut first) = (false, false);
    // How often what stands before is repeated: 0 for not at all, 2 for once and lazily.
    let mut repetition = 0;
    let mut groups = 0u32;
    while let Some(letter) = rest.next() {
        let next = rest.peek().copied();
        let repeats = !in_class && matches!(letter, '*' | '+' | '?' | '{');
        repetition = match repetition {
            _ if !repeats => 0,
            0 => 1,
            1 if letter == '?' => 2,
            _ => return unknown("a regular expression that repeats a repetition"),
        };
        let was_first = std::mem::take(&mut first);
        match letter {
            '\\' => {
                let Some(letter) = rest.next() else { return error("a regular expression that ends in a backslash") };
                result.push_str(&escape(letter, in_class)?);
                if matches!(letter, 'p' | 'P' | 'x') {
                    let braced = rest.peek() == Some(&'{');
                    let length = if braced {
                        usize::MAX
                    } else if letter == 'x' {
                        2
                    } else {
                        1
                    };
                    let taken: String = std::iter::from_fn(|| rest.next_if(|c| *c != '}')).take(length).collect();
                    result.push_str(&taken);
                    if braced {
                        result.extend(rest.next_if_eq(&'}'));
                    }
                }
            }
            '[' if !in_class => {
                result.push('[');
                in_class = true;
                result.extend(rest.next_if_eq(&'^'));
                first = true;
            }
            // A named class, as in `[[:alpha:]]`, is the same.
            '[' if next == Some(':') => {
                result.push('[');
                while let Some(letter) = rest.next_if(|c| *c != ']') {
                    result.push(letter);
                }
                result.extend(rest.next());
            }
            ']' if in_class => {
                result.push_str(if was_first { "\\]" } else { "]" });
                in_class = was_first;
            }
            '-' if in_class && next == Some('-') => return unknown("a class of characters with two dashes"),
            '[' | '&' | '~' if in_class => {
                result.push('\\');
                result.push(letter);
            }
            '(' if !in_class => {
                groups += 1;
                result.push('(');
                if rest.next_if_eq(&'?').is_some() {
                    result.push('?');
                    result.push_str(&group(&mut rest)?);
                }
            }
            ')' if !in_class => {
                let Some(left) = groups.checked_sub(1) else {
                    return error("a regular expression that closes no group");
                };
                groups = left;
                result.push(')');
            }
            letter => result.push(letter),
        }
        if letter == '{' && !in_class {
            let counts: String = std::iter::from_fn(|| rest.next_if(|c| c.is_ascii_digit() || *c == ',')).collect();
            let most = counts.split(',').filter_map(|count| count.parse::<u32>().ok()).max();
            if rest.peek() != Some(&'}') || counts.starts_with(',') || counts.is_empty() {
                return unknown("a regular expression with a brace that begins no repetition");
            }
            if most.is_none_or(|most| most > 1000) {
                return error("a regular expression with more than 1000 repetitions");
            }
            result.push_str(&counts);
            result.extend(rest.next());
        }
    }
    if in_class || groups > 0 {
        return error("a regular expression that ends inside a group");
    }
    let builder = RegexBuilder::new(&result).size_limit(MOST_COMPILED).dfa_size_limit(MOST_COMPILED).build();
    builder.or_else(|problem| match problem {
        regex::Error::CompiledTooBig(_) => too_large(),
        _ => unknown("a regular expression that is not read here"),
    })
}

/// Translates an escape behind its backslash. Classes of letters hold ASCII alone in Go.
fn escape(letter: char, in_class: bool) -> Result<String, Stop> {
    Ok(match (letter, in_class) {
        ('d', true) => "0-9".to_owned(),
        ('w', true) => "0-9A-Za-z_".to_owned(),
        ('s', true) => r"\t\n\f\r ".to_owned(),
        ('d', false) => "[0-9]".to_owned(),
        ('w', false) => "[0-9A-Za-z_]".to_owned(),
        ('s', false) => r"[\t\n\f\r ]".to_owned(),
        ('D', _) => "[^0-9]".to_owned(),
        ('W', _) => "[^0-9A-Za-z_]".to_owned(),
        ('S', _) => r"[^\t\n\f\r ]".to_owned(),
        ('b', false) => r"(?-u:\b)".to_owned(),
        ('A' | 'z', false) | ('p' | 'P' | 'x' | 'a' | 'f' | 't' | 'n' | 'r' | 'v', _) => format!("\\{letter}"),
        ('Q' | 'C' | 'B' | '0'..='9', _) => return unknown("a regular expression that is not read here"),
        (letter, _) if letter.is_ascii_alphanumeric() || !letter.is_ascii() => {
            return error("a regular expression with an escape that does not exist");
        }
        ('<' | '>' | '_', _) => letter.to_string(),
        (letter, _) => format!("\\{letter}"),
    })
}

/// Translates what follows `(?`: the name of a group, or flags.
fn group(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, Stop> {
    let mut text = String::new();
    let named = match rest.peek() {
        Some('P') => {
            rest.next();
            if rest.next() != Some('<') {
                return error("a regular expression with a group that does not exist");
            }
            true
        }
        _ => rest.next_if_eq(&'<').is_some(),
    };
    if named {
        if matches!(rest.peek(), Some('=' | '!')) {
            return error("a regular expression that looks around");
        }
        text.push_str("P<");
        text.extend(std::iter::from_fn(|| rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_')));
        return if rest.peek() == Some(&'>') { Ok(text) } else { error("a regular expression with a wrong name") };
    }
    text.extend(std::iter::from_fn(|| rest.next_if(|c| matches!(c, 'i' | 'm' | 's' | 'U' | '-'))));
    match rest.peek() {
        Some(':' | ')') => Ok(text),
        _ => error("a regular expression with a group that does not exist"),
    }
}

/// The shape of a match, given by the groups of its pattern.
enum Shape {
    Whole,
    Tuple,
    Object(Vec<String>),
}

fn shape(regex: &Regex) -> Result<Shape, Stop> {
    let names: Vec<Option<&str>> = regex.capture_names().skip(1).collect();
    match names.iter().copied().collect::<Option<Vec<_>>>() {
        _ if names.is_empty() => Ok(Shape::Whole),
        Some(names) => Ok(Shape::Object(names.into_iter().map(str::to_owned).collect())),
        None if names.iter().all(Option::is_none) => Ok(Shape::Tuple),
        None => error("a regular expression with named groups and others"),
    }
}

fn matched(call: &Call<'_, '_>, shape: &Shape, captures: &Captures<'_>) -> Data {
    let string = |text: &str| normalised(Data::String(text.to_owned()));
    // A group that is not part of the match is `null`.
    let group = |at: usize| captures.get(at).map_or(Data::Null(Type::String), |found| string(found.as_str()));
    match shape {
        Shape::Whole => group(0),
        Shape::Tuple => call.tuple((1..captures.len()).map(group)),
        Shape::Object(names) => call.object(names.iter().enumerate().map(|(at, name)| (name.clone(), group(at + 1)))),
    }
}

pub(super) fn regex(call: &Call<'_, '_>) -> Outcome {
    let regex = compiled(call.text(0)?)?;
    let shape = shape(&regex)?;
    match regex.captures(call.text(1)?) {
        Some(captures) => Ok(matched(call, &shape, &captures)),
        None => error("a text that a regular expression does not match"),
    }
}

pub(super) fn regex_all(call: &Call<'_, '_>) -> Outcome {
    let regex = compiled(call.text(0)?)?;
    let shape = shape(&regex)?;
    let element = match &shape {
        Shape::Whole => Type::String,
        Shape::Tuple => Type::Tuple(vec![Type::String; regex.captures_len() - 1]),
        Shape::Object(names) => Type::Object(names.iter().map(|name| (name.clone(), Type::String)).collect()),
    };
    let found: Vec<_> =
        regex.captures_iter(call.text(1)?).map(|found| call.made(matched(call, &shape, &found))).collect();
    Ok(Data::List(ListKind::List(element), found.into()))
}

/// A text with what a pattern matches replaced.
pub(super) fn replaced(text: &str, pattern: &str, by: &str) -> Result<String, Stop> {
    let regex = compiled(pattern)?;
    let (mut result, mut last) = (String::new(), 0);
    for captures in regex.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        result.push_str(&text[last..whole.start()]);
        expand(by, &captures, &mut result);
        last = whole.end();
        if result.len() > MOST_BYTES {
            return too_large();
        }
    }
    Ok(result + &text[last..])
}

/// Writes a replacement, in which `$1`, `${1}`, `$name` and `${name}` stand for groups, and for nothing if there is no
/// such group.
fn expand(template: &str, captures: &Captures<'_>, into: &mut String) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        into.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            into.push('$');
            rest = after;
            continue;
        }
        let (braced, start) = after.strip_prefix('{').map_or((false, after), |start| (true, start));
        let end = start.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(start.len());
        let (name, behind) = start.split_at(end);
        let behind = if braced { behind.strip_prefix('}') } else { Some(behind) };
        if let Some(behind) = behind.filter(|_| !name.is_empty()) {
            let found = name.parse().map_or_else(|_| captures.name(name), |at: usize| captures.get(at));
            into.push_str(found.map_or("", |found| found.as_str()));
            rest = behind;
        } else {
            into.push('$');
            rest = after;
        }
    }
    into.push_str(rest);
}
