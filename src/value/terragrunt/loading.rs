//! Configurations from their files: with what they include, and as others read them.
//!
//! Source: gruntwork-io/terragrunt, `pkg/config`: `include.go`, `config_helpers.go` (`ParseTerragruntConfig`).

use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::config::{absolute, certain_text};
use crate::finding::Hop;
use crate::model::terragrunt::{Config, Include, Merge, Supply, VALUES_FILE};
use crate::source::{FileId, Location};
use crate::syntax::tree::Block;
use crate::value::data::{Traced, Values};
use crate::value::eval::Evaluator;
use crate::value::repetitions::Iteration;

/// More blocks of `include` in one configuration are not followed.
const MOST_INCLUDED: usize = 100;

/// The function that reads a configuration, and hands on what has been read before as it is.
pub(in crate::value) const READS_CONFIGURATION: &str = "read_terragrunt_config";

/// The work of reading a configuration, in values: so much that some hundred are read for one value, and not thousands.
const READING: usize = 100;

impl<'a> Evaluator<'_, 'a> {
    /// The configuration in a file, with what it includes, as it is run in a folder.
    pub(super) fn config(&self, file: FileId, folder: Utf8PathBuf, values: Option<Supply>) -> Rc<Config> {
        self.with_includes(self.alone(None, file, folder, values))
    }

    /// A configuration without what it includes, as another reads it or as it is run.
    fn alone(&self, reader: Option<&Config>, file: FileId, folder: Utf8PathBuf, values: Option<Supply>) -> Config {
        let beside = || self.load(&self.file_folder(file).join(VALUES_FILE)).map(Supply::File);
        let generated_by = match &values {
            Some(Supply::Block { stack, .. }) => Some(Rc::clone(stack)),
            _ => None,
        };
        Config {
            file,
            original: reader.map_or_else(|| folder.clone(), |reader| reader.original.clone()),
            folder,
            includes: Vec::new(),
            included_from: None,
            values: values.or_else(beside),
            generated_by,
            depth: reader.map_or(0, |reader| reader.depth + 1),
        }
    }

    fn with_includes(&self, mut config: Config) -> Rc<Config> {
        for block in self.config_body(config.file).blocks_of("include") {
            let include = self.include(&config, block);
            if config.includes.len() == MOST_INCLUDED {
                // As one that is not followed it leaves open what is handed over.
                config.includes.push(Include { config: None, ..include });
                break;
            }
            config.includes.push(include);
        }
        Rc::new(config)
    }

    fn include(&self, config: &Config, block: &'a Block) -> Include {
        let here = Rc::new(config.clone());
        let text = |name: &str| {
            let attribute = block.body.attribute(name)?;
            Some(certain_text(&self.eval_in(&here, &attribute.value, &Iteration::default())))
        };
        let path = text("path").flatten().map(|path| absolute(&config.folder, &path));
        let included = |path: Utf8PathBuf| {
            // Terragrunt refuses a configuration that is included and includes another; such a one has no `values` either.
            let file = self.load(&path).filter(|&file| self.config_body(file).blocks_of("include").next().is_none())?;
            let folder = path.parent().unwrap_or(Utf8Path::new("/")).to_owned();
            let (includes, values) = (Vec::new(), None);
            Some(Rc::new(Config { file, included_from: Some(folder), includes, values, ..config.clone() }))
        };
        let merge = match text("merge_strategy") {
            None => Merge::Shallow,
            Some(Some(strategy)) => match strategy.as_str() {
                "shallow" => Merge::Shallow,
                "deep" | "deep_map_only" => Merge::Deep,
                "no_merge" => Merge::None,
                _ => Merge::Unknown,
            },
            Some(None) => Merge::Unknown,
        };
        let label = block.labels.first().map_or_else(String::new, |label| label.text.clone());
        Include {
            label,
            config: path.and_then(included),
            merge,
            location: Location { file: config.file, span: block.span },
        }
    }

    /// The result of `read_terragrunt_config` for a path.
    pub(super) fn read_config(&self, config: &Config, path: &str, location: Location) -> Option<Values> {
        let mut path = absolute(&config.folder, path);
        if matches!(config.values, Some(Supply::Block { .. })) && path == config.folder.join(VALUES_FILE) {
            return Some(self.supplied(config, location));
        }
        if path.is_dir() {
            let default = crate::model::terragrunt::UNIT_FILES.map(|name| path.join(name));
            path = default.into_iter().find(|path| path.is_file())?;
        }
        let Some(file) = self.load(&path) else {
            let unread = self.workspace.view().store().unread(&self.shown(&path));
            let ignored = || self.workspace.callers().is_git_ignored(&path).then(|| self.ignored(&path));
            let why = unread.map(|unread| format!("{}, which cannot be read", unread.file)).or_else(ignored)?;
            return Some(vec![Traced::unknown(why, location)]);
        };
        let folder = path.parent().unwrap_or(Utf8Path::new("/")).to_owned();
        let hop = Hop { location, text: READS_CONFIGURATION.to_owned() };
        let read = self.alone(Some(config), file, folder, None);
        if let Some(known) = Some(&read).filter(|read| read.values.is_none()).and_then(|read| self.reading.known(read))
        {
            return Some(known.into_iter().map(|value| value.through(&hop)).collect());
        }
        // What is read may read others, each of them again.
        self.work.spend(READING);
        if let Some(given_up) = self.exhausted(location) {
            return Some(given_up);
        }
        let read = self.with_includes(read);
        if path.file_name().is_some_and(|name| name.ends_with(VALUES_FILE)) {
            return Some(vec![self.attributes_of(&read)]);
        }
        Some(self.described(&read).into_iter().map(|value| value.through(&hop)).collect())
    }

    /// The file at an absolute path. A link that leads nowhere is there, and cannot be read.
    pub(super) fn load(&self, path: &Utf8Path) -> Option<FileId> {
        if path.symlink_metadata().is_err() {
            return None;
        }
        let file = self.workspace.view().store().load(&self.shown(path))?;
        self.reading.note(file);
        Some(file)
    }
}
