//! A second walk, made only when a value has to be traced: which files name a folder, as module calls do.

use std::ffi::OsStr;
use std::sync::{Mutex, PoisonError};

use crate::source::FileKind;
use camino::{Utf8Path, Utf8PathBuf};
use ignore::{DirEntry, WalkParallel, WalkState};
use memchr::memmem;

use super::commands::{self, Declared, Sets, Setting};
use super::own::{self, Own};
use super::unclear::{has_unclear_source, may_be_broken, may_be_cut_off};
use super::visit::{NEVER_ENTERED, problem, trimmed};
use super::{Walk, foreign, git_rules, handed, manifest};
use crate::finding::Problem;
use crate::os_error;
use crate::source::{self, Fence, Opened};

/// How the names of configurations end that run modules: of Terragrunt, and of the components of Terraform Stacks (the
/// second is the older name).
///
/// Sources: Terragrunt's documentation, "HCL"; Terraform language, "Component configuration files".
const RUNNERS: [&str; 5] =
    [".tfcomponent.hcl", ".tfcomponent.json", ".tfstack.hcl", ".tfstack.json", "terragrunt.stack.hcl"];
const TERRAGRUNT: [&str; 2] = ["terragrunt.hcl", "terragrunt.hcl.json"];

/// A variable that a command sets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetVariable {
    /// The command's file.
    pub file: Utf8PathBuf,
    /// The variable.
    pub name: String,
    /// The folder that the command says it runs in, as it is written.
    pub folder: Option<String>,
    /// The value that it sets, where that is plain text.
    pub value: Option<String>,
}

/// The references to modules in a tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct References {
    /// Folders of Terraform files, each with a relative path that is quoted in one of them. Sorted, each once.
    pub quoted: Vec<(Utf8PathBuf, String)>,
    /// Terragrunt configurations and component files of Terraform Stacks, sorted.
    pub terragrunt: Vec<Utf8PathBuf>,
    /// Lists of the modules that `terraform init` has left (`.terraform/modules/modules.json`), sorted.
    pub manifests: Vec<Utf8PathBuf>,
    /// Symbolic links to files, sorted: what is behind one belongs to its folder as well.
    pub links: Vec<Utf8PathBuf>,
    /// Folders of Terraform files with a module call whose source is no plain quoted path, or leads nowhere. Sorted, each
    /// once.
    pub composed: Vec<Utf8PathBuf>,
    /// Folders with a Terraform file that may end before it has said what it calls. Sorted, each once.
    pub cut_off: Vec<Utf8PathBuf>,
    /// Terraform files that cannot be read, or not as text. Sorted.
    pub unread: Vec<Problem>,
    /// Files of values that commands name with `-var-file`, as they are written, each with the command's file. Sorted.
    pub values: Vec<(Utf8PathBuf, String)>,
    /// Variables that commands set with `-var` or `TF_VAR_`. Sorted.
    pub variables: Vec<SetVariable>,
    /// The files of values in the tree, sorted.
    pub files_of_values: Vec<Utf8PathBuf>,
    /// Other files that name a module as Terragrunt configurations do, which whoever calls Terragrunt may name. Sorted.
    pub unnamed: Vec<Utf8PathBuf>,
    /// The names of files that commands let Terragrunt take for `terragrunt.hcl`.
    configurations: Vec<String>,
    /// Files that may be such, each with whether it names a module.
    candidates: Vec<(Utf8PathBuf, bool)>,
    /// The repositories of the tree that have an address.
    pub own: Vec<Own>,
    /// Sources that name one of these, each with the folder of its file. Sorted, each once.
    pub fetched: Vec<(Utf8PathBuf, String)>,
    /// Whether commands let Terragrunt take code from other places than units say.
    pub maps_sources: bool,
    /// Files in which names that are set may be those that code takes from outside.
    texts: Vec<(Utf8PathBuf, Sets)>,
    /// Files that texts may take names of variables from, as they are written, each with the text.
    data: Vec<(Utf8PathBuf, String)>,
    /// The names that code takes from outside.
    declared: Declared,
}

