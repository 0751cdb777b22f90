//! The places of values that Terraform would not show, for what people read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Report;
use crate::finding::{Finding, Value};
use crate::source::{FileId, Location, Span};

/// Stands in the place of a value.
const HIDDEN: &str = "(sensitive)";

/// Where such values stand, by file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sensitive(BTreeMap<FileId, Vec<Span>>);

impl Sensitive {
    /// Those of the findings of a report.
    pub(super) fn of(report: &Report<'_>) -> Self {
        let mut places: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
        for notebook in report.findings.iter().filter_map(Finding::notebook) {
            for trace in notebook.values.iter().filter(|trace| matches!(trace.value, Value::Sensitive(_))) {
                let Location { file, span } = trace.origin;
                if is_literal(report.sources[file].slice(span)) {
                    places.entry(file).or_default().push(span);
                }
            }
        }
        Self(places.into_iter().map(|(file, spans)| (file, joined(spans))).collect())
    }

    /// A piece of the text of a file that starts at the byte `at`, without such values.
    pub(super) fn hide<'t>(&self, file: FileId, at: usize, piece: &'t str) -> Cow<'t, str> {
        self.0.get(&file).map_or(Cow::Borrowed(piece), |spans| without(spans, at, piece))
    }
}

/// Whether code is a value itself: an expression only says where one comes from.
fn is_literal(code: &str) -> bool {
    code.starts_with(|c: char| c == '"' || c == '<' || c.is_ascii_digit()) && !code.contains("${")
}

/// Places in order, those that touch as one.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => *last = Span::new(last.start, last.end.max(span.end)),
            _ => joined.push(span),
        }
    }
    joined
}

/// A piece of a text that starts at the byte `at`, without what stands at some places in order.
fn without<'t>(spans: &[Span], at: usize, piece: &'t str) -> Cow<'t, str> {
    let mut shown = String::new();
    let mut done = 0;
    for span in &spans[spans.partition_point(|span| span.end <= at)..] {
        let (start, end) = (span.start.saturating_sub(at).max(done), span.end.saturating_sub(at).min(piece.len()));
        if start >= end {
            break;
        }
        shown.extend([piece.get(done..start).unwrap_or_default(), HIDDEN]);
        done = end;
    }
    if done == 0 {
        return Cow::Borrowed(piece);
    }
    shown.push_str(piece.get(done..).unwrap_or_default());
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_hidden_in_each_line_they_stand_on() {
        assert_eq!(without(&[], 0, "abc"), "abc");
        let spans = joined(vec![Span::new(8, 9), Span::new(2, 4), Span::new(3, 6)]);
        assert_eq!(without(&spans, 0, "01234"), "01(sensitive)");
        assert_eq!(without(&spans, 5, "56789"), "(sensitive)67(sensitive)9");
        assert_eq!(without(&spans, 9, "9"), "9");
    }
}
