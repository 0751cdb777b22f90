//! Configurations under names of their own, which only a command line can name.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use super::search::Search;
use crate::source::FileId;

impl Search<'_, '_, '_> {
    /// Adds the configurations that no command names, and that nothing includes or reads: whoever wrote them names them on
    /// the command line. One that leads to a module, or cannot be read, counts; any other may be something else and does not.
    pub(super) fn unnamed(&mut self) {
        let callers = self.evaluator.workspace.callers();
        let view = self.evaluator.workspace.view();
        let (read, unnamed) = (callers.terragrunt(), callers.unnamed_configurations());
        let loaded = |paths: &[Utf8PathBuf]| -> Vec<FileId> {
            paths.iter().filter_map(|path| view.store().load(path)).collect()
        };
        if unnamed.is_empty() {
            return;
        }
        let mut mentions: BTreeMap<&str, BTreeSet<FileId>> = BTreeMap::new();
        for file in [loaded(read), loaded(unnamed)].concat() {
            for name in names_of_configurations(view.source(file).text()) {
                mentions.entry(name).or_default().insert(file);
            }
        }
        for path in unnamed {
            let mentions = path.file_name().and_then(|name| mentions.get(name)).into_iter().flatten();
            let Some(config) = self.top(path) else {
                let is_unread = view.store().load(path).is_none() && mentions.count() == 0;
                self.found.unread.extend(is_unread.then(|| path.clone()));
                continue;
            };
            if mentions.copied().any(|file| file != config.file) || self.included.contains(&config.file) {
                continue;
            }
            let before = (self.found.unfollowed.len(), self.found.elsewhere.len());
            self.unit(&config, path);
            let unfollowed = self.found.unfollowed.split_off(before.0);
            self.found.unfollowed.extend(unfollowed.into_iter().filter(|unfollowed| unfollowed.is_broken));
            self.found.elsewhere.truncate(before.1);
        }
    }
}

/// The words of a text that are names of configurations.
fn names_of_configurations(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '.' | '_' | '-'));
    words.filter(|word| [".hcl", ".hcl.json"].iter().any(|end| word.ends_with(end)))
}