impl References {
    /// Notes variables that a file sets.
    fn set(&mut self, file: &Utf8Path, variables: Vec<Setting>) {
        let set = variables.into_iter();
        let set = set.map(|Setting { name, folder, value }| SetVariable { file: file.to_owned(), name, folder, value });
        self.variables.extend(set);
    }
}

/// Walks the folders for what could be a module call. Unreadable places are passed over: the first walk has reported
/// those that matter. `seen` hears of the files looked at, one by one.
#[must_use]
pub fn references(folders: &[Utf8PathBuf], walk: &Walk, seen: &(dyn Fn(usize) + Sync)) -> References {
    if folders.is_empty() {
        return References::default();
    }
    let starts: Vec<_> = folders.iter().map(|folder| folder.as_std_path().to_owned()).collect();
    // Terraform heeds neither git nor the dot in front of a name, and CI files stand in hidden folders.
    let everything = Walk { hidden: true, no_ignore: true, ..walk.clone() };
    let own: Vec<Own> = folders.iter().filter_map(|folder| own::of(folder)).collect();
    let mut found =
        git_rules::walk(&starts, &everything, &Fence::default(), is_wanted, |walk| gather(walk, &own, seen)).0;
    found.own = own;
    let (texts, data) = (std::mem::take(&mut found.texts), std::mem::take(&mut found.data));
    let declared = std::mem::take(&mut found.declared);
    found.variables.extend(handed::set_variables(&texts, &data, &declared, folders));
    found.variables.retain(|set| declared.variables.contains(&set.name) || declared.environment.contains(&set.name));
    found.fetched.sort();
    found.fetched.dedup();
    found.variables.sort();
    found.variables.dedup();
    found
}

fn gather(walk: WalkParallel, own: &[Own], seen: &(dyn Fn(usize) + Sync)) -> References {
    let all = Mutex::new(References::default());
    walk.run(|| {
        Box::new(|entry| {
            let mut found = References::default();
            if let Some(entry) = entry.ok().filter(|entry| entry.file_type().is_some()) {
                look_at(&entry, own, &mut found);
                seen(1);
            }
            if found != References::default() {
                let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                all.quoted.append(&mut found.quoted);
                all.terragrunt.append(&mut found.terragrunt);
                all.manifests.append(&mut found.manifests);
                all.links.append(&mut found.links);
                all.composed.append(&mut found.composed);
                all.cut_off.append(&mut found.cut_off);
                all.unread.append(&mut found.unread);
                all.values.append(&mut found.values);
                all.variables.append(&mut found.variables);
                all.configurations.append(&mut found.configurations);
                all.candidates.append(&mut found.candidates);
                all.texts.append(&mut found.texts);
                all.data.append(&mut found.data);
                all.declared.variables.append(&mut found.declared.variables);
                all.declared.environment.append(&mut found.declared.environment);
                all.fetched.append(&mut found.fetched);
                all.maps_sources |= found.maps_sources;
                all.files_of_values.append(&mut found.files_of_values);
            }
            WalkState::Continue
        })
    });
    let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    for (path, names_a_module) in std::mem::take(&mut all.candidates) {
        if all.configurations.iter().any(|name| path.file_name() == Some(name)) {
            all.terragrunt.push(path);
        } else if names_a_module {
            all.unnamed.push(path);
        }
    }
    all.unnamed.sort();
    all.quoted.sort();
    all.quoted.dedup();
    all.terragrunt.sort();
    all.terragrunt.dedup();
    all.manifests.sort();
    all.manifests.dedup();
    all.links.sort();
    all.composed.sort();
    all.composed.dedup();
    all.cut_off.sort();
    all.cut_off.dedup();
    all.unread.sort();
    all.values.sort();
    all.values.dedup();
    all.files_of_values.sort();
    all
}

fn is_wanted(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    match entry.file_type() {
        Some(kind) if kind.is_dir() => !NEVER_ENTERED.iter().any(|never| name == *never),
        // A link may lead to a folder with units.
        Some(kind) if kind.is_symlink() => true,
        Some(kind) if kind.is_file() => {
            FileKind::is_configuration(name)
                || runs_modules(name)
                || is_hcl(name)
                || is_values(name)
                || commands::may_stand_in(name)
        }
        _ => false,
    }
}

