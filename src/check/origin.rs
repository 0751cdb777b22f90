//! The fix at the origin: the literals that decide, changed where they stand.

use std::collections::{BTreeMap, BTreeSet};

use super::collapse::collapsed;
use super::fixes::insertion;
use super::notebook::Notebook;
use crate::control;
use crate::fix::{Applicability, Edit, Fix, Intent};
use crate::repair::{ChangeKind, Changes};
use crate::source::{FileId, Location, Span};
use crate::syntax::layout::{insert_attribute, replace_expressions, written};

/// More places than this are counted in a title, not named.
const MOST_PLACES: usize = 6;

impl Notebook<'_, '_, '_> {
    /// The same changes, where an expression that would decide nothing any more gives way to the literal as a whole.
    pub(super) fn collapsed(&self, changes: Changes) -> Changes {
        let (mut by_file, mut literals): (BTreeMap<FileId, BTreeSet<Span>>, BTreeMap<_, _>) = Default::default();
        for (location, kind) in changes.literals {
            match kind {
                ChangeKind::Literal => _ = by_file.entry(location.file).or_default().insert(location.span),
                _ => _ = literals.insert(location, kind),
            }
        }
        for (file, spans) in by_file {
            let spans = collapsed(self.body(file), &spans);
            literals.extend(spans.into_iter().map(|span| (Location { file, span }, ChangeKind::Literal)));
        }
        Changes { literals, ..changes }
    }

    /// One fix of all changes.
    pub(super) fn at_origin(&self, changes: &Changes) -> Fix {
        let mut by_file: BTreeMap<FileId, Vec<(Span, String)>> = BTreeMap::new();
        for (&location, &kind) in &changes.literals {
            let text = new_text(self.source(location.file).slice(location.span), kind);
            by_file.entry(location.file).or_default().push((location.span, text));
        }
        let (mut intents, mut edits) = (Vec::new(), Vec::new());
        for (file, changes) in by_file {
            intents.extend(changes.iter().map(|(expression, text)| {
                let text = written(self.source(file), *expression, text);
                (file, Intent::Replace { expression: *expression, text })
            }));
            let splices = replace_expressions(self.source(file), self.body(file), &changes);
            edits.extend(splices.into_iter().map(|splice| Edit { file, splice }));
        }
        for (Location { file, span }, variable) in &changes.arguments {
            let (source, body) = (self.source(*file), self.body(*file));
            let Some(call) = body.blocks().find(|block| block.span == *span) else { continue };
            let splices = insert_attribute(source, body, call, variable, control::COMPLIANT_LITERAL);
            intents.push((*file, insertion(call, variable)));
            edits.extend(splices.into_iter().map(|splice| Edit { file: *file, splice }));
        }
        let parts = changes.by_file();
        let step = |&file: &FileId| Some((file, self.title(parts.get(&file)?)));
        let steps = if changes.steps.len() > 1 { changes.steps.iter().filter_map(step).collect() } else { Vec::new() };
        Fix::new(self.title(changes), Applicability::Safe, intents, edits).in_steps(steps)
    }

    fn title(&self, changes: &Changes) -> String {
        let line = |location: &Location| {
            let source = self.source(location.file);
            format!("{}:{}", source.path(), source.position(location.span.start).line)
        };
        let literals = changes.literals.iter().map(|(location, kind)| match kind {
            ChangeKind::Literal => (format!("set {:?} at", control::COMPLIANT), line(location)),
            ChangeKind::Flip => {
                let now = self.source(location.file).slice(location.span);
                (format!("turn {now} into {} at", new_text(now, *kind)), line(location))
            }
            ChangeKind::OptionalDefault => (format!("make {:?} the default at", control::COMPLIANT), line(location)),
        });
        let arguments = changes
            .arguments
            .iter()
            .map(|(call, variable)| (format!("pass {variable} = {:?} at", control::COMPLIANT), line(call)));
        let shown: Vec<(String, String)> = literals.chain(arguments).take(MOST_PLACES).collect();
        // What is done is said once for all the places where it is done.
        let mut parts: Vec<String> = Vec::new();
        for alike in shown.chunk_by(|(one, _), (other, _)| one == other) {
            let places: Vec<&str> = alike.iter().map(|(_, place)| place.as_str()).collect();
            parts.push(format!("{} {}", alike[0].0, places.join(", ")));
        }
        let more = changes.literals.len() + changes.arguments.len() - shown.len();
        if more > 0 {
            parts.push(format!("and {more} more"));
        }
        parts.join(", ")
    }
}

/// The text that replaces a literal.
fn new_text(now: &str, kind: ChangeKind) -> String {
    match kind {
        ChangeKind::Literal => control::COMPLIANT_LITERAL.to_owned(),
        ChangeKind::Flip if now.contains("true") => now.replace("true", "false"),
        ChangeKind::Flip => now.replace("false", "true"),
        ChangeKind::OptionalDefault => {
            format!("{}, {})", now.trim_end_matches(')').trim_end().trim_end_matches(','), control::COMPLIANT_LITERAL)
        }
    }
}
