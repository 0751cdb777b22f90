//! Real Terraform as the judge of a traced value.
//!
//! A twin of a tree is a copy that Terraform can plan without a provider, an account or a network: every notebook is a
//! `terraform_data`, which Terraform has built in, with `root_access` as its `input`. Every other resource and data
//! source is a `terraform_data` whose attributes are not known before apply. Variables, locals, outputs and module
//! calls are the tree's own text. The twin is made from hcl-edit's spans and `serde_json` alone, so that it cannot
//! share a mistake with the evaluation it judges.

mod hcl;
mod json;
mod names;
mod plan;

use std::collections::BTreeMap;
use std::path::Path;

pub(crate) use crate::support::folder::{files, put};
pub(crate) use names::Resource;
pub(crate) use plan::{Planned, Terraform, UNKNOWN};

use names::Names;

/// Makes the twin of the tree at `from` in the folder `to`, which must be empty or not exist.
pub(crate) fn make(from: &Path, to: &Path) {
    let files = files(from);
    let mut names: BTreeMap<&Path, Names> = BTreeMap::new();
    for (path, bytes) in &files {
        let declared = match Syntax::of(path).filter(|_| is_text(bytes)) {
            Some(Syntax::Native) => hcl::declared(text(bytes)),
            Some(Syntax::Json) => json::declared(text(bytes)),
            None => continue,
        };
        names.entry(folder(path)).or_default().add(declared);
    }
    for (path, bytes) in &files {
        let place = Place { file: path.to_str().expect("a plain name"), is_override: is_override(path) };
        let twin = match Syntax::of(path).filter(|_| is_text(bytes)) {
            Some(Syntax::Native) => hcl::twin(text(bytes), place, &names[folder(path)]).into_bytes(),
            Some(Syntax::Json) => json::twin(text(bytes), place, &names[folder(path)]).into_bytes(),
            None => bytes.clone(),
        };
        put(&to.join(path), &twin);
    }
}

/// The file a block stands in, by its path from the tree's root.
#[derive(Clone, Copy)]
struct Place<'p> {
    file: &'p str,
    /// Whether Terraform merges the file over the others.
    is_override: bool,
}

#[derive(Clone, Copy)]
enum Syntax {
    Native,
    Json,
}

impl Syntax {
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "tf" => Some(Self::Native),
            "json" if Path::new(path.file_stem()?).extension()? == "tf" => Some(Self::Json),
            _ => None,
        }
    }
}

/// A path from the tree's root without `..`, with slashes.
pub(crate) fn normal(path: &Path) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.iter().map(|part| part.to_str().expect("a plain name")) {
        match part {
            "." => {}
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn is_override(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let stem = name.strip_suffix(".json").unwrap_or(name).strip_suffix(".tf").unwrap_or(name);
    stem == "override" || stem.ends_with("_override")
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// What is no UTF-8 is its own twin.
fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok()
}

fn text(bytes: &[u8]) -> &str {
    let text = std::str::from_utf8(bytes).expect("Terraform files are UTF-8");
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
