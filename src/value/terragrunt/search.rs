//! The search for the units and components that run a tree's modules.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::Target;
use super::arguments::Arguments;
use super::config::absolute;
use super::sources::address;
use crate::model::files::{ConfigName, Role};
use crate::model::store::canonical;
use crate::model::terragrunt::{Config, Generate, Open, Runner, STACK_FILE, Supply, Unfollowed, Unit, Units, names};
use crate::model::tfvars::ValueFiles;
use crate::source::{FileId, Location, Span};
use crate::value::data::Traced;
use crate::value::eval::Evaluator;
use crate::value::stacks::is_of_stacks;

/// The search for what a tree runs its modules with.
pub(in crate::value) struct Search<'e, 'w, 'a> {
    pub(in crate::value) evaluator: &'e Evaluator<'w, 'a>,
    pub(in crate::value) found: Units,
    /// The folders that the units of followed stacks are generated in.
    pub(super) generated: BTreeSet<Utf8PathBuf>,
    /// The folders that stacks take their units and stacks from.
    pub(super) templates: BTreeSet<Utf8PathBuf>,
    /// The files that others include.
    pub(super) included: BTreeSet<FileId>,
    /// How many units and stacks have been generated.
    pub(super) expanded: usize,
    /// Whether stacks that are not followed may hand `values` to any unit or stack.
    pub(super) is_open: bool,
}

impl<'e, 'w, 'a> Search<'e, 'w, 'a> {
    pub(super) fn new(evaluator: &'e Evaluator<'w, 'a>) -> Self {
        Self {
            evaluator,
            found: Units::default(),
            generated: BTreeSet::new(),
            templates: BTreeSet::new(),
            included: BTreeSet::new(),
            expanded: 0,
            is_open: false,
        }
    }

    pub(super) fn run(mut self) -> Units {
        let workspace = self.evaluator.workspace;
        let paths = workspace.callers().terragrunt();
        let is_stack = |path: &&Utf8PathBuf| path.file_name() == Some(STACK_FILE);
        let is_unit = |path: &&Utf8PathBuf| !is_stack(path) && !is_of_stacks(path);
        let stacks: Vec<&Utf8PathBuf> = paths.iter().filter(is_stack).collect();
        let mut found = self.run_stacks(&stacks);
        if self.is_open && !found.is_empty() {
            // As long as that was not known, stacks counted as handed nothing.
            self.expanded = 0;
            found = self.run_stacks(&stacks);
        }
        let stacks = found;
        for (config, found, generated) in stacks {
            if !self.is_template(&config) {
                self.found.followed.extend(found.followed);
                self.found.unfollowed.extend(found.unfollowed);
                self.found.elsewhere.extend(found.elsewhere);
                self.generated.extend(generated);
            }
        }
        let mut broken = Vec::new();
        for path in paths.iter().filter(is_unit) {
            let Some(config) = self.top(path) else { continue };
            self.included.extend(config.includes.iter().filter_map(|include| Some(include.config.as_ref()?.file)));
            if !self.is_template(&config) && !self.generated.contains(&config.folder) {
                let before = self.found.unfollowed.len();
                self.unit(&config, path);
                broken.extend(self.found.unfollowed.drain(before..).map(|unfollowed| (config.file, unfollowed)));
            }
        }
        // An included configuration need not be a unit of its own.
        let included = &self.included;
        broken.retain(|(file, _)| !included.contains(file));
        self.found.unfollowed.extend(broken.into_iter().map(|(_, unfollowed)| unfollowed));
        self.unnamed();
        let components = paths.iter().filter(|path| is_of_stacks(path));
        let folders = components.map(|path| path.parent().unwrap_or(Utf8Path::new("")).to_owned()).collect();
        self.stacks(&folders);
        self.found
    }

    /// Each of the stacks with what it runs, and the folders that this is generated in.
    fn run_stacks(&mut self, paths: &[&Utf8PathBuf]) -> Vec<(Rc<Config>, Units, BTreeSet<Utf8PathBuf>)> {
        let mut stacks = Vec::new();
        for path in paths {
            let Some(config) = self.top(path) else { continue };
            let found = std::mem::take(&mut self.found);
            let generated = std::mem::take(&mut self.generated);
            self.stack(&config, &mut Vec::new());
            let found = std::mem::replace(&mut self.found, found);
            stacks.push((config, found, std::mem::replace(&mut self.generated, generated)));
        }
        stacks
    }

