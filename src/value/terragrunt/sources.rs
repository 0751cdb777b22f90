//! The addresses in the `source` of units and stacks.

use crate::value::data::{Data, Traced, Values};

/// The text of a source; of one whose end is not known the address before the `?`, if that is known: what is behind it says
/// which revision is fetched, and never what of.
///
/// Source: hashicorp/go-getter, `source.go` (`SourceDirSubdir` looks for `//` before the `?` alone).
pub(super) fn address(source: &Traced) -> Option<String> {
    let before_query = || {
        let known = source.refinement.as_ref().filter(|_| matches!(source.data, Data::Unknown(_)))?;
        let (address, _) = known.prefix.split_once('?')?;
        (!address.is_empty()).then(|| address.to_owned())
    };
    source.as_text().or_else(before_query)
}

/// The same of a source that may be nothing else. What is not known, as a whole, is not uncertain as one of several is.
pub(super) fn certain_address(source: &Values) -> Option<String> {
    match source.as_slice() {
        [value] if value.uncertain.is_none() || value.as_text().is_none() => address(value),
        _ => None,
    }
}
