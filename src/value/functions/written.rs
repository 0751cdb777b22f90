//! Documents that something of the repository writes before Terraform reads them.

use super::super::data::{Traced, Values, alternatives};
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
}
