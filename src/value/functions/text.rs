//! Functions of strings.
//!
//! Source: go-cty, `function/stdlib/string.go`, and the packages of Go that it calls; Terraform,
//! `internal/lang/funcs/string.go` and `filesystem.go`.

use unicode_segmentation::UnicodeSegmentation as _;

use super::super::data::Data;
use super::super::work::MOST_BYTES;
use super::outcome::{Call, Outcome, Stop, error, string, too_large, unknown};
use super::pattern;

pub(super) fn lower(call: &Call<'_, '_>) -> Outcome {
    // One letter for one letter, as in Go.
    string(call.text(0)?.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect::<String>())
}

pub(super) fn upper(call: &Call<'_, '_>) -> Outcome {
    string(call.text(0)?.chars().map(capital).collect::<Result<String, Stop>>()?)
}

/// A letter in upper case. To Go each is one letter: those that would become several stay, but for some of Greek.
fn capital(letter: char) -> Result<char, Stop> {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => Ok(upper),
        _ if !('\u{1f80}'..='\u{1fff}').contains(&letter) => Ok(letter),
        _ => unknown("a letter whose upper case is not one letter"),
    }
}

/// The first letter of each word in upper case, the others as they are. Words end as in Go's `strings.Title`.
pub(super) fn title(call: &Call<'_, '_>) -> Outcome {
    let is_separator = |letter: char| match letter {
        letter if letter.is_ascii() => !(letter.is_ascii_alphanumeric() || letter == '_'),
        letter => letter.is_whitespace(),
    };
    let mut start = true;
    let letter = |letter| {
        let result = match letter {
            // The letters that are two have a form of their own for the start of a word.
            'Ǆ'..='ǆ' if start => Ok('ǅ'),
            'Ǉ'..='ǉ' if start => Ok('ǈ'),
            'Ǌ'..='ǌ' if start => Ok('ǋ'),
            'Ǳ'..='ǳ' if start => Ok('ǲ'),
            letter if start => capital(letter),
            letter => Ok(letter),
        };
        start = is_separator(letter);
        result
    };
    string(call.text(0)?.chars().map(letter).collect::<Result<String, Stop>>()?)
}

pub(super) fn trim_space(call: &Call<'_, '_>) -> Outcome {
    string(call.text(0)?.trim())
}

pub(super) fn trim(call: &Call<'_, '_>) -> Outcome {
    let cut = call.text(1)?;
    string(call.text(0)?.trim_matches(|c| cut.contains(c)))
}

pub(super) fn trim_prefix(call: &Call<'_, '_>) -> Outcome {
    let text = call.text(0)?;
    string(text.strip_prefix(call.text(1)?).unwrap_or(text))
}

pub(super) fn trim_suffix(call: &Call<'_, '_>) -> Outcome {
    let text = call.text(0)?;
    string(text.strip_suffix(call.text(1)?).unwrap_or(text))
}

pub(super) fn chomp(call: &Call<'_, '_>) -> Outcome {
    string(call.text(0)?.trim_end_matches(['\n', '\r']))
}

pub(super) fn reversed(call: &Call<'_, '_>) -> Outcome {
    string(call.text(0)?.graphemes(true).rev().collect::<String>())
}

pub(super) fn starts_with(call: &Call<'_, '_>) -> Outcome {
    Ok(Data::Bool(call.text(0)?.starts_with(call.text(1)?)))
}

pub(super) fn ends_with(call: &Call<'_, '_>) -> Outcome {
    Ok(Data::Bool(call.text(0)?.ends_with(call.text(1)?)))
}

pub(super) fn contains(call: &Call<'_, '_>) -> Outcome {
    Ok(Data::Bool(call.text(0)?.contains(call.text(1)?)))
}

/// The `replace` function; a pattern between slashes is a regular expression.
pub(super) fn replace(call: &Call<'_, '_>) -> Outcome {
    let (text, from, to) = (call.text(0)?, call.text(1)?, call.text(2)?);
    if from.len() > 1 && from.starts_with('/') && from.ends_with('/') {
        return string(pattern::replaced(text, &from[1..from.len() - 1], to)?);
    }
    let most = text.len().saturating_add(1).saturating_mul(to.len().max(1));
    if most > MOST_BYTES { too_large() } else { string(text.replace(from, to)) }
}

pub(super) fn split(call: &Call<'_, '_>) -> Outcome {
    let (separator, text) = (call.text(0)?, call.text(1)?);
    Ok(match separator {
        "" => call.strings(text.chars()),
        separator => call.strings(text.split(separator)),
    })
}

pub(super) fn indent(call: &Call<'_, '_>) -> Outcome {
    let text = call.text(1)?;
    let Ok(spaces) = usize::try_from(call.integer(0)?) else { return error("an indent of fewer than no spaces") };
    let lines = text.matches('\n').count();
    // Terraform makes the blanks even where there is no second line.
    if spaces.saturating_mul(lines.max(1)).saturating_add(text.len()) > MOST_BYTES {
        return too_large();
    }
    string(if lines == 0 { text.to_owned() } else { text.replace('\n', &format!("\n{}", " ".repeat(spaces))) })
}

pub(super) fn substr(call: &Call<'_, '_>) -> Outcome {
    let (text, offset, length) = (call.text(0)?, call.integer(1)?, call.integer(2)?);
    let letters: Vec<&str> = text.graphemes(true).collect();
    // From the end, a length of 0 means all the rest, as Terraform computes it.
    let (offset, length) = match offset.checked_add_unsigned(letters.len() as u64) {
        Some(from_start) if offset < 0 => (from_start.max(0), if length == 0 { -1 } else { length }),
        _ => (offset, length),
    };
    let rest = usize::try_from(offset).ok().and_then(|offset| letters.get(offset..)).unwrap_or_default();
    let most = usize::try_from(length).unwrap_or(rest.len()).min(rest.len());
    string(rest[..most].concat())
}

/// Source: Go, `path/filepath` on a system with slashes.
pub(super) fn basename(call: &Call<'_, '_>) -> Outcome {
    let path = call.text(0)?;
    let name = path.trim_end_matches('/');
    string(match (path, name) {
        ("", _) => ".",
        (_, "") => "/",
        (_, name) => name.rsplit('/').next().unwrap_or(name),
    })
}

pub(super) fn dirname(call: &Call<'_, '_>) -> Outcome {
    let path = call.text(0)?;
    string(cleaned(&path[..path.rfind('/').map_or(0, |at| at + 1)]))
}

/// The path of the working folder is known only when Terraform runs.
pub(super) fn abspath(call: &Call<'_, '_>) -> Outcome {
    let path = call.text(0)?;
    if path.starts_with('/') { string(cleaned(path)) } else { unknown("a path from the folder that Terraform runs in") }
}

/// The path of the home folder is known only when Terraform runs.
pub(super) fn pathexpand(call: &Call<'_, '_>) -> Outcome {
    match call.text(0)? {
        path if !path.starts_with('~') => string(path),
        path if path == "~" || path.starts_with("~/") => {
            unknown("a path from the home folder of whoever runs Terraform")
        }
        _ => error("the home folder of somebody else"),
    }
}

/// A path without `.`, doubled slashes, and names that `..` takes back.
pub(super) fn cleaned(path: &str) -> String {
    let root = if path.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => _ = parts.pop(),
            ".." if !root.is_empty() => {}
            part => parts.push(part),
        }
    }
    match format!("{root}{}", parts.join("/")) {
        path if path.is_empty() => ".".to_owned(),
        path => path,
    }
}
