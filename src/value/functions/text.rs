//! Functions of strings and numbers.
//!
//! Source: Terraform language, "Built-in Functions"; go-cty, `function/stdlib` for what these leave open.

use unicode_segmentation::UnicodeSegmentation as _;

use super::super::data::{Data, ListKind, Traced};
use super::super::eval::computed;
use super::super::number;
use super::super::operators::may_be_number;
use super::super::types::Type;

/// A function of known arguments; `None` if it is none of these, or is given another number of arguments.
pub(super) fn apply(name: &str, arguments: &[&Traced]) -> Option<Result<Data, String>> {
    let is_text = matches!(
        name,
        "lower"
            | "upper"
            | "title"
            | "trimspace"
            | "trim"
            | "trimprefix"
            | "trimsuffix"
            | "replace"
            | "split"
            | "startswith"
            | "endswith"
            | "strcontains"
            | "chomp"
            | "strrev"
            | "basename"
            | "dirname"
    );
    if is_text {
        let Some(texts) = arguments.iter().map(|argument| argument.as_text()).collect::<Option<Vec<String>>>() else {
            return Some(Ok(Data::Error(format!("an argument of {name} that is not a string"))));
        };
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        return of_texts(name, &texts, arguments);
    }
    match (name, arguments) {
        ("format", [format, rest @ ..]) => Some(formatted(&format.as_text()?, rest)),
        ("substr", [text, offset, length]) => {
            let (Some(text), Some(offset), Some(length)) = (text.as_text(), offset.as_number(), length.as_number())
            else {
                return Some(Ok(Data::Error("an argument of substr of the wrong type".to_owned())));
            };
            Some(substr(&text, &offset, &length))
        }
        ("abs" | "ceil" | "floor" | "signum", [value]) => Some(of_number(name, value)),
        ("min" | "max", [_, ..]) => Some(extreme(name, arguments)),
        ("parseint", [text, base]) => {
            let base =
                base.as_number().and_then(|base| base.parse::<u32>().ok()).filter(|base| (2..=36).contains(base));
            let number = i128::from_str_radix(&text.as_text()?, base?).ok();
            Some(
                number
                    .map(|number| Data::Number(number.to_string()))
                    .ok_or_else(|| "the result of parseint".to_owned()),
            )
        }
        _ => None,
    }
}

fn of_texts(name: &str, texts: &[&str], arguments: &[&Traced]) -> Option<Result<Data, String>> {
    let string = |text: &str| Some(Ok(Data::String(text.to_owned())));
    match (name, texts) {
        ("lower", [text]) => string(&text.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect::<String>()),
        ("upper", [text]) => string(&text.chars().map(upper).collect::<String>()),
        ("title", [text]) => string(&title(text)),
        ("trimspace", [text]) => string(text.trim()),
        ("trim", [text, cut]) => string(text.trim_matches(|c| cut.contains(c))),
        ("trimprefix", [text, prefix]) => string(text.strip_prefix(prefix).unwrap_or(text)),
        ("trimsuffix", [text, suffix]) => string(text.strip_suffix(suffix).unwrap_or(text)),
        ("chomp", [text]) => string(text.trim_end_matches(['\n', '\r'])),
        ("strrev", [text]) => string(&text.graphemes(true).rev().collect::<String>()),
        ("replace", [_, from, _]) if from.starts_with('/') && from.ends_with('/') && from.len() > 1 => {
            Some(Err("the result of replace with a regular expression".to_owned()))
        }
        ("replace", [_, "", _]) => Some(Err("the result of replace with nothing to replace".to_owned())),
        // Replacing may multiply the text: what is too long to be of use is not made.
        ("replace", [text, from, to])
            if text.len().saturating_mul(to.len().max(1)) < super::super::eval::MOST_BYTES =>
        {
            string(&text.replace(from, to))
        }
        ("replace", [_, _, _]) => Some(Err("a text that is too long to follow".to_owned())),
        ("split", [separator, text]) => {
            let location = arguments[1].origin.location;
            let part = |part: &str| vec![computed(Data::String(part.to_owned()), location)];
            let parts: Vec<&str> = match *separator {
                "" => text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()]).collect(),
                separator => text.split(separator).collect(),
            };
            Some(Ok(Data::List(ListKind::List(Type::String), parts.into_iter().map(part).collect())))
        }
        ("startswith", [text, part]) => Some(Ok(Data::Bool(text.starts_with(part)))),
        ("endswith", [text, part]) => Some(Ok(Data::Bool(text.ends_with(part)))),
        ("strcontains", [text, part]) => Some(Ok(Data::Bool(text.contains(part)))),
        ("basename", [text]) if !text.is_empty() && !text.ends_with('/') => {
            string(text.rsplit('/').next().unwrap_or(text))
        }
        _ => None,
    }
}

