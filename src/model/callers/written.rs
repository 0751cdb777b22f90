//! The documents of a tree that its own texts write.

use std::collections::HashMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::discover::ANY_DOCUMENT;

/// The documents that texts write, by name.
#[derive(Default)]
pub(super) struct Written {
    /// Each with the text, and the folders that it spells before the name, innermost first.
    by_name: HashMap<String, Vec<(Utf8PathBuf, Vec<String>)>>,
}

impl Written {
    pub(super) fn of(written: &[(Utf8PathBuf, String)]) -> Self {
        let mut by_name: HashMap<String, Vec<_>> = HashMap::new();
        for (text, path) in written {
            let mut parts = path.split(['/', '\\']).rev();
            let name = parts.next().unwrap_or_default();
            let is_plain = |part: &&str| !part.is_empty() && *part != ".." && !part.contains(['$', '{', '%', '*', '~']);
            let folders = parts.filter(|part| *part != ".").take_while(is_plain).map(str::to_owned);
            by_name.entry(name.to_owned()).or_default().push((text.clone(), folders.collect()));
        }
        Self { by_name }
    }

    /// The first text that writes a document, as far as its path is spelled.
    pub(super) fn by(&self, document: &Utf8Path) -> Option<&Utf8Path> {
        let folders: Vec<&str> = document.parent()?.components().rev().map(|part| part.as_str()).collect();
        let fits = |spelled: &Vec<String>| {
            folders.len() >= spelled.len() && spelled.iter().zip(&folders).all(|(one, own)| one == own)
        };
        let named = |name: &str| self.by_name.get(name).into_iter().flatten().filter(|(_, spelled)| fits(spelled));
        // A computed name may be any, and one of any name must say in which folder.
        let mut all =
            named(document.file_name()?).chain(named(ANY_DOCUMENT).filter(|(_, spelled)| !spelled.is_empty()));
        all.next().map(|(text, _)| text.as_path())
    }
}
