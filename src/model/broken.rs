//! Broken code as a possible caller of a module: by what is left of it, and by where it stands.
//!
//! What is left of a file is known, and calls what it says that it calls. What is missing may have been anything; it is
//! taken for a call of a module that nothing else calls, and of one that is called from where the broken file stands.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::Workspace;
use super::call_source::of_file_system;
use super::gaps::{self, Gap};
use super::module::Module;
use super::store::join;
use crate::discover::{relative_paths, root_of};
use crate::finding::Problem;
use crate::source::{FileId, FileKind, Role};
use crate::syntax::calls::{Calls, Source, calls};

/// The blocks that name the source of a module, in Terraform files and in others.
const CALLS: [&str; 1] = ["module"];
const RUNS: [&str; 5] = ["terraform", "include", "unit", "stack", "component"];

/// Left behind by `terraform init` and by what is run after it, in the folder of a root module.
const MADE_BY_INIT: [&str; 4] = [".terraform", ".terraform.lock.hcl", "terraform.tfstate", "backend.hcl"];

impl<'a> Workspace<'a> {
    /// Whether a folder holds what hardly any but root modules do: files of values, a backend, a provider, or what
    /// `terraform init` makes.
    pub fn is_marked_as_root(&self, module: &Module<'a>) -> bool {
        module.is_set_up() || self.is_run_as_root(module) || self.may_be_set_up(module)
    }

    /// Whether what cannot be read of a module may have been such a mark.
    fn may_be_set_up(&self, module: &Module<'a>) -> bool {
        let marks = |gap: Gap| ["terraform", "provider"].iter().any(|kind| gap.may_name(kind));
        self.gaps_of_module(module).into_iter().any(marks)
    }

    /// Whether a file, given by its canonical path, marks the module as a root by what it configures.
    #[must_use]
    pub fn is_mark_of_root(&self, module: &Module<'a>, file: &Utf8Path) -> bool {
        let is_it = |id: FileId| self.view.store().canonical(self.view.source(id).path()) == file;
        let configured = ["provider", "terraform"].into_iter().flat_map(|kind| module.blocks_of(kind));
        module.is_set_up() && configured.map(|block| block.file).any(is_it)
    }

    /// The same without a provider, which some called modules configure as well.
    fn is_run_as_root(&self, module: &Module<'a>) -> bool {
        let names = self.view.store().names(&module.folder);
        let is_made = |name: &&str| names.binary_search_by(|own| own.as_str().cmp(name)).is_ok();
        let mut settings = module.blocks_of("terraform").iter().flat_map(|block| block.node.body.blocks());
        let has_backend = settings.any(|block| matches!(block.kind.text.as_str(), "backend" | "cloud"));
        has_backend || !self.value_files(&module.folder).is_empty() || MADE_BY_INIT.iter().any(is_made)
    }

    /// Whether something calls a module that does not lie in the module's own folder, as its `examples/` and `tests/` do.
    pub fn is_called_from_outside(&self, module: &Module<'a>) -> bool {
        let outside = |caller: &Module<'a>| caller.id == module.id || !caller.id.starts_with(&module.id);
        self.callers_of(module).iter().any(|(caller, _)| outside(caller))
    }

    /// What cannot be read in the folders that call modules, and may call this one.
    pub(super) fn broken_calls(&self, module: &Module<'a>) -> Vec<Gap> {
        let mut gaps = Vec::new();
        let naming = self.callers.folders_naming(&module.id);
        let folders: BTreeSet<&Utf8PathBuf> =
            naming.iter().chain(self.callers.unfollowed()).chain(self.callers.cut_off()).collect();
        for folder in folders {
            if naming.contains(folder) {
                // Terraform would refuse the rest of the caller too.
                let files = &self.module(folder).files;
                files.iter().flat_map(|&file| gaps::in_file(self.view, file)).for_each(|gap| self.report(&gap));
            }
            gaps.extend(self.broken_calls_in(folder, module));
        }
        gaps.extend(self.unread_calls(module).into_iter().cloned().map(Gap::unread));
        gaps
    }

