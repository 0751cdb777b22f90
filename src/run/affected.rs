//! The notebooks outside the paths of a run whose values hang on files in the paths.

mod named;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::context::RunContext;
use super::snapshot::Snapshot;
use crate::control::{ATTRIBUTE, RESOURCE_TYPES};
use crate::discover::{BadGlob, Discovery, Found, discover, root_of};
use crate::finding::{Finding, LeftOut, Problem};
use crate::model::reach::Reach;
use crate::model::terragrunt::UNIT_FILES;
use crate::model::{Module, Store, Tool, View, Workspace, store};
use crate::source::{FileId, FileKind, Role, SourceFile};
use crate::value::Evaluator;
use named::Named;

/// A path of the command line, and the folders that hold it.
type Asked<'n> = (&'n Named, BTreeSet<Utf8PathBuf>);

/// How certain it is that a path has a say in a notebook.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    /// If the value comes through it.
    Perhaps,
    Yes,
}

/// Adds the notebooks outside the paths in which something in the paths has a say.
///
/// # Errors
/// If a glob is malformed.
pub(super) fn complete(
    context: &RunContext<'_>,
    paths: &[Utf8PathBuf],
    discovery: &mut Discovery,
) -> Result<(), BadGlob> {
    let Outside { hits, problems, left_out } = outside(context, paths, discovery)?;
    discovery.problems.extend(problems);
    let unread = unread(context, paths, discovery);
    discovery.problems.extend(unread);
    if hits.is_empty() && discovery.hits.is_empty() && discovery.problems.is_empty() {
        discovery.problems.extend(no_code(paths));
    }
    discovery.files += hits.len();
    discovery.hits.extend(hits);
    discovery.hits.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    discovery.left_out.extend(left_out);
    discovery.left_out.sort();
    Ok(())
}

/// The files that are named, that Terraform or Terragrunt would read, and that cannot be read or parsed: what they have a
/// say in cannot be told. Those with notebooks are judged, with what is wrong in them.
fn unread(context: &RunContext<'_>, paths: &[Utf8PathBuf], known: &Discovery) -> Vec<Problem> {
    let is_code = |path: &&Utf8PathBuf| FileKind::of(path).role != Role::Other && path.is_file();
    let is_new = |path: &&Utf8PathBuf| {
        !known.hits.iter().any(|hit| hit.path == **path)
            && !known.problems.iter().any(|problem| problem.file == path.as_str())
    };
    let named = paths.iter().filter(is_code).filter(is_new);
    let problem = |path: &Utf8PathBuf| {
        let refused = |position, message| Some(Problem { file: path.to_string(), position, message });
        match context.scope.fence.read(path) {
            Err(refusal) => refused(None, refusal.to_string()),
            Ok(bytes) => match SourceFile::from_bytes(path.clone(), bytes) {
                Err(error) => refused(Some(error.position), error.to_string()),
                Ok(file) => {
                    let store = Store::within(context.scope.fence.clone());
                    let file = store.insert(file);
                    let view = View::new(&store, &[]);
                    let part = view.syntax(file).unreadable.first()?;
                    refused(Some(view.source(file).position(part.at)), part.message.clone())
                }
            },
        }
    };
    named.filter_map(problem).collect()
}

/// The paths of a run that finds nothing, if none of them is a folder, or code: they were named by mistake.
fn no_code(paths: &[Utf8PathBuf]) -> Vec<Problem> {
    let is_code = |path: &Utf8PathBuf| !path.is_file() || FileKind::of(path).role != Role::Other;
    if paths.iter().any(is_code) {
        return Vec::new();
    }
    let message = "no Terraform code, and no notebook hangs on it: name the code, or the folder that it is in";
    let problem = |path: &Utf8PathBuf| Problem { file: path.to_string(), position: None, message: message.to_owned() };
    paths.iter().map(problem).collect()
}

/// What the paths reach and do not hold.
#[derive(Default)]
struct Outside {
    /// The files with notebooks in which something in the paths has a say.
    hits: Vec<Found>,
    /// What cannot be read of the lists of modules that could name one.
    problems: Vec<Problem>,
    /// Such files that are not judged.
    left_out: Vec<LeftOut>,
}