/// Whether a file says which modules are run, and with which inputs.
pub(super) fn runs_modules(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    TERRAGRUNT.iter().any(|own| name == own.as_bytes()) || RUNNERS.iter().any(|end| name.ends_with(end.as_bytes()))
}

/// Whether a file may hold Terragrunt configuration, whatever its name.
fn is_hcl(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.ends_with(b".hcl") || name.ends_with(b".hcl.json")
}

/// Whether a text may be a Terragrunt configuration that names the module it runs, or did before its end was lost.
fn names_a_module(bytes: &[u8]) -> bool {
    // Any of its words, since one of them may be broken.
    [&b"terraform"[..], b"source", b"inputs"].iter().any(|word| memmem::find(bytes, word).is_some())
}

/// The configurations in a folder that a link leads to: Terragrunt runs them under the link's name as well.
fn units_behind(link: &Utf8Path) -> Vec<Utf8PathBuf> {
    /// What lies deeper, or comes later, is not looked for.
    const DEEPEST: usize = 4;
    const MOST: usize = 1000;
    let fence = Fence::around(&[link.parent().unwrap_or(Utf8Path::new("")).to_owned()]);
    let inside = link.canonicalize_utf8().is_ok_and(|target| target.is_dir() && fence.admits(&target));
    // What holds the link would be found again and again.
    let holds = |target: Utf8PathBuf| {
        link.parent().is_some_and(|folder| folder.canonicalize_utf8().is_ok_and(|folder| folder.starts_with(target)))
    };
    if !inside || link.canonicalize_utf8().is_ok_and(holds) {
        return Vec::new();
    }
    let below = walkdir::WalkDir::new(link).max_depth(DEEPEST).into_iter();
    let entered = below.filter_entry(|entry| !NEVER_ENTERED.iter().any(|never| entry.file_name() == *never));
    let files = entered.take(MOST).filter_map(Result::ok).filter(|entry| runs_modules(entry.file_name()));
    files.filter_map(|entry| Utf8PathBuf::from_path_buf(entry.into_path()).ok()).collect()
}

/// Whether a file is one of variable values.
fn is_values(name: &OsStr) -> bool {
    [".tfvars", ".tfvars.json"].iter().any(|end| name.as_encoded_bytes().ends_with(end.as_bytes()))
}

fn look_at(entry: &DirEntry, own: &[Own], found: &mut References) {
    let Some(path) = Utf8Path::from_path(trimmed(entry.path())) else { return };
    if entry.file_type().is_some_and(|kind| kind.is_dir()) {
        let manifest = path.join(manifest::PATH);
        if manifest.is_file() {
            found.manifests.push(manifest);
        }
    } else if entry.file_type().is_some_and(|kind| kind.is_symlink()) {
        let name = entry.file_name();
        let is_read = FileKind::is_configuration(name) || is_values(name) || runs_modules(name);
        if !is_read {
            return found.terragrunt.extend(units_behind(path));
        }
        found.links.extend(path.is_file().then(|| path.to_owned()));
        found.files_of_values.extend((is_values(name) && path.is_file()).then(|| path.to_owned()));
        // Terraform passes over names that begin with a dot, such as those of Emacs' locks.
        let is_code =
            FileKind::is_configuration(entry.file_name()) && !entry.file_name().as_encoded_bytes().starts_with(b".");
        let runs = runs_modules(entry.file_name());
        match path.metadata() {
            Ok(target) if target.is_file() && is_code => read(path, true, own, found),
            Ok(target) if target.is_file() && runs => found.terragrunt.push(path.to_owned()),
            Err(error) if is_code || runs => {
                let message = format!("the link cannot be followed: {}", os_error::plain(&error));
                found.unread.push(problem(path.as_std_path(), message));
            }
            _ => {}
        }
    } else if runs_modules(entry.file_name()) {
        let bytes = source::read(path.as_std_path()).unwrap_or_default();
        found.declared.environment.extend(commands::taken_from_environment(&bytes));
        found.terragrunt.push(path.to_owned());
    } else if FileKind::is_configuration(entry.file_name()) {
        read(path, false, own, found);
    } else if is_values(entry.file_name()) {
        found.files_of_values.push(path.to_owned());
    } else {
        if is_hcl(entry.file_name()) {
            let bytes = source::read(path.as_std_path()).unwrap_or_default();
            found.declared.environment.extend(commands::taken_from_environment(&bytes));
            let names_a_module = foreign::named_by_another_tool(entry.file_name()).is_none() && names_a_module(&bytes);
            found.candidates.push((path.to_owned(), names_a_module));
        }
        let commands = commands::in_file(path.as_std_path());
        found.configurations.extend(commands.configurations);
        found.values.extend(commands.values.into_iter().map(|name| (path.to_owned(), name)));
        found.set(path, commands.variables);
        found.texts.extend((commands.sets != Sets::Nothing).then(|| (path.to_owned(), commands.sets)));
        found.maps_sources |= commands.maps_sources;
        found.data.extend(commands.data.into_iter().map(|name| (path.to_owned(), name)));
    }
}

