//! Documents that are others once Terraform reads them: something of the repository writes them, or decides which are read.

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
            Some(Traced::unknown(format!("{path}, which {text} writes"), location))
        });
        let written: Values = written.collect();
        if written.is_empty() { read_now } else { alternatives(read_now.into_iter().chain(written)) }
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
