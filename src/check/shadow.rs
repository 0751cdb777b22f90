//! Files that `OpenTofu` passes over for another one of the same name.

use std::collections::BTreeSet;

use crate::finding::{Finding, Note};
use crate::model::files::{ConfigName, ModuleFiles};
use crate::model::store::join;
use crate::model::{Tool, View};
use crate::source::FileId;

/// A note at each file that `OpenTofu` does not read, where the file it reads instead has other contents and one of
/// the two takes part in a verdict.
pub(super) fn notes(view: &View<'_>, findings: &[Finding]) -> Vec<Note> {
    let concerned: BTreeSet<FileId> = findings.iter().flat_map(files).collect();
    let folders: BTreeSet<_> = concerned.iter().map(|&file| view.source(file).folder().to_owned()).collect();
    let mut notes = Vec::new();
    for folder in folders {
        let names = view.store().names(&folder).iter().map(String::as_str);
        for name in ModuleFiles::new(names, Tool::OpenTofu).shadowed {
            let Some(shadow) = ConfigName::new(name).and_then(ConfigName::shadow) else { continue };
            let load = |name: &str| view.store().load(&join(&folder, name));
            let (Some(file), Some(instead)) = (load(name), load(&shadow)) else { continue };
            let differ = view.source(file).text() != view.source(instead).text();
            if differ && (concerned.contains(&file) || concerned.contains(&instead)) {
                let position = view.source(file).position(view.source(file).content_start());
                let message = format!("Terraform reads this file, OpenTofu {shadow} in its place, and the two differ");
                notes.push(Note { file, position, message });
            }
        }
    }
    notes
}

/// The files that a verdict rests on.
fn files(finding: &Finding) -> impl Iterator<Item = FileId> {
    let notebook = finding.notebook();
    let values = notebook.into_iter().flat_map(|notebook| &notebook.values).flat_map(|value| {
        let hops = value.hops.iter().map(|hop| hop.location.file);
        std::iter::once(value.origin.file).chain(hops)
    });
    let block = notebook.map(|notebook| notebook.location.file);
    [finding.anchor.file].into_iter().chain(block).chain(values)
}