    /// A configuration in its own folder; `None` if it cannot be read, or is no more than a template of text.
    pub(super) fn top(&self, path: &Utf8Path) -> Option<Rc<Config>> {
        let evaluator = self.evaluator;
        let file = evaluator.workspace.view().store().load(path).filter(|&file| !self.is_of_boilerplate(file))?;
        let config = evaluator.config(file, named_folder(path), None);
        let has_none = config.values.is_none() && !self.is_open && self.lacks_values(&config);
        Some(if has_none { Rc::new(Config { values: Some(Supply::Nobody), ..(*config).clone() }) } else { config })
    }

    /// Adds the modules that a configuration runs, if it is a unit.
    pub(super) fn unit(&mut self, config: &Rc<Config>, path: &Utf8Path) {
        let evaluator = self.evaluator;
        let (source, files, _) = evaluator.reading.recorded(|| {
            evaluator.reading.note(config.file);
            evaluator.config_source(config)
        });
        let mut files: Vec<FileId> = files.into_iter().filter(|file| *file != config.file).collect();
        files.insert(0, config.file);
        let included = config.includes.iter().filter_map(|include| include.config.as_ref());
        files.extend(included.map(|included| included.file));
        files.dedup();
        let generated = evaluator.generated(config);
        let is_broken = self.is_broken(&files);
        // The part that cannot be read may name another source, which wins over an included one.
        if is_broken && source.as_ref().is_none_or(|(location, _)| location.file != config.file) {
            let what = format!("the Terragrunt unit {path}, which cannot be read whole");
            let source = Location { file: config.file, span: Span::empty(0) };
            self.found.unfollowed.push(Unfollowed { what, files: files.clone(), source, is_broken, calls: None });
        }
        let Some((location, sources)) = source else {
            let own = self.own_folder(config);
            self.generated_calls(&generated, &files, Some(&own));
            // What is not followed may name the source.
            if let Some(include) = config.includes.iter().find(|include| include.config.is_none()) {
                let what = format!("the Terragrunt unit {path}, whose include is not followed");
                let (files, source) = (files.clone(), include.location);
                self.found.unfollowed.push(Unfollowed { what, files, source, is_broken: false, calls: None });
            }
            if evaluator.has_code(&own) {
                let unit = self.running(config, own, files, generated);
                self.found.followed.push(unit);
            }
            return;
        };
        let (own, copied) = (self.own_folder(config), evaluator.copied_code(config));
        let folders: Vec<Option<Utf8PathBuf>> = sources.iter().map(|source| self.tree_folder(config, source)).collect();
        match folders.as_slice() {
            [folder] => self.generated_calls(&generated, &files, folder.as_deref()),
            _ => self.generated_calls(&generated, &files, None),
        }
        if evaluator.has_code(&own) && !folders.iter().flatten().any(|folder| *folder == own) {
            // Its own code is copied over that of its source, and runs with the same values.
            let unit = self.running(config, own.clone(), files.clone(), generated.clone());
            self.found.followed.push(unit);
        }
        for source in sources {
            let folder = match self.source_folder(config, &source) {
                Target::Folder(folder) if evaluator.has_code(&folder) => folder,
                Target::Elsewhere if !is_broken => {
                    let what = format!("the Terragrunt unit {path}, whose code lies elsewhere");
                    let files = files.iter().copied().chain(evaluator.files_read_by(config));
                    let files = files.chain(self.arguments(config).values);
                    let files: Vec<FileId> = files.collect();
                    self.found.elsewhere.extend(files.iter().map(|file| (*file, what.clone())));
                    if evaluator.workspace.callers().maps_sources() {
                        let what = format!("the Terragrunt unit {path}, whose source commands may replace");
                        self.found.unfollowed.push(Unfollowed {
                            what,
                            files,
                            source: location,
                            is_broken,
                            calls: None,
                        });
                    }
                    continue;
                }
                _ => {
                    let what = format!("the Terragrunt unit {path}, whose source is not followed");
                    let files = files.iter().copied().chain(self.arguments(config).values).collect();
                    self.found.unfollowed.push(Unfollowed { what, files, source: location, is_broken, calls: None });
                    return;
                }
            };
            let mut generated = generated.clone();
            if folder != own {
                generated.extend(copied.iter().cloned());
            }
            let unit = self.running(config, folder, files.clone(), generated);
            self.found.followed.push(unit);
        }
    }

