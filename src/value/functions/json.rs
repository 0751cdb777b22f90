//! `jsonencode` and `jsondecode`.
//!
//! Source: go-cty, `json/marshal.go`, `type_implied.go` and `unmarshal.go`; Go, `encoding/json`, for how strings are written.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::collections::is_in_order;
use super::super::data::{Data, ListKind, MapKind, Traced, normalised};
use super::super::number;
use super::super::types::Type;
use super::super::work::MOST_BYTES;
use super::document::Origins;
use super::outcome::{Call, Outcome, Stop, error, known, string, too_large, unknown};
use crate::source::{BOM, SourceFile};
use crate::syntax::json::parse_data;
use crate::syntax::tree::{Expr, ExprKind};

pub(super) fn encode(call: &Call<'_, '_>) -> Outcome {
    string(written(call.argument(0)?)?)
}

/// A value in JSON; `None` where it is not known for certain.
pub(in crate::value) fn text_of(value: &Traced) -> Option<String> {
    written(value).ok()
}

/// A value in JSON.
pub(super) fn written(value: &Traced) -> Result<String, Stop> {
    let mut text = String::new();
    write(value, &mut text)?;
    Ok(text)
}

fn write(value: &Traced, text: &mut String) -> Result<(), Stop> {
    if text.len() > MOST_BYTES {
        return too_large();
    }
    match &value.data {
        Data::Null(_) => text.push_str("null"),
        Data::Bool(value) => _ = write!(text, "{value}"),
        Data::Number(number) => text.push_str(number),
        Data::String(string) => text.push_str(&quoted(string)),
        Data::List(..) if !is_in_order(value) => return unknown("the order of a set"),
        Data::List(_, items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                write(known(item)?, text)?;
            }
            text.push(']');
        }
        Data::Object(_, items) => {
            text.push('{');
            for (at, (key, item)) in items.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                text.push_str(&quoted(key));
                text.push(':');
                write(known(item)?, text)?;
            }
            text.push('}');
        }
        Data::Unknown(why) => return unknown(why),
        Data::Error(why) => return error(why),
    }
    Ok(())
}

/// A string in JSON, in which Go escapes what means something to HTML, too.
pub(super) fn quoted(text: &str) -> String {
    let mut result = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => result.push_str("\\\""),
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            '\u{8}' => result.push_str("\\b"),
            '\u{c}' => result.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                _ = write!(result, "\\u{:04x}", u32::from(letter));
            }
            letter => result.push(letter),
        }
    }
    result.push('"');
    result
}

pub(super) fn decode(call: &Call<'_, '_>, origins: &Origins) -> Outcome {
    let text = call.text(0)?;
    if text.len() > MOST_BYTES {
        return too_large();
    }
    if text.starts_with(BOM) {
        return error("a JSON document with a byte order mark");
    }
    match parse_data(&SourceFile::new("data.json", text)) {
        Ok(expr) => read(&expr, origins),
        // What Go reads all the same: halves of characters, and what is nested deeply.
        Err(_) if text.contains("\\u") || text.matches(['[', '{']).count() > 500 => {
            unknown("a JSON document that is not read here")
        }
        Err(_) => error("a JSON document that is not well-formed"),
    }
}

/// A value without parts that is written out.
pub(super) fn scalar(expr: &Expr) -> Option<Data> {
    Some(match &expr.kind {
        ExprKind::Null => Data::Null(Type::Dynamic),
        ExprKind::Bool(value) => Data::Bool(*value),
        ExprKind::Number(text) => match number::canonical(text) {
            Some(number) => Data::Number(number),
            None => Data::Unknown("a number with too many digits".to_owned()),
        },
        ExprKind::String(text) => normalised(Data::String(text.clone())),
        _ => return None,
    })
}

fn read(expr: &Expr, origins: &Origins) -> Outcome {
    if let Some(scalar) = scalar(expr) {
        return Ok(scalar);
    }
    Ok(match &expr.kind {
        ExprKind::Array(items) => {
            let item = |item: &Expr| Ok(vec![origins.traced(read(item, origins)?, item.span)]);
            Data::List(ListKind::Tuple, items.iter().map(item).collect::<Result<_, Stop>>()?)
        }
        ExprKind::Object(items) => {
            let mut result = BTreeMap::new();
            for item in items {
                let ExprKind::String(key) = &item.key.kind else { return error("a key that is not a string") };
                let value = origins.traced(read(&item.value, origins)?, item.value.span);
                let own = Type::of(&value.data);
                // Of a key that stands twice the last value counts, if both are of one type; if not, newer versions refuse it.
                if let Some(before) = result.insert(key.clone(), vec![value])
                    && own.is_none_or(|own| Type::of_all(&before) != Some(own))
                {
                    return unknown("a key twice in a JSON object, of which versions of Terraform differ");
                }
            }
            Data::Object(MapKind::Object, result.into())
        }
        _ => return unknown("a JSON document that is not read here"),
    })
}
