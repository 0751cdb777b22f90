//! Leftovers of a fix: variables and local values that nothing uses any more, and texts about a default that the
//! code no longer has.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::notebook::Notebook;
use crate::control;
use crate::finding::{Finding, Note};
use crate::fix::Intent;
use crate::model::View;
use crate::model::references::Reference;
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Block, Item};

/// More names than this are counted.
const MOST_NAMED: usize = 6;

/// The file that documents a module, in which terraform-docs and people keep tables of its variables.
const README: &str = "README.md";

impl Notebook<'_, '_, '_> {
    /// `; nothing else uses var.a then`, if that is so once these expressions are gone; else nothing.
    pub(super) fn unused_without(&self, gone: &[Location]) -> String {
        let workspace = self.evaluator.workspace();
        let mut unused = BTreeSet::new();
        for location in gone {
            let path = self.source(location.file).path();
            let module = workspace.module(path.parent().unwrap_or(Utf8Path::new("")));
            if !module.files.contains(&location.file) {
                continue;
            }
            let is_gone = |place: Location| gone.iter().any(|gone| lies_in(place, gone));
            for kind in ["var", "local"] {
                let references = module.references_to(kind);
                for name in references.within(*location) {
                    let is_use = |reference: &Reference<'_>| {
                        !(is_gone(reference.location) || kind == "var" && reference.is_in_variable(name))
                    };
                    if !references.to(name).iter().any(is_use) {
                        unused.insert(format!("{kind}.{name}"));
                    }
                }
            }
        }
        if unused.is_empty() {
            return String::new();
        }
        let more = unused.len().saturating_sub(MOST_NAMED);
        let mut named: Vec<String> = unused.into_iter().take(MOST_NAMED).collect();
        named.extend((more > 0).then(|| format!("{more} more")));
        format!("; nothing else uses {} then", named.join(" and "))
    }
}

fn lies_in(place: Location, around: &Location) -> bool {
    place.file == around.file && around.span.contains(place.span)
}

/// The variable that a block declares.
fn declared(block: &Block) -> Option<&str> {
    (block.kind.text == "variable").then(|| block.labels.first().map(|label| label.text.as_str())).flatten()
}

/// Notes on texts that speak of a default which a fix changes: a variable's description, and the module's README.
pub(super) fn stale(view: &View<'_>, findings: &[Finding]) -> Vec<Note> {
    let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
    let replaced: BTreeSet<(FileId, Span)> = fixes
        .flat_map(|fix| &fix.intents)
        .filter_map(|(file, intent)| match intent {
            Intent::Replace { expression, .. } => Some((*file, *expression)),
            _ => None,
        })
        .collect();
    let mut notes = Vec::new();
    for &(file, span) in &replaced {
        let body = &view.syntax(file).body;
        let default = |block: &&Block| block.body.attribute("default").is_some_and(|it| it.value.span.contains(span));
        let mut blocks = body.around(span).filter_map(Item::as_block).filter(|block| block.kind.text == "variable");
        let Some(variable) = blocks.find(default) else { continue };
        let Some(name) = declared(variable) else { continue };
        if let Some(description) = variable.body.attribute("description") {
            let text = view.source(file).slice(description.value.span);
            if speaks_of(text, view.source(file).slice(span)) {
                let message =
                    format!("the description of var.{name} speaks of the value that the fix changes: look at it too");
                let position = view.source(file).position(description.span.start);
                notes.push(Note { file, position, message });
            }
        }
        let folder = view.source(file).folder();
        let Some(readme) = view.store().load(&folder.join(README)) else { continue };
        let text = view.source(readme).text();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if line.trim_start().starts_with('|') && names(line, name) {
                let message = format!("this row documents var.{name}, whose default the fix changes: update it too");
                notes.push(Note { file: readme, position: view.source(readme).position(start), message });
            }
            start += line.len();
        }
    }
    notes
}

/// Whether a description mentions the old value, or that of the attribute.
fn speaks_of(description: &str, old: &str) -> bool {
    let old = old.trim_matches('"');
    [old, control::NON_COMPLIANT].iter().any(|value| !value.is_empty() && names(description, value))
}

/// Whether a text holds a word, whatever its case.
fn names(text: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.split(|letter: char| !is_part(letter)).any(|part| part.eq_ignore_ascii_case(word))
        || text.replace("\\_", "_").split(|letter: char| !is_part(letter)).any(|part| part.eq_ignore_ascii_case(word))
}
