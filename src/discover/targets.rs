//! The folders to walk, in an order in which each file is met once and under its best name.
//!
//! The walk itself follows no link. It goes in rounds: first the folders given, then the folders that links found on
//! the way lead to, until no new one turns up; single files (named ones and the targets of links) come last, when it
//! is known which of them the walk has met anyway. Within a round no folder lies in another, so that nothing is met
//! twice and the result cannot depend on which thread comes first.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::panic::resume_unwind;
use std::path::{Component, Path, PathBuf};

use camino::{Utf8Path, Utf8PathBuf};

use super::gathered::Gathered;
use super::left_out::{self, Aside};
use super::paths::{never_entered, problem, trimmed};
use super::places::{Place, Target, below, resolve, resolve_link, shorter, tidy};
use super::visit::Walker;
use super::{Discovery, called, manifest, tracked};
use crate::finding::Problem;
use crate::source::{Fence, RealPaths, World};

/// Walks everything that is given.
pub(super) fn walk_all(paths: &[Utf8PathBuf], walker: &Walker<'_>, fence: &Fence) -> Discovery {
    let mut rounds = Rounds { walker, walked: HashMap::new(), result: Gathered::default() };
    let (mut folders, mut files, foreign) = rounds.given(paths);
    let (mut asked, mut outside) = (BTreeSet::new(), Vec::new());
    loop {
        let round = rounds.choose(&mut folders);
        let is_rest = round.is_empty();
        let found = if is_rest {
            // Nothing is left but what git keeps although it ignores it.
            rounds.tracked(&mut asked, fence)
        } else {
            let links = rounds.walk(round).into_iter();
            links.filter_map(|link| resolve_link(&link, fence).transpose()).collect()
        };
        if is_rest && found.is_empty() {
            break;
        }
        for place in found {
            match place {
                Ok(Place::Folder(target)) => folders.push(target),
                Ok(Place::File(target)) => files.push(target),
                Ok(Place::Outside(link)) => outside.push(link),
                Ok(Place::Foreign(..)) => {}
                Err(problem) => rounds.result.problems.push(problem),
            }
        }
    }
    rounds.read(files);
    let aside = std::mem::take(&mut rounds.result.aside);
    let left_out = std::thread::scope(|scope| {
        let left_out = scope.spawn(|| left_out::among(aside, walker.walk(), fence));
        rounds.read_called(fence);
        left_out.join().unwrap_or_else(|panic| resume_unwind(panic))
    });
    let Gathered { mut hits, files, mut problems, manifests, handing, leaving, sightings, .. } = rounds.result;
    let (mut downloaded, mut unread) = manifest::hits(&manifests, fence);
    hits.append(&mut downloaded);
    problems.append(&mut unread);
    let mut calls = handing;
    calls.extend(leading_out(leaving, fence));
    let left_out = left_out::without(left_out, &hits);
    Discovery { hits, files, problems, left_out, calls, outside, foreign, sightings }
}

/// The files whose relative paths lead to folders outside of the fence.
fn leading_out(leaving: Vec<(Utf8PathBuf, String)>, fence: &Fence) -> Vec<Utf8PathBuf> {
    let mut known: HashMap<Utf8PathBuf, bool> = HashMap::new();
    let mut leads_out = |(file, up): &(Utf8PathBuf, String)| {
        let folder = file.parent().unwrap_or(Utf8Path::new("")).join(up);
        *known.entry(folder).or_insert_with_key(|folder| {
            let real = folder.canonicalize_utf8();
            real.is_ok_and(|real| !fence.admits(&real) && real.is_dir())
        })
    };
    leaving.into_iter().filter(|it| leads_out(it)).map(|(file, _)| file).collect()
}

struct Rounds<'a> {
    walker: &'a Walker<'a>,
    /// The folders of past rounds, real path to shown path.
    walked: HashMap<PathBuf, PathBuf>,
    result: Gathered,
}

