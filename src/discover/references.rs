//! A search made only when a value has to be traced: which files name a folder, as module calls do.

use std::ffi::OsStr;
use std::sync::{Mutex, PoisonError};

use crate::source::FileKind;
use camino::{Utf8Path, Utf8PathBuf};
use ignore::{DirEntry, WalkParallel, WalkState};
use memchr::memmem::{self, Finder};

use super::code::{self, CodeSays};
use super::commands::{self, Declared, Sets, Setting};
use super::own::{self, Own};
use super::sightings::{Paths, Sightings};
use super::threads::shared_out;
use super::visit::{NEVER_ENTERED, problem, trimmed};
use super::{Walk, Word, foreign, git_rules, handed, manifest};
use crate::finding::Problem;
use crate::os_error;
use crate::source::{self, Fence, Opened, Refusal};

/// How the names of configurations end that run modules: of Terragrunt, and of the components of Terraform Stacks (the
/// second is the older name).
///
/// Sources: Terragrunt's documentation, "HCL"; Terraform language, "Component configuration files".
const RUNNERS: [&str; 5] =
    [".tfcomponent.hcl", ".tfcomponent.json", ".tfstack.hcl", ".tfstack.json", "terragrunt.stack.hcl"];
const TERRAGRUNT: [&str; 2] = ["terragrunt.hcl", "terragrunt.hcl.json"];

/// The most files of data that are searched for names: where there are more, a text that puts names together may take any.
const MOST_SETTINGS: usize = 20_000;

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
    /// Files with commands that take values from elsewhere. Sorted.
    pub fetching: Vec<Utf8PathBuf>,
    /// The repositories of the tree that have an address.
    pub own: Vec<Own>,
    /// Sources that name one of these, each with the folder of its file. Sorted, each once.
    pub fetched: Vec<(Utf8PathBuf, String)>,
    /// Whether commands let Terragrunt take code from other places than units say.
    pub maps_sources: bool,
    /// Files in which names that are set may be those that code takes from outside.
    texts: Vec<(Utf8PathBuf, Sets)>,
    /// Files of data, in which names count where some text puts names together.
    settings: Vec<Utf8PathBuf>,
    /// The texts that put names together.
    putting_together: Vec<Utf8PathBuf>,
    /// Files that texts may take names of variables from, as they are written, each with the text.
    data: Vec<(Utf8PathBuf, String)>,
    /// The names that code takes from outside.
    declared: Declared,
}

impl References {
    fn append(&mut self, mut other: Self) {
        self.quoted.append(&mut other.quoted);
        self.terragrunt.append(&mut other.terragrunt);
        self.manifests.append(&mut other.manifests);
        self.links.append(&mut other.links);
        self.composed.append(&mut other.composed);
        self.cut_off.append(&mut other.cut_off);
        self.unread.append(&mut other.unread);
        self.values.append(&mut other.values);
        self.variables.append(&mut other.variables);
        self.configurations.append(&mut other.configurations);
        self.candidates.append(&mut other.candidates);
        self.files_of_values.append(&mut other.files_of_values);
        self.texts.append(&mut other.texts);
        self.settings.append(&mut other.settings);
        self.putting_together.append(&mut other.putting_together);
        self.fetching.append(&mut other.fetching);
        self.data.append(&mut other.data);
        self.declared.append(other.declared);
        self.fetched.append(&mut other.fetched);
        self.maps_sources |= other.maps_sources;
    }

    /// The same in its order, with what only all of the folders tell.
    fn settled(mut self, folders: &[Utf8PathBuf], threads: usize) -> Self {
        // As many of them are tried as a run may, whichever thread has come first.
        in_order(&mut self.data);
        in_order(&mut self.settings);
        let (mut texts, data) = (std::mem::take(&mut self.texts), std::mem::take(&mut self.data));
        let settings = std::mem::take(&mut self.settings);
        let mut putting_together = std::mem::take(&mut self.putting_together);
        if !putting_together.is_empty() {
            if settings.len() > MOST_SETTINGS {
                self.fetching.append(&mut putting_together);
            }
            texts.extend(settings.into_iter().take(MOST_SETTINGS).map(|path| (path, Sets::Any)));
        }
        let declared = std::mem::take(&mut self.declared);
        self.variables.extend(handed::set_variables(&texts, &data, &declared, folders, threads));
        let is_taken = |name: &String| declared.variables.contains(name) || declared.environment.contains(name);
        self.variables.retain(|set| is_taken(&set.name));
        for (path, names_a_module) in std::mem::take(&mut self.candidates) {
            if self.configurations.iter().any(|name| path.file_name() == Some(name)) {
                self.terragrunt.push(path);
            } else if names_a_module {
                self.unnamed.push(path);
            }
        }
        self.configurations.clear();
        in_order(&mut self.unnamed);
        in_order(&mut self.quoted);
        in_order(&mut self.terragrunt);
        in_order(&mut self.manifests);
        in_order(&mut self.links);
        in_order(&mut self.composed);
        in_order(&mut self.cut_off);
        in_order(&mut self.unread);
        in_order(&mut self.values);
        in_order(&mut self.variables);
        in_order(&mut self.files_of_values);
        in_order(&mut self.fetched);
        in_order(&mut self.fetching);
        self
    }

