//! The fix of some of a notebook's instances, where the others have to stay as they are: they lie outside of the paths, or
//! are not known.

use std::collections::BTreeSet;

use super::notebook::Notebook;
use super::verdict::Judged;
use super::wording::quoted;
use crate::control;
use crate::fix::Fix;
use crate::model::overrides::Placed;
use crate::options::FixAt;
use crate::repair::{Changes, Repair};
use crate::source::FileId;
use crate::syntax::tree::Attribute;
use crate::value::Arrival;

/// More places than this are counted.
const MOST_PLACES: usize = 4;

impl<'a> Notebook<'_, '_, 'a> {
    /// The fix of the values that are known where others are not, and what to say of it.
    pub(super) fn known_part(&self, attribute: Placed<'a, Attribute>, judged: &Judged<'_>) -> Option<(String, Fix)> {
        if self.scope.unsafe_fixes || self.scope.fix_at == FixAt::Resource {
            return None;
        }
        let Repair::Part { changes, left, .. } = self.repair(attribute, judged) else { return None };
        let what = self.divided(&changes, &left);
        Some((what, self.at_origin(&self.collapsed(changes)).in_part()))
    }

    /// The values after a fix in part, by the files that they come from.
    pub(super) fn divided(&self, changes: &Changes, left: &[Arrival]) -> String {
        let from = |files: BTreeSet<FileId>| {
            let mut paths: Vec<String> = files.iter().map(|&file| self.source(file).path().to_string()).collect();
            paths.sort_unstable();
            let more = paths.len().saturating_sub(MOST_PLACES);
            paths.truncate(MOST_PLACES);
            if more > 0 {
                paths.push(format!("{more} more files"));
            }
            paths.join(" and ")
        };
        let fixed = format!("{:?} from {}", control::COMPLIANT, from(changes.files().collect()));
        let known = left.iter().filter(|arrival| arrival.known().is_some() && arrival.exception.is_none());
        let files: BTreeSet<FileId> = known.clone().map(|arrival| arrival.value.origin.location.file).collect();
        let Some(first) = known.clone().next() else { return format!("; with the fix it is {fixed}") };
        let value = quoted(first).unwrap_or_else(|| "null".to_owned());
        format!("; with the fix it is {fixed} and still {value} from {}", from(files))
    }
}
