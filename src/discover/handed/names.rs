//! The names that texts set, once it is known which variables the code of their tree declares.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::{SetVariable, Texts};
use crate::discover::commands::beside::{named_by, of_module};
use crate::discover::commands::{self, Declared, Sets, Setting};
use crate::discover::threads::shared_out;
use crate::source::{Fence, FileKind};

/// The most files that names in texts are taken for, tried or found.
pub(super) const MOST_TRIED: usize = 50_000;

/// What the names in texts set.
#[derive(Default)]
pub(super) struct Named {
    pub(super) variables: Vec<SetVariable>,
    /// The texts that name more files than are tried, or a link that leads out of the tree.
    pub(super) cut_short: Vec<Utf8PathBuf>,
}

/// The variables that some texts set in any way, and those that they take from files of data. `data` are the names of such
/// files, each with the text that it stands in; they count from its folder, or from any around it in the tree. `handing` are
/// files that hand names to code. In no order.
pub(super) fn set_variables(
    texts: &[(Utf8PathBuf, Sets)],
    data: &[(Utf8PathBuf, String)],
    handing: Vec<Utf8PathBuf>,
    Texts { declared, folders, .. }: &Texts,
    threads: usize,
) -> Named {
    if *declared == Declared::default() {
        return Named::default();
    }
    // A link may lead anywhere; what is behind it is not read.
    let fence = Fence::around(folders);
    let is_inside = |path: &Utf8PathBuf| path.canonicalize_utf8().is_ok_and(|real| fence.admits(&real));
    let mut files: BTreeMap<Utf8PathBuf, Sets> = texts.iter().cloned().collect();
    let (mut tried, mut cut_short) = (0, Vec::new());
    for (text, name) in data {
        if tried > MOST_TRIED {
            cut_short.push(text.clone());
            continue;
        }
        let around = text.ancestors().skip(1).take_while(|folder| folders.iter().any(|start| is_below(folder, start)));
        for folder in around {
            let (inside, outside): (Vec<_>, Vec<_>) =
                matching(folder, name, &mut tried).into_iter().partition(is_inside);
            files.extend(inside.into_iter().map(|file| (file, Sets::Any)));
            cut_short.extend((!outside.is_empty()).then(|| text.clone()));
        }
        cut_short.extend((tried > MOST_TRIED).then(|| text.clone()));
    }
    // Code takes names from its module and from data, too. In which folder the other run is, none of these says.
    let (mut beside, mut modules) = (BTreeSet::from_iter(handing), BTreeSet::new());
    let is_code = |path: &Utf8Path| path.file_name().is_some_and(|name| FileKind::is_configuration(name.as_ref()));
    for (code, _) in texts.iter().filter(|(path, _)| is_code(path)) {
        let folder = code.parent().unwrap_or(Utf8Path::new(""));
        if modules.insert(folder) {
            let (inside, outside): (Vec<_>, Vec<_>) = of_module(folder).into_iter().partition(is_inside);
            beside.extend(inside);
            cut_short.extend((!outside.is_empty()).then(|| code.clone()));
        }
        let (named, is_cut_short) = if tried > MOST_TRIED { (Vec::new(), true) } else { named_by(code, &is_inside) };
        tried += named.len();
        beside.extend(named);
        cut_short.extend(is_cut_short.then(|| code.clone()));
    }
    let files: Vec<(Utf8PathBuf, Sets, bool)> = {
        let beside = beside.into_iter().map(|path| (path, Sets::Any, true));
        files.into_iter().map(|(path, sets)| (path, sets, false)).chain(beside).collect()
    };
    let work = |at: usize, found: &mut Vec<SetVariable>| {
        let Some((file, sets, is_beside)) = files.get(at) else { return };
        let set = commands::set_in(file.as_std_path(), *sets, declared).into_iter();
        found.extend(set.map(|Setting { name, folder, value }| {
            let folder = folder.filter(|_| !is_beside);
            SetVariable::new(file, Setting { name, folder, value })
        }));
    };
    let variables = shared_out(threads, files.len(), work, |all, mut found| all.append(&mut found));
    Named { variables, cut_short }
}

pub(super) fn is_below(folder: &Utf8Path, start: &Utf8Path) -> bool {
    start.as_str().is_empty() || start == "." || folder.starts_with(start)
}

/// The files of data that a name stands for, seen from a folder.
fn matching(folder: &Utf8Path, name: &str, tried: &mut usize) -> Vec<Utf8PathBuf> {
    let mut paths = expanded(folder, name, tried);
    paths.retain(|path| path.file_name().is_some_and(|name| commands::is_data(name.as_ref())) && path.is_file());
    paths
}

/// Whether a name is that of a segment of a path: one that is computed stands for all that begin and end as it does.
pub(super) fn is_like(name: &str, segment: &str) -> bool {
    let (start, end) = around_computed(segment);
    if is_computed(segment) { name.starts_with(start) && name.ends_with(end) } else { name == segment }
}

fn is_computed(segment: &str) -> bool {
    segment.contains(['$', '{', '%', '*', '(', '@'])
}

/// What stands before and behind the computed part of a segment.
fn around_computed(segment: &str) -> (&str, &str) {
    let start = segment.split(['$', '{', '%', '*', '(', '@']).next().unwrap_or_default();
    let end = segment.rsplit(['}', ')', '*', '%', '@', '$']).next().unwrap_or_default();
    (start, end.rfind('.').map_or("", |at| &end[at..]))
}

/// The paths that a name stands for, seen from a folder: a computed segment is any entry that begins and ends as it does.
pub(super) fn expanded(folder: &Utf8Path, name: &str, tried: &mut usize) -> Vec<Utf8PathBuf> {
    let mut paths = vec![folder.to_owned()];
    let mut segments = name.split('/').filter(|segment| !segment.is_empty() && *segment != ".").peekable();
    while let Some(segment) = segments.next() {
        if !is_computed(segment) {
            for path in &mut paths {
                path.push(segment);
            }
            continue;
        }
        *tried += 1;
        if *tried > MOST_TRIED {
            return Vec::new();
        }
        let (start, end) = around_computed(segment);
        let entries = paths.iter().filter_map(|path| {
            let path = if path.as_str().is_empty() { Utf8Path::new(".") } else { path };
            Some((path, path.read_dir_utf8().ok()?))
        });
        let entries = entries.flat_map(|(path, entries)| {
            let names = entries.filter_map(Result::ok).map(|entry| entry.file_name().to_owned());
            let names = names.filter(|name| name.starts_with(start) && name.ends_with(end));
            names.map(|name| if path == "." { name.into() } else { path.join(name) }).collect::<Vec<Utf8PathBuf>>()
        });
        let found: Vec<Utf8PathBuf> = entries.collect();
        *tried += found.len();
        paths = found;
        if segments.peek().is_some() {
            paths.retain(|path| path.is_dir());
        }
    }
    paths
}
