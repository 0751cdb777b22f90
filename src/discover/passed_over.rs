//! More walks, made only when they are asked for: which files mention a notebook and are not looked at, and why.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::source::{Fence, FileKind};
use camino::{Utf8Path, Utf8PathBuf};
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkParallel, WalkState};

use super::exclusion::Exclusion;
use super::paths::{NEVER_ENTERED, problem, trimmed};
use super::prefilter::Prefilter;
use super::{BadGlob, Found, Walk, git_rules};

/// Longer files of other names are data; they are not searched.
const LONGEST: u64 = 8 * 1024 * 1024;

/// Files that are looked at for values where a notebook takes one from them.
const VALUES: [&str; 3] = [".tfvars", ".tfvars.json", "terragrunt.hcl"];

/// Ends of names that look like Terraform's, or often stand beside its files, and what they stand for.
const REASONS: [(&[&str], &str); 7] = [
    (&[".tftest.hcl", ".tftest.json", ".tofutest.hcl", ".tofutest.json"], "a test, which deploys nothing that stays"),
    (&[".policytest.hcl"], "a test of a policy"),
    (&[".pkr.hcl", ".pkr.json"], "read by Packer, not by Terraform"),
    (&[".nomad", ".nomad.hcl"], "read by Nomad, not by Terraform"),
    (&[".tftpl", ".tpl", ".tmpl", ".j2", ".jinja", ".erb"], "a template, which is no code until it is rendered"),
    (&[".md", ".mdx", ".markdown", ".rst", ".adoc"], "documentation"),
    (&[".tfstate", ".tfstate.backup"], "state, which follows the code"),
];

/// A file that mentions a notebook and is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PassedOver {
    /// The path as it is shown.
    pub file: String,
    /// Why it is not looked at.
    pub why: &'static str,
}

/// Finds the files below `paths` that mention a notebook and are not among those that a walk has found: files of other
/// names, where the walk comes by, and Terraform files that it leaves out. Sorted, each once.
///
/// What lies in `.git`, `.terraform` and `.terragrunt-cache` is not told of, nor what links lead to, nor what cannot be
/// read.
///
/// # Errors
/// [`BadGlob`] if a glob to exclude by is malformed.
pub fn passed_over(paths: &[Utf8PathBuf], walk: &Walk, found: &[Found]) -> Result<Vec<PassedOver>, BadGlob> {
    let exclusion = Exclusion::new(walk)?;
    let starts: Vec<&Utf8Path> = paths.iter().map(|path| &**path).filter(|path| path.is_dir()).collect();
    let looked_at: HashSet<_> = found.iter().filter_map(|hit| hit.path.canonicalize().ok()).collect();
    let is_new = |path: &Path| path.canonicalize().is_ok_and(|path| !looked_at.contains(&path));
    let mut result = Vec::new();
    for start in starts {
        for path in mentioning(start, walk, Names::Others) {
            let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            let is_excluded = Utf8Path::from_path(&path).is_some_and(|path| exclusion.excludes(path));
            if !is_excluded && !VALUES.iter().any(|end| name.ends_with(end)) && is_new(&path) {
                result.push(PassedOver { file: shown(&path), why: other_name(&name) });
            }
        }
        let everything = Walk { hidden: true, no_ignore: true, ..walk.clone() };
        for path in mentioning(start, &everything, Names::Terraform).into_iter().filter(|path| is_new(path)) {
            if let Some(why) = left_out(&path, start, walk, &exclusion) {
                result.push(PassedOver { file: shown(&path), why });
            }
        }
    }
    result.sort_unstable();
    result.dedup();
    Ok(result)
}

fn shown(path: &Path) -> String {
    problem(path, "").file
}

/// Why a file of another name is not looked at.
fn other_name(name: &str) -> &'static str {
    let reason = REASONS.iter().find(|(ends, _)| ends.iter().any(|end| name.ends_with(end)));
    reason.map_or("Terraform and OpenTofu load no file of this name", |(_, why)| why)
}

/// Why a Terraform file was left out; `None` if the walk has no reason, and so has told of it.
fn left_out(path: &Path, start: &Utf8Path, walk: &Walk, exclusion: &Exclusion) -> Option<&'static str> {
    let below = path.strip_prefix(start).unwrap_or(path);
    let is_hidden = below.iter().any(|part| part.as_encoded_bytes().starts_with(b"."));
    if Utf8Path::from_path(trimmed(path)).is_some_and(|path| exclusion.excludes(path)) {
        Some("left out by --exclude")
    } else if is_hidden && !walk.hidden {
        Some("hidden; --hidden looks at it")
    } else {
        (!walk.no_ignore).then_some("ignored by git; --no-ignore looks at it")
    }
}

/// Which files of a tree are searched.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Terraform,
    Others,
}

/// The files that contain the needle, in any order.
fn mentioning(start: &Utf8Path, walk: &Walk, names: Names) -> Vec<PathBuf> {
    let run = |walk: WalkParallel| {
        let all = Mutex::new(Vec::new());
        walk.visit(&mut Searchers { all: &all });
        all.into_inner().unwrap_or_else(PoisonError::into_inner)
    };
    let fence = Fence::around(&[start.to_owned()]);
    let wanted = move |entry: &DirEntry, is_ignored: &dyn Fn() -> bool| is_wanted(entry, names) && !is_ignored();
    git_rules::walk(&[start.as_std_path().to_owned()], walk, &fence, wanted, run).0
}

fn is_wanted(entry: &DirEntry, names: Names) -> bool {
    let name = entry.file_name();
    match entry.file_type() {
        Some(kind) if kind.is_dir() => !NEVER_ENTERED.iter().any(|never| name == *never),
        Some(kind) if kind.is_file() => FileKind::is_configuration(name) == (names == Names::Terraform),
        _ => false,
    }
}

struct Searchers<'a> {
    all: &'a Mutex<Vec<PathBuf>>,
}

impl<'a> ParallelVisitorBuilder<'a> for Searchers<'a> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 'a> {
        Box::new(Searcher { all: self.all, prefilter: Prefilter::new() })
    }
}

struct Searcher<'a> {
    all: &'a Mutex<Vec<PathBuf>>,
    prefilter: Prefilter,
}

impl ParallelVisitor for Searcher<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        let file = entry.ok().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
        let short = |entry: &DirEntry| entry.metadata().is_ok_and(|metadata| metadata.len() <= LONGEST);
        if let Some(entry) = file.filter(short)
            && self.prefilter.mentions(entry.path()).unwrap_or(false)
        {
            self.all.lock().unwrap_or_else(PoisonError::into_inner).push(entry.path().to_owned());
        }
        WalkState::Continue
    }
}
