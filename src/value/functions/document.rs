//! Documents inside strings: where in a file of the repository their values stand.

use super::super::data::{Data, Origin, OriginKind, Traced};
use crate::source::{Location, Span};

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
