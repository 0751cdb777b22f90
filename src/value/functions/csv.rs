//! `csvdecode`.
//!
//! Source: go-cty, `function/stdlib/csv.go`; Go, `encoding/csv`. A reader of our own, because what Go refuses there
//! others read, and an error has to be one.

use std::collections::BTreeMap;

use super::super::data::{Data, ListKind, MapKind, normalised};
use super::super::types::Type;
use super::super::work::MOST_BYTES;
use super::document::Origins;
use super::outcome::{Call, Outcome, Stop, error, too_large};
use crate::source::Span;

/// A field: its text, and where it stands.
type Field = (String, Span);

pub(super) fn decode(call: &Call<'_, '_>, origins: &Origins) -> Outcome {
    let text = call.text(0)?;
    if text.len() > MOST_BYTES {
        return too_large();
    }
    let mut rest = Rest { text, at: 0 };
    let Some(names) = rest.record()? else { return error("CSV without a line of names") };
    let mut shape: BTreeMap<String, Type> = BTreeMap::new();
    for (name, _) in &names {
        if shape.insert(name.clone(), Type::String).is_some() {
            return error("CSV with two columns of one name");
        }
    }
    let mut rows = Vec::new();
    while let Some(fields) = rest.record()? {
        if fields.len() != names.len() {
            return error("CSV with a line of another number of fields");
        }
        let value = |(text, span): Field| vec![origins.traced(normalised(Data::String(text)), span)];
        let row = names.iter().map(|(name, _)| name.clone()).zip(fields.into_iter().map(value));
        rows.push(call.made(Data::Object(MapKind::Object, row.collect())));
    }
    Ok(Data::List(ListKind::List(Type::Object(shape)), rows.into()))
}

/// The rest of a text.
struct Rest<'t> {
    text: &'t str,
    at: usize,
}

impl Rest<'_> {
    fn starts_with(&self, text: &str) -> bool {
        self.text[self.at..].starts_with(text)
    }

    /// Goes over the end of a line, if one is here.
    fn line_end(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let length = match rest {
            _ if rest.starts_with('\n') => 1,
            _ if rest.starts_with("\r\n") => 2,
            "\r" => 1,
            _ => 0,
        };
        self.at += length;
        length > 0 || rest.is_empty()
    }

    /// The fields of the next line that is not empty.
    fn record(&mut self) -> Result<Option<Vec<Field>>, Stop> {
        loop {
            if self.at == self.text.len() {
                return Ok(None);
            }
            if !self.line_end() {
                break;
            }
        }
        let mut fields = Vec::new();
        loop {
            fields.push(if self.starts_with("\"") { self.quoted()? } else { self.plain()? });
            if self.starts_with(",") {
                self.at += 1;
            } else if self.line_end() {
                return Ok(Some(fields));
            } else {
                return error("CSV with text behind a quoted field");
            }
        }
    }

    fn plain(&mut self) -> Result<Field, Stop> {
        let start = self.at;
        let rest = &self.text[start..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let line = line.strip_suffix('\r').unwrap_or(line);
        let field = &line[..line.find(',').unwrap_or(line.len())];
        if field.contains('"') {
            return error("CSV with a quote inside a field that is not quoted");
        }
        self.at += field.len();
        Ok((field.to_owned(), Span::new(start, self.at)))
    }

    fn quoted(&mut self) -> Result<Field, Stop> {
        let start = self.at;
        let mut text = String::new();
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let Some(end) = rest.find('"') else { return error("CSV with a quoted field without an end") };
            text.push_str(&rest[..end]);
            self.at += end + 1;
            if !self.starts_with("\"") {
                return Ok((text.replace("\r\n", "\n"), Span::new(start, self.at)));
            }
            text.push('"');
            self.at += 1;
        }
    }
}
