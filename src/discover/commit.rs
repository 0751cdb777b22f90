//! Which commit is checked out: what a report is about.
//!
//! Source: git, `Documentation/gitrepository-layout.adoc`: `HEAD` holds a commit or `ref: ` and the name of a reference, which
//! is a file of that name or a line of `packed-refs`; a further work tree shares both with the folder that `commondir` names.

use camino::Utf8Path;

use super::tracked::GitFolder;
use crate::source::Fence;

/// The commit that is checked out in the repository whose top is `top`; `None` where there is none yet, or where nothing
/// that may be read says which it is.
#[must_use]
pub fn commit(top: &Utf8Path, fence: &Fence) -> Option<String> {
    let folder = GitFolder::of(top, fence)?;
    let text = |folder: &GitFolder, name: &str| String::from_utf8(folder.read(name, fence).ok()?).ok();
    let head = text(&folder, "HEAD")?;
    let Some(reference) = head.trim().strip_prefix("ref: ") else { return object(&head) };
    if !reference.starts_with("refs/") || reference.split('/').any(|part| part == "..") {
        return None;
    }
    let shared = text(&folder, "commondir").map(|common| folder.at(common.trim()));
    let folder = shared.unwrap_or(folder);
    text(&folder, reference).and_then(|text| object(&text)).or_else(|| {
        let packed = text(&folder, "packed-refs")?;
        let line = packed.lines().find(|line| line.split_once(' ').is_some_and(|(_, name)| name == reference))?;
        object(line.split_once(' ')?.0)
    })
}

/// The name of an object, in SHA-1 or SHA-256.
fn object(text: &str) -> Option<String> {
    let name = text.trim();
    let is_name = matches!(name.len(), 40 | 64) && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_name.then(|| name.to_owned())
}