    /// Notes that any name that a file sets may be a variable's.
    pub(super) fn set_any(&mut self, file: &Utf8Path) {
        self.texts.push((file.to_owned(), Sets::Any));
    }

    /// Notes variables that a file sets.
    pub(super) fn set(&mut self, file: &Utf8Path, variables: Vec<Setting>) {
        let set = variables.into_iter();
        let set = set.map(|Setting { name, folder, value }| SetVariable { file: file.to_owned(), name, folder, value });
        self.variables.extend(set);
    }
}

/// Searches the folders for what could be a module call, beginning with what a walk over just these has seen. Unreadable places
/// are passed over: the walk has reported those that matter. `seen` hears of the files looked at.
#[must_use]
pub fn references(
    folders: &[Utf8PathBuf],
    walk: &Walk,
    sightings: Sightings,
    seen: &(dyn Fn(usize) + Sync),
) -> References {
    if folders.is_empty() {
        return References::default();
    }
    let starts = || folders.iter().map(|folder| folder.as_std_path().to_owned()).collect();
    let sightings =
        if sightings.are_of(folders) { sightings } else { Sightings { passed_by: starts(), ..Sightings::default() } };
    let Sightings { code, declared, files, unread, links, manifests, passed_by, .. } = sightings;
    let own = own_of(folders);
    let mut all = References { manifests, declared, ..References::default() };
    for (path, says) in code {
        says.add_to(&path, &mut all);
    }
    seen(files);
    for link in &links {
        look_at(link, Kind::Link, &own, &mut all);
    }
    all.append(gather_files(&unread, walk, &own, seen));
    if !passed_by.is_empty() {
        // Terraform heeds neither git nor the dot in front of a name, and CI files stand in hidden folders.
        let everything = Walk { hidden: true, no_ignore: true, ..walk.clone() };
        let wanted = |entry: &DirEntry, _: &dyn Fn() -> bool| is_wanted(entry);
        let gather = |walk| gather(walk, &own, seen);
        all.append(git_rules::walk(&passed_by, &everything, &Fence::default(), wanted, gather).0);
    }
    References { own, ..all.settled(folders, walk.threads()) }
}

/// The repositories whose tops some folders are, where they have addresses.
pub(super) fn own_of(folders: &[Utf8PathBuf]) -> Vec<Own> {
    folders.iter().filter_map(|folder| own::of(folder)).collect()
}

/// What files say that were not read yet.
fn gather_files(files: &Paths, walk: &Walk, own: &[Own], seen: &(dyn Fn(usize) + Sync)) -> References {
    let work = |at, found: &mut References| {
        for path in files.group(at) {
            look_at(&path, Kind::File, own, found);
            seen(1);
        }
    };
    shared_out(walk.threads(), files.groups(), work, References::append)
}

