//! What texts say that counts, or does not, by what all of them say.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use memchr::memmem;

use super::arguments::Given;
use super::copies::set_by_copies;
use super::meant::Meant;
use super::names::{Named, is_like, set_variables};
use super::{Handed, SetVariable, Texts};
use crate::discover::commands::beside::of_module;
use crate::discover::commands::spelled::is_led_by_computed;
use crate::discover::commands::{self, Copy, Sets, Takes};
use crate::discover::file_names::is_values;
use crate::discover::paths::in_order;
use crate::source;

/// The most files of data that are searched for names: where there are more, a text that puts names together may take any.
const MOST_SETTINGS: usize = 20_000;

/// What is known once every text has been looked at.
#[derive(Default)]
pub(super) struct Found {
    handed: Handed,
    /// Files in which names that are set may be those that code takes from outside.
    texts: Vec<(Utf8PathBuf, Sets)>,
    /// Files of data, in which names count where some text puts names together.
    settings: Vec<Utf8PathBuf>,
    /// The texts that put names together.
    putting_together: Vec<Utf8PathBuf>,
    /// The texts that may take names from whoever starts them.
    programs: Vec<Utf8PathBuf>,
    /// The texts that give files of values whose paths they put together.
    leaving_files_open: Vec<Utf8PathBuf>,
    /// Files that texts may take names of variables from, as they are written, each with the text.
    data: Vec<(Utf8PathBuf, String)>,
    /// The files of values that commands give to Terraform, and the names of those that texts write.
    required: Vec<SetVariable>,
    made: BTreeSet<String>,
    /// Documents that a service keeps for a text, by name.
    kept: Vec<(Utf8PathBuf, String)>,
    /// What texts copy to other folders.
    copies: Vec<(Utf8PathBuf, Copy)>,
}

impl Found {
    /// Adds what another thread has found.
    pub(super) fn append(&mut self, mut other: Self) {
        self.handed.values.append(&mut other.handed.values);
        self.handed.watched.append(&mut other.handed.watched);
        self.handed.variables.append(&mut other.handed.variables);
        self.handed.files_of_values.append(&mut other.handed.files_of_values);
        self.handed.fetching.append(&mut other.handed.fetching);
        self.handed.configurations.append(&mut other.handed.configurations);
        self.handed.maps_sources |= other.handed.maps_sources;
        self.texts.append(&mut other.texts);
        self.settings.append(&mut other.settings);
        self.putting_together.append(&mut other.putting_together);
        self.programs.append(&mut other.programs);
        self.leaving_files_open.append(&mut other.leaving_files_open);
        self.data.append(&mut other.data);
        self.kept.append(&mut other.kept);
        self.copies.append(&mut other.copies);
        self.required.append(&mut other.required);
        self.made.append(&mut other.made);
    }

    /// Adds what a file says.
    pub(super) fn look_at(&mut self, path: Utf8PathBuf) {
        if path.file_name().is_some_and(|name| is_values(name.as_ref())) {
            return self.handed.files_of_values.push(path);
        }
        let commands = commands::in_file(path.as_std_path());
        self.handed.configurations.extend(commands.configurations);
        self.handed.values.extend(commands.values.into_iter().map(|name| (path.clone(), name)));
        self.required.extend(commands.required.into_iter().map(|setting| SetVariable::new(&path, setting)));
        self.made.extend(commands.made);
        self.handed.watched.extend(commands.watched.into_iter().map(|name| (path.clone(), name)));
        self.kept.extend(commands.kept.into_iter().map(|name| (path.clone(), name)));
        let set = commands.variables.into_iter();
        self.handed.variables.extend(set.map(|setting| SetVariable::new(&path, setting)));
        let counts = matches!(commands.sets, Sets::Environment | Sets::Any);
        self.texts.extend(counts.then(|| (path.clone(), commands.sets)));
        let is_data = matches!(commands.sets, Sets::Environment | Sets::Data);
        self.settings.extend(is_data.then(|| path.clone()));
        self.putting_together.extend((commands.takes == Takes::Names).then(|| path.clone()));
        self.programs.extend((commands.takes != Takes::Nothing).then(|| path.clone()));
        self.leaving_files_open.extend(commands.leaves_files_open.then(|| path.clone()));
        self.handed.fetching.extend(commands.fetches_values.then(|| path.clone()));
        self.handed.maps_sources |= commands.maps_sources;
        self.data.extend(commands.data.into_iter().map(|name| (path.clone(), name)));
        self.copies.extend(commands.copies.into_iter().map(|copy| (path.clone(), copy)));
    }