/// Searches a Terraform file.
fn read(path: &Utf8Path, is_link: bool, own: &[Own], found: &mut References) {
    let folder = path.parent().unwrap_or(Utf8Path::new(""));
    // A link may lead anywhere, also out of the repository.
    let bytes = if is_link {
        Fence::around(&[folder.to_owned()]).read(path)
    } else {
        source::open(path.as_std_path()).and_then(Opened::whole)
    };
    match bytes {
        Ok(bytes) if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") => {
            found.unread.push(problem(path.as_std_path(), "UTF-16, which Terraform does not read"));
        }
        Ok(bytes) => {
            found.quoted.extend(relative_paths(&bytes).into_iter().map(|source| (folder.to_owned(), source)));
            let calls = memmem::find(&bytes, b"module").is_some();
            let is_unclear = calls && (has_unclear_source(folder, &bytes) || may_be_broken(&bytes));
            found.composed.extend(is_unclear.then(|| folder.to_owned()));
            found.cut_off.extend(may_be_cut_off(&bytes).then(|| folder.to_owned()));
            let (variables, sets_any) = commands::in_code(&bytes);
            found.set(path, variables);
            found.texts.extend(sets_any.then(|| (path.to_owned(), Sets::Any)));
            found.fetched.extend(fetched_from(own, &bytes).into_iter().map(|source| (folder.to_owned(), source)));
            let is_json = path.extension() == Some("json");
            found.declared.variables.extend(commands::declared(&bytes, is_json));
        }
        Err(refusal) => found.unread.push(problem(path.as_std_path(), refusal.to_string())),
    }
}

/// The quoted strings that name a repository of the tree by its address.
fn fetched_from(own: &[Own], bytes: &[u8]) -> Vec<String> {
    /// No address is longer.
    const LONGEST: usize = 1024;
    let names = own.iter().flat_map(|own| &own.addresses).filter_map(|address| address.rsplit('/').next());
    let places = names.flat_map(|name| memmem::find_iter(bytes, name.as_bytes()).collect::<Vec<_>>());
    let texts = places.filter_map(|at| {
        let start = memchr::memrchr(b'"', &bytes[at.saturating_sub(LONGEST)..at])? + at.saturating_sub(LONGEST) + 1;
        let end = bytes[at..].iter().take(LONGEST).position(|byte| *byte == b'"')? + at;
        str::from_utf8(&bytes[start..end]).ok().map(str::to_owned)
    });
    texts.filter(|text| own.iter().any(|own| own.folder(text).is_some())).collect()
}

/// The quoted strings that start with `./` or `../`.
#[must_use]
pub fn relative_paths(bytes: &[u8]) -> Vec<String> {
    /// No path is longer; a longer string is text.
    const LONGEST: usize = 1024;
    let starts = memmem::find_iter(bytes, b"\".").map(|at| &bytes[at + 1..]);
    starts
        .filter(|rest| rest.starts_with(b"./") || rest.starts_with(b"../") || rest.starts_with(b"..\""))
        .filter_map(|rest| {
            let end = rest.iter().take(LONGEST).position(|byte| *byte == b'"')?;
            str::from_utf8(&rest[..end]).ok().map(str::to_owned)
        })
        .collect()
}
