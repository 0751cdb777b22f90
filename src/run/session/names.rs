//! Names of findings that hold while the code changes under them.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::super::snapshot::Snapshot;
use super::Finding;
use crate::finding::{FixState, Status};
use crate::rules::Rule;

/// File, address and rule, and which of several with the same: neither an index nor a place outlasts a change.
pub(super) type Name = (Utf8PathBuf, String, Option<Rule>, usize);

/// The name of each finding.
pub(super) fn names(code: &Snapshot<'_>, findings: &[Finding]) -> Vec<Name> {
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    let name = |finding: &Finding| {
        let (path, address) = notebook(code, finding);
        let count = seen.entry((path.to_owned(), address.to_owned(), finding.rule)).or_default();
        *count += 1;
        (path.to_owned(), address.to_owned(), finding.rule, *count - 1)
    };
    findings.iter().map(name).collect()
}

/// The file and the address of the notebook that a finding is about.
fn notebook<'c>(code: &'c Snapshot<'_>, finding: &'c Finding) -> (&'c Utf8Path, &'c str) {
    let (file, address) =
        finding.notebook().map_or((finding.anchor.file, ""), |notebook| (notebook.location.file, &*notebook.address));
    (code.sources()[file].path(), address)
}

/// Marks what was fixed, where it stands now: the notebook complies, or has another finding that is left.
pub(super) fn restore(code: &Snapshot<'_>, findings: &mut Vec<Finding>, fixed: Vec<(Name, Finding)>) {
    let is_partial = |finding: &Finding| finding.fix.as_ref().is_some_and(|fix| fix.is_partial);
    // Of several parts the last tells what has become of the notebook.
    let mut last: BTreeMap<Name, Finding> = BTreeMap::new();
    for (name, finding) in fixed {
        last.insert(name, finding);
    }
    for ((path, address, rule, _), old) in last {
        let is_same = |finding: &Finding| finding.script().is_none() && notebook(code, finding) == (&path, &address);
        let same = findings.iter().position(|finding| is_same(finding) && finding.status() == Status::Compliant);
        let index = match same {
            Some(index) => index,
            None if is_partial(&old) => continue,
            None => match findings.iter().position(is_same) {
                Some(index) => {
                    findings.insert(index, findings[index].clone());
                    index
                }
                None => continue,
            },
        };
        let finding = &mut findings[index];
        finding.fix_state = FixState::Written;
        finding.rule = rule;
        finding.message = old.message;
        finding.fix = None;
        finding.suppression = None;
    }
}
