//! What stands together in the text.

use std::collections::BTreeMap;

use super::super::environment::Environment;
use super::super::{Mode, Options, Report, lines};
use crate::finding::{Finding, FixState};
use crate::fix::Patch;
use crate::source::FileId;

/// Findings, and the changes of their files: what stands together because one change settles several of them, or because
/// they stand in one file.
#[derive(Default)]
pub(super) struct Part<'r> {
    pub(super) findings: Vec<&'r Finding>,
    pub(super) patches: Vec<&'r Patch>,
}

/// Findings and patches in sets that share no file, sorted by path.
pub(super) fn parts<'r>(report: &Report<'r>, options: &Options) -> Vec<Part<'r>> {
    let apart = |finding: &&Finding| options.mode == Mode::Check || finding.notebook().is_some();
    let shown: Vec<&Finding> = lines::shown(report, options).filter(apart).collect();
    let mut home: BTreeMap<FileId, FileId> = BTreeMap::new();
    if options.shows_diff() {
        for finding in &shown {
            let is_applied = finding.fix_state != FixState::Left;
            let edits = finding.fix.iter().filter(|_| is_applied).flat_map(|fix| &fix.edits);
            for edit in edits {
                let (one, other) = (root(&home, finding.anchor.file), root(&home, edit.file));
                home.insert(one, one.min(other));
                home.insert(other, one.min(other));
            }
        }
    }
    let mut parts: BTreeMap<FileId, Part<'r>> = BTreeMap::new();
    for finding in shown {
        parts.entry(root(&home, finding.anchor.file)).or_default().findings.push(finding);
    }
    for patch in report.patches.iter().filter(|_| options.shows_diff()) {
        parts.entry(root(&home, patch.file)).or_default().patches.push(patch);
    }
    let path = |file: FileId| report.sources[file].path();
    let mut parts: Vec<Part<'r>> = parts.into_values().collect();
    for part in &mut parts {
        part.findings.sort_by_key(|finding| path(finding.anchor.file));
    }
    // By module, and the environments of each in their order.
    parts.sort_by_cached_key(|part| {
        let first = part.findings.first().map(|finding| finding.anchor.file);
        let file = first.or(part.patches.first().map(|patch| patch.file))?;
        Some((Environment::order_of(report.sources[file].folder()), path(file)))
    });
    parts
}

/// The file that stands for all that are shown together with this one.
fn root(home: &BTreeMap<FileId, FileId>, mut file: FileId) -> FileId {
    while let Some(&above) = home.get(&file).filter(|above| **above != file) {
        file = above;
    }
    file
}
