//! Paths of script files.
//!
//! `path.module` is the module's folder and `path.root` that of the root module. Terraform takes a plain relative path
//! from the working folder, which is the root module's unless someone changes it; some write it from the file's own.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::references::{Here, ends};
use crate::model::store::join;
use crate::model::{Module, Workspace};
use crate::source::FileId;
use crate::syntax::tree::{Expr, ExprKind, Step, TemplatePart};

/// More alternatives than this are not told apart.
const MOST: usize = 32;

/// Stands in front of a folder that the code names, such as `path.module`: the path is not taken from another.
const KNOWN: char = '\u{1}';

/// The files that a path can mean, and the paths that lead to none.
#[derive(Default)]
pub(super) struct Files {
    pub(super) found: Vec<FileId>,
    /// Each with its reason.
    pub(super) missing: Vec<String>,
}

/// The files a path expression names.
pub(super) fn files<'w, 'a>(workspace: &'w Workspace<'a>, here: Here<'w, 'a>) -> Files {
    let mut files = Files::default();
    let Some(paths) = texts(workspace, here, 0) else {
        let source = workspace.view().source(here.file).slice(here.expr.span);
        let source: String = source.chars().take(80).collect();
        files.missing.push(format!("the path `{source}` is not known from the code"));
        return files;
    };
    // An empty path is what is left where there is no script.
    for path in paths.into_iter().filter(|path| !path.is_empty()) {
        let (folders, path) = match path.rsplit_once(KNOWN) {
            Some((_, path)) => (vec![Utf8PathBuf::new()], path),
            None => (folders(workspace, here, &path), path.as_str()),
        };
        match folders.iter().find_map(|folder| load(workspace, folder, path)) {
            Some(file) if files.found.contains(&file) => {}
            Some(file) => files.found.push(file),
            None => files.missing.push(format!("there is no readable file `{path}`")),
        }
    }
    files
}

fn load(workspace: &Workspace<'_>, folder: &Utf8Path, path: &str) -> Option<FileId> {
    let path = join(folder, path);
    path.is_file().then(|| workspace.view().store().load(&path)).flatten()
}

/// The folders a path is taken from, the likeliest first.
fn folders<'w, 'a>(workspace: &'w Workspace<'a>, here: Here<'w, 'a>, path: &str) -> Vec<Utf8PathBuf> {
    if Utf8Path::new(path).is_absolute() {
        return vec![Utf8PathBuf::new()];
    }
    let own = workspace.view().source(here.file).folder().to_owned();
    let mut folders = roots(workspace, here.module);
    folders.extend([own, here.module.folder.clone(), Utf8PathBuf::new()]);
    folders
}

/// The folders of the root modules that lead to a module.
fn roots<'w, 'a>(workspace: &'w Workspace<'a>, module: &'w Module<'a>) -> Vec<Utf8PathBuf> {
    let mut seen = BTreeSet::new();
    let mut open = vec![module];
    let mut roots = Vec::new();
    while let Some(module) = open.pop() {
        if !seen.insert(module.id.clone()) {
            continue;
        }
        let callers = workspace.callers_of(module);
        if callers.is_empty() || module.is_set_up() {
            roots.push(module.folder.clone());
        }
        open.extend(callers.into_iter().map(|(caller, _)| caller));
    }
    roots
}

/// The texts an expression can have, as far as a path needs it.
fn texts<'w, 'a>(workspace: &'w Workspace<'a>, here: Here<'w, 'a>, depth: usize) -> Option<Vec<String>> {
    if depth > 8 {
        return None;
    }
    let mut all = Vec::new();
    for end in ends(workspace, here) {
        let parts = |exprs: Vec<Part<'a>>, separator: &str| {
            let sets = exprs.into_iter().map(|part| match part {
                Part::Text(text) => Some(vec![text]),
                Part::Expr(expr) => texts(workspace, end.with(expr), depth + 1),
            });
            joined(&sets.collect::<Option<Vec<_>>>()?, separator)
        };
        match &end.expr.kind {
            ExprKind::Null => {}
            ExprKind::String(text) | ExprKind::Number(text) => all.push(text.clone()),
            ExprKind::Template(pieces) => all.extend(parts(
                pieces
                    .iter()
                    .map(|piece| match piece {
                        TemplatePart::Literal(text, _) => Some(Part::Text(text.clone())),
                        TemplatePart::Interpolation(expr) => Some(Part::Expr(expr)),
                        TemplatePart::If { .. } | TemplatePart::For(_) => None,
                    })
                    .collect::<Option<_>>()?,
                "",
            )?),
            ExprKind::Traversal(root, steps) => all.extend(folder(workspace, end.module, root, steps)?),
            ExprKind::Call { name, args, .. } => match (name.as_str(), args.as_slice()) {
                ("abspath" | "pathexpand" | "trimspace", [path]) => {
                    all.extend(texts(workspace, end.with(path), depth + 1)?);
                }
                ("join", [separator, list]) => {
                    let (ExprKind::String(separator), ExprKind::Array(items)) = (&separator.kind, &list.kind) else {
                        return None;
                    };
                    all.extend(parts(items.iter().map(Part::Expr).collect(), separator)?);
                }
                ("format", [format, args @ ..]) => {
                    let ExprKind::String(format) = &format.kind else { return None };
                    let mut pieces = Vec::new();
                    let mut args = args.iter();
                    for (index, words) in format.split("%s").enumerate() {
                        if index > 0 {
                            pieces.push(Part::Expr(args.next()?));
                        }
                        pieces.push(Part::Text(words.to_owned()));
                    }
                    all.extend(parts(pieces, "")?);
                }
                _ => return None,
            },
            _ => return None,
        }
    }
    (!all.is_empty() && all.len() <= MOST).then_some(all)
}

enum Part<'a> {
    Text(String),
    Expr(&'a Expr),
}

/// Every combination of one text of each, with a separator between.
fn joined(sets: &[Vec<String>], separator: &str) -> Option<Vec<String>> {
    let mut result = vec![String::new()];
    for (index, set) in sets.iter().enumerate() {
        let between = if index == 0 { "" } else { separator };
        result =
            result.iter().flat_map(|before| set.iter().map(move |text| format!("{before}{between}{text}"))).collect();
        if result.len() > MOST {
            return None;
        }
    }
    Some(result)
}

/// `path.module`, `path.root` and `path.cwd`.
fn folder<'w, 'a>(
    workspace: &'w Workspace<'a>,
    module: &'w Module<'a>,
    root: &Expr,
    steps: &[Step],
) -> Option<Vec<String>> {
    let (ExprKind::Variable(kind), [Step::Attr(name)]) = (&root.kind, steps) else { return None };
    let shown = |folder: &Utf8Path| {
        let folder = if folder.as_str().is_empty() { "." } else { folder.as_str() };
        format!("{KNOWN}{folder}")
    };
    match (kind.as_str(), name.as_str()) {
        ("path", "module") => Some(vec![shown(&module.folder)]),
        ("path", "root" | "cwd") => Some(roots(workspace, module).iter().map(|folder| shown(folder)).collect()),
        _ => None,
    }
}