fn outside(context: &RunContext<'_>, paths: &[Utf8PathBuf], known: &Discovery) -> Result<Outside, BadGlob> {
    let named: Vec<Named> = paths.iter().filter_map(|path| Named::new(path)).collect();
    let scope = &context.scope;
    let covered = |root: &Utf8PathBuf| {
        let real = root.canonicalize_utf8();
        real.is_ok_and(|real| named.iter().any(|named| named.is_folder && real.starts_with(&named.real)))
    };
    if scope.roots.iter().all(covered) {
        return Ok(Outside::default());
    }
    let real = |path: &Utf8PathBuf| path.canonicalize_utf8().ok();
    let known_paths = known.hits.iter().map(|hit| &hit.path).chain(known.left_out.iter().map(|one| &one.file));
    let has_hits = !known.hits.is_empty();
    let known: BTreeSet<Utf8PathBuf> = known_paths.filter_map(real).collect();
    let is_new = |path: &Utf8PathBuf| real(path).is_none_or(|real| !known.contains(&real));
    let Discovery { mut hits, mut problems, mut left_out, sightings, .. } =
        discover(&scope.roots, &context.options.walk, &|_| {})?;
    scope.saw(sightings, !hits.is_empty() || has_hits);
    // What else cannot be read there is told where a value comes through it.
    problems.retain(|problem| {
        let root = root_of(Utf8Path::new(&problem.file)).map(store::canonical);
        root.is_some_and(|root| named.iter().any(|named| named.real.starts_with(&root)))
    });
    hits.retain(|hit| is_new(&hit.path));
    left_out.retain(|one| is_new(&one.file));
    if !hits.is_empty() || !left_out.is_empty() {
        let opened = |one: &LeftOut| Some(Found { path: one.file.clone(), bytes: scope.fence.read(&one.file).ok()? });
        let all = hits.iter().cloned().chain(left_out.iter().filter_map(opened)).collect();
        let chosen = chosen(context, &Snapshot::read(context, all), &named);
        hits.retain(|hit| chosen.contains(&hit.path));
        left_out.retain(|one| chosen.contains(&one.file));
    }
    Ok(Outside { hits, problems, left_out })
}

/// The files of a snapshot that are chosen, by path.
fn chosen(context: &RunContext<'_>, code: &Snapshot<'_>, named: &[Named]) -> BTreeSet<Utf8PathBuf> {
    let view = code.view();
    let mut says: BTreeMap<FileId, Says> = BTreeMap::new();
    for tool in [Tool::Terraform, Tool::OpenTofu] {
        let workspace = Workspace::new(&view, &context.callers, tool);
        let mut by_folder: BTreeMap<Utf8PathBuf, Option<Says>> = BTreeMap::new();
        let asked: Vec<Asked<'_>> = named.iter().map(|named| (named, named.holding(&workspace))).collect();
        let is_asked =
            |folder: &Utf8Path| asked.iter().any(|(named, holding)| holding.contains(folder) || named.may_hold(folder));
        for &file in &code.hits {
            for folder in workspace.folders_holding(file) {
                let said =
                    by_folder.entry(folder.clone()).or_insert_with(|| say(&workspace, &folder, &asked, &is_asked));
                if let Some(said) = *said {
                    let known = says.entry(file).or_insert(said);
                    *known = said.max(*known);
                }
            }
        }
    }
    let sources = code.sources();
    let perhaps: Vec<FileId> = says.iter().filter(|(_, says)| **says == Says::Perhaps).map(|(file, _)| *file).collect();
    if !perhaps.is_empty() {
        let checked = code.check_files(&perhaps);
        let is_named = |path: &Utf8Path| {
            let real = path.canonicalize_utf8();
            real.is_ok_and(|real| named.iter().any(|named| named.covers(&real)))
        };
        let broken = checked.problems.iter().any(|problem| is_named(Utf8Path::new(&problem.file)));
        let comes_through = |finding: &Finding| on_the_way(finding).iter().any(|&file| is_named(sources[file].path()));
        let kept: BTreeSet<FileId> = {
            let kept = checked.findings.iter().filter(|finding| broken || comes_through(finding));
            kept.filter_map(|finding| Some(finding.notebook()?.location.file)).collect()
        };
        says.retain(|file, says| *says == Says::Yes || kept.contains(file));
    }
    says.into_keys().map(|file| sources[file].path().to_owned()).collect()
}

