//! Functions of known texts, numbers and collections.
//!
//! Source: Terraform language, "Built-in Functions".

use super::collections::elements;
use super::data::{Data, Traced, Values};
use super::eval::computed;
use super::operators::{Plain, plain};

/// Whether a function is computed from known arguments alone.
pub(super) fn is_computed(name: &str) -> bool {
    [
        "lower",
        "upper",
        "title",
        "trimspace",
        "trim",
        "trimprefix",
        "trimsuffix",
        "replace",
        "join",
        "split",
        "format",
        "startswith",
        "endswith",
        "strcontains",
        "length",
        "keys",
        "contains",
        "alltrue",
        "anytrue",
        "distinct",
        "compact",
        "not",
    ]
    .contains(&name)
}

/// The functions that take `null` for an argument; Terraform refuses it in all others.
const ACCEPTS_NULL: [&str; 3] = ["format", "not", "join"];

/// A function of known arguments.
///
/// # Errors
/// Why the result is not known.
pub(super) fn compute(name: &str, arguments: &[&Traced]) -> Result<Data, String> {
    let unable = || format!("the result of the function {name}");
    if arguments.iter().any(|argument| argument.data == Data::Null) && !ACCEPTS_NULL.contains(&name) {
        return Ok(Data::Error("an argument that must not be null".to_owned()));
    }
    let texts: Option<Vec<String>> = arguments.iter().map(|argument| argument.as_text()).collect();
    let texts = texts.unwrap_or_default();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let string = |text: &str| Ok(Data::String(text.to_owned()));
    match (name, texts.as_slice()) {
        ("lower", [text]) => string(&text.to_lowercase()),
        ("upper", [text]) => string(&text.chars().map(upper).collect::<String>()),
        ("title", [text]) => string(&title(text)),
        ("trimspace", [text]) => string(text.trim()),
        ("trim", [text, cut]) => string(text.trim_matches(|c| cut.contains(c))),
        ("trimprefix", [text, prefix]) => string(text.strip_prefix(prefix).unwrap_or(text)),
        ("trimsuffix", [text, suffix]) => string(text.strip_suffix(suffix).unwrap_or(text)),
        ("replace", [_, from, _]) if from.starts_with('/') && from.ends_with('/') && from.len() > 1 => Err(unable()),
        ("replace", [text, from, to]) => string(&text.replace(from, to)),
        ("format", [format, arguments @ ..]) => formatted(format, arguments).map(Data::String).ok_or_else(unable),
        ("split", [separator, text]) => {
            let location = arguments[1].origin.location;
            let part = |part: &str| vec![computed(Data::String(part.to_owned()), location)];
            Ok(Data::List(text.split(separator).map(part).collect()))
        }
        ("startswith", [text, part]) => Ok(Data::Bool(text.starts_with(part))),
        ("endswith", [text, part]) => Ok(Data::Bool(text.ends_with(part))),
        ("strcontains", [text, part]) => Ok(Data::Bool(text.contains(part))),
        ("length", [text]) => Ok(Data::Number(text.chars().count().to_string())),
        _ => of_collection(name, arguments).ok_or_else(unable),
    }
}

fn of_collection(name: &str, arguments: &[&Traced]) -> Option<Data> {
    let items = |value: &Traced| elements(value);
    match (name, arguments) {
        ("length", [list]) => Some(Data::Number(items(list)?.len().to_string())),
        ("keys", [map]) => Some(Data::List(items(map)?.into_iter().map(|(key, _)| key).collect())),
        ("contains", [list, wanted]) => {
            let wanted = plain(wanted)?;
            let all: Option<Vec<Plain>> = items(list)?.iter().map(|(_, item)| single(item).and_then(plain)).collect();
            Some(Data::Bool(all?.contains(&wanted)))
        }
        ("alltrue" | "anytrue", [list]) => {
            let all: Option<Vec<bool>> =
                items(list)?.iter().map(|(_, item)| single(item).and_then(Traced::as_bool)).collect();
            let all = all?;
            Some(Data::Bool(if name == "alltrue" { all.iter().all(|b| *b) } else { all.iter().any(|b| *b) }))
        }
        ("join", [separator, list]) => {
            let texts: Option<Vec<String>> =
                items(list)?.iter().map(|(_, item)| single(item).and_then(Traced::as_text)).collect();
            Some(Data::String(texts?.join(&separator.as_text()?)))
        }
        ("compact", [list]) => {
            let kept = items(list)?.into_iter().map(|(_, item)| item).filter(|item| {
                single(item)
                    .is_none_or(|item| !matches!(&item.data, Data::Null) && item.as_text().as_deref() != Some(""))
            });
            Some(Data::List(kept.collect()))
        }
        ("distinct", [list]) => {
            let mut seen: Vec<Plain> = Vec::new();
            let mut kept = Vec::new();
            for (_, item) in items(list)? {
                let value = plain(single(&item)?)?;
                if !seen.contains(&value) {
                    seen.push(value);
                    kept.push(item);
                }
            }
            Some(Data::List(kept))
        }
        _ => None,
    }
}

fn single(values: &Values) -> Option<&Traced> {
    match values.as_slice() {
        [value] => Some(value),
        _ => None,
    }
}

/// A letter in upper case; one whose upper case is two letters, such as `ß`, stays.
fn upper(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    if upper.len() == 1 { upper.next().unwrap_or(letter) } else { letter }
}

/// `title`: the first letter of each word in upper case, the others as they are.
fn title(text: &str) -> String {
    let mut start = true;
    text.chars()
        .map(|letter| {
            let result = if start { upper(letter) } else { letter };
            start = !(letter.is_alphanumeric() || letter == '_' || letter == '\'');
            result
        })
        .collect()
}

/// `format` with `%s` and `%d` alone.
fn formatted(format: &str, arguments: &[&str]) -> Option<String> {
    let mut arguments = arguments.iter();
    let mut result = String::new();
    let mut rest = format.chars();
    while let Some(letter) = rest.next() {
        if letter != '%' {
            result.push(letter);
            continue;
        }
        match rest.next()? {
            '%' => result.push('%'),
            's' | 'd' | 'v' => result.push_str(arguments.next()?),
            _ => return None,
        }
    }
    Some(result)
}
