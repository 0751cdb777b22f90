//! What findings are called while the code changes under them.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use super::super::code::Code;
use super::{Finding, Status};
use crate::rules::Rule;

/// File, address and rule, and which of several with the same: neither an index nor a place outlasts a change.
pub(super) type Name = (Utf8PathBuf, String, Option<Rule>, usize);

/// The name of each finding.
pub(super) fn names(code: &Code<'_>, findings: &[Finding]) -> Vec<Name> {
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    let name = |finding: &Finding| {
        let path = code.sources()[finding.location.file].path();
        let count = seen.entry((path, finding.address.clone(), finding.rule)).or_default();
        *count += 1;
        (path.to_owned(), finding.address.clone(), finding.rule, *count - 1)
    };
    findings.iter().map(name).collect()
}

/// Marks what was fixed, where it stands now: the notebook complies, or has another finding that is left.
pub(super) fn restore(code: &Code<'_>, findings: &mut Vec<Finding>, fixed: Vec<(Name, Finding)>) {
    for ((path, address, rule, _), old) in fixed {
        let is_same =
            |finding: &Finding| finding.address == address && code.sources()[finding.location.file].path() == path;
        let same = findings.iter().position(|finding| is_same(finding) && finding.status == Status::Compliant);
        let index = match same {
            Some(index) => index,
            None => match findings.iter().position(is_same) {
                Some(index) => {
                    findings.insert(index, findings[index].clone());
                    index
                }
                None => continue,
            },
        };
        let finding = &mut findings[index];
        finding.status = Status::Fixed;
        finding.rule = rule;
        finding.message = old.message;
        finding.fix = None;
        finding.suppression = None;
    }
}