    /// The files of the tree that cannot be read at all, and may call a module.
    pub(super) fn unread_calls(&self, module: &Module<'a>) -> Vec<&'a Problem> {
        let unread = self.callers.unread().iter();
        unread.filter(|problem| self.may_hold_a_call(problem, module)).collect()
    }

    /// What cannot be read in a folder of Terraform files, and may call a module.
    pub(super) fn broken_calls_in(&self, folder: &Utf8Path, module: &Module<'a>) -> Vec<Gap> {
        let caller = self.module(folder);
        let missing = OnceCell::new();
        let may_have_called = || *missing.get_or_init(|| self.may_have_called(folder, module));
        let unread = caller.unread.iter().filter(|problem| self.may_hold_a_call(problem, module));
        let unread = unread.cloned().map(Gap::unread);
        let parts = caller.files.iter().flat_map(|&file| self.parts(file));
        let parts =
            parts.filter(|(gap, at_end)| self.says_to_call(folder, gap, module) || *at_end && may_have_called());
        unread.chain(parts.map(|(gap, _)| gap)).collect()
    }

    /// What cannot be read of the files that say together which module is run, if they may run this one.
    #[must_use]
    pub fn broken_runs_in(&self, files: &[FileId], module: &Module<'a>) -> Vec<Gap> {
        let kinds = |&file: &FileId| self.view.syntax(file).body.blocks().map(|block| block.kind.text.as_str());
        let says_else = files.iter().flat_map(kinds).any(|kind| matches!(kind, "terraform" | "include"));
        // Nothing of a file is run that is broken somewhere.
        let names_it = files.iter().any(|&file| {
            let source = self.view.source(file);
            self.names_as_called(source.folder(), source.path(), source.text(), module)
        });
        let may_have_run = |file: FileId| self.may_have_called(self.view.source(file).folder(), module);
        let parts = files.iter().flat_map(|&file| self.parts(file).map(move |part| (file, part)));
        let parts = parts.filter(|(file, (_, at_end))| names_it || *at_end && !says_else && may_have_run(*file));
        parts.map(|(_, (gap, _))| gap).collect()
    }

    /// A file that runs modules and cannot be read at all, if it may run this one.
    #[must_use]
    pub fn unread_run(&self, problem: Problem, module: &Module<'a>) -> Option<Gap> {
        self.may_hold_a_call(&problem, module).then(|| Gap::unread(problem))
    }

    /// The parts of a file that cannot be read, and whether more may have stood behind each.
    fn parts(&self, file: FileId) -> impl Iterator<Item = (Gap, bool)> {
        let end = self.view.source(file).text().trim_end().len();
        let ends = self.view.syntax(file).unreadable.iter().map(move |part| part.span.end >= end);
        gaps::in_file(self.view, file).zip(ends)
    }

    /// Whether what is left of a broken part calls a module, or does not say what it calls.
    fn says_to_call(&self, folder: &Utf8Path, part: &Gap, module: &Module<'a>) -> bool {
        let (Some(text), Some(file)) = (part.text(), &part.file) else { return true };
        self.names_as_called(folder, file, text, module)
    }

    /// The same of the text of a file.
    fn names_as_called(&self, folder: &Utf8Path, file: &Utf8Path, text: &str, module: &Module<'a>) -> bool {
        let is_code = FileKind::of(file).role == Role::Configuration;
        let Calls { mut sources, mut others, is_open } = calls(text, if is_code { &CALLS } else { &RUNS });
        for source in sources.iter_mut().chain(&mut others) {
            // Terragrunt clones from the file system as well.
            if let Source::Plain(path) = source
                && let Some(copied) = of_file_system(path)
            {
                *path = copied;
            }
        }
        let store = self.view.store();
        let leads_here = |path: &str| store.canonical(&join(folder, path)) == module.id;
        let fetches_it = |path: &str| {
            // Each byte that is no text has become a question mark, as one stands in front of a version.
            let address =
                path.rsplit_once('?').filter(|(_, version)| version.contains('=')).map_or(path, |(start, _)| start);
            let is_stray = address.contains('?');
            let own = self.callers.own_folder(path).is_some_and(|folder| store.canonical(&folder) == module.id);
            own || is_stray && module.id.file_name().is_some_and(|name| Utf8Path::new(address).ends_with(name))
        };
        // Two slashes stand before the folder in a package, a question mark before its version.
        let plain = |path: &str| path.split('?').next().unwrap_or(path).replace("//", "/");
        let name = module.id.file_name().unwrap_or_default();
        let names_it = |source: &Source| match source {
            // Units of stacks are read where they are generated.
            Source::Plain(path) if fetches_it(path) => true,
            Source::Plain(path) => {
                let path = plain(path);
                leads_here(&path) || !is_code && !is_address(&path) && Utf8Path::new(&path).ends_with(name)
            }
            Source::Composed(text) => may_end_in(text, name),
        };
        let may_lead_here = |source: &Source| match source {
            Source::Plain(path) if path.starts_with('.') || !is_code && !is_address(path) => {
                !store.has_code(&join(folder, &plain(path)))
            }
            Source::Plain(_) => is_installed(&module.id),
            Source::Composed(_) => false,
        };
        is_open
            || sources.iter().chain(&others).any(names_it)
            || sources.iter().chain(others.iter().filter(|_| !is_code)).any(may_lead_here)
            || relative_paths(text.as_bytes()).iter().any(|path| leads_here(path))
    }

    /// Whether a file that cannot be read as text may call a module: one in UTF-16 says something all the same.
    fn may_hold_a_call(&self, problem: &Problem, module: &Module<'a>) -> bool {
        let (path, folder) = (Utf8Path::new(&problem.file), folder_of(problem));
        let is_list = root_of(path).is_some();
        match self.view.store().bytes(path) {
            Ok(bytes) if !is_list => {
                let letters = bytes.into_iter().filter(|byte| byte.is_ascii() && *byte != 0);
                self.names_as_called(folder, path, &letters.map(char::from).collect::<String>(), module)
                    || self.may_have_called(folder, module)
            }
            Err(_) if !is_list => true,
            _ => self.may_have_called(folder, module),
        }
    }

    /// Whether code that is missing from a folder may have called a module, by what else is there.
    pub(super) fn may_have_called(&self, folder: &Utf8Path, module: &Module<'a>) -> bool {
        let store = self.view.store();
        let folder_id = store.canonical(folder);
        let runs = || self.units.get().into_iter().flat_map(|units| units.of(&module.id));
        let callers = self.callers.folders_naming(&module.id);
        let mut callers = callers.iter().map(|caller| store.canonical(caller)).chain(runs().filter_map(|unit| {
            let file = unit.files.first()?;
            Some(store.canonical(self.view.source(*file).folder()))
        }));
        // Environments stand side by side (`envs/dev`, `envs/prod`), or under one name each (`dev/notebooks`, `prod/notebooks`).
        let stands_alike = |caller: Utf8PathBuf| {
            caller == folder_id || caller.parent() == folder_id.parent() || caller.file_name() == folder_id.file_name()
        };
        callers.any(stands_alike)
            || !self.is_run_as_root(module) && !self.is_called_from_outside(module) && runs().next().is_none()
            || self.has_lost_a_call(folder)
            || self.calls_a_caller(folder, module)
    }

    /// Whether a folder's code refers to a module call that is not there.
    fn has_lost_a_call(&self, folder: &Utf8Path) -> bool {
        let caller = self.module(folder);
        let refers = |&file: &FileId| {
            let text = self.view.source(file).text();
            text.split("module.").skip(1).any(|behind| {
                let end = behind.find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '-');
                let (name, rest) = behind.split_at(end.unwrap_or(behind.len()));
                rest.starts_with(['.', '[']) && caller.call(name).is_none()
            })
        };
        caller.files.iter().any(refers)
    }

