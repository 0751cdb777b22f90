//! Configurations under names of their own, which only a command line can name.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use super::search::Search;
use crate::source::FileId;
use crate::syntax::Syntax;

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
            if is_of_settings(view.syntax(config.file), path) {
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

/// Whether a file holds nothing but settings of another kind, as those of a backend: no block and no attribute by which a
/// configuration runs something or hands something over.
fn is_of_settings(syntax: &Syntax, path: &Utf8PathBuf) -> bool {
    let mut keys = syntax.body.attributes().map(|attribute| attribute.key.text.as_str());
    let is_plain = syntax.unreadable.is_empty() && syntax.body.blocks().next().is_none();
    path.extension() == Some("hcl") && is_plain && !keys.any(|key| matches!(key, "inputs" | "generate"))
}

/// The words of a text that are names of configurations.
fn names_of_configurations(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '.' | '_' | '-'));
    words.filter(|word| [".hcl", ".hcl.json"].iter().any(|end| word.ends_with(end)))
}
