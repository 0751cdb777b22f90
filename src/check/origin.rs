//! The fix at the origin: the literals that decide, changed where they stand.

use std::collections::BTreeMap;

use super::notebook::Notebook;
use crate::control;
use crate::fix::{Applicability, Edit, Fix};
use crate::source::{FileId, Location, Span};
use crate::syntax::layout::{insert_attribute, replace_expressions};
use crate::syntax::tree::Item;
use crate::value::{ChangeKind, Changes};

/// More places than this are counted in a title, not named.
const MOST_PLACES: usize = 6;

impl Notebook<'_, '_, '_> {
    /// One fix of all changes.
    pub(super) fn at_origin(&self, changes: &Changes) -> Fix {
        let mut by_file: BTreeMap<FileId, Vec<(Span, String)>> = BTreeMap::new();
        for (&location, &kind) in &changes.literals {
            let text = new_text(self.source(location.file).slice(location.span), kind);
            by_file.entry(location.file).or_default().push((location.span, text));
        }
        let mut edits = Vec::new();
        for (file, changes) in by_file {
            let splices = replace_expressions(self.source(file), self.body(file), &changes);
            edits.extend(splices.into_iter().map(|splice| Edit { file, splice }));
        }
        for (call, variable) in &changes.arguments {
            edits.extend(self.argument(*call, variable));
        }
        edits.sort();
        Fix { title: self.title(changes), applicability: Applicability::Safe, edits }
    }

    fn argument(&self, call: Location, variable: &str) -> Vec<Edit> {
        let Location { file, span } = call;
        let block = self.body(file).items.iter().find_map(|item| match item {
            Item::Block(block) if block.span == span => Some(block),
            _ => None,
        });
        let splices = block.map(|block| {
            insert_attribute(self.source(file), self.body(file), block, variable, control::COMPLIANT_LITERAL)
        });
        splices.into_iter().flatten().map(|splice| Edit { file, splice }).collect()
    }

    fn title(&self, changes: &Changes) -> String {
        let line = |location: &Location| {
            let source = self.source(location.file);
            format!("{}:{}", source.path(), source.position(location.span.start).line)
        };
        let literals = changes.literals.iter().map(|(location, kind)| match kind {
            ChangeKind::Literal => format!("set {:?} at {}", control::COMPLIANT, line(location)),
            ChangeKind::Flip => {
                let now = self.source(location.file).slice(location.span);
                format!("turn {now} into {} at {}", new_text(now, *kind), line(location))
            }
            ChangeKind::OptionalDefault => format!("make {:?} the default at {}", control::COMPLIANT, line(location)),
        });
        let arguments = changes
            .arguments
            .iter()
            .map(|(call, variable)| format!("pass {variable} = {:?} at {}", control::COMPLIANT, line(call)));
        let mut parts: Vec<String> = literals.chain(arguments).take(MOST_PLACES).collect();
        let more = changes.literals.len() + changes.arguments.len() - parts.len();
        if more > 0 {
            parts.push(format!("and {more} more"));
        }
        parts.join(", ")
    }
}

/// What stands in the place of a literal.
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
