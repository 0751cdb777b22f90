//! Notebooks that Terraform creates through a template of another language.

use std::collections::BTreeSet;

use crate::control::{CLOUD_FORMATION_TYPE, TEMPLATE_TYPES};
use crate::finding::Note;
use crate::model::View;
use crate::source::FileId;
use crate::syntax::tree::Block;

/// A note at each place where a template or a document for Cloud Control creates a notebook instance.
pub(super) fn notes(view: &View<'_>, hits: &BTreeSet<FileId>) -> Vec<Note> {
    let mut notes = Vec::new();
    for &file in hits.iter().filter(|&&file| view.source(file).text().contains(CLOUD_FORMATION_TYPE)) {
        let source = view.source(file);
        let resources = view.syntax(file).body.blocks_of("resource").filter(|block| creates_from_a_template(block));
        for attribute in resources.flat_map(|block| block.body.attributes()) {
            let Some(at) = type_in(source.slice(attribute.value.span)) else { continue };
            notes.push(Note {
                file,
                position: source.position(attribute.value.span.start + at),
                message: "this notebook instance is created through a template, which is not judged; its `RootAccess` \
                          has to be `Disabled`"
                    .to_owned(),
            });
        }
    }
    notes
}

fn creates_from_a_template(block: &Block) -> bool {
    block.labels.first().is_some_and(|label| TEMPLATE_TYPES.contains(&&*label.text))
}

/// Where the type stands in a text; the types that its name begins are others.
fn type_in(text: &str) -> Option<usize> {
    let mut places = text.match_indices(CLOUD_FORMATION_TYPE).map(|(at, _)| at);
    places.find(|at| !text[at + CLOUD_FORMATION_TYPE.len()..].starts_with(|next: char| next.is_alphanumeric()))
}
