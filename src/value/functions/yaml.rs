//! `yamldecode`, by the events of a parser.
//!
//! Source: `github.com/zclconf/go-cty-yaml`, `decode.go`, `implied_type.go` and `resolve.go`.

use std::collections::{BTreeMap, HashMap};

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Range, StrInput, Tag};

use super::super::data::{Data, ListKind, MapKind, Traced, Values, normalised};
use super::super::number;
use super::super::types::Type;
use super::super::work::MOST_BYTES;
use super::document::Origins;
use super::outcome::{Call, Outcome, Stop, error, too_large, unknown};
use crate::source::Span;

/// Deeper documents, and those that aliases make larger, are not followed.
const DEEPEST: usize = 60;
const MOST_NODES: usize = 20_000;

pub(super) fn decode(call: &Call<'_, '_>, origins: &Origins) -> Outcome {
    let text = call.text(0)?;
    if text.len() > MOST_BYTES {
        return too_large();
    }
    let mut bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    bytes.push(text.len());
    let parser = Parser::new_from_str(text);
    let mut reader = Reader { parser, origins, bytes, anchors: HashMap::new(), nodes: 0 };
    reader.document()
}

struct Reader<'t, 'o> {
    parser: Parser<'t, StrInput<'t>>,
    origins: &'o Origins,
    /// The byte at which each character begins: the parser counts characters.
    bytes: Vec<usize>,
    /// The value of each anchor, and how many values it holds; not yet there while it is being read.
    anchors: HashMap<usize, (Traced, usize)>,
    nodes: usize,
}

impl<'t> Reader<'t, '_> {
    fn next(&mut self) -> Result<(Event<'t>, Range), Stop> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            // The parser knows a later version of YAML than Terraform's: what it refuses may be read there.
            Some(Err(_)) => unknown("a YAML document that is not read here"),
            None => error("a YAML document that ends too early"),
        }
    }

    fn document(&mut self) -> Outcome {
        self.next()?;
        if !matches!(self.next()?.0, Event::DocumentStart(_)) {
            return error("a YAML text without a document");
        }
        let first = self.next()?;
        let value = self.value(first, 0)?;
        self.next()?;
        if matches!(self.next()?.0, Event::StreamEnd) {
            Ok(value.data)
        } else {
            error("a YAML text of more than one document")
        }
    }

    fn value(&mut self, (event, range): (Event<'t>, Range), depth: usize) -> Result<Traced, Stop> {
        self.nodes += 1;
        if depth > DEEPEST || self.nodes > MOST_NODES {
            return too_large();
        }
        let before = self.nodes;
        let (data, anchor) = match event {
            Event::Alias(anchor) => {
                let Some((value, nodes)) = self.anchors.get(&anchor) else {
                    return error("an alias of what is not defined yet");
                };
                self.nodes += nodes;
                return if self.nodes > MOST_NODES { too_large() } else { Ok(value.clone()) };
            }
            Event::Scalar(text, style, anchor, tag) => (scalar(&text, style, tag.as_deref())?, anchor),
            Event::SequenceStart(anchor, tag) => {
                refuse_tag(tag.as_deref(), "seq")?;
                let mut items: Vec<Values> = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        next => items.push(vec![self.value(next, depth + 1)?]),
                    }
                }
                (Data::List(ListKind::Tuple, items.into()), anchor)
            }
            Event::MappingStart(anchor, tag) => {
                refuse_tag(tag.as_deref(), "map")?;
                (Data::Object(MapKind::Object, self.mapping(depth)?.into()), anchor)
            }
            _ => return error("a YAML document that ends too early"),
        };
        let byte = |at: usize| self.bytes.get(at).or(self.bytes.last()).copied().unwrap_or_default();
        let value = self.origins.traced(data, Span::new(byte(range.start.index()), byte(range.end.index())));
        if anchor > 0 {
            self.anchors.insert(anchor, (value.clone(), self.nodes - before));
        }
        Ok(value)
    }

    fn mapping(&mut self, depth: usize) -> Result<BTreeMap<String, Values>, Stop> {
        let mut items = BTreeMap::new();
        loop {
            let (text, style, tag) = match self.next()?.0 {
                Event::MappingEnd => return Ok(items),
                Event::Scalar(text, style, _, tag) => (text, style, tag),
                Event::Alias(_) => return unknown("a YAML key that is an alias"),
                _ => return error("a YAML key that is not a string"),
            };
            let next = self.next()?;
            let value = self.value(next, depth + 1)?;
            // Every key that reads `<<` merges, also one in quotes.
            if tag.is_none() && text == "<<" {
                merge(value, &mut items)?;
                continue;
            }
            let key = match scalar(&text, style, tag.as_deref())? {
                Data::String(text) | Data::Number(text) => text,
                Data::Bool(value) => value.to_string(),
                _ => return error("a YAML key that is `null`"),
            };
            items.insert(key, vec![value]);
        }
    }
}

