//! Fixes that stand or fall together: one question each.

use super::{Applicability, Finding};
use crate::plan::applicable;
use crate::source::{FileId, Span};

/// The findings with a fix to ask about, in sets whose edits touch, each sorted, in the order of their first.
pub(super) fn groups(findings: &[Finding]) -> Vec<Vec<usize>> {
    let candidates = applicable(findings, Applicability::Unsafe);
    let mut home: Vec<usize> = (0..findings.len()).collect();
    let edits = candidates.iter().flat_map(|&index| {
        let edits = findings[index].fix.iter().flat_map(|fix| &fix.edits);
        edits.map(move |edit| (edit.file, edit.splice.span, index))
    });
    let mut edits: Vec<(FileId, Span, usize)> = edits.collect();
    edits.sort_unstable();
    let mut last: Option<(FileId, usize, Span, usize)> = None;
    for (file, span, index) in edits {
        let mut far = span.end;
        if let Some((same, reach, before, other)) = last
            && same == file
            && (span.start < reach || span == before)
        {
            let (a, b) = (root(&home, index), root(&home, other));
            home[a.max(b)] = a.min(b);
            far = far.max(reach);
        }
        last = Some((file, far, span, index));
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); findings.len()];
    for index in candidates {
        groups[root(&home, index)].push(index);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn root(home: &[usize], mut index: usize) -> usize {
    while home[index] != index {
        index = home[index];
    }
    index
}

/// Whether every fix of a group may be applied unasked.
pub(super) fn is_safe(findings: &[Finding], group: &[usize]) -> bool {
    let mut fixes = group.iter().filter_map(|&index| findings[index].fix.as_ref());
    fixes.all(|fix| fix.applicability == Applicability::Safe)
}
