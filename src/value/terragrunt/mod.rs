//! Terragrunt: which units a tree holds, which module each runs, and with which values.
//!
//! Source: gruntwork-io/terragrunt, `pkg/config`. A unit's `source` that is fetched leads out of the tree; a double slash in
//! it only says where copying starts; the files of the unit's folder are copied beside the module's code.

mod arguments;
mod config;
mod contents;
mod functions;
mod generated;
mod inputs;
mod loading;
mod reading;
mod run;
mod search;
mod sources;
mod stack;
mod supplied;
mod templates;
mod unnamed;

use std::collections::BTreeSet;
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::eval::Evaluator;
use super::stacks::is_of_stacks;
use crate::model::call_source::of_file_system;
use crate::model::files::ConfigName;
use crate::model::terragrunt::{AUTOINCLUDE_FILE, Config, GeneratedCall, Runner, Unfollowed, Unit, Units, names};
use crate::model::tfvars::ValueFiles;
use crate::model::{Gap, Module, Workspace, gaps};
use crate::source::{FileId, Location};
use crate::syntax::tree::ExprKind;
use config::absolute;
pub(super) use loading::READS_CONFIGURATION;
pub(super) use reading::Reading;
pub(super) use search::Search;
pub(super) use supplied::refused;

/// Where a source leads.
pub(in crate::value) enum Target {
    /// A folder of the tree, as it is shown.
    Folder(Utf8PathBuf),
    /// Something that is fetched from elsewhere.
    Elsewhere,
    /// It is not known, or not there.
    Unknown,
}

