//! The files that may be the values which texts give whose paths they put together.

use std::collections::{BTreeSet, HashMap};

use camino::{Utf8Path, Utf8PathBuf};

use super::Texts;
use crate::discover::commands::spelled::{Spelled, sets_values};
use crate::discover::commands::{self, Declared, Sets};
use crate::discover::file_names::is_values;
use crate::discover::threads::shared_out;

/// Files that some texts may mean.
#[derive(Debug, Default)]
pub(super) struct Meant {
    /// Files of values by their names, each with the text.
    pub(super) values: Vec<(Utf8PathBuf, Utf8PathBuf)>,
    /// Other files that read as such.
    pub(super) texts: Vec<(Utf8PathBuf, Sets)>,
}

impl Meant {
    /// What some texts may mean. A file lies in a folder that one of them spells, or is called as one of them spells, or has an end
    /// of which the start is computed.
    pub(super) fn by(mut open: Vec<Utf8PathBuf>, tree: &Texts, threads: usize) -> Self {
        if tree.declared == Declared::default() || open.is_empty() {
            return Self::default();
        }
        open.sort_unstable();
        open.dedup();
        let read = |at: usize, read: &mut Vec<(usize, Spelled)>| {
            read.extend(commands::text_of(open[at].as_std_path()).map(|bytes| (at, Spelled::of(&bytes))));
        };
        let join = |all: &mut Vec<_>, mut found| all.append(&mut found);
        let mut spelled: Vec<(usize, Spelled)> = shared_out(threads, open.len(), read, join);
        spelled.sort_unstable_by_key(|(at, _)| *at);
        let mut by_word: HashMap<&str, Vec<&(usize, Spelled)>> = HashMap::new();
        for one in &spelled {
            one.1.words.iter().for_each(|word| by_word.entry(word).or_default().push(one));
        }
        let open_ends: BTreeSet<&str> = spelled.iter().flat_map(|(_, spelled)| spelled.open_ends()).collect();
        let has_open_end = |name: &str| name.rfind('.').is_some_and(|at| open_ends.contains(&name[at..]));
        let look = |path: &Utf8Path, found: &mut Self| {
            let name = path.file_name().unwrap_or_default();
            let folder = path.parent().and_then(Utf8Path::file_name).unwrap_or_default();
            let mut by_folder = by_word.get(folder).into_iter().flatten().filter(|(_, spelled)| spelled.may_mean(name));
            let by_name = || by_word.get(name).and_then(|spelling| spelling.first());
            let text = by_folder.next().or_else(by_name).map(|(at, _)| &open[*at]);
            let reads_as_values = || commands::text_of(path.as_std_path()).is_some_and(|bytes| sets_values(&bytes));
            if is_values(name.as_ref()) {
                found.values.extend(text.map(|text| (text.clone(), path.to_owned())));
            } else if (text.is_some() || has_open_end(name)) && commands::is_data(name.as_ref()) && reads_as_values() {
                found.texts.push((path.to_owned(), Sets::Any));
            }
        };
        let work = |at: usize, found: &mut Self| tree.files.group(at).for_each(|path| look(&path, found));
        let mut found = shared_out(threads, tree.files.groups(), work, Self::append);
        tree.links.iter().for_each(|link| look(link, &mut found));
        found
    }

    fn append(&mut self, mut other: Self) {
        self.values.append(&mut other.values);
        self.texts.append(&mut other.texts);
    }
}
