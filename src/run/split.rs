//! `--split-by`: a change in parts, one for each owner or folder, each of which is made and proved as if it were the only one.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::context::RunContext;
use super::snapshot::Snapshot;
use crate::cli::settings::SplitBy;
use crate::finding::Finding;
use crate::fix::Patch;
use crate::owners::Owners;
use crate::plan::{Plan, plan};
use crate::report::Options;
use crate::source::FileId;

/// More parts than this are not made: each of them is judged and proved by itself.
const MOST_PARTS: usize = 200;

/// How a change is split.
pub(super) struct Split<'o> {
    pub(super) by: SplitBy,
    pub(super) owners: &'o Owners,
    pub(super) options: &'o Options,
}

/// What one owner gets, or what changes in one folder.
#[derive(Debug)]
pub struct Part {
    /// A name that is fit for a file.
    pub name: String,
    /// The findings that its change settles, as they stand with nothing else changed.
    pub findings: Vec<Finding>,
    /// The new text of its files, sorted by path.
    pub patches: Vec<Patch>,
}

/// Why a change is not split.
#[derive(Debug, thiserror::Error)]
#[error("there are {0} parts, and no more than {MOST_PARTS} are made; name some of the paths, or split by owner")]
pub(super) struct TooMany(usize);

impl Split<'_> {
    /// The parts of a whole change, by name. What has to change together with files of others is one part with them.
    pub(super) fn parts(
        &self,
        context: &RunContext<'_>,
        code: &Snapshot<'_>,
        whole: &Plan,
        findings: &[Finding],
    ) -> Result<Vec<Part>, TooMany> {
        let path = |file: FileId| code.sources()[file].path();
        let mut homes: BTreeMap<FileId, String> =
            whole.patches.iter().map(|patch| (patch.file, self.whose(path(patch.file)))).collect();
        loop {
            let mut files: BTreeMap<&str, BTreeSet<FileId>> = BTreeMap::new();
            for (file, part) in &homes {
                files.entry(part).or_default().insert(*file);
            }
            if files.len() > MOST_PARTS {
                return Err(TooMany(files.len()));
            }
            let parts: Vec<Part> = files.iter().map(|(name, files)| made(name, files, context, code)).collect();
            let made = parts.iter().flat_map(|part| &part.patches);
            let made: BTreeMap<FileId, &str> = made.map(|patch| (patch.file, &*patch.after)).collect();
            let differs = |patch: &&Patch| made.get(&patch.file) != Some(&&*patch.after);
            let torn: BTreeSet<FileId> = whole.patches.iter().filter(differs).map(|patch| patch.file).collect();
            let joined = joined(&torn, whole, findings, &homes);
            if joined == homes {
                return Ok(parts);
            }
            homes = joined;
        }
    }

    /// The part that a file belongs to, by a name that is fit for a file.
    fn whose(&self, path: &Utf8Path) -> String {
        let path = self.options.in_repository(path);
        let told = match self.by {
            SplitBy::Owner => self.owners.of(&path).join(" "),
            SplitBy::Folder => {
                let folder = Utf8Path::new(&path).parent().unwrap_or(Utf8Path::new(""));
                folder.components().take(2).map(|part| part.as_str()).collect::<Vec<_>>().join("/")
            }
        };
        match fit(&told) {
            name if !name.is_empty() => name,
            _ if self.by == SplitBy::Owner => "no-owner".to_owned(),
            _ => "top".to_owned(),
        }
    }
}

/// Gives the files of fixes that some files are torn out of to one of their parts.
fn joined(
    torn: &BTreeSet<FileId>,
    whole: &Plan,
    findings: &[Finding],
    homes: &BTreeMap<FileId, String>,
) -> BTreeMap<FileId, String> {
    let mut joined = homes.clone();
    for index in whole.chosen.keys() {
        let edits = findings[*index].fix.iter().flat_map(|fix| &fix.edits);
        let files: BTreeSet<FileId> = edits.map(|edit| edit.file).collect();
        if files.is_disjoint(torn) {
            continue;
        }
        if let Some(first) = files.iter().filter_map(|file| joined.get(file)).min().cloned() {
            let same: BTreeSet<String> = files.iter().filter_map(|file| joined.get(file)).cloned().collect();
            for part in joined.values_mut().filter(|part| same.contains(*part)) {
                part.clone_from(&first);
            }
        }
    }
    joined
}

/// A part, made as if nothing but its files could be changed.
fn made(name: &str, files: &BTreeSet<FileId>, context: &RunContext<'_>, code: &Snapshot<'_>) -> Part {
    let paths: BTreeSet<Utf8PathBuf> = files.iter().map(|file| code.sources()[*file].path().to_owned()).collect();
    context.scope.edit_only(Some(paths));
    let mut findings = code.judge().findings;
    let mut plan = code.with_prover(|prover| plan(prover, &findings, context.threshold()));
    context.scope.edit_only(None);
    let patches = std::mem::take(&mut plan.patches);
    let settled: BTreeSet<usize> = plan.chosen.keys().copied().collect();
    plan.settle(&mut findings, |_| true);
    let findings = findings.into_iter().enumerate().filter(|(index, _)| settled.contains(index));
    Part { name: name.to_owned(), findings: findings.map(|(_, finding)| finding).collect(), patches }
}

/// Letters, digits, dots, underscores and dashes of a name, whatever stands between them as one dash.
fn fit(name: &str) -> String {
    let mut fit = String::new();
    for c in name.chars().take(120) {
        match c {
            c if c.is_alphanumeric() || c == '_' => fit.push(c),
            '.' if !fit.is_empty() => fit.push(c),
            _ if fit.is_empty() || fit.ends_with('-') => {}
            _ => fit.push('-'),
        }
    }
    fit.trim_end_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn names_of_parts_are_names_of_files() {
        for (name, expected) in [
            ("@org/research", "org-research"),
            ("@a @b", "a-b"),
            ("a.b@example.org", "a.b-example.org"),
            ("../../etc", "etc"),
            ("live/dev", "live-dev"),
            ("..", ""),
            ("\u{202e}x", "x"),
        ] {
            assert_eq!(fit(name), expected);
        }
    }
}