fn gather(walk: WalkParallel, own: &[Own], seen: &(dyn Fn(usize) + Sync)) -> References {
    let all = Mutex::new(References::default());
    walk.run(|| {
        Box::new(|entry| {
            let entry = entry.ok();
            let kind = entry.as_ref().and_then(DirEntry::file_type);
            let path = entry.as_ref().and_then(|entry| Utf8Path::from_path(trimmed(entry.path())));
            if let (Some(kind), Some(path)) = (kind, path) {
                let kind = match () {
                    () if kind.is_dir() => Kind::Folder,
                    () if kind.is_symlink() => Kind::Link,
                    () => Kind::File,
                };
                let mut found = References::default();
                look_at(path, kind, own, &mut found);
                if found != References::default() {
                    all.lock().unwrap_or_else(PoisonError::into_inner).append(found);
                }
            }
            seen(1);
            WalkState::Continue
        })
    });
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Whether something can call a module, or say how one is run.
pub(super) fn is_wanted(entry: &DirEntry) -> bool {
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

fn in_order<T: Ord>(items: &mut Vec<T>) {
    items.sort();
    items.dedup();
}

/// The kind of an entry of a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    Link,
}

fn look_at(path: &Utf8Path, kind: Kind, own: &[Own], found: &mut References) {
    let name: &OsStr = path.file_name().unwrap_or_default().as_ref();
    if kind == Kind::Folder {
        let manifest = path.join(manifest::PATH);
        if manifest.is_file() {
            found.manifests.push(manifest);
        }
    } else if kind == Kind::Link {
        let is_read = FileKind::is_configuration(name) || is_values(name) || runs_modules(name);
        if !is_read {
            return found.terragrunt.extend(units_behind(path));
        }
        found.links.extend(path.is_file().then(|| path.to_owned()));
        found.files_of_values.extend((is_values(name) && path.is_file()).then(|| path.to_owned()));
        // Terraform passes over names that begin with a dot, such as those of Emacs' locks.
        let is_code = FileKind::is_configuration(name) && !name.as_encoded_bytes().starts_with(b".");
        let runs = runs_modules(name);
        match path.metadata() {
            Ok(target) if target.is_file() && is_code => {
                // A link may lead anywhere, also out of the repository.
                let folder = path.parent().unwrap_or(Utf8Path::new(""));
                heed(path, Fence::around(&[folder.to_owned()]).read(path), own, found);
            }
            Ok(target) if target.is_file() && runs => found.terragrunt.push(path.to_owned()),
            Err(error) if is_code || runs => {
                let message = format!("the link cannot be followed: {}", os_error::plain(&error));
                found.unread.push(problem(path.as_std_path(), message));
            }
            _ => {}
        }
    } else if runs_modules(name) {
        let bytes = source::open(path.as_std_path()).and_then(Opened::whole).unwrap_or_default();
        found.declared.environment.extend(commands::taken_from_environment(&bytes));
        found.terragrunt.push(path.to_owned());
    } else if FileKind::is_configuration(name) {
        heed(path, source::open(path.as_std_path()).and_then(Opened::whole), own, found);
    } else if is_values(name) {
        found.files_of_values.push(path.to_owned());
    } else {
        if is_hcl(name) {
            let bytes = source::open(path.as_std_path()).and_then(Opened::whole).unwrap_or_default();
            found.declared.environment.extend(commands::taken_from_environment(&bytes));
            let names_a_module = foreign::named_by_another_tool(name).is_none() && names_a_module(&bytes);
            found.candidates.push((path.to_owned(), names_a_module));
        }
        let commands = commands::in_file(path.as_std_path());
        found.configurations.extend(commands.configurations);
        found.values.extend(commands.values.into_iter().map(|name| (path.to_owned(), name)));
        found.set(path, commands.variables);
        let counts = matches!(commands.sets, Sets::Environment | Sets::Any);
        found.texts.extend(counts.then(|| (path.to_owned(), commands.sets)));
        let is_data = matches!(commands.sets, Sets::Environment | Sets::Data);
        found.settings.extend(is_data.then(|| path.to_owned()));
        found.putting_together.extend(commands.puts_together.then(|| path.to_owned()));
        found.fetching.extend(commands.fetches_values.then(|| path.to_owned()));
        found.maps_sources |= commands.maps_sources;
        found.data.extend(commands.data.into_iter().map(|name| (path.to_owned(), name)));
    }
}

/// Adds what the bytes of a Terraform file say.
fn heed(path: &Utf8Path, bytes: Result<Vec<u8>, Refusal>, own: &[Own], found: &mut References) {
    match bytes {
        Ok(bytes) => {
            CodeSays::of(&bytes, own).add_to(path, found);
            code::declared(path, &bytes, &mut found.declared.variables);
        }
        Err(refusal) => found.unread.push(problem(path.as_std_path(), refusal.to_string())),
    }
}

/// The quoted strings that name a repository of the tree by its address.
pub(super) fn fetched_from(own: &[Own], bytes: &[u8]) -> Vec<String> {
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
    static START: Word = Word::new(|| Finder::new("\"."));
    let starts = START.find_iter(bytes).map(|at| &bytes[at + 1..]);
    starts
        .filter(|rest| rest.starts_with(b"./") || rest.starts_with(b"../") || rest.starts_with(b"..\""))
        .filter_map(|rest| {
            let end = rest.iter().take(LONGEST).position(|byte| *byte == b'"')?;
            str::from_utf8(&rest[..end]).ok().map(str::to_owned)
        })
        .collect()
}
