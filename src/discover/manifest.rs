//! The modules that `terraform init` has left below a root module: read for their notebooks, never edited.
//!
//! Source: hashicorp/terraform, `internal/modsdir`: `.terraform/modules/modules.json` names each module by the calls
//! that lead to it, with its folder as seen from the root module.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use memchr::memmem;
use serde::Deserialize;

use super::Found;
use super::paths::problem;
use super::prefilter::letters;
use crate::control::NEEDLE;
use crate::finding::Problem;
use crate::source::{Fence, FileKind};

/// Where Terraform puts the list, below a root module.
pub(super) const PATH: &str = ".terraform/modules/modules.json";

/// The folder of Terraform's own files, below a root module.
pub(super) const FOLDER: &str = ".terraform";

/// A longer list is not read: its modules would take many times its size.
const LONGEST: usize = 16 << 20;

/// A module of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The names of the calls from the root on, joined by dots; empty for the root itself.
    pub key: String,
    /// Its folder.
    pub folder: Utf8PathBuf,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "Modules")]
    modules: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Dir")]
    dir: String,
}

/// The root module that a list belongs to; `None` if the path is not that of a list.
#[must_use]
pub fn root_of(manifest: &Utf8Path) -> Option<&Utf8Path> {
    if manifest.ends_with(PATH) { manifest.ancestors().nth(3) } else { None }
}

/// The modules of a list.
///
/// # Errors
/// If it cannot be read, or is no list: then it is not known what the calls below its root lead to.
pub fn installed(manifest: &Utf8Path) -> Result<Vec<Installed>, Problem> {
    let root = root_of(manifest).unwrap_or(Utf8Path::new(""));
    let refused = |why: String| problem(manifest.as_std_path(), why);
    let bytes = Fence::around(&[root.to_owned()]).read(manifest).map_err(|refusal| refused(refusal.to_string()))?;
    if bytes.len() > LONGEST {
        return Err(refused(format!("larger than {} MiB, so it was not read", LONGEST >> 20)));
    }
    let Manifest { modules } = serde_json::from_slice(&bytes).map_err(|error| {
        refused(format!("not a list of modules as `terraform init` writes it ({error}); run it again"))
    })?;
    let folder = |dir: &str| if dir == "." { root.to_owned() } else { root.join(dir) };
    // Early versions wrote paths as Windows has them.
    let spelled = |dir: String| if dir.contains('/') { dir } else { dir.replace('\\', "/") };
    let modules = modules.into_iter();
    let mut found: Vec<Installed> =
        modules.map(|entry| Installed { folder: folder(&spelled(entry.dir)), key: entry.key }).collect();
    // Terraform writes the root itself down as well. What calls a module that is listed must not get lost without it.
    let keys: BTreeSet<&str> = found.iter().map(|module| module.key.as_str()).collect();
    let parent = |module: &Installed| module.key.rsplit_once('.').map(|(parent, _)| parent.to_owned());
    if let Some(parent) = found.iter().filter_map(parent).find(|parent| !keys.contains(parent.as_str())) {
        let why = format!("lists a module below `{parent}`, which it does not list; `terraform init` writes it anew");
        return Err(refused(why));
    }
    if !keys.contains("") {
        found.push(Installed { key: String::new(), folder: root.to_owned() });
    }
    Ok(found)
}

/// The files of downloaded modules that can hold a notebook, by path, and what cannot be read there.
pub(super) fn hits(manifests: &[Utf8PathBuf], fence: &Fence) -> (Vec<Found>, Vec<Problem>) {
    let (mut hits, mut problems) = (Vec::new(), Vec::new());
    let mut modules = Vec::new();
    for manifest in manifests {
        match installed(manifest) {
            Ok(found) => modules.extend(found),
            Err(unread) => problems.push(unread),
        }
    }
    let mut folders: Vec<Utf8PathBuf> = modules
        .into_iter()
        .map(|module| module.folder)
        .filter(|folder| {
            // The list belongs to the code under scan, and can name any folder: only what really lies there counts.
            let real = folder.canonicalize_utf8();
            real.is_ok_and(|real| fence.admits(&real) && real.components().any(|part| part.as_str() == ".terraform"))
        })
        .collect();
    folders.sort();
    folders.dedup();
    let files = folders.iter().flat_map(|folder| folder.read_dir_utf8().into_iter().flatten().filter_map(Result::ok));
    for entry in files.filter(|entry| FileKind::is_configuration(entry.file_name().as_ref())) {
        match fence.read(entry.path()) {
            Ok(bytes) if memmem::find(&letters(&bytes), NEEDLE.as_bytes()).is_some() => {
                hits.push(Found { path: entry.path().to_owned(), bytes });
            }
            Ok(_) => {}
            Err(refusal) => problems.push(problem(entry.path().as_std_path(), refusal.to_string())),
        }
    }
    (hits, problems)
}