    /// The folder that the `source` of a unit leads to. The files of a stack's units may be written to be read where they
    /// lie, or where they are generated.
    fn source_folder(&self, config: &Config, source: &Traced) -> Target {
        if source.data.is_null() {
            return Target::Folder(self.own_folder(config));
        }
        let Some(text) = address(source) else { return Target::Unknown };
        match self.evaluator.target(&config.folder, &text) {
            Target::Unknown => self.evaluator.target(&self.evaluator.file_folder(config.file), &text),
            target => target,
        }
    }

    /// The same, if it is a folder of the tree.
    fn tree_folder(&self, config: &Config, source: &Traced) -> Option<Utf8PathBuf> {
        match self.source_folder(config, source) {
            Target::Folder(folder) => Some(folder),
            Target::Elsewhere | Target::Unknown => None,
        }
    }

    /// Whether a part of some files cannot be read.
    pub(in crate::value) fn is_broken(&self, files: &[FileId]) -> bool {
        files.iter().any(|&file| !self.evaluator.workspace.view().syntax(file).unreadable.is_empty())
    }

    /// The folder with a unit's own code: a stack copies it along with the unit.
    fn own_folder(&self, config: &Config) -> Utf8PathBuf {
        let own = self.evaluator.shown(&config.folder);
        if self.evaluator.has_code(&own) { own } else { self.evaluator.shown(&self.evaluator.file_folder(config.file)) }
    }

    /// The values that a unit passes besides its inputs: the files of values in its folder, and its `extra_arguments`.
    fn arguments(&self, config: &Rc<Config>) -> Arguments {
        let evaluator = self.evaluator;
        let store = evaluator.workspace.view().store();
        let copied = ValueFiles::of(store, &evaluator.shown(&config.folder)).automatic;
        evaluator.arguments(config, copied.iter().filter_map(|path| store.load(path)).collect())
    }

    /// A unit that runs the module in a folder.
    fn running(&self, config: &Rc<Config>, folder: Utf8PathBuf, files: Vec<FileId>, generated: Vec<Generate>) -> Unit {
        let store = self.evaluator.workspace.view().store();
        let Arguments { values, mut open } = self.arguments(config);
        let unknown = config.includes.iter().filter(|include| include.config.is_none());
        open.extend(unknown.map(|include| Open { location: include.location, what: "this include", variable: None }));
        Unit {
            runner: Runner::Unit(Rc::clone(config)),
            files,
            values,
            open,
            generated,
            module: store.canonical(&folder),
            folder,
            read: OnceCell::new(),
        }
    }

    /// Adds the generated code that calls modules, which is run in a folder, if that is known.
    fn generated_calls(&mut self, generated: &[Generate], files: &[FileId], folder: Option<&Utf8Path>) {
        let view = self.evaluator.workspace.view();
        for block in generated {
            let text = view.source(block.location.file).slice(block.location.span);
            let contents = block.contents.as_deref().unwrap_or(text);
            let path = block.path.as_deref().map(|path| path.rsplit('/').next().unwrap_or(path));
            let overrides = path.and_then(ConfigName::new).is_some_and(|name| name.role() == Role::Override);
            if names(contents, "module") && (names(contents, "source") || overrides) {
                let line = view.source(block.location.file).position(block.location.span.start).line;
                let file = view.source(block.location.file).path();
                let calls = folder.and_then(|folder| self.evaluator.calls_in(block, folder));
                self.found.unfollowed.push(Unfollowed {
                    what: format!("the code that {file}:{line} generates, which is not followed"),
                    files: files.to_vec(),
                    source: block.location,
                    is_broken: false,
                    calls,
                });
            }
        }
    }
}

/// The folder of a file as Terragrunt names it: absolute, with the names of links in it.
fn named_folder(path: &Utf8Path) -> Utf8PathBuf {
    let folder = path.parent().unwrap_or(Utf8Path::new(""));
    let is_name = |part: &Utf8Component<'_>| matches!(part, Utf8Component::Normal(_));
    let start: Utf8PathBuf = folder.components().take_while(|part| !is_name(part)).collect();
    let names: Utf8PathBuf = folder.components().skip_while(|part| !is_name(part)).collect();
    absolute(&canonical(&start), names.as_str())
}
