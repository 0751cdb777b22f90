//! Documents inside strings: where in a file of the repository their values stand.

use std::collections::HashMap;

use super::super::data::{Data, Origin, OriginKind, Traced, Values, alternatives};
use super::super::eval::Evaluator;
use super::super::hops::Hops;
use super::super::operators::lift;
use super::{Call, Outcome, settled};
use crate::source::{FileId, Location, Span};

/// Documents that were decoded, by file and function, each with what its text came through.
pub(in crate::value) type Documents = HashMap<(FileId, &'static str), (Hops, Values)>;

/// Decoding so many bytes is work as making one value is, and so is comparing so many.
const DECODED: usize = 16;
const COMPARED: usize = 1024;

/// The places of the values of a document.
pub(super) struct Origins {
    /// The string that the document stands in.
    pub(super) whole: Traced,
    /// Whether the string is the whole text of the file that its origin names.
    pub(super) is_file: bool,
    /// Where it is decoded.
    pub(super) location: Location,
}

impl Origins {
    /// A value that stands at a place of the document. It can be named; what can be changed is never a data file.
    pub(super) fn traced(&self, data: Data, span: Span) -> Traced {
        let file = self.whole.origin.location.file;
        let location = if self.is_file { Location { file, span } } else { self.location };
        Traced { hops: self.whole.hops.clone(), ..Traced::new(data, Origin { location, kind: OriginKind::Computed }) }
    }
}

impl Evaluator<'_, '_> {
    /// The content of documents, each value with its place in the file that the document is read from.
    pub(super) fn decoded(
        &self,
        values: &[Values],
        location: Location,
        (name, decode): (&'static str, fn(&Call<'_, '_>, &Origins) -> Outcome),
    ) -> Values {
        alternatives(values[0].iter().flat_map(|whole| {
            let text = match &whole.data {
                Data::String(text) => text.as_str(),
                _ => "",
            };
            let Location { file, span } = whole.origin.location;
            let source = self.workspace.view().source(file);
            let is_file = whole.origin.kind == OriginKind::Computed && span.start == 0 && source.text() == text;
            // Many may each take what is theirs out of one large file.
            let is_plain = is_file && whole.is_plain();
            if is_plain
                && let Some((hops, known)) = self.documents.borrow().get(&(file, name))
                && hops.iter().eq(whole.hops.iter())
            {
                self.work.spend(text.len() / COMPARED);
                let here = |value: &Traced| Traced { origin: Origin { location, ..value.origin }, ..value.clone() };
                return known.iter().map(here).collect();
            }
            self.work.spend(text.len() / DECODED);
            let origins = Origins { whole: whole.clone(), is_file, location };
            let decoded = lift(&[vec![whole.clone()]], location, |arguments| {
                settled(decode(&Call { location, arguments }, &origins))
            });
            let decoded = decoded
                .into_iter()
                .map(|result| match result.data {
                    // A document that is one plain value stands there as a whole.
                    Data::Bool(_) | Data::Number(_) | Data::String(_) if is_file => {
                        Traced { origin: whole.origin, ..result }
                    }
                    _ => result,
                })
                .collect::<Values>();
            let is_collection = |value: &Traced| matches!(value.data, Data::List(..) | Data::Object(..));
            if is_plain && decoded.iter().all(is_collection) {
                self.documents.borrow_mut().insert((file, name), (whole.hops.clone(), decoded.clone()));
            }
            decoded
        }))
    }
}

impl Traced {
    /// Whether nothing is known of it but what it is and what it came through.
    fn is_plain(&self) -> bool {
        let Self { chosen_by, unset, uncertain, followed, sensitive, fallible, refinement, .. } = self;
        chosen_by.is_empty()
            && (unset.is_none() && uncertain.is_none() && refinement.is_none())
            && !(*sensitive || *fallible || followed.is_any())
    }
}
