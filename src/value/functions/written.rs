//! Documents that are others once Terraform reads them: something of the repository writes them, or decides which are read.

use camino::Utf8Path;

use super::super::data::{Data, Traced, Values, alternatives};
use super::super::eval::Evaluator;
use super::super::scope::Scope;
use super::files::resolved;
use crate::source::Location;

impl<'w, 'a> Evaluator<'w, 'a> {
    /// What a function reads from the files at some paths, or of them, and what it may read instead once they are written.
    pub(super) fn as_written(
        &self,
        read_now: Values,
        paths: &Values,
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        let store = self.workspace.view().store();
        let roots = Self::root_folders(scope, location);
        let written = roots.iter().flat_map(|root| paths.iter().map(move |path| (root, path)));
        let written = written.filter_map(|(root, path)| {
            let path = resolved(&root.as_text()?, &path.as_text()?).ok()?;
            let text = self.workspace.callers().writer_of(&store.canonical(&path))?;
            self.looked_for.borrow_mut().insert(store.canonical(text));
            Some(Traced::unknown(format!("{path}, which {text} may write"), location))
        });
        let written: Values = written.collect();
        if written.is_empty() { read_now } else { alternatives(read_now.into_iter().chain(written)) }
    }

    /// Why code asks for a file that is not here: somebody who runs it has one.
    pub(super) fn kept_elsewhere(&self, path: &Utf8Path, real: &Utf8Path) -> Option<&'static str> {
        if self.workspace.callers().is_git_ignored(real) {
            return Some("which git ignores and which is not here");
        }
        let (folder, name) = (path.parent()?, path.file_name()?);
        let names = self.workspace.view().store().names(folder);
        let is_example = |other: &String| is_example(other, name);
        names.iter().any(is_example).then_some("which is not here, and of which there is an example")
    }

    /// Notes the folders in which a file is looked for whose name is not known.
    pub(super) fn look_below(&self, roots: &Values, paths: &Values) {
        let unknown = paths.iter().filter(|path| matches!(path.data, Data::Unknown(_)));
        for start in unknown.map(|path| path.refinement.as_ref().map_or("", |known| known.prefix.as_str())) {
            let folder = start.rsplit_once('/').map_or("", |(folder, _)| folder);
            let folders = roots.iter().filter_map(|root| resolved(&root.as_text()?, folder).ok());
            let store = self.workspace.view().store();
            self.looked_for.borrow_mut().extend(folders.map(|folder| store.canonical(&folder)));
        }
    }
}

/// Whether a file is an example of another, by their names: `nb.yaml.example`, `nb.sample.yaml`.
fn is_example(name: &str, of: &str) -> bool {
    const SIGNS: [&str; 7] = ["dist", "example", "j2", "sample", "template", "tmpl", "tpl"];
    let words = |text: &str| text.split(['.', '-', '_']).map(str::to_lowercase).collect::<Vec<_>>();
    let (own, of) = (words(name), words(of));
    own.len() > of.len() && own.iter().filter(|word| !SIGNS.contains(&word.as_str())).eq(&of)
}