    /// Whether a folder's code names a module that leads to another one.
    fn calls_a_caller(&self, folder: &Utf8Path, module: &Module<'a>) -> bool {
        let files = &self.module(folder).files;
        let paths = files.iter().flat_map(|&file| relative_paths(self.view.source(file).text().as_bytes()));
        let mut called = paths.map(|path| join(folder, &path)).filter(|path| path.is_dir()).peekable();
        called.peek().is_some() && {
            let leading = self.callers.leading_to(&module.id);
            called.any(|called| leading.contains(&self.view.store().canonical(&called)))
        }
    }
}

/// The folder that a file is part of which cannot be read.
fn folder_of(problem: &Problem) -> &Utf8Path {
    let path = Utf8Path::new(&problem.file);
    // A list of installed modules is the root module's.
    root_of(path).or(path.parent()).unwrap_or(Utf8Path::new(""))
}

/// Whether a module is one that `terraform init` has brought.
fn is_installed(module: &Utf8Path) -> bool {
    module.components().any(|part| part.as_str() == ".terraform")
}

/// Whether a source looks like the address of something to fetch.
fn is_address(source: &str) -> bool {
    let host = source.split('/').next().unwrap_or(source);
    source.contains(':') || host.contains('.') && !host.contains('?')
}

/// Whether an expression may be a path that ends in a folder of a name: only text behind its last slash says that it is not.
fn may_end_in(text: &str, name: &str) -> bool {
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let last = quoted.and_then(|text| text.trim_end_matches('/').rsplit_once('/')).map(|(_, last)| last);
    last.is_none_or(|last| last == name || last.contains(['$', '%', '{', '}', '"', '?', '\\']))
}
