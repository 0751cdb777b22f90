//! What the files of a tree say that counts, or does not, by what all of them say.

use camino::Utf8PathBuf;

use super::{References, in_order};
use crate::discover::commands::{Declared, Sets};
use crate::discover::handed;

/// The most files of data that are searched for names: where there are more, a text that puts names together may take any.
const MOST_SETTINGS: usize = 20_000;

/// What is decided once every file has been looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Pending {
    /// The names of files that commands let Terragrunt take for `terragrunt.hcl`.
    pub(super) configurations: Vec<String>,
    /// Files that may be such, each with whether it names a module.
    pub(super) candidates: Vec<(Utf8PathBuf, bool)>,
    /// Files in which names that are set may be those that code takes from outside.
    pub(super) texts: Vec<(Utf8PathBuf, Sets)>,
    /// Files of data, in which names count where some text puts names together.
    pub(super) settings: Vec<Utf8PathBuf>,
    /// The texts that put names together.
    pub(super) putting_together: Vec<Utf8PathBuf>,
    /// Files that texts may take names of variables from, as they are written, each with the text.
    pub(super) data: Vec<(Utf8PathBuf, String)>,
    /// The names that code takes from outside.
    pub(super) declared: Declared,
}

impl Pending {
    /// Adds what another thread has found.
    pub(super) fn append(&mut self, mut other: Self) {
        self.configurations.append(&mut other.configurations);
        self.candidates.append(&mut other.candidates);
        self.texts.append(&mut other.texts);
        self.settings.append(&mut other.settings);
        self.putting_together.append(&mut other.putting_together);
        self.data.append(&mut other.data);
        self.declared.append(other.declared);
    }

    /// Adds to what was found in some folders the variables that are set by names that their code declares, and the
    /// configurations by names that commands give.
    pub(super) fn settle(mut self, found: &mut References, folders: &[Utf8PathBuf], threads: usize) {
        // As many of them are tried as a run may, whichever thread has come first.
        in_order(&mut self.data);
        in_order(&mut self.settings);
        if !self.putting_together.is_empty() {
            if self.settings.len() > MOST_SETTINGS {
                found.fetching.append(&mut self.putting_together);
            }
            self.texts.extend(self.settings.into_iter().take(MOST_SETTINGS).map(|path| (path, Sets::Any)));
        }
        let declared = self.declared;
        found.variables.extend(handed::set_variables(&self.texts, &self.data, &declared, folders, threads));
        let is_taken = |name: &String| declared.variables.contains(name) || declared.environment.contains(name);
        found.variables.retain(|set| is_taken(&set.name));
        for (path, names_a_module) in self.candidates {
            if self.configurations.iter().any(|name| path.file_name() == Some(name)) {
                found.terragrunt.push(path);
            } else if names_a_module {
                found.unnamed.push(path);
            }
        }
    }
}