fn merge(value: Traced, into: &mut BTreeMap<String, Values>) -> Result<(), Stop> {
    match value.data {
        Data::Object(_, others) => into.extend(others),
        Data::List(_, items) => {
            for item in items.into_iter().flatten() {
                let Data::Object(_, others) = item.data else { return error("a YAML merge of other than mappings") };
                into.extend(others);
            }
        }
        _ => return error("a YAML merge of other than mappings"),
    }
    Ok(())
}

fn refuse_tag(tag: Option<&Tag>, own: &str) -> Result<(), Stop> {
    match tag {
        Some(tag) if !(tag.is_yaml_core_schema() && tag.suffix == own) => error("a YAML collection of another type"),
        _ => Ok(()),
    }
}

/// The value of a scalar.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Outcome {
    let string = |text: &str| Ok(normalised(Data::String(text.to_owned())));
    match tag {
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => return string(text),
        Some(_) => return unknown("a YAML value with a tag"),
        None => {}
    }
    let plain = match style {
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => return string(text),
        _ => resolve(text)?,
    };
    match (style, plain) {
        (ScalarStyle::Plain, plain) => Ok(plain),
        // A block is resolved as if it were plain, and then made a string.
        (_, Data::Bool(value)) => string(&value.to_string()),
        (_, Data::Number(number)) => string(&number),
        (_, plain) => Ok(plain),
    }
}

/// A scalar without quotes and tag.
fn resolve(text: &str) -> Outcome {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Ok(Data::Bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Ok(Data::Bool(false));
        }
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Data::Null(Type::Dynamic)),
        ".nan" | ".NaN" | ".NAN" => return error("a YAML value that is not a number"),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" => {
            return unknown("an infinite number");
        }
        _ => {}
    }
    let is_number_like = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    if !is_number_like {
        return Ok(normalised(Data::String(text.to_owned())));
    }
    if text.len() > 4 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit) && text.as_bytes()[4] == b'-' {
        return date(text);
    }
    let radix = |prefix: &str, radix| {
        let digits = text.strip_prefix(prefix).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        digits.and_then(|digits| u64::from_str_radix(digits, radix).ok())
    };
    if let Some(value) = radix("0x", 16).or_else(|| radix("0o", 8)) {
        return Ok(Data::Number(value.to_string()));
    }
    match number::canonical(text) {
        Some(number) => Ok(Data::Number(number)),
        None if text.bytes().all(|byte| b"0123456789.eE+-".contains(&byte)) && text.len() > 20 => {
            unknown("a number with too many digits")
        }
        None if text.starts_with('.') && text.contains(['p', 'P', '_']) => unknown("a number in another notation"),
        None => Ok(normalised(Data::String(text.to_owned()))),
    }
}

/// A date becomes a point in time, written as such.
fn date(text: &str) -> Outcome {
    let is_plain = text.len() == 10 && text.as_bytes()[7] == b'-';
    let digits = |range: std::ops::Range<usize>| text.get(range)?.parse::<u8>().ok();
    let month = digits(5..7).and_then(|month| time::Month::try_from(month).ok());
    match (month, digits(8..10), text[..4].parse()) {
        (Some(month), Some(day), Ok(year)) if is_plain && time::Date::from_calendar_date(year, month, day).is_ok() => {
            Ok(Data::String(format!("{text}T00:00:00Z")))
        }
        // Whether it is a point in time, and how that is written, is for Go to say.
        _ => unknown("a YAML value that may be a point in time"),
    }
}
