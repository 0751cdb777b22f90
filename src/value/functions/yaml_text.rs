//! `yamlencode`.
//!
//! Source: `github.com/zclconf/go-cty-yaml`, `encode.go`, and its emitter: blocks, with sequences in mappings not indented;
//! tried with `terraform console` 1.11.4.

use super::super::collections::is_in_order;
use super::super::data::{Data, Traced};
use super::super::work::MOST_BYTES;
use super::json;
use super::outcome::{Call, Outcome, Stop, error, known, string, too_large, unknown};

/// Longer keys are written in another way.
const LONGEST_KEY: usize = 100;

pub(super) fn encode(call: &Call<'_, '_>) -> Outcome {
    let value = call.argument(0)?;
    let mut text = String::new();
    write(value, 0, false, &mut text)?;
    // What has neither quotes nor brackets might go on.
    if !matches!(value.data, Data::String(_) | Data::List(..) | Data::Object(..)) {
        text.push_str("...\n");
    }
    string(text)
}

/// Writes a value and the line end after it. The first line is already indented.
fn write(value: &Traced, indent: usize, in_mapping: bool, text: &mut String) -> Result<(), Stop> {
    if text.len() > MOST_BYTES {
        return too_large();
    }
    match &value.data {
        Data::List(..) if !is_in_order(value) => return unknown("the order of a set"),
        Data::List(_, items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                begin(at > 0 || in_mapping, indent, text);
                text.push_str("- ");
                write(known(item)?, indent + 2, false, text)?;
            }
        }
        Data::Object(_, items) if !items.is_empty() => {
            for (at, (key, item)) in items.iter().enumerate() {
                if key.len() > LONGEST_KEY || key.contains('\n') {
                    return unknown("a long key in YAML");
                }
                begin(at > 0 || in_mapping, indent, text);
                text.push_str(&plain(key)?);
                text.push(':');
                let item = known(item)?;
                match &item.data {
                    Data::List(_, items) if !items.is_empty() => {
                        text.push('\n');
                        write(item, indent, true, text)?;
                    }
                    Data::Object(_, items) if !items.is_empty() => {
                        text.push('\n');
                        write(item, indent + 2, true, text)?;
                    }
                    _ => {
                        text.push(' ');
                        write(item, indent + 2, false, text)?;
                    }
                }
            }
        }
        Data::List(..) => text.push_str("[]\n"),
        Data::Object(..) => text.push_str("{}\n"),
        Data::String(value) if value.contains('\n') => text.push_str(&block(value, indent)?),
        Data::String(value) => text.push_str(&(plain(value)? + "\n")),
        Data::Unknown(why) => return unknown(why),
        Data::Error(why) => return error(why),
        _ => text.push_str(&(json::written(value)? + "\n")),
    }
    Ok(())
}

/// The indent of a line that is not the first of a value behind `- `.
fn begin(is_new: bool, indent: usize, text: &mut String) {
    if is_new {
        text.push_str(&" ".repeat(indent));
    }
}

/// A string in quotes, of characters that YAML prints as they are.
fn plain(text: &str) -> Result<String, Stop> {
    let prints = |c: char| matches!(c, ' '..='~' | '\t' | '\u{a1}'..='\u{2027}' | '\u{2030}'..='\u{d7ff}');
    if !text.chars().all(prints) {
        return unknown("characters that YAML escapes");
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\t', "\\t")))
}

/// A string of several lines, as a block.
fn block(text: &str, indent: usize) -> Result<String, Stop> {
    let is_plain = |line: &str| {
        let prints = line.chars().all(|c| matches!(c, ' '..='~' | '\u{a1}'..='\u{2027}' | '\u{2030}'..='\u{d7ff}'));
        prints && !line.starts_with(' ') && !line.ends_with(' ') && !line.is_empty()
    };
    let (body, sign) = match text.strip_suffix('\n') {
        Some(body) => (body, "|"),
        None => (text, "|-"),
    };
    if !body.split('\n').all(is_plain) {
        return unknown("lines that YAML writes in another way");
    }
    let pad = " ".repeat(indent.max(2));
    Ok(format!("{sign}\n{pad}{}\n", body.replace('\n', &format!("\n{pad}"))))
}