impl Rounds<'_> {
    /// Sorts the paths of the command line into folders and files. Links come after the rest, so that a place that
    /// is given both ways is shown under its own name. Files of other tools are neither.
    fn given(&mut self, paths: &[Utf8PathBuf]) -> (Vec<Target>, Vec<Target>, Vec<(String, &'static str)>) {
        let (mut folders, mut files, mut foreign) = (Vec::new(), Vec::new(), Vec::new());
        let (links, plain): (Vec<_>, Vec<_>) = paths.iter().map(|path| tidy(path)).partition(|path| path.is_symlink());
        for path in plain.into_iter().chain(links) {
            match resolve(path) {
                Ok(Place::Folder(target)) => folders.push(target),
                Ok(Place::File(target)) => files.push(target),
                Ok(Place::Outside(_)) => {}
                Ok(Place::Foreign(file, what)) => foreign.push((file, what)),
                Err(problem) => self.result.problems.push(problem),
            }
        }
        (folders, files, foreign)
    }

    /// Takes the next folders out of `folders`: those not walked yet that lie in no other that waits.
    fn choose(&self, folders: &mut Vec<Target>) -> Vec<Target> {
        let mut waiting = HashSet::new();
        folders.retain(|folder| !self.has_met(&folder.real) && waiting.insert(folder.real.clone()));
        let lies_in_another = |folder: &Target| folder.real.ancestors().skip(1).any(|above| waiting.contains(above));
        let (later, now) = std::mem::take(folders).into_iter().partition(lies_in_another);
        *folders = later;
        now
    }

    /// Walks disjoint folders and returns the links on the way, sorted.
    fn walk(&mut self, round: Vec<Target>) -> Vec<PathBuf> {
        let by_real: HashMap<_, _> = round.iter().map(|target| (&*target.real, &*target.shown)).collect();
        let claims = self.walked.keys().flat_map(|real| {
            let above = real.ancestors().filter_map(|above| by_real.get_key_value(above));
            above.map(|(above, shown)| below(shown, real.strip_prefix(above).unwrap_or(real)))
        });
        let claimed: HashSet<_> = claims.collect();
        let starts: Vec<_> = round.iter().map(|target| target.shown.clone()).collect();
        self.result.append(self.walker.pass(&starts, &claimed, self.walked.is_empty()));
        self.walked.extend(round.into_iter().map(|target| (target.real, target.shown)));
        self.result.marks.sort_unstable();
        self.result.others.sort_unstable();
        let mut links = std::mem::take(&mut self.result.links);
        links.sort_unstable();
        links
    }

    /// What git keeps below the walked folders and no walk has met, because a `.gitignore` matches it: Terraform files, and
    /// submodules. `asked` are the repositories that have told already.
    fn tracked(&mut self, asked: &mut BTreeSet<Utf8PathBuf>, fence: &Fence) -> Vec<Result<Place, Problem>> {
        if !self.walker.heeds_git() {
            return Vec::new();
        }
        let worlds = self.walked.keys().filter_map(|real| World::of(Utf8Path::from_path(real)?));
        let mut tops: Vec<_> = worlds.filter(|world| world.is_repository).map(|world| world.top).collect();
        let mut places = Vec::new();
        while let Some(top) = tops.pop() {
            if !asked.insert(top.clone()) {
                continue;
            }
            let kept = match tracked::kept(&top, fence) {
                Ok(kept) => kept,
                Err(problem) => {
                    places.push(Err(problem));
                    continue;
                }
            };
            places.extend(kept.files.iter().filter_map(|file| self.kept(&top.join(file), fence)));
            for submodule in kept.submodules.iter().map(|path| top.join(path)) {
                places.extend(self.kept(&submodule, fence));
                tops.extend(submodule.join(".git").exists().then_some(submodule));
            }
        }
        places
    }

    /// A file or folder that git keeps, if it lies below a walked folder and no walk has met it.
    fn kept(&mut self, real: &Utf8Path, fence: &Fence) -> Option<Result<Place, Problem>> {
        let real = real.as_std_path();
        let (above, shown) = real.ancestors().find_map(|above| self.walked.get_key_value(above))?;
        let rest = real.strip_prefix(above).unwrap_or(real);
        let shown = below(shown, rest);
        if self.has_met(real) || never_entered(rest).is_some() {
            return None;
        }
        // The last name of a path counts as that of a file.
        let asked = if real.is_dir() { shown.join("-") } else { shown.clone() };
        if let Some(why) = self.walker.leaves_out(&asked, rest) {
            self.result.aside.push(Aside { path: shown, why });
            return None;
        }
        match real.symlink_metadata() {
            Ok(kind) if kind.is_symlink() => resolve_link(&shown, fence).transpose(),
            Ok(_) => Some(resolve(shown)),
            // Kept by git, and not in this checkout.
            Err(_) => None,
        }
    }

    /// Reads the folders below the walked ones that code calls and that no walk has met, and those which they call.
    fn read_called(&mut self, fence: &Fence) {
        let mut once = HashSet::new();
        let real_paths = RealPaths::default();
        loop {
            let called = std::mem::take(&mut self.result.called);
            let inside = |real: &PathBuf| Utf8Path::from_path(real).is_some_and(|real| fence.admits(real));
            // Terraform takes `..` away from the folder in front of it; the system leaves a link's target by it.
            let spelled = called.into_iter().flat_map(|folder| {
                let plain = called::plain(&folder);
                let other = (plain != folder && !self.comes_back_from_folders(&folder)).then_some(folder);
                std::iter::once(plain).chain(other).collect::<Vec<_>>()
            });
            let mut new: Vec<(PathBuf, PathBuf)> = Vec::new();
            let is_file = |path: &Path| self.result.others.binary_search(&self.walker.mark(path)).is_ok();
            for folder in spelled.filter(|path| !self.has_come_by(path) && !is_file(path)) {
                let real = Utf8Path::from_path(&folder).filter(|folder| folder.is_dir());
                let real = real.map(|folder| real_paths.of(folder).into_std_path_buf());
                let Some(real) = real.filter(inside) else { continue };
                // Asked for something in it, since the last name of a path counts as that of a file.
                let is_excluded = self.walker.leaves_out(&called::plain(&folder).join("-"), Path::new("")).is_some();
                // What lies elsewhere is found where the whole repository is searched.
                let is_below = real.ancestors().any(|above| self.walked.contains_key(above));
                if is_below && !is_excluded && !self.has_met(&real) && once.insert(real.clone()) {
                    new.push((folder, real));
                }
            }
            let mut files = Vec::new();
            for (folder, real) in new {
                for file in called::code_in(&real) {
                    let shown = trimmed(&folder.join(file.file_name().unwrap_or_default())).to_owned();
                    match file.canonicalize().ok().filter(inside) {
                        Some(real) => files.push(Target { shown: shorter(&shown), real }),
                        None => self
                            .result
                            .problems
                            .push(problem(&shown, "leads out of the repository, so it was not read")),
                    }
                }
            }
            if files.is_empty() {
                return;
            }
            self.read(files);
        }
    }

    /// Reads single files that no walk has met, each once.
    fn read(&mut self, mut files: Vec<Target>) {
        let mut once = HashSet::new();
        files.retain(|file| !self.has_met(&file.real) && once.insert(file.real.clone()));
        if !files.is_empty() {
            let starts: Vec<_> = files.into_iter().map(|file| file.shown).collect();
            self.result.append(self.walker.pass(&starts, &HashSet::new(), false));
            self.result.marks.sort_unstable();
        }
    }

    /// Whether a walk has come by a folder or Terraform file under this name.
    fn has_come_by(&self, shown: &Path) -> bool {
        self.result.marks.binary_search(&self.walker.mark(shown)).is_ok()
    }

    /// Whether each `..` of a path stands behind a folder that a walk has come by, which is no link: then the system takes it
    /// away as Terraform does.
    fn comes_back_from_folders(&self, path: &Path) -> bool {
        let mut place = PathBuf::new();
        path.components().all(|part| match part {
            Component::ParentDir => self.has_come_by(&place) && place.pop() && !place.as_os_str().is_empty(),
            Component::CurDir => true,
            other => {
                place.push(other);
                true
            }
        })
    }

    /// Whether a walk has come by this folder or Terraform file.
    fn has_met(&self, real: &Path) -> bool {
        let roots = real.ancestors().filter_map(|above| self.walked.get_key_value(above));
        let mut places = roots.map(|(above, shown)| below(shown, real.strip_prefix(above).unwrap_or(real)));
        places.any(|place| self.has_come_by(&place))
    }
}