/// The units and components that run the tree's modules.
pub(crate) fn units<'w>(workspace: &'w Workspace<'_>) -> &'w Units {
    // Supposed values of literals do not change which modules there are.
    workspace.units(|| Search::new(&Evaluator::new(workspace)).run())
}

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The units and components that run the tree's modules.
    pub(crate) fn units(&self) -> &'w Units {
        units(self.workspace)
    }

    /// The files that decide which values a unit passes to its module.
    #[must_use]
    pub(crate) fn files_of<'u>(&self, unit: &'u Unit) -> &'u BTreeSet<FileId> {
        unit.read.get_or_init(|| {
            let read = match &unit.runner {
                // As for the units themselves, supposed values of literals decide nothing.
                Runner::Unit(config) => {
                    let asking = self.asking.get_or_init(|| Box::new(Evaluator::new(self.workspace)));
                    asking.files_read_by(config)
                }
                Runner::Component { .. } => BTreeSet::new(),
            };
            unit.files.iter().chain(&unit.values).copied().chain(read).collect()
        })
    }

    /// The gaps of the units that run a module, or may run it.
    pub(super) fn gaps_of_units(&self, module: &Module<'a>, needed: &BTreeSet<String>) -> Vec<Gap> {
        let files = self.units().of(&module.id).flat_map(|unit| self.files_of(unit));
        let files: BTreeSet<FileId> = files.copied().collect();
        let store = self.workspace.view().store();
        let unfollowed = self.unfollowed_units_of(module, needed).into_iter();
        let unfollowed = unfollowed.flat_map(|unit| {
            let broken = if unit.is_broken { self.workspace.broken_runs_in(&unit.files, module) } else { Vec::new() };
            let file = unit.files.first().map(|&file| self.workspace.view().source(file).path());
            broken.into_iter().chain([Gap::unfollowed(unit.what.clone(), file)])
        });
        let configurations = self.workspace.callers().terragrunt().iter().chain(&self.units().unread);
        let unread = configurations.filter(|path| store.load(path).is_none());
        let unread = unread.filter_map(|path| self.workspace.unread_run(store.unread(path)?, module));
        let unread = unread.chain(self.units().of(&module.id).flat_map(|unit| self.unread_beside(unit)));
        // Terragrunt refuses the whole of a file.
        let parts = files.iter().flat_map(|&file| gaps::in_file(self.workspace.view(), file));
        parts.chain(unread).chain(unfollowed).inspect(|gap| self.workspace.report(gap)).collect()
    }

    /// The files beside a unit that are read with it, and cannot be: those of values, or the deployments of a stack.
    fn unread_beside(&self, unit: &Unit) -> Vec<Gap> {
        let view = self.workspace.view();
        let files = match (&unit.runner, unit.files.first()) {
            (Runner::Unit(config), _) => ValueFiles::of(view.store(), &self.shown(&config.folder)).automatic,
            (Runner::Component { .. }, Some(&file)) => {
                let folder = view.source(file).folder();
                let paths = view.store().names(folder).iter().map(|name| folder.join(name));
                paths.filter(|path| is_of_stacks(path)).collect()
            }
            (Runner::Component { .. }, None) => Vec::new(),
        };
        let unread = files.into_iter().filter(|path| view.store().load(path).is_none());
        unread.filter_map(|path| view.store().unread(&path)).map(Gap::unread).collect()
    }

    /// The units that are not followed and may run a module: their source ends in the module's name, or they mention one of
    /// the variables that matter.
    pub(super) fn unfollowed_units_of(&self, module: &Module<'a>, needed: &BTreeSet<String>) -> Vec<&'w Unfollowed> {
        let view = self.workspace.view();
        let is_named = |unit: &&Unfollowed| {
            let source = view.source(unit.source.file).slice(unit.source.span);
            module.id.file_name().is_some_and(|name| names(source, name))
        };
        let speaks = |unit: &&Unfollowed| {
            let speaks = |&file: &FileId| needed.iter().any(|name| names(view.source(file).text(), name));
            unit.files.iter().any(speaks)
        };
        let is_broken = |files: &[FileId]| files.iter().any(|&file| !view.syntax(file).unreadable.is_empty());
        let may_run = |unit: &&Unfollowed| {
            unit.is_broken
                && (!is_broken(&unit.files) || !self.workspace.broken_runs_in(&unit.files, module).is_empty())
        };
        let is_open = |unit: &&Unfollowed| match &unit.calls {
            Some(calls) => calls.iter().any(|call| changes(module, call, needed)),
            None => !unit.is_broken && (is_named(unit) || speaks(unit)),
        };
        self.units().unfollowed.iter().filter(|unit| is_open(unit) || may_run(unit)).collect()
    }

    /// The configuration that Terragrunt merges over a generated unit.
    fn autoinclude(&self, config: &Rc<Config>) -> Option<Rc<Config>> {
        if config.included_from.is_some() || config.depth > 0 {
            return None;
        }
        let file = self.load(&config.folder.join(AUTOINCLUDE_FILE))?;
        Some(Rc::new(Config { file, includes: Vec::new(), ..(**config).clone() }))
    }

    /// Where a source leads, seen from a folder.
    pub(in crate::value) fn target(&self, folder: &Utf8Path, source: &str) -> Target {
        let at = |source: &str, outside: Target| {
            let path = source.split('?').next().unwrap_or(source);
            let path = if path.starts_with("//") { path.to_owned() } else { path.replace("//", "/") };
            let path = absolute(folder, &path);
            match self.workspace.view().store().admits(&path) {
                true if path.is_dir() => Target::Folder(self.shown(&path)),
                true => Target::Unknown,
                false => outside,
            }
        };
        if !is_fetched(source) {
            return at(source, Target::Unknown);
        }
        match (self.workspace.callers().own_folder(source), of_file_system(source)) {
            (Some(own), _) => Target::Folder(own),
            (None, Some(path)) => at(&path, Target::Elsewhere),
            (None, None) => Target::Elsewhere,
        }
    }

    /// Whether a folder holds Terraform code.
    pub(in crate::value) fn has_code(&self, folder: &Utf8Path) -> bool {
        self.workspace.view().store().names(folder).iter().any(|name| ConfigName::new(name).is_some())
    }
}

/// Whether a call of a module gives one of some variables another value than its default.
fn changes(module: &Module<'_>, call: &GeneratedCall, needed: &BTreeSet<String>) -> bool {
    let is_default = |name: &str, text: &str| {
        let default = module.variables().get(name).and_then(|variable| variable.attribute("default"));
        default.is_some_and(|default| matches!(&default.node.value.kind, ExprKind::String(own) if own == text))
    };
    let given = needed.iter().filter_map(|name| Some((name, call.arguments.get(name)?)));
    let mut others = given.filter(|(name, text)| !text.as_ref().is_some_and(|text| is_default(name, text)));
    call.module == module.id && others.next().is_some()
}

/// The place of a block.
fn place(file: FileId, block: &crate::syntax::tree::Block) -> Location {
    Location { file, span: block.span }
}

/// Whether a source is the address of something to fetch; any other is a path, with or without `./` in front.
///
/// Source: hashicorp/go-getter, its detectors, of which that of files comes last.
fn is_fetched(source: &str) -> bool {
    let host = source.split('/').next().unwrap_or(source);
    source.contains(':') || (host.contains('.') && !host.starts_with('.'))
}