    /// What all of them hand over, with the variables that they set by names that the code of the tree declares.
    pub(super) fn settled(self, tree: &Texts, threads: usize) -> Handed {
        let Self { mut handed, mut texts, mut settings, mut putting_together, programs, mut data, mut copies, .. } =
            self;
        let mut open = self.leaving_files_open;
        let code = tree.values.iter().filter(|(_, path)| is_led_by_computed(path));
        open.extend(code.map(|(code, _)| code.clone()));
        let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let given: BTreeSet<String> =
            handed.values.iter().chain(&tree.values).chain(&data).map(|(_, path)| last(path)).collect();
        let is_open = !open.is_empty() || !programs.is_empty();
        let kept = self.kept.into_iter().filter(|(_, name)| is_open || given.contains(name));
        let given_as_values: Vec<Utf8PathBuf> = kept.map(|(text, _)| text).collect();
        let meant = Meant::by(open, tree, threads);
        handed.meant = meant.values;
        texts.extend(meant.texts);
        let given = Given::to(&programs, tree, threads);
        data.extend(given.data);
        handed.variables.extend(given.variables);
        texts.extend(given.texts.into_iter().map(|path| (path, Sets::Any)));
        // As many of them are tried as a run may, whichever thread has come first.
        in_order(&mut data);
        in_order(&mut settings);
        in_order(&mut copies);
        if !putting_together.is_empty() {
            if settings.len() > MOST_SETTINGS {
                handed.fetching.append(&mut putting_together);
            }
            texts.extend(settings.into_iter().take(MOST_SETTINGS).map(|path| (path, Sets::Any)));
        }
        handed.files_of_values.extend(tree.links.iter().cloned());
        let calling = tree.calling.iter().flat_map(|folder| of_module(folder));
        let code = tree.code.iter().cloned().chain(calling).chain(given.code);
        texts.extend(code.map(|path| (path, Sets::Any)));
        handed.missing = missing(self.required, &self.made, &handed.files_of_values);
        let handing = handing_names(tree, &handed.files_of_values);
        handed.variables.extend(tree.variables.iter().cloned());
        handed.values.extend(tree.values.iter().cloned());
        let Named { variables, mut cut_short } = set_variables(&texts, &data, handing, tree, threads);
        handed.variables.extend(variables);
        let Named { variables, cut_short: unknown } = set_by_copies(&copies, &tree.folders);
        handed.variables.extend(variables);
        cut_short.extend(unknown);
        handed.fetching.extend(given_as_values);
        // What a text takes from more files than are tried may be anything.
        handed.fetching.append(&mut cut_short);
        handed.variables.retain(|set| tree.declared.takes(&set.name));
        in_order(&mut handed.values);
        in_order(&mut handed.watched);
        in_order(&mut handed.meant);
        in_order(&mut handed.variables);
        in_order(&mut handed.files_of_values);
        in_order(&mut handed.fetching);
        handed
    }
}

/// Those of the files of values that commands give which are not in the tree, and which no text of it writes.
fn missing(mut given: Vec<SetVariable>, made: &BTreeSet<String>, values: &[Utf8PathBuf]) -> Vec<SetVariable> {
    given.retain(|set| {
        let is_made = made.contains(set.name.rsplit('/').next().unwrap_or_default());
        !is_made && !values.iter().any(|path| may_be_named(path, &set.name))
    });
    in_order(&mut given);
    given
}

/// Whether a name may be that of a file, as far as it is spelled. What begins at the root of a file system may do so in a
/// container.
fn may_be_named(path: &Utf8Path, name: &str) -> bool {
    let mut own = path.components().rev();
    let is_absolute = name.starts_with('/');
    for (at, part) in name.rsplit('/').filter(|part| !matches!(*part, "" | "." | "..")).enumerate() {
        if at > 0 && (is_absolute || is_led_by_computed(part)) {
            return true;
        }
        if own.next().is_none_or(|own| !is_like(own.as_str(), part)) {
            return false;
        }
    }
    true
}

/// The files that hand names to code which sets variables by any: the files of values of those who call its module, and
/// configurations that name its folder.
fn handing_names(tree: &Texts, values: &[Utf8PathBuf]) -> Vec<Utf8PathBuf> {
    let is_below = |path: &Utf8PathBuf| tree.calling.iter().any(|folder| path.starts_with(folder));
    let names = |path: &Utf8PathBuf| {
        let text = source::read(path.as_std_path()).unwrap_or_default();
        let folders = tree.code.iter().filter_map(|code| code.parent()?.file_name());
        folders.into_iter().any(|folder| memmem::find(&text, folder.as_bytes()).is_some())
    };
    let values = values.iter().filter(|path| is_below(path));
    values.chain(tree.running.iter().filter(|path| names(path))).cloned().collect()
}
