//! The calls of a tree, put in order.

use std::collections::{BTreeSet, HashMap};

use camino::{Utf8Path, Utf8PathBuf};

use crate::discover::{References, installed};
use crate::model::store::canonical;
use crate::model::store::join;
use crate::source::RealPaths;

/// Who calls whom in a tree, as far as its code tells.
#[derive(Default)]
pub struct Index {
    /// What the code says, but for what is put in order here.
    pub(super) code: References,
    /// Folders that may call a module, by the module's canonical folder.
    pub(super) callers: HashMap<Utf8PathBuf, BTreeSet<Utf8PathBuf>>,
    /// A module that was downloaded, by the caller's canonical folder and the name of the call: its folder, and the canonical one
    /// of the root that `terraform init` was run in, since each has its own.
    pub(super) remote: HashMap<(Utf8PathBuf, String), BTreeSet<(Utf8PathBuf, Utf8PathBuf)>>,
    /// The folders of symbolic links, by the canonical path of the file that they lead to.
    pub(super) links: HashMap<Utf8PathBuf, BTreeSet<Utf8PathBuf>>,
}

impl Index {
    /// Puts in order what a search has found.
    #[must_use]
    pub fn of(mut code: References) -> Self {
        let [quoted, fetched] = [&mut code.quoted, &mut code.fetched].map(std::mem::take);
        let (links, manifests) = (std::mem::take(&mut code.links), std::mem::take(&mut code.manifests));
        let real = RealPaths::default();
        let mut index = Index { code, ..Index::default() };
        for (folder, source) in fetched {
            let target = index.code.own.iter().find_map(|own| own.folder(&source));
            if let Some(target) = target.filter(|target| target.is_dir()) {
                index.callers.entry(canonical(&target)).or_default().insert(folder);
            }
        }
        // Many name the same folder.
        let mut targets: HashMap<Utf8PathBuf, Option<Utf8PathBuf>> = HashMap::new();
        for (folder, source) in quoted {
            let target = targets
                .entry(join(&folder, &source))
                .or_insert_with_key(|target| (target.is_dir() || target.as_str().is_empty()).then(|| real.of(target)));
            if let Some(target) = target {
                index.callers.entry(target.clone()).or_default().insert(folder);
            }
        }
        for link in links {
            let folder = link.parent().unwrap_or(Utf8Path::new("")).to_owned();
            index.links.entry(real.of(&link)).or_default().insert(folder);
        }
        for manifest in manifests {
            index.add_manifest(&manifest);
        }
        if !index.code.texts.code_setting_any().is_empty() {
            let (calling, running) = (index.calling_setters(), index.code.terragrunt.clone());
            index.code.texts.names_come_from(calling, running);
        }
        index
    }

    /// The folders whose code calls the modules that set variables of other runs by any name, directly or not.
    fn calling_setters(&self) -> Vec<Utf8PathBuf> {
        let folder = |code: &Utf8PathBuf| code.parent().map(canonical);
        let mut open: Vec<Utf8PathBuf> = self.code.texts.code_setting_any().iter().filter_map(folder).collect();
        let (mut known, mut calling) = (BTreeSet::new(), BTreeSet::new());
        while let Some(called) = open.pop() {
            if known.insert(called.clone()) {
                let callers = self.callers.get(&called).into_iter().flatten();
                open.extend(callers.clone().map(|caller| canonical(caller)));
                calling.extend(callers.cloned());
            }
        }
        calling.into_iter().collect()
    }

    /// Adds the calls of a list of downloaded modules.
    fn add_manifest(&mut self, path: &Utf8Path) {
        let modules = match installed(path) {
            Ok(modules) => modules,
            Err(unread) => return self.code.unread.push(unread),
        };
        let root = modules.iter().find(|module| module.key.is_empty()).map(|root| canonical(&root.folder));
        let folders: HashMap<&str, &Utf8Path> =
            modules.iter().map(|module| (module.key.as_str(), module.folder.as_path())).collect();
        for module in modules.iter().filter(|module| !module.key.is_empty()) {
            let (parent, name) = module.key.rsplit_once('.').unwrap_or(("", &module.key));
            let Some(caller) = folders.get(parent) else { continue };
            let installed = (module.folder.clone(), root.clone().unwrap_or_default());
            self.remote.entry((canonical(caller), name.to_owned())).or_default().insert(installed);
            self.callers.entry(canonical(&module.folder)).or_default().insert((*caller).to_owned());
        }
    }
}