/// What the paths have to say about the notebooks of a module.
fn say(
    workspace: &Workspace<'_>,
    folder: &Utf8Path,
    asked: &[Asked<'_>],
    is_asked: &dyn Fn(&Utf8Path) -> bool,
) -> Option<Says> {
    let module = workspace.module(folder);
    let evaluator = Evaluator::new(workspace);
    if workspace.has_broken_callers() {
        evaluator.units();
    }
    let reach = workspace.reach(module, is_asked);
    // To find them takes to read every file of the tree.
    let files = OnceCell::new();
    let files = || {
        let on_the_way = || workspace.files_on_the_way(&reach, evaluator.units(), |unit| evaluator.files_of(unit));
        files.get_or_init(on_the_way)
    };
    let read = OnceCell::new();
    let reads_it = |named: &Named| {
        let read = read.get_or_init(|| read_by(&evaluator, module));
        reads(workspace, module, &reach, files(), named, read)
    };
    let of = |(named, folders): &Asked<'_>| {
        if named.is_folder {
            let below = |path: &Utf8PathBuf| path.starts_with(&named.real);
            let holds = |path: &Utf8PathBuf| below(path) || workspace.folders_linking(path).iter().any(below);
            let is_part = |folder: &Utf8PathBuf| below(folder) || folders.contains(folder);
            if reach.folders.iter().any(is_part) || files().iter().any(holds) {
                return Some(Says::Yes);
            }
            let perhaps = folders.contains(&module.id).then_some(Says::Perhaps);
            return reads_it(named).max(perhaps);
        }
        let is_code = named.role == Role::Configuration;
        if (!is_code || workspace.may_give_values(&named.real)) && files().contains(&named.real) {
            return Some(Says::Yes);
        }
        if !is_code {
            let mentions = |name: &str| workspace.mentions(module, &reach, files(), name);
            return named.real.file_name().is_some_and(mentions).then_some(Says::Yes).or_else(|| reads_it(named));
        }
        if folders.iter().any(|folder| reach.folders.contains(folder))
            || folders.contains(&module.id) && workspace.is_mark_of_root(module, &named.real)
            || copied_with(&named.folder).any(|unit| files().contains(&unit))
        {
            return Some(Says::Yes);
        }
        folders.contains(&module.id).then_some(Says::Perhaps)
    };
    asked.iter().filter_map(of).max()
}

/// The files that are read for the values of a module's notebooks, or looked for, by canonical path.
fn read_by<'w, 'a>(evaluator: &Evaluator<'w, 'a>, module: &'w Module<'a>) -> BTreeSet<Utf8PathBuf> {
    for notebook in module.of_types(&RESOURCE_TYPES) {
        if let Some(attribute) = notebook.attribute(ATTRIBUTE) {
            evaluator.arrivals(module, notebook, attribute);
        }
    }
    evaluator.looked_for()
}

/// The units in a folder, which Terragrunt copies with the code there to the modules that they run.
fn copied_with(folder: &Utf8Path) -> impl Iterator<Item = Utf8PathBuf> {
    UNIT_FILES
        .into_iter()
        .map(|name| folder.join(name))
        .filter(|unit| unit.exists())
        .map(|unit| store::canonical(&unit))
}

/// What a document, or a folder of some, may have to say, since its name may be put together: code on the way to a module reads
/// documents, or asks which there are.
fn reads<'a>(
    workspace: &Workspace<'a>,
    module: &Module<'a>,
    reach: &Reach,
    files: &BTreeSet<Utf8PathBuf>,
    named: &Named,
    read: &BTreeSet<Utf8PathBuf>,
) -> Option<Says> {
    let mentions = |function: &str| workspace.mentions(module, reach, files, function);
    let is_read = |path: &Utf8PathBuf| named.covers(path) || named.real.starts_with(path);
    if read.iter().any(is_read) || reach.holds(&named.real) && mentions("fileset(") {
        return Some(Says::Yes);
    }
    ["file(", "templatefile("].into_iter().any(mentions).then_some(Says::Perhaps)
}

/// The files that the values of a notebook come through.
fn on_the_way(finding: &Finding) -> BTreeSet<FileId> {
    let values = finding.notebook().into_iter().flat_map(|notebook| &notebook.values);
    let files = values.flat_map(|value| {
        value.hops.iter().map(|hop| hop.location.file).chain([value.origin.file]).collect::<Vec<_>>()
    });
    files.chain([finding.anchor.file]).collect()
}