/// A letter in upper case; one whose upper case is two letters, such as `ß`, stays.
fn upper(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    if upper.len() == 1 { upper.next().unwrap_or(letter) } else { letter }
}

/// `title`: the first letter of each word in upper case, the others as they are. Words end as in Go's `strings.Title`.
fn title(text: &str) -> String {
    let is_separator = |letter: char| match letter {
        letter if letter.is_ascii() => !(letter.is_ascii_alphanumeric() || letter == '_'),
        letter => letter.is_whitespace(),
    };
    let mut start = true;
    let letter = |letter| {
        let result = if start { upper(letter) } else { letter };
        start = is_separator(letter);
        result
    };
    text.chars().map(letter).collect()
}

fn substr(text: &str, offset: &str, length: &str) -> Result<Data, String> {
    let parse = |text: &str| text.parse::<i64>().map_err(|_| "the result of substr".to_owned());
    let (offset, length) = (parse(offset)?, parse(length)?);
    let letters: Vec<&str> = text.graphemes(true).collect();
    let count = i64::try_from(letters.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { (count + offset).max(0) } else { offset.min(count) };
    let end = if length < 0 { count } else { start.saturating_add(length).min(count) };
    let at = |place: i64| usize::try_from(place).unwrap_or(0);
    Ok(Data::String(letters[at(start)..at(end).max(at(start))].concat()))
}

fn of_number(name: &str, value: &Traced) -> Result<Data, String> {
    let Some(number) = value.as_number() else {
        return if may_be_number(value) {
            Err(format!("the result of the function {name}"))
        } else {
            Ok(Data::Error(format!("an argument of {name} that is not a number")))
        };
    };
    let whole = number::whole(&number).ok_or_else(|| format!("the result of the function {name}"))?;
    Ok(Data::Number(match name {
        "abs" => whole.unsigned_abs().to_string(),
        "signum" => whole.signum().to_string(),
        _ => whole.to_string(),
    }))
}

fn extreme(name: &str, arguments: &[&Traced]) -> Result<Data, String> {
    let numbers: Option<Vec<String>> = arguments.iter().map(|argument| argument.as_number()).collect();
    let numbers = numbers.ok_or_else(|| format!("the result of the function {name}"))?;
    let found = match name {
        "min" => numbers.into_iter().min_by(|one, two| number::compare(one, two)),
        _ => numbers.into_iter().max_by(|one, two| number::compare(one, two)),
    };
    found.map(Data::Number).ok_or_else(|| format!("the result of the function {name}"))
}

/// `format` with the verbs `%s`, `%d`, `%v` and `%%`, and with `%[1]s`.
fn formatted(format: &str, arguments: &[&Traced]) -> Result<Data, String> {
    let unable = || "the result of the function format".to_owned();
    let error = |what: &str| Ok(Data::Error(format!("format with {what}")));
    let mut next = 0;
    let mut by_index = false;
    let mut result = String::new();
    let mut rest = format.chars().peekable();
    while let Some(letter) = rest.next() {
        if letter != '%' {
            result.push(letter);
            continue;
        }
        if rest.next_if_eq(&'[').is_some() {
            let digits: String = std::iter::from_fn(|| rest.next_if(char::is_ascii_digit)).collect();
            by_index = true;
            next = digits.parse::<usize>().ok().and_then(|at| at.checked_sub(1)).ok_or_else(unable)?;
            rest.next_if_eq(&']').ok_or_else(unable)?;
        }
        let verb = rest.next().ok_or_else(unable)?;
        if verb == '%' {
            result.push('%');
            continue;
        }
        let Some(argument) = arguments.get(next) else { return error("too few arguments") };
        next += 1;
        if result.len() > super::super::eval::MOST_BYTES {
            return Err("a text that is too long to follow".to_owned());
        }
        match verb {
            _ if argument.data == Data::Null => return Err(unable()),
            's' | 'v' if argument.is_primitive() => result.push_str(&argument.as_text().unwrap_or_default()),
            's' => return error("a collection for %s"),
            'd' => match argument.as_number() {
                Some(number) if number::whole(&number).is_some() => result.push_str(&number),
                None if !may_be_number(argument) => return error("something else than a number for %d"),
                _ => return Err(unable()),
            },
            _ => return Err(unable()),
        }
    }
    if !by_index && next < arguments.len() { error("too many arguments") } else { Ok(Data::String(result)) }
}
