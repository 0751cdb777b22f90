//! What commands copy into the folders of root modules: code that declares variables, and files of values that are made first.

use camino::{Utf8Path, Utf8PathBuf};

use super::SetVariable;
use super::names::{MOST_TRIED, Named, expanded, is_below};
use crate::discover::commands::beside::of_module;
use crate::discover::commands::{Copy, Setting, defaults};
use crate::discover::file_names::is_values;
use crate::source::{self, Fence, FileKind};

/// Longer files are not written by people.
const LONGEST: u64 = 4 << 20;

/// More paths are not looked for.
const MOST_ASKED: usize = 500_000;

/// The variables whose defaults come from elsewhere by copies, each given with its text. `folders` are those of the tree.
pub(super) fn set_by_copies(copies: &[(Utf8PathBuf, Copy)], folders: &[Utf8PathBuf]) -> Named {
    let fence = Fence::around(folders);
    let is_inside = |path: &Utf8Path| path.canonicalize_utf8().is_ok_and(|real| fence.admits(&real));
    let (mut named, mut tried, mut asked) = (Named::default(), 0, 0);
    for (text, copy) in copies {
        let around = text.ancestors().skip(1).take_while(|folder| folders.iter().any(|start| is_below(folder, start)));
        let around: Vec<&Utf8Path> = around.collect();
        asked += around.len();
        let found = |path: &str, tried: &mut usize| -> Vec<Utf8PathBuf> {
            let path = below(path);
            let all = around.iter().flat_map(|folder| expanded(folder, &path, tried));
            all.filter(|path| path.exists() && is_inside(path)).collect()
        };
        let sources = if asked > MOST_ASKED { Vec::new() } else { found(&copy.source, &mut tried) };
        if tried > MOST_TRIED || asked > MOST_ASKED {
            named.cut_short.push(text.clone());
            continue;
        }
        if makes_values(copy) && sources.is_empty() {
            named.cut_short.push(text.clone());
        }
        let target = target(copy);
        let is_of_tree = target.is_empty() || found(target, &mut tried).iter().any(|path| path.is_dir());
        if !is_of_tree && !copy.is_shared {
            continue;
        }
        let folder =
            Some(target.to_owned()).filter(|target| is_of_tree && !target.is_empty() && !target.contains(".."));
        let is_code = |path: &Utf8PathBuf| {
            let name = path.file_name().unwrap_or_default();
            FileKind::is_configuration(name.as_ref()) || is_named_as_code(&copy.destination) && path.is_file()
        };
        let files = sources.into_iter().flat_map(|path| if path.is_dir() { of_module(&path) } else { vec![path] });
        for file in files.filter(is_code).filter(|file| is_inside(file)) {
            let bytes = source::read_up_to(file.as_std_path(), LONGEST).unwrap_or_default();
            let of_copy = |setting| SetVariable::new(&file, Setting { folder: folder.clone(), ..setting });
            named.variables.extend(defaults(&bytes).into_iter().map(of_copy));
        }
    }
    named
}

/// A path without the folders that it goes up: it is looked for from every folder around the text.
fn below(path: &str) -> String {
    let parts = path.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/")
}

/// The folder that a copy goes to; empty where it is the one that the command runs in.
fn target(copy: &Copy) -> &str {
    let destination = copy.destination.trim_end_matches(['/', '.']);
    if is_named_as_code(destination) || is_values(destination.as_ref()) {
        destination.rsplit_once('/').map_or("", |(folder, _)| folder)
    } else {
        destination
    }
}

fn is_named_as_code(path: &str) -> bool {
    FileKind::is_configuration(path.rsplit('/').next().unwrap_or(path).as_ref())
}

/// Whether a copy gives Terraform a file of values, whose source is not a variable alone.
fn makes_values(copy: &Copy) -> bool {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let is_loaded = |name: &str| {
        let stem = name.strip_suffix(".json").unwrap_or(name);
        stem == "terraform.tfvars" || stem.ends_with(".auto.tfvars")
    };
    let is_plain =
        copy.source.contains(|letter: char| letter.is_alphanumeric()) && !copy.source.starts_with(['$', '%', '{']);
    is_plain && (is_loaded(&name(&copy.destination)) || is_loaded(&name(&copy.source)))
}
